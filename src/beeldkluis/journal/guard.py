"""What is evidence changes only inside a step, so that no act is kept without its entry in the journal.

Each database connection looks at every statement before it goes out. This finds a mistake in our own code; against somebody
who has the database itself there are the triggers, the signed checkpoints and the tree.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

ROOMS = (
    "journal", "outbox", "governance", "vault", "people", "findings", "devices", "jobs", "footage", "intake", "cases",
    "retention", "appointments", "redaction", "disclosure", "viewing", "kiosk",
)  # fmt: skip
# Tables of those rooms that hold no act of a person and no fact about footage.
TECHNICAL = {
    "intake_upload": "how many bytes of an upload have arrived; accepting it is a step",
    "intake_axissystem": "the token of a camera system, renewed many times a day; letting the system in is a step",
    "intake_axiscontainer": "what a camera system says of a recording under way; registering it is a step",
    "retention_pace": "what the clock said at each round; stopping for a jump, and who accepted it, are entries",
    "cases_recordinglooked": "which recordings were held beside the open cases, every minute; a match is an entry",
    "cases_caselooked": "for which open cases was looked, every minute; a match is an entry",
    "footage_cameralooked": "for which state of the register recordings were looked at; what they found is an entry",
    "people_running": "how long the machine ran, every minute; what waits for it is done in a step",
    "people_handoverwait": "that a minute of a wait went by, every minute; agreeing and beginning are entries",
    "kiosk_slotreport": "what a dock says of a slot, several times a minute; that a camera was docked is an entry",
    "kiosk_visit": "how far somebody is at a dock's screen; what is signed or told there are steps",
    "viewing_fetchedrange": "which sealed bytes went out, at every seek; closing the opening counts them in its entry",
    "viewing_heartbeat": "that a page is still there, every few seconds; opening and closing are entries",
    "jobs_worker": "which workers run; lending them a key is an entry",
    "jobs_heartbeat": "how far a job is, every few seconds; that it began, each part kept and its end are entries",
}

_WRITE = re.compile(
    r"\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|MERGE\s+INTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)"
    r'(?:\s+ONLY)?\s+"?(\w+)"?',
    re.IGNORECASE,
)
_open: ContextVar[bool] = ContextVar("journal_guard_open", default=False)
_rolled_back: ContextVar[int] = ContextVar("journal_guard_rolled_back", default=0)


class OutsideStepError(Exception):
    """Evidence was about to change without an entry in the journal. Nothing was written."""


@contextmanager
def opened() -> Iterator[None]:
    """Within: evidence may change. Used by `step` and by the journal's own writing, and by data migrations."""
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


def is_open() -> bool:
    """Are we inside a step?"""
    return _open.get()


def is_writing() -> bool:
    """Is a step under way, so that what it wrote may still be rolled back? Also where `is_open` is held open."""
    return _open.get()


def rolled_back() -> int:
    """How often a part of a transaction was taken back here: what was written before may be gone."""
    return _rolled_back.get()


def evidence(sql: str) -> str:
    """The evidence table that this statement would change; empty when it changes none. A statement that begins with WITH may
    change several: the first that is evidence.
    """
    text = sql.lstrip()
    found = _WRITE.finditer(text) if text[:4].upper() == "WITH" else filter(None, [_WRITE.match(text)])
    return next((table for table in (one[1] for one in found) if _is_evidence(table)), "")


def _is_evidence(table: str) -> bool:
    return table.partition("_")[0] in ROOMS and table not in TECHNICAL


def check(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """An execute wrapper of Django: pass the statement on, or OutsideStepError."""
    if not is_open() and (table := evidence(sql)):
        raise OutsideStepError(f"{table} changes only inside a step, together with its entry in the journal")
    if sql.startswith("ROLLBACK"):
        _rolled_back.set(_rolled_back.get() + 1)
    return execute(sql, params, many, context)


def watch(connection: BaseDatabaseWrapper) -> None:
    """Have this connection look at its statements from now on."""
    if check not in connection.execute_wrappers:
        connection.execute_wrappers.append(check)
