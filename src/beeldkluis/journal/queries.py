"""Reading the journal: proofs, and the story of a recording or case."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from beeldkluis.journal.events import ACTS
from beeldkluis.journal.models import Checkpoint, Entry, Head, Node
from beeldkluis.sealed import merkle

PER_PAGE = 100


def node(level: int, index: int) -> bytes:
    """The hash of a finished subtree."""
    return bytes(Node.objects.values_list("hash", flat=True).get(level=level, index=index))


def size() -> int:
    """How many entries there are."""
    return Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0


def root(at_size: int) -> bytes:
    """The tree hash over the first `at_size` entries."""
    return merkle.root(at_size, node)


def inclusion_proof(number: int, at_size: int) -> list[bytes]:
    """The audit path of an entry (RFC 6962, 2.1.1)."""
    return merkle.inclusion(number, at_size, node)


def consistency_proof(first: int, second: int) -> list[bytes]:
    """That the tree of `second` entries begins with that of `first` (RFC 6962, 2.1.2)."""
    return merkle.consistency(first, second, node)


def newest_checkpoint() -> Checkpoint | None:
    """The signed note over the most entries."""
    return Checkpoint.objects.order_by("-size").first()


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a person reads it. `actor` is a name while the details are there, else the role or the part's name."""

    number: int
    time: datetime
    act: str
    sentence: str
    actor: str
    recording: UUID | None
    case: str


class _Known(dict[str, Any]):
    """Facts for a sentence; what was erased reads as such."""

    def __missing__(self, key: str) -> str:
        return "(gewist)"


def line(entry: Entry, *, details: bool) -> Line:
    """The entry in words, with its erasable details only for those who may read them."""
    leaf = json.loads(bytes(entry.data))
    told: Mapping[str, Any] = {}
    if details and hasattr(entry, "detail"):
        told = json.loads(bytes(entry.detail.payload))
    event = ACTS.get(entry.act)
    facts = _Known({**leaf["facts"], **told, "case": leaf["case"], "recording": leaf["recording"] or ""})
    sentence = event.sentence.format_map(facts) if event else entry.act
    actor = str(told.get("actor") or leaf["actor"]["role"] or f"{leaf['actor']['kind']} {leaf['actor']['id']}")
    return Line(entry.number, entry.time, entry.act, sentence, actor, entry.recording, entry.case)


def page(number: int, *, recording: UUID | None = None, case: str = "", act: str = "") -> Page[Entry]:
    """One page of the journal, newest first."""
    found = Entry.objects.select_related("detail").order_by("-number")
    if recording is not None:
        found = found.filter(recording=recording)
    if case:
        found = found.filter(case=case)
    if act:
        found = found.filter(act=act)
    return Paginator(found, PER_PAGE).get_page(number)


def story(recording: UUID, *, details: bool) -> Sequence[Line]:
    """Everything that happened with one recording, in order."""
    entries = Entry.objects.select_related("detail").filter(recording=recording).order_by("number")
    return [line(entry, details=details) for entry in entries]


def begun_at() -> datetime | None:
    """When the first entry was written; None in an empty journal."""
    return Entry.objects.order_by("number").values_list("time", flat=True).first()


def entry(number: int) -> Entry | None:
    """The entry with this number."""
    return Entry.objects.select_related("detail").filter(pk=number).first()
