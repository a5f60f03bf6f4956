"""Reading the journal: proofs, and the story of a recording or case, each line from its leaf and held against the tree."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from beeldkluis.journal import leaves
from beeldkluis.journal.events import ACTS, detail_hash
from beeldkluis.journal.leaves import Leaf, LeafError
from beeldkluis.journal.models import Checkpoint, Detail, Entry, Head, Node
from beeldkluis.journal.remembered import UNUSABLE, Known, Remembered, remembered
from beeldkluis.protocol.naming import own_words
from beeldkluis.sealed import merkle

PER_PAGE = 100
TOGETHER = 500  # entries of a story that are read at once
log = structlog.get_logger("beeldkluis.journal")


def node(level: int, index: int) -> bytes:
    """The hash of a finished subtree."""
    return bytes(Node.objects.values_list("hash", flat=True).get(level=level, index=index))


def size() -> int:
    """How many entries there are."""
    return Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0


def newest_leaf() -> tuple[int, bytes] | None:
    """Number and hash of the newest entry; None while there is none."""
    found = Entry.objects.order_by("-number").values_list("number", "leaf_hash").first()
    return (found[0], bytes(found[1])) if found else None


def leaf_hashes(numbers: Collection[int]) -> dict[int, bytes]:
    """The hashes of the entries with these numbers, as far as they are there: one question."""
    found = Entry.objects.filter(number__in=numbers).values_list("number", "leaf_hash")
    return {number: bytes(hashed) for number, hashed in found}


def root(at_size: int) -> bytes:
    """The tree hash over the first `at_size` entries."""
    return merkle.root(at_size, node)


def newest_checkpoint() -> Checkpoint | None:
    """The signed note over the most entries."""
    return Checkpoint.objects.order_by("-size").first()


def checkpoint(at_size: int) -> Checkpoint | None:
    """The signed note over so many entries."""
    return Checkpoint.objects.filter(pk=at_size).first()


def newest_checkpoints(count: int) -> Sequence[Checkpoint]:
    """The last few signed notes, the newest first."""
    return list(Checkpoint.objects.order_by("-size")[:count])


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a person reads it, from its leaf. `actor` is a name while the details are there, else the role or the part's
    name. `wrong` says what of it was changed since it was written, in sentences; `time` is None when nothing can be read.
    """

    number: int
    time: datetime | None
    act: str
    sentence: str
    actor: str
    recording: UUID | None
    case: str
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of lines. `remarks` says what the list itself may lack."""

    page: Page[int]
    lines: Sequence[Line]
    remarks: Sequence[str]


class _Known(dict[str, Any]):
    """Facts for a sentence; what was erased reads as such."""

    def __missing__(self, key: str) -> str:
        return "(gewist)"


def _line(leaf: Leaf, told: Mapping[str, Any], wrong: Sequence[str]) -> Line:
    """The leaf in words."""
    event = ACTS.get(leaf.act)
    facts = _Known({**leaf.facts, **told, "case": leaf.case, "recording": leaf.recording or ""})
    sentence = own_words(event.words(leaf.facts)).format_map(facts) if event else leaf.act
    actor = str(told.get("actor") or leaf.actor.get("role") or f"{leaf.actor.get('kind')} {leaf.actor.get('id')}")
    return Line(leaf.number, leaf.time, leaf.act, sentence, actor, leaf.recording, leaf.case, tuple(wrong))


def _unreadable(number: int, wrong: str) -> Line:
    return Line(number, None, "", wrong, "", None, "", (wrong,))


def _detail(entry: Entry) -> Detail | None:
    return entry.detail if hasattr(entry, "detail") else None


def _wrong_details(leaf: Leaf, detail: Detail | None, *, erased: bool) -> str:
    """What is wrong with the details beside a leaf; empty when they are what the leaf promised or were erased by an entry."""
    number = leaf.number
    if detail is None:
        return "" if leaf.details is None or erased else leaves.DETAILS_GONE.format(number)
    if leaf.details is None:
        return leaves.DETAILS_EXTRA.format(number)
    if erased:
        return leaves.DETAILS_BACK.format(number)
    fits = detail_hash(bytes(detail.salt), bytes(detail.payload)) == leaf.details
    return "" if fits else leaves.DETAILS_CHANGED.format(number)


def _read(
    number: int, entry: Entry, known: Known | None, in_tree: bytes | None, *, erased: bool, details: bool
) -> Line:
    """One entry, held against the tree and against what the server remembers of it."""
    try:
        leaf = leaves.read(bytes(entry.data))
    except LeafError:
        return _unreadable(number, leaves.CHANGED.format(number))
    wrong: list[str] = []
    if leaf.hash != in_tree or (known is not None and known.hash != leaf.hash):
        wrong.append(leaves.CHANGED.format(number))
    if leaf.number != number:
        wrong.append(leaves.NUMBER.format(number, leaf.number))
    wrong += [leaves.BESIDE.format(number, column) for column in leaves.differing(entry, leaf)]
    detail = _detail(entry)
    beside = _wrong_details(leaf, detail, erased=erased)
    shown = json.loads(bytes(detail.payload)) if details and detail is not None and not beside else {}
    return _line(leaf, shown, [*wrong, beside] if beside else wrong)


def _lines(numbers: Sequence[int], memory: Remembered | None, *, details: bool) -> list[Line]:
    """These entries in words; what is wrong with them is kept, so that within a minute everybody hears of it who must."""
    entries = Entry.objects.select_related("detail").in_bulk(numbers)
    in_tree = dict(Node.objects.filter(level=0, index__in=numbers).values_list("index", "hash"))
    known = memory.known(numbers) if memory else {}
    erased = memory.erased_of(numbers) if memory else set()
    found = []
    for number in numbers:
        if number not in entries:
            found.append(_unreadable(number, leaves.MISSES.format(number)))
            continue
        stored = in_tree.get(number)
        hashed = bytes(stored) if stored is not None else None
        is_erased = number in erased or memory is None  # without it nobody can tell
        found.append(_read(number, entries[number], known.get(number), hashed, erased=is_erased, details=details))
    if memory and any(one.wrong for one in found):
        memory.note_faults((one.number, sentence) for one in found for sentence in one.wrong)
    return found


@contextmanager
def _memory() -> Iterator[Remembered | None]:
    """What this server remembers; None when its file cannot be used, as on a full disk."""
    with ExitStack() as stack:
        try:
            found = stack.enter_context(remembered())
            found.catch_up()
        except UNUSABLE:
            log.exception("the journal's memory cannot be used")
            found = None
        yield found


@dataclass(frozen=True, slots=True)
class _Numbers(Sequence[int]):
    """The numbers of some entries, newest first, read a page at a time."""

    memory: Remembered
    recording: UUID | None
    case: str
    act: str

    def __len__(self) -> int:
        return self.memory.count(recording=self.recording, case=self.case, act=self.act)

    def __getitem__(self, at: Any) -> Any:
        return self.memory.numbers(at.start, at.stop, recording=self.recording, case=self.case, act=self.act)


def _by_columns(recording: UUID | None, case: str, act: str) -> Any:
    wanted = {"recording": recording, "case": case, "act": act}
    found = Entry.objects.filter(**{name: value for name, value in wanted.items() if value})
    return found.order_by("-number").values_list("number", flat=True)


def page(number: int, *, details: bool, recording: UUID | None = None, case: str = "", act: str = "") -> Listed:
    """One page of the journal, newest first. Which entries are of a recording or case is not asked of the columns."""
    with _memory() as memory:
        remarks: list[str] = []
        numbers: Any = range(size() - 1, -1, -1)
        if recording is not None or case or act:
            if memory is None:
                remarks.append("Deze lijst is niet nagelopen: er kunnen regels ontbreken. Kijk bij Installatie.")
                numbers = _by_columns(recording, case, act)
            else:
                numbers = _Numbers(memory, recording, case, act)
                if memory.size < size():
                    remarks.append(f"De lijst wordt nog gemaakt: regels vanaf {memory.size} staan er nog niet bij.")
        found = Paginator(numbers, PER_PAGE).get_page(number)
        return Listed(found, _lines(list(found.object_list), memory, details=details), remarks)


def story(recording: UUID, *, details: bool) -> Sequence[Line]:
    """Everything that happened with one recording, in order."""
    with _memory() as memory:
        found = memory.numbers(0, None, recording=recording) if memory else _by_columns(recording, "", "")
        numbers = list(found)[::-1]
        parts = (numbers[at : at + TOGETHER] for at in range(0, len(numbers), TOGETHER))
        return [one for part in parts for one in _lines(part, memory, details=details)]


def line(number: int, *, details: bool) -> Line:
    """One entry in words."""
    with _memory() as memory:
        return _lines([number], memory, details=details)[0]


def moment(entry: Entry | None) -> datetime | None:
    """When an entry was written, by its leaf; None when there is none or it cannot be read."""
    try:
        return leaves.read(bytes(entry.data)).time if entry else None
    except LeafError:
        return None


def begun_at() -> datetime | None:
    """When the first entry was written; None in an empty journal."""
    return moment(Entry.objects.order_by("number").first())


def newest_moment() -> datetime | None:
    """When the last entry was written; None in an empty journal."""
    return moment(Entry.objects.order_by("-number").first())


def details_of_case(case: str) -> Sequence[int]:
    """Entries under a case that still have words beside them: not those that say who looked at what, nor those with no more than
    the name of whoever acted.
    """
    looks = [name for name, event in ACTS.items() if event.oversight]
    found = Detail.objects.filter(entry__case=case).exclude(entry__act__in=looks).order_by("entry")
    rows = found.values_list("entry", "payload").iterator()
    return [number for number, payload in rows if json.loads(bytes(payload)).keys() - {"actor"}]


def details_before(moment: datetime, *, act: str = "", but: QuerySet[Any] | None = None, most: int) -> Sequence[int]:
    """The oldest entries from before that moment that still have details beside them; of one act when it is named. `but`: a
    query for references of cases whose entries are left out.
    """
    first = Entry.objects.filter(time__gte=moment).order_by("time", "number").values_list("number", flat=True).first()
    found = Detail.objects.all() if but is None else Detail.objects.exclude(entry__case__in=but)
    found = found.filter(entry__act=act) if act else found
    found = found if first is None else found.filter(entry__lt=first)
    return list(found.order_by("entry").values_list("entry", flat=True)[:most])


def entry(number: int) -> Entry | None:
    """The entry with this number."""
    return Entry.objects.filter(pk=number).first()
