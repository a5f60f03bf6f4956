"""A real PostgreSQL server for one test."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.vault.ports import free_port

ROOT = Path(__file__).parents[2]
POSTGRES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/usr/lib/postgresql/15/bin"))


@pytest.fixture
def postgres() -> Iterator[int]:
    """A PostgreSQL server for one test; answers its port."""
    if not (POSTGRES / "initdb").exists():
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    with running() as port:
        yield port


@contextmanager
def running() -> Iterator[int]:
    """A PostgreSQL server of our own on this machine only; answers its port.

    Its folder is not pytest's: that one is closed to other users, and closed again by every pytest that starts.
    """
    folder = Path(tempfile.mkdtemp(prefix="beeldkluis-postgres-"))
    as_postgres: list[str] = []
    if os.getuid() == 0:  # initdb refuses root
        shutil.chown(folder, "postgres", "postgres")
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data, port = folder / "data", free_port()
    _make_cluster(data, as_postgres)
    server = subprocess.Popen(
        [*as_postgres, POSTGRES / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        ready = [POSTGRES / "pg_isready", "-h", "127.0.0.1", "-p", str(port)]
        until = time.monotonic() + 300  # a full machine is slow
        while subprocess.run(ready, check=False, capture_output=True).returncode:
            assert time.monotonic() < until, "PostgreSQL did not start"
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(folder)


def run_on(port: int, script: str, data: Path) -> str:
    """What a Python script prints that runs with a server's settings, on PostgreSQL at this port, with its files in `data`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEELDKLUIS", "DJANGO"))}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=kept
        | {
            "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings",
            "BEELDKLUIS_DATABASE": f"postgres://tests@127.0.0.1:{port}/postgres",
            "BEELDKLUIS_SECRET_KEY": "only-for-tests",
            "BEELDKLUIS_DATA": str(data),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _make_cluster(data: Path, as_postgres: list[str]) -> None:
    """An empty cluster in `data`: a copy of one that is kept for this version and this user, because initdb takes seconds."""
    kept = ROOT / "build" / f"empty-postgres-{POSTGRES.parent.name}-{os.getuid()}"
    if not kept.exists():
        first = data.with_name("first")
        words = ["-D", first, "-A", "trust", "-U", "tests"]
        subprocess.run([*as_postgres, POSTGRES / "initdb", *words], check=True, capture_output=True)
        kept.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix="empty-postgres-", dir=kept.parent))
        _copy(first, half / "data")
        try:
            half.rename(kept)
        except OSError:  # another worker was first
            shutil.rmtree(half)
    _copy(kept / "data", data)


def _copy(source: Path, target: Path) -> None:
    """With owner and mode: PostgreSQL starts in a folder of its own user only."""
    subprocess.run(["cp", "-a", source, target], check=True)
