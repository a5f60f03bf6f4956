"""A real PostgreSQL server for one test."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.vault.ports import free_port

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
    subprocess.run(
        [*as_postgres, POSTGRES / "initdb", "-D", data, "-A", "trust", "-U", "tests"], check=True, capture_output=True
    )
    server = subprocess.Popen(
        [*as_postgres, POSTGRES / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        ready = [POSTGRES / "pg_isready", "-h", "127.0.0.1", "-p", str(port)]
        until = time.monotonic() + 30
        while subprocess.run(ready, check=False, capture_output=True).returncode:
            assert time.monotonic() < until, "PostgreSQL did not start"
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(folder)
