"""What goes wrong with machines: standstill, a clock that jumps, a process that is ended, a database put back from a copy."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections

from beeldkluis.journal.anchor import NotSignedError
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web.journal_watch import accept_restored
from simulation.world import World

DAY = timedelta(days=1)
SIDE_FILES = ("-wal", "-shm")


class Mishaps:
    """Draws them, a few times a year each."""

    def __init__(self, world: World) -> None:
        self.world, self.rng, self.count = world, world.rng, world.judge.counts
        for act, days in ((self.standstill, 70), (self.jump, 80), (self.kill, 6), (self.restore, 110)):
            self._again(act, days)

    def _again(self, act: object, days: int) -> None:
        def then() -> None:
            act()  # type: ignore[operator]
            self._again(act, days)

        self.world.after(then, days=days * (0.3 + self.rng.random() * 1.4))

    def standstill(self) -> None:
        """The server is off: for hours, for days, for weeks, once for longer than the program believes without asking."""
        world = self.world
        world.tick()
        length = timedelta(days=self.rng.choice((0.1, 0.3, 2, 4, 9, 20, 63)) * (0.8 + self.rng.random() * 0.4))
        world.off_until = world.now + length
        world.oracle.outages.append((world.now, world.off_until, "off"))
        world.unsettled = max(world.unsettled, world.off_until + timedelta(hours=2))
        self.count["standstills"] += 1

        def back() -> None:
            world.machine.starts_again()
            world.tick(all_of_them=True)
            world.tick_at(world.now + timedelta(minutes=2))

        world.at(world.off_until, back)

    def jump(self) -> None:
        """For a minute the clock says a year later, and then it is right again."""
        world = self.world
        world.machine.ahead = timedelta(days=self.rng.choice((1, 30, 365, 365)), minutes=5)
        world.unsettled = max(world.unsettled, world.now + timedelta(hours=2))
        self.count["jumps of the clock"] += 1
        for _ in range(self.rng.randrange(1, 4)):
            world.tick(all_of_them=True)
            world.machine.now += timedelta(seconds=20)
        world.machine.ahead = timedelta(0)
        world.tick(all_of_them=True)
        world.tick_at(world.now + timedelta(minutes=2))

    def kill(self) -> None:
        """The process ends in the middle of a minute in which something is due."""
        world = self.world
        free = [
            film.goes
            for film in world.oracle.there.values()
            if not world.oracle.holders(film) and film.goes > world.now
        ]
        when = min(free, default=world.now) + timedelta(seconds=5)
        moment = self.rng.randrange(1, 14)
        world.at(when, lambda: world.tick(all_of_them=self.rng.random() < 0.3, killed=moment))

    def restore(self) -> None:
        """A copy of the database from just before a destruction is put back just after it; keys and film are as they are."""
        world = self.world
        free = [
            film.goes
            for film in world.oracle.there.values()
            if not world.oracle.holders(film) and film.goes > world.now
        ]
        if free:
            world.at(min(free) - timedelta(seconds=2), self._copy_destroy_and_put_back)

    def _copy_destroy_and_put_back(self) -> None:
        world, database = self.world, Path(settings.DATABASES["default"]["NAME"])
        copy = database.with_suffix(".copy")
        _copied(database, copy)
        world.machine.now += timedelta(seconds=4)
        world.tick()
        for connection in connections.all():
            connection.close()
        for side in SIDE_FILES:
            Path(f"{database}{side}").unlink(missing_ok=True)
        copy.replace(database)
        self.count["databases put back"] += 1
        try:
            accept_restored(because="De schijf was stuk.", by="de beheerder", now=world.machine.says())
        except (Refused, NotSignedError):
            self.count["put back without a trace"] += 1  # nothing was signed in between
        world.oracle.outages.append((world.now, world.now + timedelta(minutes=1), "put back"))
        world.machine.now += timedelta(seconds=30)
        world.tick(all_of_them=True)
        world.tick_at(world.now + timedelta(minutes=2))


def _copied(database: Path, copy: Path) -> None:
    copy.unlink(missing_ok=True)
    source, target = sqlite3.connect(database), sqlite3.connect(copy)
    with source, target:
        source.backup(target)
    source.close()
    target.close()
