"""One leader for the minute's jobs: of all clocks that run on one database, one does them, and the others wait their turn.

PostgreSQL keeps an advisory lock for as long as a connection of its own lasts; with SQLite all clocks are on this machine
and lock a file. Both end with the process that holds them, however that ends (docs/decisions/0137).
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

NUMBER = 0x6265656C64  # of the advisory lock: "beeld" in ASCII, so that another program's is not met by accident


@contextmanager
def leading() -> Iterator[bool]:
    """Within: whether this process leads. Does not wait for one that does. DatabaseError when nothing can be asked."""
    with _postgres() if connection.vendor == "postgresql" else _file() as leads:
        yield leads


@contextmanager
def _postgres() -> Iterator[bool]:
    """On a connection beside the pool: one that goes back to a pool would keep the lock while nobody leads."""
    own = connection.copy()
    own.settings_dict["OPTIONS"] = {
        name: value for name, value in own.settings_dict["OPTIONS"].items() if name != "pool"
    }
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [NUMBER])
            yield bool(cursor.fetchone()[0])
    finally:
        own.close()


@contextmanager
def _file() -> Iterator[bool]:
    descriptor = os.open(Path(settings.DATA_FOLDER) / "clock.lock", os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
