"""Rows that need not wait for the disk: only those, only so long, and a killed program loses none of them."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from tests.template import place
from tests.vault.postgres import postgres, run_on

from beeldkluis.journal.relaxed_durability import relaxed_durability

__all__ = ["postgres"]  # a fixture, for this file
KILLED = """
import os, signal, django; django.setup()
from django.db import connection
from beeldkluis.journal.relaxed_durability import relaxed_durability
from beeldkluis.jobs.models import Worker
from datetime import datetime, UTC
def strict():
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA synchronous").fetchone()[0]
assert strict() == 2
with relaxed_durability():
    assert strict() == 1
    Worker.objects.create(recipient="age1", begun_at=datetime.now(UTC), seen_at=datetime.now(UTC))
assert strict() == 2
try:
    with relaxed_durability():
        raise ValueError
except ValueError:
    assert strict() == 2
os.kill(os.getpid(), signal.SIGKILL)
"""
POSTGRESQL = """
import django; django.setup()
from django.db import connection
from beeldkluis.journal.relaxed_durability import relaxed_durability
def told():
    with connection.cursor() as cursor:
        return cursor.execute("SHOW synchronous_commit").fetchone()[0]
before = told()
with relaxed_durability():
    assert told() == "off"
assert told() == before == "on"
"""


@pytest.mark.slow
def test_what_a_killed_program_wrote_is_there_and_only_that_did_not_wait(tmp_path: Path) -> None:
    environment = {"BEELDKLUIS_DATA": str(tmp_path), "BEELDKLUIS_SECRET_KEY": "only-for-tests"}
    environment |= {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings"}
    place(tmp_path / "beeldkluis.sqlite3")
    done = subprocess.run([sys.executable, "-c", KILLED], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with sqlite3.connect(tmp_path / "beeldkluis.sqlite3") as database:
        assert database.execute("select recipient from jobs_worker").fetchall() == [("age1",)]


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgresql_only_its_own_transaction_does_not_wait(postgres: int, tmp_path: Path) -> None:
    run_on(postgres, POSTGRESQL, tmp_path)


@pytest.mark.django_db
def test_within_a_transaction_nothing_changes() -> None:
    with relaxed_durability():
        assert connection.in_atomic_block
