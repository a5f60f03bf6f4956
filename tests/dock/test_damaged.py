"""Fifty damaged films, and a looking process that is killed at random: the dock goes on, and every film is sealed and sent."""

import hashlib
import json
import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from tests.dock.conftest import SERIALS, Dock, Vault
from tests.film.damaged import COUNT, SEED, damaged

from beeldkluis.camera.simulator import make_camera
from beeldkluis.dock import look
from beeldkluis.dock.look import NO_FILM, REASONS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("vault")]
LIMIT = 420  # seconds for a round in all


def children(process: int) -> list[int]:
    """The processes that this one started and that are there, ended ones that nobody took note of too."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            found += [int(one) for one in (task / "children").read_text().split()]
    return found


def is_looking(process: int) -> bool:
    with suppress(OSError):
        return b"beeldkluis.dock.container" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


def round_with_kills(dock: Dock) -> tuple[list[dict[str, object]], int, int]:
    """One round of the dock's program while somebody kills every second or third process that looks, some of them as soon as
    they are there. What it said, how many were killed, and the most children it ever had.
    """
    chance, killed, most = random.Random(SEED), set[int](), 0
    seen: dict[int, float] = {}
    with subprocess.Popen(dock.words("--once"), stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        until = time.monotonic() + LIMIT
        while program.poll() is None:
            assert time.monotonic() < until
            there = children(program.pid)
            most = max(most, len(there))
            for one in filter(is_looking, there):
                seen.setdefault(one, time.monotonic() + chance.choice([0.0, 0.3, 0.6, 1e9, 1e9, 1e9]))
                if one not in killed and time.monotonic() >= seen[one]:
                    with suppress(ProcessLookupError):
                        os.kill(one, signal.SIGKILL)
                    killed.add(one)
            time.sleep(0.02)
        assert program.stdout is not None
        assert program.stderr is not None
        said, wrong = program.stdout.read(), program.stderr.read()
    assert (program.returncode, wrong) == (0, b"")
    return [json.loads(line) for line in said.splitlines()], len(killed), most


@pytest.mark.rule("camera.blocked", "intake.wipe-after-receipt")
def test_fifty_damaged_films_and_a_killed_look_lose_nothing(vault: Vault, dock: Dock, film: Path) -> None:
    films = {hashlib.sha256(content).hexdigest(): content for _what, content in damaged(film.read_bytes())}
    camera = make_camera(dock.slots / "1", serial=SERIALS[3])
    for number, content in enumerate(films.values()):
        (camera / f"{number:02d}.mp4").write_bytes(content)
    said, killed, most = round_with_kills(dock)
    assert killed > 5
    assert most == 1, "never two at once, and none that ended and stayed"
    assert sum(one.get("event") == "stored" for one in said) == COUNT
    assert list(camera.glob("*.mp4")) == [], "each has its receipt, so the camera is empty"
    found = {one["sha256"]: one for one in vault.ask("contents") if one["promised"] in films}
    assert found.keys() == films.keys(), "each came out as it went in"
    apart = {one["apart"] for one in found.values()}
    assert apart <= {*REASONS}
    assert {NO_FILM, "Het bestand is afgebroken: het einde ontbreekt."} <= apart
    assert all((one["state"] == "quarantined") == bool(one["apart"]) for one in found.values())


def test_a_look_that_is_killed_once_is_done_again(monkeypatch: pytest.MonkeyPatch, film: Path) -> None:
    """A machine that ran out of memory says nothing of a film."""
    asked, real = [0], look._ask

    def killed_first(descriptor: int) -> tuple[bytes, int | None]:
        asked[0] += 1
        return (b"", -signal.SIGKILL) if asked[0] == 1 else real(descriptor)

    monkeypatch.setattr(look, "_ask", killed_first)
    with film.open("rb") as source:
        assert look.look(source.fileno()).reason == ""
    assert asked == [2]
