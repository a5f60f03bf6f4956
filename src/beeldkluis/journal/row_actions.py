"""The rows of an entry, written in plain SQL: every act writes them, and the ORM took most of an act's time.

All of it happens in the caller's transaction, under the lock on the head, and through the guard like any other statement.
PostgreSQL gets the rows of one entry in one statement: each statement there is a round trip, during which others wait for the
head.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model

from beeldkluis.journal import guard
from beeldkluis.journal.models import Detail, Entry, Head, Node

Made = tuple[int, int, bytes]  # a finished subtree: level, index, hash


@dataclass(slots=True)
class _Locked:
    """How many entries there are under a lock that is held, as long as nothing was rolled back since (`guard.rolled_back`)."""

    size: int
    rolled_back: int


_locked: ContextVar[_Locked | None] = ContextVar("journal_locked", default=None)


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


def append(entry: Entry, detail: Detail | None, made: Sequence[Made]) -> None:
    """Write an entry, what stands beside it, the subtrees that it finishes, and how many entries there are now. IntegrityError
    when its number is taken.
    """
    if connection.vendor == "postgresql":
        _append_at_once(entry, detail, made)
    else:
        insert(entry)
        if detail is not None:
            insert(detail)
        with connection.cursor() as cursor:
            cursor.executemany(f"{_insert_nodes()} VALUES (%s, %s, %s)", list(made))
        _set_size(entry.number + 1)
    if (known := _locked.get()) is not None:
        known.size, known.rolled_back = entry.number + 1, guard.rolled_back()


def _append_at_once(entry: Entry, detail: Detail | None, made: Sequence[Made]) -> None:
    """The same in one statement: its parts see the rows of before, and need no more."""
    beside = f"detail AS ({_insert(Detail)}), " if detail is not None else ""
    nodes = f"node AS ({_insert_nodes()} VALUES {', '.join(['(%s, %s, %s)'] * len(made))})"
    head = f"head AS (UPDATE {_table(Head)} SET size = %s WHERE id = 1)"  # noqa: S608 - our own names
    values = [*(_values(detail) if detail is not None else ()), *(one for node in made for one in node)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {beside}{nodes}, {head} {_insert(Entry)}",
            [*values, entry.number + 1, *_values(entry)],
        )


@contextmanager
def locked_head() -> Iterator[None]:
    """Lock the head as `lock_head` does, and know its number without asking again for as long as this lasts."""
    if _locked.get() is not None:  # within another: one number for all
        yield
        return
    token = _locked.set(_Locked(_lock_head(), guard.rolled_back()))
    try:
        yield
    finally:
        _locked.reset(token)


def lock_head() -> int:
    """Lock the one row that says how many entries there are, as the first lock of any step; and that number."""
    known = _locked.get()
    if known is None:
        return _lock_head()
    if known.rolled_back != guard.rolled_back():
        known.size, known.rolled_back = _lock_head(), guard.rolled_back()
    return known.size


def _lock_head() -> int:
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT size FROM {_table(Head)} WHERE id = 1{lock}")  # noqa: S608 - our own names
        found = cursor.fetchone()
    if found is not None:
        return int(found[0])
    return int(Head.objects.select_for_update().get_or_create(pk=1, defaults={"size": 0})[0].size)


def _set_size(size: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {_table(Head)} SET size = %s WHERE id = 1", [size])  # noqa: S608 - our own names


def beside(number: int) -> dict[tuple[int, int], bytes]:
    """The finished subtrees that entry `number` joins, by (level, index): none for an even number, one question otherwise.
    Node.DoesNotExist when one is not there.
    """
    ones = (~number & (number + 1)).bit_length() - 1  # bits that are set, from the lowest on
    wanted = [(level, (number >> level) - 1) for level in range(ones)]
    if not wanted:
        return {}
    quote = connection.ops.quote_name
    either = " OR ".join([f"(level = %s AND {quote('index')} = %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT level, {quote('index')}, hash FROM {_table(Node)} WHERE {either}",  # noqa: S608 - our own names
            [one for node in wanted for one in node],
        )
        found = {(int(level), int(at)): bytes(hashed) for level, at, hashed in cursor.fetchall()}
    if len(found) < len(wanted):
        raise Node.DoesNotExist(f"nodes below entry {number}")
    return found


def stands(number: int, hashed: bytes) -> bool:
    """Does an entry stand in the journal under this number, with this hash?"""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT leaf_hash FROM {_table(Entry)} WHERE number = %s", [number])  # noqa: S608 - our own names
        found = cursor.fetchone()
    return found is not None and bytes(found[0]) == hashed


def _insert_nodes() -> str:
    return f"INSERT INTO {_table(Node)} (level, {connection.ops.quote_name('index')}, hash)"


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - documented
