"""Stories run on a demonstration that is really started: server, worker, tick, dock, camera."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error
from tests import warm
from tests.stories.browser import READY, ROOT, Visitor, chromium
from tests.template import alone, place
from tests.web.program import answers

from beeldkluis.dock.state import Memory
from beeldkluis.web.demonstration import mark_folder

PROGRAMS = Path(sys.executable).parent
MEDIA = ROOT.parent / "shared" / "media"
LAST_WORDS = 5000  # characters of a demonstration's log in the report of a story that failed
OWN_CLIPS = ["--clips", str(MEDIA)] if MEDIA.is_dir() else []  # real film where it is; drawn film everywhere else


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean_environment() -> dict[str, str]:
    """The environment without the settings of the tests themselves."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("BEELDKLUIS_", "DJANGO_"))}


@dataclass
class Running:
    """A demonstration that is up: where it is, its programs, and when its camera was read."""

    address: str
    data: Path

    @property
    def environment(self) -> dict[str, str]:
        return clean_environment() | {
            "BEELDKLUIS_DEMONSTRATION": "1",
            "BEELDKLUIS_DATA": str(self.data),
            "BEELDKLUIS_ADDRESS": self.address,
        }

    @cached_property
    def filmed(self) -> datetime:
        """When the demonstration's own film was made, at the last."""
        with closing(sqlite3.connect(self.data / "beeldkluis.sqlite3")) as database:
            found = database.execute("SELECT max(ended_at) FROM footage_recording").fetchone()[0]
        return datetime.fromisoformat(found).replace(tzinfo=UTC)

    @property
    def clock(self) -> datetime:
        """What time it is in the demonstration: the stories of a file run in any order, and one of them lets days pass."""
        ahead = self.data / "demonstration-clock"
        return datetime.now(UTC) + timedelta(seconds=int(ahead.read_text()) if ahead.exists() else 0)

    @property
    def log(self) -> str:
        """What its programs said."""
        return (self.data.parent / "demonstration.log").read_text()

    def program(self, name: str, *words: str, code: int = 0) -> str:
        if name == "beeldkluis":
            done = warm.run(self.environment, "beeldkluis.web", *words)
        else:
            done = subprocess.run(
                [PROGRAMS / name, *words],
                env=self.environment,
                capture_output=True,
                text=True,
                timeout=READY,
                check=False,
            )
        assert done.returncode == code, f"{name} {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def links(self) -> dict[str, str]:
        """A fresh sign-in address for each role, and the passphrase and case of the demonstration."""
        told = json.loads(self.program("beeldkluis", "demo", "links", "--json"))
        return {one["role"]: one["address"] for one in told["links"]} | {
            name: told[name] for name in ("passphrase", "case", "granted", "number", "code")
        }


def begin(folder: Path, environment: dict[str, str], *words: str | Path) -> "subprocess.Popen[str]":
    """Start a program that goes on, with its words in the folder's log."""
    log = os.open(folder / "demonstration.log", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    try:
        return subprocess.Popen(words, stdout=log, stderr=log, text=True, env=environment, start_new_session=True)
    finally:
        os.close(log)


def start(folder: Path, *words: str) -> tuple["subprocess.Popen[str]", Running]:
    """Run the demonstration as `make run` does, until it says that it is ready."""
    port = free_port()
    program = [sys.executable, ROOT / "scripts" / "demonstration.py", "--port", str(port), "--data", folder / "data"]
    process, running = (
        begin(folder, clean_environment(), *program, *words),
        Running(f"http://localhost:{port}", folder / "data"),
    )
    wait(process, running, lambda: "Stoppen: Ctrl-C" in running.log)
    return process, running


def with_tables(folder: Path) -> None:
    """Put a demonstration's database in this folder before `start`, so that it need not migrate."""
    mark_folder(folder / "data")
    place(folder / "data" / "beeldkluis.sqlite3")


def start_again(seeded: Path, folder: Path) -> tuple["subprocess.Popen[str]", Running]:
    """A demonstration of one's own: a copy of what was seeded, its server, and its dock told where that is now."""
    running = Running(f"http://localhost:{free_port()}", folder / "data")
    subprocess.run(["cp", "-a", "--reflink=auto", seeded, running.data], check=True)
    memory = Memory(running.data / "dock")
    memory.write(replace(memory.read(), server=running.address))
    process = serve(running)
    return process, running


def serve(running: Running) -> "subprocess.Popen[str]":
    """Start the programs of a demonstration that is there, until the server answers."""
    port = running.address.rpartition(":")[2]
    process = begin(running.data.parent, running.environment, PROGRAMS / "beeldkluis", "serve", "--port", port)
    wait(process, running, lambda: answers(running.address))
    return process


def wait(process: "subprocess.Popen[str]", running: Running, ready: Callable[[], bool]) -> None:
    until = time.monotonic() + READY
    while not ready():
        assert process.poll() is None, running.log
        assert time.monotonic() < until, running.log
        time.sleep(0.2)


def stop(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=READY)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A story that fails tells what everybody had on the screen, and what the demonstration said last."""
    report = yield
    if report.failed:
        report.sections += [("what people see", text) for text in screens()]
        given = getattr(item, "funcargs", {})
        running = getattr(given.get("server"), "running", given.get("demonstration"))
        if running is not None:
            report.sections.append(("the demonstration's last words", running.log[-LAST_WORDS:]))
    return report


def screens() -> Iterator[str]:
    """What each visitor sees whose page is still open."""
    for visitor in Visitor.present:
        if not visitor.page.is_closed():
            try:
                yield visitor.sees()
            except Error as error:
                yield f"{visitor.name}: {error}"


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a demonstration with drawn film that was started once, for all workers, and stopped."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    made = shared / "seeded"
    with alone(shared / "seeded.lock"):
        if not made.exists():
            half = tmp_path_factory.mktemp("seeded")
            with_tables(half)
            process, _ = start(half, "--drawn")
            stop(process)
            half.rename(made)
    return made / "data"


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[Running]:
    """A demonstration with drawn film, of this file alone."""
    process, running = start_again(seeded, tmp_path_factory.mktemp("demonstration"))
    yield running
    stop(process)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def visitor(browser: Browser, demonstration: Running) -> Iterator[Callable[[str], Visitor]]:
    """Somebody with a role, signed in by a fresh link."""
    visitors: list[Visitor] = []

    def come(role: str) -> Visitor:
        one = Visitor(browser, demonstration.address, role)
        one.page.goto(demonstration.links()[role])
        visitors.append(one)
        return one

    yield come
    for one in visitors:
        one.context.close()
