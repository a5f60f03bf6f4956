"""`make bench-intake`: a recording on a camera's folder until the vault has it for good, against `cp` and `fsync` of the same
bytes and against `age | curl` into a plain server. Same disk, same run. Ends with one JSON object.
"""

import hashlib
import json
import os
import shutil
import socketserver
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socket import socket
from typing import ClassVar

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.dock.conftest import Dock, Vault

from beeldkluis.camera.simulator import Scene, draw_film, make_camera, tell
from beeldkluis.sealed.age import Identity

GIB = 1024**3
SMALL = 48 * 1024**2  # bytes of each film when all docks work at once
DOCKS = 30
ROUNDS = 5
MOST = 150 * 1024**2  # bytes of memory
PIECE = 1024**2


def grow(film: Path, drawn: Path, size: int, mark: bytes) -> None:
    """The drawn film, made `size` bytes long with bytes that players skip; `mark` makes it like no other."""
    head = drawn.read_bytes()
    rest = size - len(head) - 16
    block = hashlib.shake_256(mark).digest(PIECE)
    with film.open("wb") as out:
        out.write(head + (1).to_bytes(4, "big") + b"free" + (rest + 16).to_bytes(8, "big"))
        for at in range(0, rest, PIECE):
            out.write(block[: min(PIECE, rest - at)])
        out.flush()
        os.fsync(out.fileno())


def camera(folder: Path, serial: str, drawn: Path, size: int, mark: str) -> Path:
    """A camera with one film, ready to be put in a slot; returns its film."""
    make_camera(folder, serial=serial)
    film = folder / "film.mp4"
    grow(film, drawn, size, f"{serial} {mark}".encode())
    tell(film, Scene(datetime.now(UTC) - timedelta(minutes=5), 2))
    return film


class Watch(threading.Thread):
    """Peak memory of programs and what they started: proportional set size in bytes, 10 times a second."""

    def __init__(self, **programs: Callable[[], int]) -> None:
        super().__init__(daemon=True)
        self.programs = programs
        self.peaks = dict.fromkeys(programs, 0)
        self.done = threading.Event()

    def run(self) -> None:
        """Look until told to stop."""
        while not self.done.wait(0.1):
            for name, pid in self.programs.items():
                self.peaks[name] = max(self.peaks[name], memory(pid()))

    @contextmanager
    def looking(self) -> Iterator[dict[str, int]]:
        """Within: looks. Gives the peaks so far."""
        self.start()
        try:
            yield self.peaks
        finally:
            self.done.set()
            self.join()


def memory(pid: int) -> int:
    """Bytes that a program and its children have for themselves, with their part of what they share."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = [
            int(one) for path in Path(f"/proc/{pid}/task").glob("*/children") for one in path.read_text().split()
        ]
    except (FileNotFoundError, ProcessLookupError):
        return 0
    own = sum(int(line.split()[1]) * 1024 for line in told.splitlines() if line.startswith("Pss:"))
    return own + sum(memory(child) for child in children)


def docked(dock: Dock, serial: str, film: Path) -> tuple[float, int]:
    """Seconds from the camera in its slot until the dock has a checked receipt, and the dock's peak memory in bytes."""
    words = dock.words()
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as program:
        watch = Watch(dock=lambda: program.pid)
        time.sleep(3)  # the dock looks at its empty slots
        forget(film)
        with watch.looking() as peaks:
            begun = time.perf_counter()
            film.parent.rename(dock.slots / serial)
            seconds = 0.0
            for line in program.stdout or []:
                event = json.loads(line).get("event")
                if event == "stored":
                    seconds = time.perf_counter() - begun
                if event == "wiped":  # so that the next round finds an empty slot
                    break
        program.terminate()
    shutil.rmtree(dock.slots / serial)
    return seconds, peaks["dock"]


