"""Rows that need not wait for the disk: an account that grows many times a second beside acts that do."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def relaxed_durability() -> Iterator[None]:
    """What is written within is there at once for every program, and stays when any of them is killed. It reaches the disk
    with the next step, or within a second where the database itself sees to that: a power cut may take what came since.

    Only for technical rows (journal.guard), outside a transaction; within one it changes nothing.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO OFF")
            yield
    else:
        with connection.cursor() as cursor:
            ((strict,),) = cursor.execute("PRAGMA synchronous").fetchall()
            cursor.execute("PRAGMA synchronous = NORMAL")
            try:
                yield
            finally:
                cursor.execute(f"PRAGMA synchronous = {int(strict)}")
