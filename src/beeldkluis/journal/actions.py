"""The one way into the journal: a step is one transaction with its entry, or it did not happen."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from beeldkluis.journal import anchor, clock, guard, row_actions
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.events import (
    AnchorBegun,
    DetailsErased,
    Event,
    RestoredAccepted,
    StepRefused,
    canonical,
    detail_hash,
    plain,
)
from beeldkluis.journal.models import Checkpoint, Detail, Entry
from beeldkluis.journal.queries import size
from beeldkluis.journal.signer import signer
from beeldkluis.protocol import personal
from beeldkluis.protocol.incident import may_accept_restored
from beeldkluis.protocol.register import rule
from beeldkluis.protocol.verdict import Refused, require
from beeldkluis.sealed.merkle import appended, leaf_hash
from beeldkluis.sealed.tlog import checkpoint_text

__all__ = ["About", "NoEntryError", "Record", "Written", "record_refusal", "require", "serialised", "step", "written"]

IN_ONE_LEAF = 2_000  # numbers of entries
MAX_LEAF = 65_535  # bytes: an entry bundle of C2SP tlog-tiles has two bytes for the length

_trace: ContextVar[str | None] = ContextVar("journal_trace", default=None)


@dataclass(frozen=True, slots=True)
class About:
    """What a step is taken under: the case, and facts that stand with every entry of the step, a refusal too, such as the
    purpose and the version of the protocol.
    """

    case: str = ""
    facts: tuple[tuple[str, str], ...] = ()


NOTHING = About()
_about: ContextVar[About] = ContextVar("journal_about", default=NOTHING)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A refusal that is written when the `serialised` around its step ends, whichever way it does."""

    name: str
    refusal: Refused
    actor: Actor
    trace: str
    about: About


_refusals: ContextVar[list[_Waiting] | None] = ContextVar("journal_refusals", default=None)


@dataclass(frozen=True, slots=True)
class Written:
    """An entry that a step wrote, and whose act it is. Is it still there? That is asked with `are_kept`."""

    actor: Actor
    entry: Entry


_written: ContextVar[list[Written] | None] = ContextVar("journal_written", default=None)


@contextmanager
def written() -> Iterator[list[Written]]:
    """The entries that steps within write, in order, those of a step that was rolled back too; refusals not among them."""
    found: list[Written] = []
    token = _written.set(found)
    try:
        yield found
    finally:
        _written.reset(token)


def are_kept(entries: Sequence[Entry]) -> bool:
    """Does one of these stand in the journal? An entry may be written and rolled back with its step, or a part of it."""
    return any(row_actions.stands(entry.number, bytes(entry.leaf_hash)) for entry in entries)


class NoEntryError(Exception):
    """A step wanted to commit without an entry. It is rolled back."""


class Record:
    """Given to the body of a step: call it with an event to write the entry."""

    def __init__(self, actor: Actor, trace: str) -> None:
        self.actor = actor
        self.trace = trace
        self.case = _about.get().case  # under which the step is taken; empty when it names none
        self.entries: list[Entry] = []
        self._rolled_back = 0  # as the guard counted when the newest entry was written

    def __call__(self, event: Event) -> Entry:
        """Append the event to the journal, in the step's own transaction."""
        entry = _append(event, self.actor, self.trace)
        self.entries.append(entry)
        self._rolled_back = guard.rolled_back()
        if (kept := _written.get()) is not None:
            kept.append(Written(self.actor, entry))
        return entry

    def is_kept(self) -> bool:
        """Does an entry of this step stand in the journal, while the step lasts? The database is asked when a part of the step
        was taken back after the newest was written.
        """
        if not self.entries:
            return False
        return self._rolled_back == guard.rolled_back() or are_kept(self.entries)


@rule("journal.every-act")
@contextmanager
def step(name: str, *, actor: Actor, about: About | None = None) -> Iterator[Record]:
    """One step: a transaction in which rows change and at least one entry is written. `about` holds for steps within too. Steps
    go one after another: the head is the first row that any of them locks, so none can wait for each other.

    Steps may be nested (a room below takes part in the same transaction). NoEntryError when the body recorded
    nothing. A Refused verdict rolls everything back; the outermost step then writes the refusal as an entry of its
    own and lets the exception go on to whoever asked. Within `serialised` that waits until its end.
    """
    outer = _trace.get()
    trace = outer or secrets.token_hex(16)
    token, was = _trace.set(trace), _about.set(about or _about.get())
    try:
        with guard.opened(), transaction.atomic(), row_actions.locked_head():
            record = Record(actor, trace)
            yield record
            if not record.is_kept():
                raise NoEntryError(f"step {name} wrote nothing in the journal")
    except Refused as refusal:
        if outer is None:
            _write_refusal_when_it_stays(name, refusal, actor, trace)
        raise
    finally:
        _trace.reset(token)
        _about.reset(was)


