"""`make bench-journal` on PostgreSQL runs to its end, and measures a server that waits for the disk (0151)."""

import os
import subprocess
import sys

import psycopg
import pytest
from tests.vault.postgres import ROOT, running

MEASURED = """
import sys, tempfile
from pathlib import Path
import bench_journal as bench
with tempfile.TemporaryDirectory() as folder:
    speed, unflushed = bench.postgresql(Path(folder), 2)
bench.told_of("PostgreSQL", 2, speed)
bench.told_of_lock(2, speed, unflushed)
"""


@pytest.mark.slow
@pytest.mark.postgres
def test_the_bench_says_what_the_journal_and_its_lock_cost_on_postgresql() -> None:
    # as `make` starts it: no settings are named
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEELDKLUIS", "DJANGO"))}
    done = subprocess.run(
        [sys.executable, "-c", MEASURED],
        cwd=ROOT,
        env=kept | {"SECONDS": "0.2", "PYTHONPATH": str(ROOT / "benches")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told, lock = done.stdout.splitlines()
    assert told.startswith("PostgreSQL, 2 writers: ")
    assert "acts a second with the journal" in told
    assert "under its lock without an entry" in lock


@pytest.mark.slow
@pytest.mark.postgres
def test_only_a_server_that_is_asked_for_one_waits_for_the_disk() -> None:
    for durable, told in ((True, "on"), (False, "off")):
        with (
            running(durable=durable) as port,
            psycopg.connect(f"host=127.0.0.1 port={port} user=tests dbname=postgres") as one,
        ):
            assert one.execute("SHOW fsync").fetchone() == (told,)