def forget(film: Path) -> None:
    """Have the film on its disk alone: nobody has a camera's film in memory when the camera is docked."""
    descriptor = os.open(film, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def copied(film: Path, folder: Path) -> float:
    """Seconds of `cp` and `fsync`."""
    forget(film)
    begun = time.perf_counter()
    subprocess.run(["cp", film, folder / "copy"], check=True)
    subprocess.run(["sync", folder / "copy", folder], check=True)
    seconds = time.perf_counter() - begun
    (folder / "copy").unlink()
    return seconds


class Plain(BaseHTTPRequestHandler):
    """A server that writes down what is put into it, durably, and knows nothing else."""

    protocol_version = "HTTP/1.1"
    folder: ClassVar[Path]

    def do_PUT(self) -> None:
        """Chunks until the empty one (RFC 9112, 7.1)."""
        if self.headers.get("Expect"):
            self.send_response_only(100)
            self.end_headers()
        with (self.folder / "put").open("wb") as out:
            while size := int(self.rfile.readline(), 16):
                out.write(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            out.flush()
            os.fsync(out.fileno())
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Nothing."""


def piped(film: Path, folder: Path, recipient: str) -> float:
    """Seconds of `age | curl` into the plain server."""
    Plain.folder = folder
    forget(film)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Plain) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/film"
        begun = time.perf_counter()
        with subprocess.Popen(["age", "-r", recipient, film], stdout=subprocess.PIPE) as sealing:
            subprocess.run(["curl", "-sSf", "-o", os.devnull, "-T", "-", address], stdin=sealing.stdout, check=True)
        seconds = time.perf_counter() - begun
        server.shutdown()
    (folder / "put").unlink()
    return seconds


def together(vault: Vault, docks: list[tuple[Dock, Path]]) -> tuple[int, float]:
    """Every dock at once: how many finished with nothing left, and after how many seconds."""
    for dock, film in docks:
        film.parent.rename(dock.slots / film.parent.name)
    begun = time.perf_counter()
    running = [subprocess.Popen(dock.words("--once"), stdout=subprocess.DEVNULL) for dock, _ in docks]
    codes = [one.wait() for one in running]
    seconds = time.perf_counter() - begun
    received = {serial for serial, _ in vault.received()}
    return sum(
        code == 0 and film.parent.name in received for code, (_, film) in zip(codes, docks, strict=True)
    ), seconds


@contextmanager
def installed(folder: Path, serials: list[str]) -> Iterator[Vault]:
    """A running vault that knows these cameras."""
    (folder / "identity.txt").write_text(str(Identity.generate()))
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        vault = Vault(folder / "data", probe.getsockname()[1])
    vault.codes = vault.ask("seed", ",".join(serials), str(len(serials) + 1))
    vault.start()
    try:
        yield vault
    finally:
        vault.kill()


def new_dock(vault: Vault, folder: Path) -> Dock:
    """A dock that is let in."""
    folder.mkdir()
    return vault.dock(folder)


def main() -> int:
    """Print the measures; the exit code says nothing of the goals."""
    serials = [f"BENCH-{number:02d}" for number in range(DOCKS)]
    with tempfile.TemporaryDirectory(prefix="bench-intake-") as name, installed(Path(name), serials) as vault:
        folder = Path(name)
        drawn = folder / "drawn.mp4"
        draw_film(drawn, 2, width=160, height=90)
        dock = new_dock(vault, folder / "one")
        times: dict[str, list[float]] = {"cp": [], "age": [], "dock": []}
        peaks = {"server": 0, "dock": 0}
        watch = Watch(server=lambda: vault.process.pid if vault.process else 0)
        with watch.looking() as seen:
            for turn in range(ROUNDS):
                film = camera(folder / f"camera-{turn}", serials[0], drawn, GIB, str(turn))
                times["cp"].append(copied(film, folder))
                times["age"].append(piped(film, folder, str(Identity.generate().recipient)))
                seconds, most = docked(dock, f"{serials[0]}-{turn}", film)
                times["dock"].append(seconds)
                peaks["dock"] = max(peaks["dock"], most)
                told = ", ".join(f"{name} {one[-1]:.2f} s" for name, one in times.items())
                print(f"1 GiB, round {turn + 1}: {told}", flush=True)
            waiting = []
            for number, serial in enumerate(serials):
                place = new_dock(vault, folder / f"dock-{number}")
                waiting.append((place, camera(folder / "cameras" / serial, serial, drawn, SMALL, "many")))
            complete, seconds = together(vault, waiting)
            rate = DOCKS * SMALL / seconds / 1e6
            print(
                f"{DOCKS} docks at once, {SMALL >> 20} MiB each: {complete} complete, {seconds:.1f} s, {rate:.0f} MB/s"
            )
        peaks["server"] = seen["server"]
    middle = {name: statistics.median(one) for name, one in times.items()}
    print(f"peak memory: server {peaks['server'] >> 20} MiB, dock {peaks['dock'] >> 20} MiB")
    goals = [
        ("wall time of one 1 GiB recording, ratio to cp + fsync", middle["dock"] / middle["cp"], 2.0),
        ("wall time of one 1 GiB recording, ratio to age | curl", middle["dock"] / middle["age"], None),
        ("server: peak memory in MiB", peaks["server"] / 2**20, MOST / 2**20),
        ("dock: peak memory in MiB", peaks["dock"] / 2**20, MOST / 2**20),
        ("docks at once that did not finish", float(DOCKS - complete), 0.0),
    ]
    told = [
        {"name": name, "value": round(value, 2), "goal": goal, "met": None if goal is None else value <= goal}
        for name, value, goal in goals
    ]
    print(json.dumps({"goals": told}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
