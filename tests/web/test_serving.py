"""Real child processes under the supervisor, itself a real process."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.web.program import answers, around, install, needs_built, serving

from beeldkluis.web.serving import Supervisor

pytestmark = pytest.mark.slow

RUN = "import sys, json; from beeldkluis.web.serving import Supervisor; sys.exit(Supervisor(json.loads(sys.argv[1])).run())"
LIVES = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).open('a').write(f'{os.getpid()}\\n'); time.sleep(60)"


def start(programs: dict[str, list[str]]) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", RUN, json.dumps(programs)], stderr=subprocess.PIPE, text=True)


def living(note: Path) -> list[str]:
    return [sys.executable, "-c", LIVES, str(note)]


def pids(note: Path, count: int) -> list[int]:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if note.exists() and len(found := note.read_text().split()) >= count:
            return [int(one) for one in found]
        time.sleep(0.05)
    raise AssertionError(f"{note} never named {count} processes")


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_stops_all_and_ends_well(tmp_path: Path, number: signal.Signals) -> None:
    notes = [tmp_path / "one", tmp_path / "two"]
    with start({note.name: living(note) for note in notes}) as keeper:
        children = [pids(note, 1)[0] for note in notes]
        keeper.send_signal(number)
        assert keeper.wait(timeout=20) == 0
    assert not any(runs(child) for child in children)


def test_a_killed_program_comes_back(tmp_path: Path) -> None:
    note = tmp_path / "one"
    with start({"one": living(note)}) as keeper:
        os.kill(pids(note, 1)[0], signal.SIGKILL)
        first, second = pids(note, 2)
        assert first != second
        keeper.terminate()
        assert keeper.wait(timeout=20) == 0
        assert keeper.stderr is not None
        assert "one is gestopt met code -9" in keeper.stderr.read()


def test_a_program_that_keeps_dying_ends_the_whole_so_that_somebody_notices(tmp_path: Path) -> None:
    note = tmp_path / "well"
    code = Supervisor({"ill": [sys.executable, "-c", "raise SystemExit(3)"], "well": living(note)}, most_deaths=2).run()
    assert code == 1
    assert not note.exists() or not any(runs(child) for child in pids(note, 1))


def gone(pid: int) -> bool:
    """Ended within 20 seconds? It is nobody's child here, so it does not stay as a zombie once init has looked."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        state = Path(f"/proc/{pid}/stat")
        try:
            if state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


def test_when_it_is_killed_what_it_started_ends_too(tmp_path: Path) -> None:
    notes = [tmp_path / "one", tmp_path / "two"]
    with start({note.name: living(note) for note in notes}) as keeper:
        children = [pids(note, 1)[0] for note in notes]
        keeper.kill()
        keeper.wait(timeout=20)
    assert all(gone(child) for child in children)


def test_what_is_started_by_one_that_has_ended_does_not_begin() -> None:
    nobody = subprocess.Popen([sys.executable, "-c", ""])
    nobody.wait(timeout=20)
    done = subprocess.run(
        [sys.executable, "-m", "beeldkluis.web.tied", str(nobody.pid), sys.executable, "-c", "print('began')"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")


@needs_built
def test_after_a_kill_the_next_serve_takes_over_the_port_and_nothing_of_the_first_is_left(tmp_path: Path) -> None:
    assert install(tmp_path).returncode == 0
    with serving(tmp_path) as (first, address):
        below = [int(one) for one in children(first.pid)]
        assert len(below) == 4, "web server, worker, clock and copies"
        below += [int(one) for child in below for one in children(child)]
        first.kill()
        first.wait(timeout=20)
        words = [
            sys.executable,
            "-m",
            "beeldkluis.web",
            "serve",
            "--port",
            address.rpartition(":")[2],
            "--workers",
            "1",
        ]
        around_it = around(tmp_path) | {"BEELDKLUIS_ADDRESS": address}
        with subprocess.Popen(words, env=around_it, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as second:
            until = time.monotonic() + 60
            while not answers(address) or any(runs(one) for one in below):
                assert second.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
            assert set(children(second.pid)).isdisjoint(str(one) for one in below)
            second.terminate()
            assert second.wait(timeout=60) == 0


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
