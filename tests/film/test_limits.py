"""The process that decodes has nothing to take along, is believed in nothing, and never keeps its parent waiting."""

import io
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from tests.film.drawing import draw

from beeldkluis.film import confined, copying
from beeldkluis.film.confined import Patience
from beeldkluis.film.copying import BROKEN, COPYING, SLOW, TOO_BIG, CopyError, make_copy
from beeldkluis.film.locked import lock_up
from beeldkluis.film.talk import HEAD

TRIES = """
import os, resource, socket, sys
from beeldkluis.film.locked import lock_up
core, proof = resource.getrlimit(resource.RLIMIT_CORE), {proof!r}
held = lock_up(os.getppid())
tries = dict(
    read=lambda: open(proof), make=lambda: open(proof + "2", "w"), remove=lambda: os.unlink(proof), list=lambda: os.listdir("/"),
    socket=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM), fork=os.fork, kill=lambda: os.kill(os.getppid(), 0),
    start=lambda: os.execv("/bin/true", ["true"]), chmod=lambda: os.chmod(proof, 0o777),
    rename=lambda: os.rename(proof, proof + "3"),
)
could = []
for name, one in tries.items():
    try:
        one()
    except OSError:
        continue
    could.append(name)
print(*held, "/", *could)
"""


def test_it_gives_up_files_network_and_other_processes(tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    proof.write_bytes(b"secret")
    script = TRIES.format(proof=str(proof))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, text=True)
    held, could = done.stdout.split("/")
    if "seccomp" not in held:
        pytest.skip("this kernel or machine has no seccomp filter")
    assert could.split() == []
    assert proof.read_bytes() == b"secret"


def test_files_stay_closed_where_only_landlock_holds(tmp_path: Path) -> None:
    proof = tmp_path / "proof"
    proof.write_bytes(b"secret")
    script = TRIES.format(proof=str(proof)).replace(
        "held = lock_up", "import beeldkluis.film.locked as l; l._few_calls = lambda _: False; held = lock_up"
    )
    script = script.replace("fork=os.fork, ", "")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, text=True)
    held, could = done.stdout.split("/")
    if "landlock" not in held:
        pytest.skip("this kernel has no landlock")
    assert not {"read", "make", "remove", "list", "start", "rename"} & set(could.split())


def test_it_ends_when_its_parent_is_another() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from beeldkluis.film.locked import lock_up; lock_up(0); print('on')"],
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, b"")
    assert callable(lock_up)


@pytest.mark.slow
def test_whoever_looks_at_a_page_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    real, film, seen = subprocess.Popen, draw(tmp_path / "film", 1), set()

    def note(*words: object, **named: object) -> "subprocess.Popen[bytes]":
        started.append(real(*words, **named))  # type: ignore[call-overload] - as it was called
        return started[-1]

    def read(start: int, stop: int) -> bytes:
        seen.add(os.getpriority(os.PRIO_PROCESS, started[-1].pid))
        return film[start:stop]

    monkeypatch.setattr(confined.subprocess, "Popen", note)
    make_copy(read, len(film), io.BytesIO(), Patience(60, 60))
    assert seen == {19}


@pytest.mark.slow
def test_it_ends_in_time_and_when_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = draw(tmp_path / "film")

    def read(start: int, stop: int) -> bytes:
        time.sleep(0.3)
        return film[start:stop]

    with pytest.raises(CopyError) as slow:
        make_copy(read, len(film), io.BytesIO(), Patience(60, 0.1))
    assert slow.value.reason == SLOW

    def look_up(_made: int, _done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_copy(read, len(film), io.BytesIO(), Patience(60, 60, look_up))
    monkeypatch.setattr(copying, "COPYING", replace(COPYING, largest=5_000))
    with pytest.raises(CopyError) as big:
        make_copy(read, len(film), io.BytesIO(), Patience(60, 60))
    assert big.value.reason == TOO_BIG


@pytest.mark.slow
def test_while_nothing_comes_it_is_looked_up_every_second(monkeypatch: pytest.MonkeyPatch) -> None:
    instead_of_the_copier(monkeypatch, "import time; time.sleep(60)")
    looked: list[tuple[int, int]] = []
    with pytest.raises(CopyError):
        make_copy(lambda _start, _stop: b"", 0, io.BytesIO(), Patience(2.5, 60, lambda *far: looked.append(far)))
    assert len(looked) >= 3


def instead_of_the_copier(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    real = subprocess.Popen

    def other(_command: object, **named: object) -> "subprocess.Popen[bytes]":
        return real([sys.executable, "-c", script], **named)  # type: ignore[call-overload, no-any-return] - as it was called

    monkeypatch.setattr(confined.subprocess, "Popen", other)


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (b"f", b"x" * 100_000), (b"f", b"<script>"), (b"d", b"no json"), (b"d", b"[]"), (b"d", b"{}"), (b"x", b""),
        (b"d", b'{"duration_ms": 1e400, "has_sound": true, "skipped": 0, "jumps": 0}'), (b"d", b"[" * 100_000),
        (b"d", b'{"duration_ms": -5, "has_sound": true, "skipped": 0, "jumps": 0}'),
    ],
)  # fmt: skip
def test_nothing_that_it_made_up_comes_further(monkeypatch: pytest.MonkeyPatch, what: bytes, told: bytes) -> None:
    piece = HEAD.pack(what, 0, 0, len(told)) + told
    script = f"import sys; sys.stdout.buffer.write({HEAD.pack(what, 0, 0, len(told))!r} + {told[:1]!r} * {len(told)})"
    if len(told) < 1000:
        script = f"import sys; sys.stdout.buffer.write({piece!r})"
    instead_of_the_copier(monkeypatch, script)
    with pytest.raises(CopyError) as broken:
        make_copy(lambda _start, _stop: b"", 0, io.BytesIO(), Patience(30, 60))
    assert broken.value.reason == BROKEN
