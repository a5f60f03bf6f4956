"""A real vault in processes of its own, real docks, and films small enough to be read often."""

import json
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests import warm

from beeldkluis.camera.simulator import Scene, draw_film, tell
from beeldkluis.dock.enrolment import enrol
from beeldkluis.sealed.age import Identity

DOCK = [sys.executable, "-c", "from beeldkluis.dock.command import main; main()"]
SERIALS = [f"KILL-{number}" for number in range(4)]
CODES = 120


@dataclass
class Vault:
    """One installation and its web server, which may be killed and started again."""

    folder: Path
    port: int
    codes: list[str] = field(default_factory=list)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("BEELDKLUIS", "DJANGO", "PYTHONTRACE"))
        }
        own = {"BEELDKLUIS_DATA": str(self.folder), "BEELDKLUIS_SECRET_KEY": "only-for-tests"}
        return kept | own | {"BEELDKLUIS_ADDRESS": self.address}

    def ask(self, what: str, *words: str) -> Any:
        """Seed it, or open everything in it."""
        identity = str(self.folder.with_name("identity.txt"))
        done = warm.run(self.environment, "tests.dock.installation", what, identity, *words)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def received(self) -> set[tuple[str, str]]:
        """(serial, source_sha256) of everything with a receipt, read from the database file itself."""
        with sqlite3.connect(f"file:{self.folder}/beeldkluis.sqlite3?mode=ro", uri=True, timeout=10) as database:
            return set(database.execute("select serial, source_sha256 from intake_receipt"))

    def slots(self, dock: str) -> list[tuple[str, str, int | None, str]]:
        """(slot, state, percent, label) as the screen beside this dock would show them."""
        asked = (
            "select slot, state, percent, label from kiosk_slotreport join devices_dock on devices_dock.id = dock_id"
        )
        with sqlite3.connect(f"file:{self.folder}/beeldkluis.sqlite3?mode=ro", uri=True, timeout=10) as database:
            return list(database.execute(f"{asked} where name = ? order by slot", (dock,)))

    def start(self) -> None:
        """Start the web server and wait until it answers."""
        log = os.open(self.folder.with_name("server.log"), os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        words = [sys.executable, "-m", "gunicorn", "beeldkluis.web.wsgi:application"]
        words += ["--config", "python:beeldkluis.web.web_server"]
        words += ["--workers", "1", "--threads", "16", "--bind", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(words, env=self.environment, stdout=log, stderr=log, start_new_session=True)
        os.close(log)
        until = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None, self.folder.with_name("server.log").read_text()[-3000:]
            assert time.monotonic() < until
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/gezond/").status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """kill -9, the server's processes and no other."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def dock(self, folder: Path) -> "Dock":
        """A dock that is let in."""
        enrol(self.address, self.codes.pop(), f"Dock {folder.name}", folder / "state")
        (folder / "slots").mkdir()
        return Dock(folder)


@dataclass
class Dock:
    """A dock's folders, and its program."""

    folder: Path

    @property
    def slots(self) -> Path:
        return self.folder / "slots"

    def words(self, *more: str) -> list[str]:
        state, slots = str(self.folder / "state"), str(self.slots)
        return [*DOCK, "run", "--state", state, "--cameras", slots, "--json", *more]

    def once(self) -> tuple[int, list[dict[str, Any]]]:
        """One round in a process of its own: its exit code, and what it said."""
        done = subprocess.run(self.words("--once"), capture_output=True, text=True, timeout=300, check=False)
        assert not done.stderr, done.stderr
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """A vault that knows the cameras of SERIALS. Every test uses serials, docks and films of its own."""
    folder = tmp_path_factory.mktemp("vault")
    (folder / "identity.txt").write_text(str(Identity.generate()))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made = Vault(folder / "data", probe.getsockname()[1])
    made.codes = made.ask("seed", ",".join(SERIALS), str(CODES))
    made.start()
    yield made
    made.kill()


@pytest.fixture
def dock(vault: Vault, tmp_path: Path) -> Dock:
    """A dock of this test's own."""
    place = tmp_path / f"dock-{secrets.token_hex(4)}"
    place.mkdir()
    return vault.dock(place)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of film."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    draw_film(path, 2, width=160, height=90)
    return path


@pytest.fixture
def record(film: Path) -> Callable[..., Path]:
    """Makes a film on a camera that is like no other: the same pictures, and `size` bytes that players skip."""

    def make(camera: Path, name: str, size: int = 1000, minutes_ago: int = 30) -> Path:
        path = camera / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(film.read_bytes() + (size + 8).to_bytes(4, "big") + b"free" + secrets.token_bytes(size))
        tell(path, Scene(datetime.now(UTC) - timedelta(minutes=minutes_ago), 2))
        return path

    return make
