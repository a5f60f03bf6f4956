"""Places holds on recordings while a round destroys them, on PostgreSQL, and prints what became of each.

Run by tests/processes.py: `tests.retention.race_round FOLDER`, with BEELDKLUIS_DATABASE in the environment.
"""

import json
import sys
from pathlib import Path
from threading import Barrier, Event, Thread
from time import sleep

from django.conf import settings
from django.db import connection, connections
from django.db.models import Count
from tests.retention.world import ACTOR, DUE, World
from tests.template import make_tables

from beeldkluis.footage.actions import report_openable
from beeldkluis.footage.models import Recording
from beeldkluis.journal.models import Entry
from beeldkluis.protocol.verdict import Refused
from beeldkluis.retention.tasks import round_
from beeldkluis.sealed.age import Identity

RECORDINGS = 40


def main() -> None:
    folder = Path(sys.argv[1])
    settings.STORE_FOLDER, settings.KEY_FOLDER = folder / "store", folder / "keys"
    settings.STAGING_FOLDER = folder / "staging"
    settings.STAGING_FOLDER.mkdir()
    make_tables()
    many = Path(settings.PROTOCOL_FILE).read_text().replace("least = 10\n", f"least = {RECORDINGS}\n")
    settings.PROTOCOL_FILE = folder / "many.toml"  # the brake is not what is tried here
    settings.PROTOCOL_FILE.write_text(many)
    world = World(folder, Identity.generate())
    recordings = [world.receive() for _ in range(RECORDINGS)]
    start, finished, held, problems = Barrier(5), Event(), set(), []

    def destroy() -> None:
        connection.ensure_connection()
        start.wait()
        try:
            problems.extend(round_(DUE).problems)
        except Exception as error:  # noqa: BLE001 - likewise
            problems.append(repr(error))
        connection.close()

    def hold() -> None:
        connection.ensure_connection()
        start.wait()
        while (
            Recording.objects.filter(state=Recording.State.DESTROYED).count() < RECORDINGS // 8 and rounds[0].is_alive()
        ):
            sleep(0.01)  # the rounds are at work: the two will meet
        for one in reversed(recordings):
            try:
                world.hold(one, DUE)
                held.add(one.pk)
            except Refused:
                pass
            except Exception as error:  # noqa: BLE001 - whatever it is, a hold must not fail for it
                problems.append(repr(error))
        connection.close()

    def report() -> None:
        """Another step on the very rows that the rounds lock, over and over."""
        connection.ensure_connection()
        start.wait()
        while not finished.is_set():
            for one in recordings:
                try:
                    report_openable(one.pk, openable=True, actor=ACTOR, now=DUE)
                except Exception as error:  # noqa: BLE001 - likewise
                    problems.append(repr(error))
        connection.close()

    rounds = [Thread(target=destroy), Thread(target=destroy), Thread(target=hold)]
    others = [Thread(target=report), Thread(target=report)]
    for thread in rounds + others:
        thread.start()
    for thread in rounds:
        thread.join()
    finished.set()
    for thread in others:
        thread.join()
    outcome = [(one.pk in held, world.still_opens(one), Recording.objects.get(pk=one.pk).state) for one in recordings]
    acts = ("vault.destruction_begun", "vault.shredded", "retention.recording_destroyed", "vault.destruction_certified")
    found = Entry.objects.filter(act__in=acts, recording__in=[one.pk for one in recordings if one.pk not in held])
    times = sorted({row["n"] for row in found.values("recording", "act").annotate(n=Count("number"))})
    sys.stdout.write(json.dumps({"outcome": outcome, "problems": problems, "entries": times}) + "\n")
    connections.close_all()


main()
