"""Another user of the machine, who may read what is open to others: nothing of an installation is, however it was started."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from tests import template

pytestmark = pytest.mark.slow
PROGRAM = [sys.executable, "-m", "beeldkluis.web"]
GUNICORN = [
    sys.executable,
    "-m",
    "gunicorn",
    "beeldkluis.web.wsgi:application",
    "--config",
    "python:beeldkluis.web.web_server",
]


class Place:
    """An installation in a folder that was there before, 0755, started from a shell with umask 022."""

    def __init__(self, folder: Path) -> None:
        self.data = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEELDKLUIS", "DJANGO"))}
        self.environment = kept | {"BEELDKLUIS_DATA": str(folder), "BEELDKLUIS_SECRET_KEY": "only-for-tests"}

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*PROGRAM, *words],
            env=self.environment,
            umask=0o022,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def wide(self) -> list[str]:
        """What others could read or list, apart from what the web server gives to anybody."""
        found = []
        for path in [self.data, *self.data.rglob("*")]:
            inside = path.relative_to(self.data).parts
            if (inside and inside[0] == "static") or path.is_symlink():
                continue
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                found.append(str(path.relative_to(self.data)))
        return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("data")
    folder.chmod(0o755)
    made = Place(folder)
    done = made.run("setup", "--quiet")
    assert done.returncode == 0, done.stderr
    return made


def test_set_up_in_a_folder_that_was_open_to_all_leaves_nothing_open(place: Place) -> None:
    assert (place.data / "beeldkluis.sqlite3").exists()
    assert place.wide() == []


def test_every_program_keeps_it_so(place: Place) -> None:
    """The clock, the doctor, and the web server as a service would start it, without our own command around it."""
    assert place.run("tick").returncode in (0, 1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [*GUNICORN, "--workers", "1", "--bind", f"127.0.0.1:{port}"], env=place.environment, umask=0o022,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    copies = subprocess.Popen([*PROGRAM, "copies"], env=place.environment, umask=0o022, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not _answers(port):
            assert time.monotonic() < until
            time.sleep(0.1)
        httpx.post(f"http://127.0.0.1:{port}/accounts/login/", data={"login": "x", "password": "y"})
        while not (place.data / "beeldkluis.sqlite3-wal").exists():  # made at the first row that somebody writes
            assert time.monotonic() < until
            time.sleep(0.1)
        assert place.wide() == []
        masks = [_umask(one.pid) for one in (server, copies)]
        assert masks == ["0077", "0077"]
    finally:
        for one in (server, copies):
            one.send_signal(signal.SIGTERM)
            one.wait(timeout=60)
    assert place.wide() == []


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/gezond/").status_code == 200
    except httpx.TransportError:
        return False


def _umask(process: int) -> str:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith("Umask"))


def test_what_was_made_wider_before_is_named_in_words_and_mended(tmp_path: Path) -> None:
    """In a folder of its own: after a tick the doctor tells of the many files what the last look found, whatever came since."""
    place = Place(tmp_path / "data")
    template.place(place.data / "beeldkluis.sqlite3")
    assert place.run("setup", "--quiet").returncode == 0
    wide = {
        "beeldkluis.sqlite3": 0o644, "secrets/vault-signing-key": 0o644, "staging": 0o755, "keys": 0o750, "store": 0o755,
        "cache": 0o755,
    }  # fmt: skip
    (place.data / "store" / "film").write_bytes(b"x")
    (place.data / "store" / "film").chmod(0o644)
    for name, mode in wide.items():
        (place.data / name).chmod(mode)
    place.data.chmod(0o755)
    said = place.run("doctor").stdout
    for name in [*wide, "store/film"]:
        assert f"{place.data / name} is ook voor anderen" in said, name
    assert f"{place.data} is ook voor anderen op deze machine open. Doe: beeldkluis setup" in said
    done = place.run("setup")
    assert "zijn de rechten van anderen weggehaald" in done.stdout
    assert place.wide() == []
    assert "voor anderen op deze machine" not in place.run("doctor").stdout


def test_the_dock_s_program_too(tmp_path: Path) -> None:
    """Its own folder may be there before, as a service's is."""
    script = (
        "import os, sys; sys.argv = ['beeldkluis-dock', 'simulate', sys.argv[1], '--serial', 'A', '--seconds', '1']\n"
        "from beeldkluis.dock.command import main\n"
        "try:\n    main()\nexcept SystemExit:\n    print(oct(os.umask(0)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "camera")],
        umask=0o022, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout.strip().endswith("0o77"), done.stderr
