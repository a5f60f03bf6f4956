"""Stories run on a demonstration that is really started: server, worker, tick, dock, camera."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.stories.browser import READY, ROOT, Visitor, chromium

PROGRAMS = Path(sys.executable).parent
MEDIA = ROOT.parent / "shared" / "media"
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
    """A demonstration that is up: where it is, and its programs."""

    address: str
    data: Path

    @property
    def environment(self) -> dict[str, str]:
        return clean_environment() | {
            "BEELDKLUIS_DEMONSTRATION": "1",
            "BEELDKLUIS_DATA": str(self.data),
            "BEELDKLUIS_ADDRESS": self.address,
        }

    def program(self, name: str, *words: str, code: int = 0) -> str:
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
            name: told[name] for name in ("passphrase", "case", "number", "code")
        }


def start(folder: Path, *words: str) -> tuple["subprocess.Popen[str]", Running]:
    """Run the demonstration as `make run` does, until it says that it is ready."""
    port = free_port()
    log = os.open(folder / "demonstration.log", os.O_CREAT | os.O_WRONLY)
    process = subprocess.Popen(
        [sys.executable, ROOT / "scripts" / "demonstration.py", "--port", str(port), "--data", folder / "data", *words],
        stdout=log,
        stderr=log,
        text=True,
        env=clean_environment(),
        start_new_session=True,
    )
    os.close(log)
    until = time.monotonic() + READY
    while "Stoppen: Ctrl-C" not in (folder / "demonstration.log").read_text():
        assert process.poll() is None, (folder / "demonstration.log").read_text()
        assert time.monotonic() < until, (folder / "demonstration.log").read_text()
        time.sleep(0.2)
    return process, Running(f"http://localhost:{port}", folder / "data")


def stop(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=READY)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A demonstration with drawn film."""
    process, running = start(tmp_path_factory.mktemp("demonstration"))
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