def _write_refusal_when_it_stays(name: str, refusal: Refused, actor: Actor, trace: str) -> None:
    """At once, or after the `serialised` around the step: what is written within it goes with it when it is rolled back."""
    waiting, known = _refusals.get(), _about.get()
    if waiting is None:
        _write_refusal(name, refusal, actor, trace)
    else:
        waiting.append(_Waiting(name, refusal, actor, trace, known))


@contextmanager
def serialised() -> Iterator[None]:
    """A transaction that takes the lock of the journal's head before any other, as every step does, so that all of them run one
    after another. For code that must lock and read before it knows whether there is a step to take. It writes no entry itself.
    A step within that is refused stands in the journal, whether this transaction goes on after it or is rolled back with it.
    """
    outer = _refusals.get()
    waiting: list[_Waiting] = [] if outer is None else outer
    token = _refusals.set(waiting)
    try:
        with transaction.atomic(), row_actions.locked_head():
            yield
    except Refused as refusal:
        refusal.journaled = False  # if an entry of it was written within, it was rolled back
        raise
    finally:
        _refusals.reset(token)
        if outer is None:
            _write_waiting(waiting)


def _write_waiting(refusals: Sequence[_Waiting]) -> None:
    for one in refusals:
        token = _about.set(one.about)
        try:
            _write_refusal(one.name, one.refusal, one.actor, one.trace)
        finally:
            _about.reset(token)


def record_refusal(name: str, refusal: Refused, *, actor: Actor) -> None:
    """Write a refusal that happened outside a step, such as a page somebody may not see. Once per refusal."""
    if not refusal.journaled:
        _write_refusal(name, refusal, actor, secrets.token_hex(16))


def _write_refusal(name: str, refusal: Refused, actor: Actor, trace: str) -> None:
    verdict = refusal.verdict
    with guard.opened(), transaction.atomic():
        _append(StepRefused(step=name, rule=verdict.rule, reason=verdict.reason), actor, trace)
    refusal.journaled = True


def _append(event: Event, actor: Actor, trace: str) -> Entry:
    if not connection.in_atomic_block:
        raise NoEntryError("an entry is written in the transaction of its act")
    facts, details = event.split()
    about = _about.get()
    facts = dict(about.facts) | facts
    case = event.case or about.case
    if actor.name:
        details["actor"] = actor.name
    salt, payload = secrets.token_bytes(32), canonical(details)
    moment = clock.now()
    number = row_actions.lock_head()
    leaf = _leaf(number, event, case, facts, actor, trace, moment, detail_hash(salt, payload) if details else None)
    entry = Entry(
        number=number,
        time=moment,
        act=event.act,
        recording=event.recording,
        case=case,
        trace=trace,
        data=leaf,
        leaf_hash=leaf_hash(leaf),
    )
    known = row_actions.beside(number)
    made = appended(number, bytes(entry.leaf_hash), lambda level, index: known[level, index])
    row_actions.append(entry, Detail(entry=entry, salt=salt, payload=payload) if details else None, made)
    return entry


def _leaf(
    number: int,
    event: Event,
    case: str,
    facts: dict[str, Any],
    actor: Actor,
    trace: str,
    moment: datetime,
    details: str | None,
) -> bytes:
    """The canonical JSON that is hashed (docs/spec/journal.md). ValueError when it is longer than a bundle can hold."""
    leaf = canonical(
        {
            "act": event.act,
            "actor": {
                "kind": actor.kind.value,
                "id": actor.pseudonym,
                "role": actor.role.value if actor.role else None,
            },
            "case": case,
            "details": details,
            "facts": facts,
            "n": number,
            "recording": plain(event.recording),
            "time": plain(moment),
            "trace": trace,
            "v": 1,
        },
    )
    if len(leaf) > MAX_LEAF:
        raise ValueError(f"{event.act}: the entry is {len(leaf)} bytes, at most {MAX_LEAF} fit")
    return leaf


