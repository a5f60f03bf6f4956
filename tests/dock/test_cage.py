"""A film that took over the process which looks at it: what it reaches, tried from inside, each by name."""

import http.server
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from beeldkluis.dock import container, look
from beeldkluis.dock.look import NO_FILM, NOT_JUDGED, NOT_LOOKED, TOO_SLOW, UNKNOWN, Film

pytestmark = pytest.mark.slow
START = """
import ctypes, errno, json, os, resource, signal, socket, sys, threading
from beeldkluis.dock import container
parent, (secret, port, script) = int(sys.argv[-1]), json.loads(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
"""
GIVE_UP = """
if not container.give_up(parent):
    print("no cage"); sys.exit()
"""
TRIES = """
def call(name, *words):
    if getattr(libc, name)(*words) < 0:
        raise OSError(ctypes.get_errno(), name)
def connect(kind, family=socket.AF_INET, to=("127.0.0.1", port)):
    with socket.socket(family, kind) as line:
        line.connect(to)
        line.send(b"x")
here = ctypes.create_string_buffer(16)
class Vector(ctypes.Structure):
    _fields_ = [("at", ctypes.c_void_p), ("size", ctypes.c_size_t)]
mine, theirs = Vector(ctypes.addressof(here), 16), Vector(ctypes.addressof(here), 16)
def far_read():
    call("process_vm_readv", parent, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0)
def grow():
    piece = bytearray(3 * 1024**3)
    piece[-1] = 1
def own_signal():
    import fcntl
    fcntl.fcntl(0, 8, parent)  # F_SETOWN: whom the pipe sends its signal
    fcntl.fcntl(0, 10, signal.SIGKILL)  # F_SETSIG
tries = {
    "read the key": lambda: open(secret).read(),
    "read by descriptor": lambda: os.open(secret, os.O_RDONLY),
    "list a folder": lambda: os.listdir(os.path.dirname(secret)),
    "write a file": lambda: open(secret + ".mine", "w"),
    "remove a file": lambda: os.unlink(secret),
    "make a folder": lambda: os.mkdir(secret + ".d"),
    "link a file": lambda: os.symlink(secret, secret + ".l"),
    "change rights": lambda: os.chmod(secret, 0o777),
    "write on the camera": lambda: os.write(0, b"x"),
    "cut off the film": lambda: os.ftruncate(0, 0),
    "connect with TCP": lambda: connect(socket.SOCK_STREAM),
    "connect with UDP": lambda: connect(socket.SOCK_DGRAM),
    "connect to a name": lambda: connect(socket.SOCK_STREAM, socket.AF_UNIX, chr(0) + "x"),
    "listen": lambda: socket.socket().listen(),
    "make a process": lambda: os.fork(),
    "start a program": lambda: os.execv("/bin/sh", ["sh", "-c", "true"]),
    "trace the dock": lambda: call("ptrace", 16, parent, 0, 0),
    "read the dock's memory": far_read,
    "open the dock's memory": lambda: open(f"/proc/{parent}/mem", "rb").read(1),
    "read the dock's surroundings": lambda: open(f"/proc/{parent}/environ", "rb").read(),
    "read the dock's descriptors": lambda: os.listdir(f"/proc/{parent}/fd"),
    "signal the dock": lambda: os.kill(parent, 0),
    "signal the dock through a pipe": own_signal,
    "signal everybody": lambda: os.killpg(0, 0),
    "have more memory": grow,
    "lift a limit": lambda: resource.setrlimit(resource.RLIMIT_CPU, (9999, 9999)),
    "be more important": lambda: os.nice(-5),
    "mount": lambda: call("mount", b"none", b"/mnt", b"tmpfs", 0, None),
    "have a world of its own": lambda: call("unshare", 0x10000000),
}
import fcntl
told = {}
for name, one in tries.items():
    try:
        one()
        told[name] = "done"
    except (OSError, MemoryError, ValueError, PermissionError) as error:
        told[name] = type(error).__name__
sys.stdout.write(json.dumps(told) + chr(10))
sys.stdout.flush()
"""


def hostile(monkeypatch: pytest.MonkeyPatch, script: str, secret: Path, port: int = 9) -> None:
    """What a film does that took over the process: code of its own where the container was to be read."""
    words = json.dumps([str(secret), port, script])
    monkeypatch.setattr(look, "PROGRAM", (sys.executable, "-I", "-c", START + script, words))


def told_by(monkeypatch: pytest.MonkeyPatch, script: str, secret: Path, port: int, film: Path) -> dict[str, str]:
    """What it says itself, which the dock does not believe: taken from the pipe before that."""
    said: list[bytes] = []
    monkeypatch.setattr(look, "_believed", lambda told: said.append(told) or NOT_LOOKED)
    hostile(monkeypatch, script, secret, port)
    with film.open("rb") as source:
        look.look(source.fileno())
    if said[0].startswith(b"no cage"):
        pytest.skip("this kernel has neither part of the cage")
    return dict(json.loads(said[0]))


class Ear(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A dock's memory with its key."""
    path = tmp_path / "state" / "dock.json"
    path.parent.mkdir()
    path.write_text('{"token": "geheim"}')
    path.chmod(0o600)
    return path


def test_hostile_film_reaches_no_key_no_network_no_file_and_no_process(
    monkeypatch: pytest.MonkeyPatch, film: Path, secret: Path
) -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), Ear) as server:
        said = told_by(monkeypatch, GIVE_UP + TRIES, secret, server.server_port, film)
    assert {name for name, how in said.items() if how == "done"} == set()
    assert len(said) == TRIES.count("lambda:") + 3, "each was tried"
    assert secret.read_text() == '{"token": "geheim"}'
    assert [path.name for path in secret.parent.iterdir()] == ["dock.json"]


