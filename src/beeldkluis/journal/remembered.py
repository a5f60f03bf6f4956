"""What this server remembers of every entry, in a file beside its signing key: the leaf's hash and where it belongs.

It is made from the leaves themselves, a few after each minute and after each question, so that a list of a case does not hang
on columns that somebody with the database can empty. It can be thrown away: it is then made again, and held against what
was signed (anchor.py, examination.py). It holds no names. Plain SQLite; every server has one of its own.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from beeldkluis.journal import guard
from beeldkluis.journal.leaves import LeafError, read
from beeldkluis.journal.models import Entry, Head
from beeldkluis.sealed.merkle import leaf_hash

PART = 2000  # entries that are read at once
AT_ONCE = 4000  # entries that a page waits for; what is behind further is done by the minute
SHAPE = """
CREATE TABLE IF NOT EXISTS leaf (
    number INTEGER PRIMARY KEY, hash BLOB NOT NULL, act TEXT NOT NULL, "case" TEXT NOT NULL, recording BLOB NOT NULL,
    details INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS leaf_act ON leaf (act, number);
CREATE INDEX IF NOT EXISTS leaf_case ON leaf ("case", number) WHERE "case" <> '';
CREATE INDEX IF NOT EXISTS leaf_recording ON leaf (recording, number) WHERE recording <> x'';
CREATE TABLE IF NOT EXISTS erased (number INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS fault (sentence TEXT PRIMARY KEY, number INTEGER);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
UNUSABLE = (OSError, sqlite3.Error)
MISSING = b""  # the hash of an entry that was not there when it was to be remembered


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of one entry: its hash, and whether its leaf promises details."""

    hash: bytes
    details: bool


def path() -> Path:
    """Where the file lies."""
    key = Path(settings.SIGNING_KEY_FILE)
    return key.with_name(f"{key.name}-leaves")


class Remembered:
    """The file, open. OSError or sqlite3.Error when it cannot be read or written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.executescript(SHAPE)

    @property
    def size(self) -> int:
        """How many entries are remembered."""
        return int(self._one("SELECT COALESCE(MAX(number) + 1, 0) FROM leaf"))

    def catch_up(self, limit: int = AT_ONCE) -> int:
        """Remember up to `limit` more entries. How many are remembered then.

        Within a step nothing is remembered: what it wrote may be rolled back.
        """
        top, start, begun = _top(), self.size, self.size
        while start < min(top, begun + limit) and not guard.is_writing():
            stop = min(start + PART, top)
            found = Entry.objects.filter(number__gte=start, number__lt=stop).values_list("number", "data")
            rows = {number: bytes(data) for number, data in found}
            if not rows:
                break  # a hole as long as this is no hole: somebody moved the end, and examination.py says so
            self._add(start, stop, rows)
            start = stop
        return start

    def _add(self, start: int, stop: int, rows: Mapping[int, bytes]) -> None:
        leaves: list[tuple[int, bytes, str, str, bytes, int]] = []
        erased: list[tuple[int]] = []
        for number in range(start, stop):
            if number not in rows:
                leaves.append((number, MISSING, "", "", b"", 0))
                continue
            try:
                leaf = read(rows[number])
            except LeafError:
                leaves.append((number, leaf_hash(rows[number]), "", "", b"", 0))
                continue
            recording = leaf.recording.bytes if leaf.recording else b""
            leaves.append((number, leaf.hash, leaf.act, leaf.case, recording, int(leaf.details is not None)))
            erased += [(one,) for one in leaf.erases]
        with self._connection:
            self._connection.executemany("INSERT OR IGNORE INTO leaf VALUES (?, ?, ?, ?, ?, ?)", leaves)
            self._connection.executemany("INSERT OR IGNORE INTO erased VALUES (?)", erased)

    def known(self, numbers: Sequence[int]) -> dict[int, Known]:
        """What is remembered of these entries."""
        marks = ",".join("?" * len(numbers))
        rows = self._connection.execute(f"SELECT number, hash, details FROM leaf WHERE number IN ({marks})", numbers)  # noqa: S608 - question marks only
        return {number: Known(hashed, bool(details)) for number, hashed, details in rows}

    def between(self, start: int, stop: int) -> dict[int, Known]:
        """What is remembered of entries [start, stop)."""
        rows = self._connection.execute(
            "SELECT number, hash, details FROM leaf WHERE number >= ? AND number < ?", (start, stop)
        )
        return {number: Known(hashed, bool(details)) for number, hashed, details in rows}

    def erased_of(self, numbers: Sequence[int]) -> set[int]:
        """Those of which an entry says that their details were erased."""
        marks = ",".join("?" * len(numbers))
        rows = self._connection.execute(f"SELECT number FROM erased WHERE number IN ({marks})", numbers)  # noqa: S608 - question marks only
        return {number for (number,) in rows}

    def erased_between(self, start: int, stop: int) -> set[int]:
        """The entries [start, stop) of which an entry says that their details were erased."""
        rows = self._connection.execute("SELECT number FROM erased WHERE number >= ? AND number < ?", (start, stop))
        return {number for (number,) in rows}

    def count(self, *, recording: UUID | None = None, case: str = "", act: str = "") -> int:
        """How many entries there are of these."""
        where, values = _where(recording, case, act)
        return int(self._one(f"SELECT COUNT(*) FROM leaf{where}", values))  # noqa: S608 - fixed words only

    def numbers(
        self, start: int, stop: int | None, *, recording: UUID | None = None, case: str = "", act: str = ""
    ) -> list[int]:
        """The numbers of these entries, newest first, from the `start`-th to before the `stop`-th; all of them with None."""
        where, values = _where(recording, case, act)
        limit = -1 if stop is None else stop - start
        sql = f"SELECT number FROM leaf{where} ORDER BY number DESC LIMIT ? OFFSET ?"  # noqa: S608 - fixed words only
        return [number for (number,) in self._connection.execute(sql, (*values, limit, start))]

    def grew_since(self, number: int, *, besides: str, and_besides: str) -> bool:
        """Is there an entry after this one, besides those whose act begins so?"""
        sql = "SELECT EXISTS (SELECT 1 FROM leaf WHERE number > ? AND act NOT LIKE ? AND act NOT LIKE ?)"
        return bool(self._one(sql, (number, f"{besides}%", f"{and_besides}%")))

    def note_faults(self, faults: Iterable[tuple[int | None, str]]) -> None:
        """Keep what somebody saw on a page until the minute tells everybody who must know."""
        with self._connection:
            self._connection.executemany("INSERT OR IGNORE INTO fault (number, sentence) VALUES (?, ?)", list(faults))

    def noted_faults(self, most: int) -> list[tuple[int | None, str]]:
        """What was kept so, the first entries first."""
        rows = self._connection.execute("SELECT number, sentence FROM fault ORDER BY number LIMIT ?", (most,))
        return [(number, sentence) for number, sentence in rows]

    def forget_faults(self, sentences: Iterable[str]) -> None:
        """Of these everybody was told."""
        with self._connection:
            self._connection.executemany("DELETE FROM fault WHERE sentence = ?", [(one,) for one in sentences])

    def same_until(self) -> int:
        """How many entries, from the first on, are what was remembered of them."""
        top = min(self.size, _top())
        for start in range(0, top, PART):
            stop = min(start + PART, top)
            rows = Entry.objects.filter(number__gte=start, number__lt=stop).values_list("number", "data")
            there, known = {number: leaf_hash(bytes(data)) for number, data in rows}, self.between(start, stop)
            for number in range(start, stop):
                if number not in there or number not in known or there[number] != known[number].hash:
                    return number
        return top

    def put_aside(self, now: datetime) -> None:
        """Keep a copy for whoever looks into it, and begin with nothing."""
        file = path()
        aside = file.with_name(f"{file.name}-before-{now:%Y%m%dT%H%M%S%f}")
        os.close(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(aside)) as target:
            self._connection.backup(target)
        with self._connection:
            for table in ("leaf", "erased", "fault", "fact"):
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed words only

    def fact(self, name: str) -> Any:
        """A fact that was kept under this name; None when there is none."""
        row = self._connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def keep_fact(self, name: str, value: Any) -> None:
        """Keep a fact: anything that is JSON."""
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, json.dumps(value)))

    def _one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        return self._connection.execute(sql, values).fetchone()[0]


