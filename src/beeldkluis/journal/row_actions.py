"""The rows of an entry, written in plain SQL: every act writes them, and the ORM took most of an act's time.

All of it happens in the caller's transaction, under the lock on the head, and through the guard like any other statement.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model

from beeldkluis.journal.models import Detail, Entry, Head, Node


@lru_cache(maxsize=8)
def _insert(model: type[Model]) -> str:
    """The INSERT of one row with every column that is not numbered by the database."""
    fields = [field for field in model._meta.concrete_fields if field.get_internal_type() != "BigAutoField"]  # noqa: SLF001 - documented
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608, SLF001 - our own names


def _values(row: Model) -> list[Any]:
    return [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in row._meta.concrete_fields  # noqa: SLF001 - documented
        if field.get_internal_type() != "BigAutoField"
    ]


def insert(row: Entry | Detail) -> None:
    """Write one row. IntegrityError when its number is taken."""
    with connection.cursor() as cursor:
        cursor.execute(_insert(type(row)), _values(row))


def insert_nodes(made: Iterable[tuple[int, int, bytes]]) -> None:
    """Write finished subtrees: (level, index, hash) each."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_table(Node)} (level, {quote('index')}, hash) VALUES (%s, %s, %s)",  # noqa: S608 - our own names
            list(made),
        )


def lock_head() -> int:
    """Lock the one row that says how many entries there are, as the first lock of any step; and that number."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT size FROM {_table(Head)} WHERE id = 1{lock}")  # noqa: S608 - our own names
        found = cursor.fetchone()
    if found is not None:
        return int(found[0])
    return int(Head.objects.select_for_update().get_or_create(pk=1, defaults={"size": 0})[0].size)


def set_size(size: int) -> None:
    """There are so many entries now."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {_table(Head)} SET size = %s WHERE id = 1", [size])  # noqa: S608 - our own names


def node(level: int, index: int) -> bytes:
    """The hash of a finished subtree. Node.DoesNotExist when it is not there."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT hash FROM {_table(Node)} WHERE level = %s AND {quote('index')} = %s",  # noqa: S608 - our own names
            [level, index],
        )
        found = cursor.fetchone()
    if found is None:
        raise Node.DoesNotExist(f"node {index} at level {level}")
    return bytes(found[0])


def stands(number: int, hashed: bytes) -> bool:
    """Does an entry stand in the journal under this number, with this hash?"""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT leaf_hash FROM {_table(Entry)} WHERE number = %s", [number])  # noqa: S608 - our own names
        found = cursor.fetchone()
    return found is not None and bytes(found[0]) == hashed


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - documented
