"""The tests' empty database, migrated once for this set of migrations and copied from then on: migrating takes seconds."""

import hashlib
import os
import sqlite3
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


def name_of_template() -> Path:
    """Another file for every change that could make another database: migrations, versions, settings."""
    digest = hashlib.sha256(f"{django.__version__} {sqlite3.sqlite_version} {settings.INSTALLED_APPS}".encode())
    for path in sorted((ROOT / "src").rglob("migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    digest.update((ROOT / "requirements" / "server.txt").read_bytes())  # libraries bring migrations of their own
    return FOLDER / f"{digest.hexdigest()}.sqlite3"


@contextmanager
def empty_database(blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database of this process. On SQLite it lives in memory and is a copy of the template; elsewhere it is migrated."""
    template = name_of_template()
    if connection.vendor != "sqlite" or not template.exists():
        with blocker.unblock():
            made = setup_databases(verbosity=0, interactive=False)
            if connection.vendor == "sqlite":
                _keep(template)
        yield
        with blocker.unblock():
            teardown_databases(made, verbosity=0)
        return
    with blocker.unblock():
        before = _copy(template)
    yield
    with blocker.unblock():
        connection.creation.destroy_test_db(before, verbosity=0)


def _copy(template: Path) -> str:
    """Fill the database in memory; its name before."""
    before = str(connection.settings_dict["NAME"])
    connection.close()
    name = connection.creation._get_test_db_name()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    with closing(sqlite3.connect(template)) as source:
        source.backup(connection.connection)
    return before


def _keep(template: Path) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.sqlite3"):
        old.unlink(missing_ok=True)
    half = template.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(half)) as target:
        connection.connection.backup(target)
    half.rename(template)
