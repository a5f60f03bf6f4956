"""A demonstration to attack: seeded once, copied for each kind, served on a free port of this machine, ended in any case."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from attacks.visitor import Visitor

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
LOOPBACK = ("127.0.0.1", "::1", "localhost")
START_SECONDS = 150  # on a machine that does much else
SEED_SECONDS = 400
NAMES = {
    "team_manager": "teammanager",
    "dpo": "functionaris gegevensbescherming",
    "administrator": "beheerder",
    "deputy": "plaatsvervangend teammanager",
}


class OutsideError(Exception):
    """Something of ours reached for an address that is not this machine's."""


def stay_inside() -> None:
    """From now on this process connects to no other machine: OutsideError, whatever library asks."""

    def watch(event: str, words: tuple[Any, ...]) -> None:
        if event == "socket.connect" and isinstance(words[1], tuple) and str(words[1][0]) not in LOOPBACK:
            raise OutsideError(f"{words[1]!r} is not this machine")

    sys.addaudithook(watch)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean() -> dict[str, str]:
    """The environment without settings of another installation or of tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("BEELDKLUIS_", "DJANGO_"))}


@dataclass
class Place:
    """One running demonstration: where it is, its folder, its server."""

    address: str
    data: Path
    demonstration: bool = True

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])

    @property
    def environment(self) -> dict[str, str]:
        """What its programs run with."""
        own = {"BEELDKLUIS_DATA": str(self.data), "BEELDKLUIS_ADDRESS": self.address, "PYTHONUNBUFFERED": "1"}
        return clean() | own | ({"BEELDKLUIS_DEMONSTRATION": "1"} if self.demonstration else {})

    def run(self, name: str, *words: str) -> "subprocess.CompletedProcess[str]":
        """One of our programs, however it ends."""
        command = [PROGRAMS / name, *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)

    def program(self, name: str, *words: str, given: str | None = None, seconds: int = 120) -> str:
        """What one of our programs says. CalledProcessError when it fails."""
        done = subprocess.run(
            [PROGRAMS / name, *words],
            env=self.environment, input=given, capture_output=True, text=True, timeout=seconds, check=True,
        )  # fmt: skip
        return done.stdout

    def probe(self, *words: str) -> Any:
        """What attacks/probe.py sees with the disk and the database, as the owner of the machine."""
        done = subprocess.run(
            [sys.executable, "-m", "attacks.probe", *words],
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings"},
            cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"probe {words}: {done.stderr[-600:]}")
        return json.loads(done.stdout)

    def links(self) -> dict[str, Any]:
        """Fresh links for every role, the passphrase, the waiting case, the officer's number and code, the dock's screen."""
        told: dict[str, Any] = json.loads(self.program("beeldkluis", "demo", "links", "--json"))
        roles = {one["role"]: one["address"].replace(self.address, "") for one in told.pop("links")}
        return told | {"roles": roles, "screen": told["screen"].replace(self.address, "")}

    def visitor(self) -> Visitor:
        """Somebody at the door."""
        return Visitor(self.address)

    def sessions(self, *roles: str) -> list[Visitor]:
        """Somebody signed in for each of these roles."""
        found, made = self.links()["roles"], []
        for role in roles:
            one = self.visitor()
            answer = one.get(found[NAMES[role]])
            if answer.status_code != 302:
                raise RuntimeError(f"no way in as {role}: {answer.status_code}")
            made.append(one)
        return made

    def screen(self) -> Visitor:
        """The browser at the dock."""
        one = self.visitor()
        one.get(self.links()["screen"])
        return one

    def rows(self, query: str, *words: object) -> list[tuple[Any, ...]]:
        """Read the database beside the program, read-only."""
        with sqlite3.connect(f"file:{self.data}/beeldkluis.sqlite3?mode=ro", uri=True, timeout=30) as database:
            return database.execute(query, words).fetchall()

    def one(self, query: str, *words: object) -> Any:
        """The first column of the first row; None without one."""
        found = self.rows(query, *words)
        return found[0][0] if found else None

    def entries(self) -> int:
        """How many entries the journal has."""
        return int(self.one("select count(*) from journal_entry"))

    def acts(self, since: int) -> list[str]:
        """The acts in the journal from entry number `since` on."""
        return [
            str(row[0]) for row in self.rows("select act from journal_entry where number >= ? order by number", since)
        ]

    def recording(self) -> UUID:
        """The first recording."""
        return UUID(self.one("select id from footage_recording order by number limit 1"))

    def dock(self) -> dict[str, Any]:
        """What the dock keeps: its token, its signing key, the recipients it seals for."""
        told: dict[str, Any] = json.loads((self.data / "dock" / "dock.json").read_text())
        return told

    def forget_limits(self) -> None:
        """What only waiting would bring: nobody was refused for asking too often."""
        shutil.rmtree(self.data / "cache", ignore_errors=True)
        (self.data / "cache").mkdir(mode=0o700)

    def alive(self, seconds: float = 10) -> bool:
        """Does it answer somebody else within this time?"""
        try:
            return httpx.get(f"{self.address}/gezond/", timeout=seconds).text == "goed\n"
        except httpx.HTTPError:
            return False


def seed(folder: Path) -> Path:
    """A demonstration with a docked camera and a waiting request, stopped again; its data folder."""
    data = folder / "seeded"
    words = ["--once", "--drawn", "--port", str(free_port()), "--data", str(data)]
    with subprocess.Popen(
        [sys.executable, ROOT / "scripts" / "demonstration.py", *words],
        env=clean(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            said = process.communicate(timeout=SEED_SECONDS)[0]
        finally:
            end(process)
    if process.returncode:
        raise RuntimeError(f"the demonstration did not come up:\n{said.decode(errors='replace')[-3000:]}")
    shutil.rmtree(data / "cameras", ignore_errors=True)
    return data


@contextmanager
def copied(seeded: Path, folder: Path) -> Iterator[Place]:
    """A copy of the seeded demonstration that serves, and its end."""
    data = folder / "data"
    shutil.copytree(seeded, data)
    data.chmod(0o700)
    try:
        with serving(Place(f"http://localhost:{free_port()}", data)) as place:
            yield place
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def serving(place: Place) -> Iterator[Place]:
    """The installation in this folder, while it serves."""
    written = place.data.parent / f"{place.data.name}.log"
    with written.open("wb") as log:
        server = subprocess.Popen(
            [PROGRAMS / "beeldkluis", "serve", "--port", str(place.port)],
            env=place.environment, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            until = time.monotonic() + START_SECONDS
            while not place.alive(2):
                if server.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(written.read_text(errors="replace")[-3000:])
                time.sleep(0.1)
            yield place
        finally:
            end(server)


def end(process: "subprocess.Popen[bytes]", seconds: float = 1) -> None:
    """End a program of ours and everything that it started."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # it led a group of its own
    process.wait()
