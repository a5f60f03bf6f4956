"""kill -9 of docks and server at any moment: every recording arrives exactly once, and nothing is wiped early."""

import hashlib
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.dock.conftest import SERIALS, Dock, Vault

from beeldkluis.camera.simulator import make_camera
from beeldkluis.sealed.age import Identity

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kill")]

KILLS = 36
FILMS = 24
LARGEST = 12_000_000  # bytes; a few tenths of a second on the line, so that many kills fall inside one
Record = Callable[..., Path]


@pytest.fixture
def own_vault(tmp_path: Path) -> Iterator[Vault]:
    """A vault for this test alone, because everything in it is counted."""
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "identity.txt").write_text(str(Identity.generate()))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made = Vault(folder / "data", probe.getsockname()[1])
    made.codes = made.ask("seed", ",".join(SERIALS), "4")
    made.start()
    yield made
    made.kill()


@dataclass
class Town:
    """A vault, its docks with their running programs, and every film that was ever recorded: (serial, hash) -> its place."""

    vault: Vault
    docks: list[Dock]
    chance: random.Random
    record: Record
    running: dict[Path, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    made: dict[tuple[str, str], Path] = field(default_factory=dict)

    def film(self, dock: Dock, serial: str) -> None:
        """One more recording on a camera. It gets its name once it is whole: a camera that stands in a dock films nothing."""
        path = dock.slots / serial / f"{len(self.made):03d}.mp4"
        size = self.chance.choice([1000, 70_000, 2_000_000, LARGEST])
        part = self.record(path.parent, f"{path.name}.part", size, minutes_ago=30 + len(self.made))
        self.made[serial, hashlib.sha256(part.read_bytes()).hexdigest()] = path
        part.with_name(f"{part.name}.json").rename(f"{path}.json")
        part.rename(path)

    def start(self, dock: Dock) -> None:
        log = os.open(dock.folder / "log", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self.running[dock.folder] = subprocess.Popen(dock.words(), stdout=log, stderr=log, start_new_session=True)
        os.close(log)

    def kill(self, dock: Dock) -> None:
        """kill -9 of the dock's program and the process in which it looks at films, and no other."""
        process = self.running.pop(dock.folder)
        assert process.poll() is None, (dock.folder / "log").read_text()[-2000:]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def nothing_wiped_early(self) -> int:
        """Every film is on its camera, whole, or has a receipt. How many are gone from their camera.

        The cameras are looked at first: a receipt given since then only makes the test milder for a film that is there.
        """
        gone = {film for film, path in self.made.items() if not path.exists()}
        for film in self.made.keys() - gone:
            try:
                content = self.made[film].read_bytes()
            except FileNotFoundError:  # a dock that was not killed wiped it just now
                gone.add(film)
                continue
            assert hashlib.sha256(content).hexdigest() == film[1]
        assert gone <= self.vault.received()
        return len(gone)


def disturb(town: Town) -> dict[str, int]:
    """KILLS times: let everything work for a moment, kill somebody, look, and start them again."""
    killed = {"dock": 0, "server": 0, "both": 0}
    for number in range(KILLS):
        for dock in town.docks:
            if len(town.made) < FILMS and town.chance.random() < 0.6:
                town.film(dock, town.chance.choice(sorted(one.name for one in dock.slots.iterdir())))
        time.sleep(town.chance.uniform(0.0, 2.5))
        who = town.chance.choice(["dock", "dock", "server", "both"])
        victims = [town.docks[number % len(town.docks)]] if who != "server" else []
        if who != "dock":
            town.vault.kill()
        for dock in victims:
            town.kill(dock)
        killed[who] += 1
        town.nothing_wiped_early()
        if who != "dock":
            town.vault.start()
        for dock in victims:
            town.start(dock)
    return killed


@pytest.mark.timeout(900)
@pytest.mark.rule("intake.wipe-after-receipt")
@pytest.mark.rule("intake.automatic")
def test_killed_at_any_moment_every_recording_arrives_exactly_once(
    own_vault: Vault, tmp_path: Path, record: Record
) -> None:
    seed = int(os.environ.get("KILL_SEED") or secrets.randbits(32))
    sys.stdout.write(f"KILL_SEED={seed}\n")  # shown when the test fails; set it to get the same choices again
    docks = []
    for name, serials in (("een", SERIALS[:2]), ("twee", SERIALS[2:])):
        (tmp_path / name).mkdir()
        docks.append(own_vault.dock(tmp_path / name))
        for serial in serials:
            make_camera(docks[-1].slots / serial, serial=serial)
    town = Town(own_vault, docks, random.Random(seed), record)
    try:
        for dock in docks:
            for slot in dock.slots.iterdir():
                town.film(dock, slot.name)
            town.start(dock)
        killed = disturb(town)
    finally:
        for dock in docks:
            if dock.folder in town.running:
                town.kill(dock)
    sys.stdout.write(f"{killed}, {len(town.made)} films\n")
    assert sum(killed.values()) >= 30
    assert min(killed.values()) > 0

    for dock in docks:
        code, lines = dock.once()
        assert code == 0, lines
        assert dock.once()[0] == 0  # and what it still had to report
    assert town.nothing_wiped_early() == len(town.made)
    arrived = own_vault.ask("contents")
    assert sorted((one["serial"], one["promised"]) for one in arrived) == sorted(town.made)
    for one in arrived:
        assert one["sha256"] == one["promised"]  # opened with the team's identity, it is the film that was recorded
        assert (one["state"], one["apart"], one["officer"], one["reported"]) == ("kept", "", True, True)
    assert len({one["recording"] for one in arrived}) == len(town.made)

    own_vault.kill()
    assert own_vault.ask("halves") == {
        "uploads": 0, "staged": [], "keys": len(town.made), "payloads": len(town.made), "objects": len(town.made),
        "recordings": len(town.made), "lost_keys": 0, "refused": 0,
    }  # fmt: skip
    for dock in docks:
        assert [path.name for path in (dock.folder / "state").iterdir() if path.suffix != ".new"] == ["dock.json"]
