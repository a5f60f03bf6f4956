"""The real program as processes of its own, in a folder of the test."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.template import place

BUILT = Path(__file__).resolve().parents[2] / "src" / "beeldkluis" / "web" / "static" / "built" / "beeldkluis.css"
READY = 500  # seconds within which a program that a test starts must be up, or have ended
needs_built = pytest.mark.skipif(not BUILT.exists(), reason="the front end is not built; make test builds it")


def command(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "beeldkluis.web", *words],
        env=around(data),
        capture_output=True,
        text=True,
        check=False,
        timeout=READY,
    )


def install(data: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """`setup` in a folder with an empty database. From no database at all is what tests/web/test_installation.py shows."""
    place(data / "beeldkluis.sqlite3")
    return command(data, "setup", *words)


def around(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEELDKLUIS", "DJANGO"))}
    return kept | {"BEELDKLUIS_DATA": str(data)}


@contextmanager
def serving(data: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = {"BEELDKLUIS_ADDRESS": f"http://localhost:{port}"}
    words = [sys.executable, "-m", "beeldkluis.web", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        words, env=around(data) | address, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as server:
        try:
            until = time.monotonic() + READY
            while not answers(f"http://localhost:{port}"):
                assert server.poll() is None
                assert time.monotonic() < until
                time.sleep(0.2)
            yield server, f"http://localhost:{port}"
        finally:
            server.terminate()


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/gezond/").text == "goed\n"
    except httpx.TransportError:
        return False
