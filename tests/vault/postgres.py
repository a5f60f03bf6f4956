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
from tests.template import MIGRATED, alone, migrate_by_program, state_of_migrations
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


def address(port: int) -> str:
    """Of the database with all tables, on the server at this port."""
    return f"postgres://tests@127.0.0.1:{port}/{MIGRATED}"


@contextmanager
def running(*, durable: bool = False) -> Iterator[int]:
    """A PostgreSQL server of our own on this machine only; answers its port. Two databases: `postgres` is empty, and MIGRATED
    has all tables. `durable`: it waits for the disk, as a server with footage does; a test seldom needs that.

    Its folder is not pytest's: that one is closed to other users, and closed again by every pytest that starts.
    """
    with _folder() as (folder, as_postgres):
        _copy(_kept_cluster(), folder / "data")
        with _serving(folder, as_postgres, durable=durable) as port:
            yield port


@contextmanager
def _folder() -> Iterator[tuple[Path, list[str]]]:
    """A folder for a server, and how to start it there."""
    folder = Path(tempfile.mkdtemp(prefix="beeldkluis-postgres-"))
    as_postgres: list[str] = []
    if os.getuid() == 0:  # initdb refuses root
        shutil.chown(folder, "postgres", "postgres")
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    try:
        yield folder, as_postgres
    finally:
        shutil.rmtree(folder)


@contextmanager
def _serving(folder: Path, as_postgres: list[str], *, durable: bool = False) -> Iterator[int]:
    data, port = folder / "data", free_port()
    server = subprocess.Popen(
        [
            *as_postgres,
            POSTGRES / "postgres",
            "-D",
            data,
            "-h",
            "127.0.0.1",
            "-p",
            str(port),
            "-k",
            folder,
            "-c",
            f"fsync={'on' if durable else 'off'}",
        ],
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


def run_on(port: int, script: str, data: Path) -> str:
    """What a Python script prints that runs with a server's settings, on PostgreSQL at this port, with its files in `data`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEELDKLUIS", "DJANGO"))}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=kept
        | {
            "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings",
            "BEELDKLUIS_DATABASE": address(port),
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


def _kept_cluster() -> Path:
    """A cluster that is kept for this version, this user and these migrations, because making one takes many seconds."""
    build, name = ROOT / "build", f"postgres-{POSTGRES.parent.name}-{os.getuid()}"
    kept = build / f"{name}-{state_of_migrations()[:16]}"
    if not kept.exists():
        with alone(build / f"{name}.lock"):
            if not kept.exists():
                for old in build.glob(f"{name}-*"):
                    shutil.rmtree(old)
                _make_cluster(kept)
    return kept / "data"


def _make_cluster(kept: Path) -> None:
    half = Path(tempfile.mkdtemp(prefix="half-postgres-", dir=kept.parent))
    with _folder() as (folder, as_postgres):
        words = ["-D", folder / "data", "-A", "trust", "-U", "tests"]
        subprocess.run([*as_postgres, POSTGRES / "initdb", *words], check=True, capture_output=True)
        with _serving(folder, as_postgres) as port, tempfile.TemporaryDirectory() as data:
            where = ["-h", "127.0.0.1", "-p", str(port), "-U", "tests"]
            subprocess.run([POSTGRES / "createdb", *where, MIGRATED], check=True)
            migrate_by_program(BEELDKLUIS_DATA=data, BEELDKLUIS_DATABASE=address(port))
        _copy(folder / "data", half / "data")
    half.rename(kept)


def _copy(source: Path, target: Path) -> None:
    """With owner and mode: PostgreSQL starts in a folder of its own user only."""
    subprocess.run(["cp", "-a", source, target], check=True)
