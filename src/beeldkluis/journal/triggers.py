"""Are the database's own refusals still there, as the migrations make them? Whoever wants to change what was written must
take them away first, and may forget to put them back, or put back something that looks like them.
"""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.db import connection

MADE_BY = import_module("beeldkluis.journal.migrations.0003_only_ever_added")
_NAME = re.compile(r"CREATE TRIGGER (\w+)")
# As PostgreSQL tells them (pg_get_triggerdef), by name; what they run is journal_refuse.
POSTGRESQL = {
    **{
        f"{table}_fixed": f"CREATE TRIGGER {table}_fixed BEFORE DELETE OR UPDATE ON {table} FOR EACH ROW"
        for table in MADE_BY.FIXED
    },
    **{
        f"{table}_whole": f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
        for table in MADE_BY.FIXED
    },
    "journal_detail_fixed": "CREATE TRIGGER journal_detail_fixed BEFORE UPDATE ON journal_detail FOR EACH ROW",
    "journal_head_grows": (
        "CREATE TRIGGER journal_head_grows BEFORE UPDATE ON journal_head FOR EACH ROW "
        "WHEN (((new.size < old.size) OR (new.id <> old.id)))"
    ),
}
REFUSES = "BEGIN RAISE EXCEPTION 'the journal is only ever added to'; END"


class _Written:
    """Takes the statements of a migration instead of a database."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def execute(self, sql: str) -> None:
        self.statements.append(sql)


def findings() -> Iterator[str]:
    """A sentence for each trigger that is gone or not what a migration made."""
    wanted, there = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]()
    for name in sorted(wanted):
        if name not in there:
            yield f"De grendel {name} in de database is weg. Iemand kan het logboek daar veranderen."
        elif there[name] != wanted[name]:
            yield f"De grendel {name} in de database is veranderd."
    for name in sorted(there.keys() - wanted.keys()):
        yield f"De grendel {name} in de database is niet van dit programma."


def _rows(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _sqlite() -> tuple[dict[str, str], dict[str, str]]:
    written = _Written()
    MADE_BY._sqlite(written)  # noqa: SLF001 - what the migration makes, and no copy of it
    wanted = {found[1]: one for one in written.statements if (found := _NAME.match(one))}
    there = dict(_rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'journal%'"))
    return wanted, there


def _postgresql() -> tuple[dict[str, str], dict[str, str]]:
    rows = _rows(
        "SELECT t.tgname, pg_get_triggerdef(t.oid), t.tgenabled, p.proname, btrim(p.prosrc) FROM pg_trigger t "
        "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND c.relname LIKE 'journal%' AND c.relnamespace = current_schema()::regnamespace"
    )
    schema = _rows("SELECT current_schema()")[0][0]
    there = {
        name: f"{told.partition(' EXECUTE')[0].replace(f' ON {schema}.', ' ON ')} {on} {runs} {does}"
        for name, told, on, runs, does in rows
    }
    return {name: f"{told} O journal_refuse {REFUSES}" for name, told in POSTGRESQL.items()}, there
