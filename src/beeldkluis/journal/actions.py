"""The one way into the journal: a step is one transaction with its entry, or it did not happen."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.events import Event, StepRefused, canonical, detail_hash, plain
from beeldkluis.journal.models import Detail, Entry, Head, Node
from beeldkluis.protocol.verdict import Refused, require

__all__ = ["NoEntryError", "Record", "refuse", "require", "step"]

MAX_LEAF = 65_535  # bytes: an entry bundle of C2SP tlog-tiles has two bytes for the length

_trace: ContextVar[str | None] = ContextVar("journal_trace", default=None)


class NoEntryError(Exception):
    """A step wanted to commit without an entry. It is rolled back."""


class Record:
    """Given to the body of a step: call it with an event to write the entry."""

    def __init__(self, actor: Actor, trace: str) -> None:
        self.actor = actor
        self.trace = trace
        self.entries: list[Entry] = []

    def __call__(self, event: Event) -> Entry:
        """Append the event to the journal, in the step's own transaction."""
        entry = _append(event, self.actor, self.trace)
        self.entries.append(entry)
        return entry


@contextmanager
def step(name: str, *, actor: Actor) -> Iterator[Record]:
    """One step: a transaction in which rows change and at least one entry is written.

    Steps may be nested (a room below takes part in the same transaction). NoEntryError when the body recorded
    nothing. A Refused verdict rolls everything back; the outermost step then writes the refusal as an entry of its
    own and lets the exception go on to whoever asked.
    """
    outer = _trace.get()
    trace = outer or secrets.token_hex(16)
    token = _trace.set(trace)
    try:
        with transaction.atomic():
            record = Record(actor, trace)
            yield record
            if not record.entries:
                raise NoEntryError(f"step {name} wrote nothing in the journal")
    except Refused as refusal:
        if outer is None:
            _write_refusal(name, refusal, actor, trace)
        raise
    finally:
        _trace.reset(token)


def refuse(name: str, refusal: Refused, *, actor: Actor) -> None:
    """Write a refusal that happened outside a step, such as a page somebody may not see. Once per refusal."""
    if not refusal.journaled:
        _write_refusal(name, refusal, actor, secrets.token_hex(16))


def _write_refusal(name: str, refusal: Refused, actor: Actor, trace: str) -> None:
    verdict = refusal.verdict
    with transaction.atomic():
        _append(StepRefused(step=name, rule=verdict.rule, reason=verdict.reason), actor, trace)
    refusal.journaled = True


def _append(event: Event, actor: Actor, trace: str) -> Entry:
    if not connection.in_atomic_block:
        raise NoEntryError("an entry is written in the transaction of its act")
    facts, details = event.split()
    if actor.name:
        details["actor"] = actor.name
    salt, payload = secrets.token_bytes(32), canonical(details)
    moment = clock.now()
    head = Head.objects.select_for_update().get(pk=1)
    leaf = canonical(
        {
            "act": event.act,
            "actor": {"kind": actor.kind.value, "id": actor.pseudonym, "role": actor.role.value if actor.role else None},
            "case": event.case,
            "details": detail_hash(salt, payload) if details else None,
            "facts": facts,
            "n": head.size,
            "recording": plain(event.recording),
            "time": plain(moment),
            "trace": trace,
            "v": 1,
        },
    )
    if len(leaf) > MAX_LEAF:
        raise ValueError(f"{event.act}: the entry is {len(leaf)} bytes, at most {MAX_LEAF} fit")
    leaf_hash = hashlib.sha256(b"\x00" + leaf).digest()
    entry = Entry.objects.create(
        number=head.size, time=moment, act=event.act, recording=event.recording, case=event.case, trace=trace,
        data=leaf, leaf_hash=leaf_hash,
    )
    if details:
        Detail.objects.create(entry=entry, salt=salt, payload=payload)
    _grow(head.size, leaf_hash)
    head.size += 1
    head.save(update_fields=["size"])
    return entry


def _grow(number: int, leaf_hash: bytes) -> None:
    """Add the leaf and every subtree that it finishes (RFC 6962, section 2.1)."""
    level, index, current = 0, number, leaf_hash
    rows = [Node(level=0, index=number, hash=leaf_hash)]
    while index & 1:
        left = Node.objects.values_list("hash", flat=True).get(level=level, index=index - 1)
        current = hashlib.sha256(b"\x01" + bytes(left) + current).digest()
        level, index = level + 1, index >> 1
        rows.append(Node(level=level, index=index, hash=current))
    Node.objects.bulk_create(rows)