def test_the_same_code_without_the_cage_would_reach_the_key(
    monkeypatch: pytest.MonkeyPatch, film: Path, secret: Path
) -> None:
    """So that the test above tries what works: the harmless ones among its tries, each with the same words."""
    wanted = ("read the key", "list a folder", "connect with TCP", "read the dock's descriptors", "signal the dock")
    only = TRIES.replace("in tries.items()", f"in [(one, tries[one]) for one in {wanted!r}]")
    with http.server.HTTPServer(("127.0.0.1", 0), Ear) as server:
        said = told_by(monkeypatch, only, secret, server.server_port, film)
    assert said == dict.fromkeys(wanted, "done")


@pytest.mark.parametrize(
    "answer",
    [
        '{"duration_ms": 5, "has_sound": true, "content_type": "text/html", "reason": "", "made": "", "looked": true}',
        '{"duration_ms": -5, "has_sound": true, "content_type": "video/mp4", "reason": "", "made": "", "looked": true}',
        '{"duration_ms": 1e400, "has_sound": 3, "content_type": "video/mp4", "reason": "", "made": "", "looked": true}',
        '{"duration_ms": 5, "has_sound": true, "content_type": "video/mp4", "reason": "Bel 06 12345678", "made": ""}',
        '{"duration_ms": 5, "has_sound": true, "content_type": "video/mp4", "reason": "", "made": ["2090"]}',
        '{"duration_ms": 5, "has_sound": true, "content_type": "video/mp4", "reason": "", "looked": false}',
        '{"x": 1}', "[" * 4000, "null", "\\x00", "",
    ],
)  # fmt: skip
def test_nothing_that_it_makes_up_is_believed(
    monkeypatch: pytest.MonkeyPatch, film: Path, secret: Path, answer: str
) -> None:
    hostile(monkeypatch, f"sys.stdout.write({answer!r})", secret)
    with film.open("rb") as source:
        assert look.look(source.fileno()) == Film(None, None, UNKNOWN, NO_FILM)


ENDLESS = {
    "talks": "while True: os.write(1, b'x' * 65536)",
    "works": "while True: pass",
    "sleeps": "signal.pause()",
    "closes its ears": "os.close(1); signal.pause()",
    "eats": "everything = [bytearray(2**20) for _ in range(10**6)]",
    "kills itself": "os.kill(os.getpid(), 9)",
    "falls over": "ctypes.string_at(0)",
}


@pytest.mark.parametrize("what", ENDLESS)
def test_what_never_ends_is_ended_and_leaves_nobody_behind(
    monkeypatch: pytest.MonkeyPatch, film: Path, secret: Path, what: str
) -> None:
    monkeypatch.setattr(look, "PATIENCE", 3)
    hostile(monkeypatch, ENDLESS[what], secret)
    others = set(children())  # programs that other tests of this worker keep running
    with film.open("rb") as source:
        found = look.look(source.fileno())
    assert found.reason == NO_FILM or (found.reason, found.note) in [("", TOO_SLOW), ("", NOT_JUDGED)]
    assert set(children()) <= others


def test_its_limits_hold(monkeypatch: pytest.MonkeyPatch, film: Path, secret: Path) -> None:
    """A second of processor instead of twenty; the kernel ends it, no clock of ours."""
    monkeypatch.setattr(look, "PATIENCE", 60)
    hostile(monkeypatch, "container.PROCESSOR = 1" + GIVE_UP + "while True: pass", secret)
    with film.open("rb") as source:
        assert look.look(source.fileno()).note == TOO_SLOW
    assert container.PROCESSOR == 20
    assert container.MEMORY == 2 * 1024**3


def test_it_ends_with_its_dock(film: Path, secret: Path) -> None:
    """The dock is killed while it looks."""
    inside = (
        "import sys, os, signal; from beeldkluis.dock import container;"
        "container.give_up(int(sys.argv[1])); print(os.getpid(), flush=True); signal.pause()"
    )
    script = (
        "import subprocess, sys, os, signal\n"
        f"child = subprocess.Popen([sys.executable, '-I', '-c', {inside!r}, str(os.getpid())], stdout=1)\n"
        "signal.pause()"
    )
    dock = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert dock.stdout is not None
    with dock.stdout as told:
        child = int(told.readline())
        dock.send_signal(signal.SIGKILL)
        dock.wait()
        assert told.read() == b"", "the pipe closes when the last who holds it is gone"
    assert not Path(f"/proc/{child}/exe").exists()


def test_where_the_kernel_has_no_cage_film_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch, film: Path, secret: Path
) -> None:
    """It is taken in without: not set apart, and the dock says so."""
    none = "import beeldkluis.film.locked as l\nl._few_calls = l._no_files = lambda *_, **__: False\n"
    script = none + "container.lock_up = l.lock_up\nsys.argv = ['x', str(parent)]\ncontainer.main()"
    hostile(monkeypatch, script, secret)
    with film.open("rb") as source:
        assert look.look(source.fileno()) == NOT_LOOKED
    assert not look.looks_safely()
    assert NOT_LOOKED.reason == ""


def children() -> list[int]:
    """Processes of this one that are there, ended ones too."""
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [int(one) for one in listed]