def make_checkpoint(*, now: datetime) -> Checkpoint | None:
    """Sign the tree as it stands, once per size; None while it is empty. Writes no entry: it would never be finished.

    The note is a C2SP tlog-checkpoint under the vault's key. FileNotFoundError before set-up made that key.
    NotSignedError when the tree does not begin with what was signed last (anchor.py).
    """
    anchor.proved()  # most of the work, while others may go on
    with guard.opened(), transaction.atomic(durable=True):
        if row_actions.lock_head() == 0:
            return None
        return _checkpoint(*anchor.proved(), now)


def _checkpoint(count: int, top: bytes, now: datetime) -> Checkpoint:
    """The checkpoint over all entries, first beside the key and then in the database, while the head is locked."""
    before, known = anchor.last(), Checkpoint.objects.filter(pk=count).first()
    if known is not None and not anchor.signed(known.note, count, top):
        raise anchor.NotSignedError(
            f"Het controlepunt over {count} regels in de database is niet van deze kluis.", count
        )
    if before is not None and before.note and not Checkpoint.objects.filter(pk=before.size).exists():
        # a crash came between the file and this row, or somebody removed it, which the minute tells
        put_back = Checkpoint.objects.create(size=before.size, root=before.root, note=before.note, made=now)
        known = put_back if before.size == count else known
    note = known.note if known else signer().sign(checkpoint_text(settings.JOURNAL_ORIGIN, count, top))
    if before is None or before.size < count:
        others = Checkpoint.objects.filter(size__gt=before.size if before else 0, size__lt=count).order_by("size")
        anchor.keep(note, [*(before.sizes if before else ()), *others.values_list("size", flat=True), count])
    return known or Checkpoint.objects.create(size=count, root=top, note=note, made=now)


def begin_anchor(*, actor: Actor) -> AnchorBegun | None:
    """Write the file beside the signing key anew when it is gone although something was signed, and say so in the journal:
    a new server, or somebody took it away. None when there was nothing to do.

    It begins with the newest checkpoint that this server signed and the tree still has. NotSignedError when there is none.
    """
    if anchor.path().exists() or not Checkpoint.objects.exists():
        return None
    with step("journal.begin_anchor", actor=actor) as record:
        known = anchor.newest_kept()
        if known is None:
            raise anchor.NotSignedError("Geen van de controlepunten in de database past bij de regels.")
        told = AnchorBegun(size=known.size, root=known.root)
        record(told)
    anchor.keep(known.note, known.sizes)
    return told


def accept_restored(*, because: str, by: str, same: int, actor: Actor) -> RestoredAccepted:
    """The honest way on after an older copy of the database was put back: what was signed and is gone is written down for
    ever. `same` is how many entries, from the first on, are what this server remembers of them. Afterwards the caller puts
    the files beside the key aside, so that signing begins anew, and tells people.

    Refused when nothing is wrong or without a reason; NotSignedError when the file beside the key cannot be read.
    """
    with step("journal.accept_restored", actor=actor) as record:
        known, count = anchor.last() or anchor.NOTHING, size()
        require(may_accept_restored(because=because, doubted=_is_doubted(known)))
        told = RestoredAccepted(size=count, signed=known.size, root=known.root, same=same, because=because, by=by)
        record(told)
    return told


def _is_doubted(known: anchor.Last) -> bool:
    """Does the journal not begin with what was signed last?"""
    try:
        if known.size:
            anchor.proved()
    except anchor.NotSignedError:
        return True
    return False


def erase_details(entries: Sequence[int], *, actor: Actor) -> None:
    """Erase the personal details of entries, salt included; their leaves and the proof of everything else stay.

    Refused (personal.only-by-term) for everybody but the part of the program that keeps the terms. Of many entries an entry for
    each part says which: a leaf holds only so much. Of none nothing is done or written.
    """
    if not entries:
        return
    with step("journal.erase_details", actor=actor) as record:
        by_program = actor.kind is ActorKind.SYSTEM
        require(personal.may_erase_details(by_program=by_program, pseudonym=actor.pseudonym))
        for start in range(0, len(entries), IN_ONE_LEAF):
            part = tuple(entries[start : start + IN_ONE_LEAF])
            Detail.objects.filter(entry__in=part).delete()
            record(DetailsErased(entries=part))
