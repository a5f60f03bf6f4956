"""The tests' empty database, migrated once for this set of migrations and copied from then on: migrating takes a quarter of a
minute, and dozens of tests start a program on a database of its own.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "empty-databases"
MIGRATED = "migrated"  # a database with all tables, on every PostgreSQL server that the tests start


def state_of_migrations() -> str:
    """Another name for every change that could make another database: migrations, versions, settings."""
    digest = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version} {settings.INSTALLED_APPS}".encode())
    for path in sorted((ROOT / "src").rglob("migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    digest.update((ROOT / "requirements" / "server.txt").read_bytes())  # libraries bring migrations of their own
    return digest.hexdigest()


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One process at a time: whoever comes second finds what the first made."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def empty_file() -> Path:
    """The migrated SQLite database, which is made when there is none of these migrations yet."""
    template = FOLDER / f"{state_of_migrations()}.sqlite3"
    if not template.exists():
        with alone(FOLDER / "lock"):
            if not template.exists():
                _make(template)
    return template


def _make(template: Path) -> None:
    for old in FOLDER.glob("*.sqlite3"):
        old.unlink()
    half = template.with_suffix(f".{os.getpid()}")
    with tempfile.TemporaryDirectory() as data:
        migrate_by_program(BEELDKLUIS_DATA=data)
        with (
            closing(sqlite3.connect(Path(data) / "beeldkluis.sqlite3")) as source,
            closing(sqlite3.connect(half)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, which a database in memory can be filled from
    half.rename(template)


def migrate_by_program(**where: str) -> None:
    """Run `migrate` with a server's settings, in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEELDKLUIS", "DJANGO"))}
    own = {"DJANGO_SETTINGS_MODULE": "beeldkluis.web.settings", "BEELDKLUIS_SECRET_KEY": "tests"}
    words = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--skip-checks"]
    done = subprocess.run(
        words, env=kept | own | {"PYTHONPATH": str(ROOT / "src")} | where, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def place(file: Path) -> None:
    """Put the empty database at this path, for a program that finds it there when it starts."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_bytes(empty_file().read_bytes())
    file.chmod(0o600)


def make_tables() -> None:
    """In place of `migrate`, in a program on a database of its own: on SQLite the same tables, copied. A database on PostgreSQL
    has them already (tests/vault/postgres.py).
    """
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(empty_file())) as source:
            source.backup(connection.connection)
    assert "journal_entry" in connection.introspection.table_names()


@contextmanager
def empty_database(blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database of this process: in memory on SQLite; `BEELDKLUIS_TEST_DATABASE` says where on PostgreSQL."""
    if connection.vendor != "sqlite":
        with blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = MIGRATED
            made = setup_databases(verbosity=0, interactive=False)
        yield
        with blocker.unblock():
            teardown_databases(made, verbosity=0)
        return
    with blocker.unblock():
        before = str(connection.settings_dict["NAME"])
        connection.close()
        name = connection.creation._get_test_db_name()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        make_tables()
    yield
    with blocker.unblock():
        connection.creation.destroy_test_db(before, verbosity=0)