def _top() -> int:
    """Where the journal ends, by its head and by its entries."""
    head = Head.objects.values_list("size", flat=True).order_by("pk").first() or 0
    last = Entry.objects.order_by("-number").values_list("number", flat=True).first()
    return 0 if last is None else min(head, last + 1)


def _where(recording: UUID | None, case: str, act: str) -> tuple[str, list[Any]]:
    """The condition, each part so that its index is used."""
    parts: list[str] = []
    values: list[Any] = []
    if recording is not None:
        parts, values = [*parts, "recording = ? AND recording <> x''"], [*values, recording.bytes]
    if case:
        parts, values = [*parts, '"case" = ? AND "case" <> \'\''], [*values, case]
    if act:
        parts, values = [*parts, "act = ?"], [*values, act]
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), values


@contextmanager
def remembered() -> Iterator[Remembered]:
    """This server's file, for its own user only; made when it is not there. OSError or sqlite3.Error when that fails."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    with _opened(str(file)) as found:
        yield found


@contextmanager
def afresh() -> Iterator[Remembered]:
    """One that begins with nothing and leaves nothing behind, for whoever trusts no file. It lies in a temporary file."""
    with _opened("") as found:
        yield found


@contextmanager
def _opened(name: str) -> Iterator[Remembered]:
    connection = sqlite3.connect(name, timeout=10.0)
    try:
        if name:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        yield Remembered(connection)
    finally:
        connection.close()
