"""Look through the whole journal: every entry, detail, node, checkpoint and trigger, and name what is wrong and where.

An entry is held against what this server remembers of it beside its key (remembered.py), against its own hash and the tree,
and the tree against what was signed. Done in parts, so that memory and the time of one part do not grow with the journal;
nothing is locked, as what was written does not change while somebody looks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from beeldkluis.journal import anchor, triggers
from beeldkluis.journal.events import detail_hash
from beeldkluis.journal.leaves import (
    BESIDE,
    CHANGED,
    DETAILS_BACK,
    DETAILS_CHANGED,
    DETAILS_EXTRA,
    DETAILS_GONE,
    MISSES,
    NUMBER,
    Leaf,
    LeafError,
    differing,
    read,
)
from beeldkluis.journal.models import Checkpoint, Detail, Entry, Head, Node
from beeldkluis.journal.remembered import MISSING, Known, Remembered
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.merkle import Growing, leaf_hash, node_hash
from beeldkluis.sealed.tlog import CheckpointFacts

PART = 4096  # entries that are looked at together
MOST = 50  # faults that are told one by one; of more only how many
Nodes = dict[tuple[int, int], bytes]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written: the entry where it is (or from where on), and a sentence for people."""

    number: int | None
    sentence: str


@dataclass(slots=True)
class Examination:
    """A look through the first `size` entries that got as far as `tree`."""

    memory: Remembered
    size: int
    last: anchor.Last | None = None
    kept: Sequence[CheckpointFacts] = ()
    tree: Growing = field(default_factory=Growing)
    faults: list[Fault] = field(default_factory=list)
    more: int = 0
    rewritten: bool = False  # a signed root did not fit: later ones do not either

    @property
    def is_done(self) -> bool:
        """Was every entry looked at?"""
        return self.tree.size >= self.size

    def found(self, number: int | None, sentence: str) -> None:
        """Note a fault, one by one or as one more."""
        if len(self.faults) < MOST:
            self.faults.append(Fault(number, sentence))
        else:
            self.more += 1

    def look(self) -> None:
        """Look at the next part."""
        start = self.tree.size
        stop = min(start + PART - start % PART, self.size)
        within = {"entry__gte": start, "entry__lt": stop}
        entries = {one.number: one for one in Entry.objects.filter(number__gte=start, number__lt=stop)}
        details = {one.entry_id: one for one in Detail.objects.filter(**within)}
        known, nodes = self.memory.between(start, stop), _nodes(start, stop)
        marks = _Marks(self, start, stop)
        unexplained: list[int] = []
        for number in range(start, stop):
            entry, detail = entries.get(number), details.get(number)
            hashed, leaf = self._entry(number, entry, known.get(number), nodes)
            if leaf is not None and self._detail(number, leaf, detail):
                unexplained.append(number)
            elif entry is None and detail is not None:
                self.found(number, f"Bij regel {number} staan bijzonderheden, maar de regel zelf ontbreekt.")
            self._hold_nodes(self.tree.add(hashed), nodes)
            marks.reached(self.tree)
        self._explain(start, stop, unexplained, details.keys())
        for level, index in sorted(nodes):
            self.found(index << level, f"De boom heeft boven regel {index << level} een deel te veel.")

    def _entry(self, number: int, entry: Entry | None, known: Known | None, nodes: Nodes) -> tuple[bytes, Leaf | None]:
        """The hash that this leaf should have, as far as anything still tells it, and the leaf when it is whole."""
        in_tree, before = nodes.get((0, number)), known.hash if known and known.hash != MISSING else None
        if entry is None:
            self.found(number, MISSES.format(number))
            return before or in_tree or bytes(32), None
        data, beside = bytes(entry.data), bytes(entry.leaf_hash)
        hashed = leaf_hash(data)
        if before is not None and hashed != before:
            self.found(number, CHANGED.format(number))
            return before, None
        if in_tree is not None and hashed != in_tree and (beside == in_tree or _fits(number, in_tree, nodes)):
            self.found(number, CHANGED.format(number))
            return in_tree, None
        if hashed != beside:
            self.found(number, f"Regel {number}: de hash naast de tekst is veranderd.")
        return hashed, self._leaf(number, entry, data)

    def _leaf(self, number: int, entry: Entry, data: bytes) -> Leaf | None:
        try:
            leaf = read(data)
        except LeafError as error:
            self.found(number, f"Regel {number}: {error}.")
            return None
        if leaf.number != number:
            self.found(number, NUMBER.format(number, leaf.number))
        for column in differing(entry, leaf):
            self.found(number, BESIDE.format(number, column))
        return leaf

    def _detail(self, number: int, leaf: Leaf, detail: Detail | None) -> bool:
        """Are details missing that the leaf promises? Names those that are others, and those that nothing promises."""
        if detail is None:
            return leaf.details is not None
        if leaf.details is None:
            self.found(number, DETAILS_EXTRA.format(number))
        elif detail_hash(bytes(detail.salt), bytes(detail.payload)) != leaf.details:
            self.found(number, DETAILS_CHANGED.format(number))
        return False

    def _explain(self, start: int, stop: int, missing: Iterable[int], there: Iterable[int]) -> None:
        """Details go by an entry that names them, and then do not come back."""
        if missing:
            self.memory.catch_up(limit=self.size + PART)  # what was erased while we looked
        erased = self.memory.erased_between(start, stop)
        for number in missing:
            if number not in erased:
                self.found(number, DETAILS_GONE.format(number))
        for number in sorted(erased.intersection(there)):
            self.found(number, DETAILS_BACK.format(number))

    def _hold_nodes(self, made: Iterable[tuple[int, int, bytes]], nodes: Nodes) -> None:
        """Each node once; what stays in `nodes` afterwards is too much."""
        for level, index, hashed in made:
            stored, first = nodes.pop((level, index), None), index << level
            until = first + (1 << level) - 1
            over = f"regel {first}" if level == 0 else f"regels {first} tot en met {until}"
            if stored is None:
                self.found(first, f"De boom mist het deel boven {over}.")
            elif stored != hashed and not self.rewritten:
                self.found(first, f"De boom boven {over} is veranderd.")

    def finish(self) -> None:
        """What is looked at once: the end of everything, and the triggers."""
        self._end()
        for found in self.kept:
            if found.size > self.size:
                self.found(
                    self.size, f"Het bewaarde controlepunt telt {found.size} regels; nu zijn het er {self.size}."
                )
            elif not Checkpoint.objects.filter(pk=found.size).exists():
                self.found(
                    found.size, f"Het bewaarde controlepunt over {found.size} regels is uit de database verdwenen."
                )
        for sentence in triggers.findings():
            self.found(None, sentence)

    def _end(self) -> None:
        """Does everything end where the head says? Looked at from the back, so that what is added meanwhile is no fault.

        No sentence changes while the journal grows: each is told once.
        """
        before = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
        last = Entry.objects.order_by("-number").values_list("number", flat=True).first()
        if (-1 if last is None else last) + 1 < before:
            self.found(last, f"Het logboek zegt {before} regels te hebben, maar de laatste heeft nummer {last}.")
        told = Detail.objects.order_by("-entry").values_list("entry_id", flat=True).first()
        signed = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
        deepest = [(one.level, one.index) for one in _last_nodes()]
        remembered = self.memory.size
        heads = dict(Head.objects.values_list("pk", "size"))
        size = heads.get(1, 0)
        if len(heads) != 1:
            self.found(None, "Het begin van het logboek (journal_head) is er niet precies één keer.")
        for end, what in ((last, "regel"), (told, "bijzonderheden bij regel")):
            if end is not None and end >= size:
                self.found(size, f"Er is {what} {end}, voorbij het einde van het logboek.")
        if signed is not None and signed > size:
            self.found(size, f"Er is een controlepunt over {signed} regels, en zoveel zijn er niet meer.")
        for level, index in deepest:
            if index >= size >> level:
                self.found(size, f"De boom gaat verder (niveau {level}, plaats {index}) dan de regels.")
        for known, how in ((remembered, "weet van"), (self.last.size if self.last else 0, "ondertekende")):
            if known > size:
                self.found(size, f"De kluis {how} {known} regels; het einde daarvan is weggehaald.")


class _Marks:
    """Where the tree must have a root that was signed: the checkpoints of one part, in the database, beside the key, kept."""

    def __init__(self, look: Examination, start: int, stop: int) -> None:
        self.look = look
        within = Checkpoint.objects.filter(size__gt=start, size__lte=stop)
        self.rows: Mapping[int, Checkpoint] = {one.size: one for one in within}
        self.sizes = {one for one in (look.last.sizes if look.last else ()) if start < one <= stop}

    def reached(self, tree: Growing) -> None:
        """Hold everything that was signed at this size against the tree."""
        size, look = tree.size, self.look
        row = self.rows.get(size)
        if row is not None:
            self._row(row, tree)
        elif size in self.sizes:
            look.found(size, f"Het controlepunt over {size} regels is uit de database verdwenen.")
        if look.last is not None and look.last.size == size:
            self._root(size, look.last.root, tree, "toen de kluis ze ondertekende")
        for one in look.kept:
            if one.size == size:
                self._root(size, one.root, tree, "bij het bewaarde controlepunt")

    def _row(self, row: Checkpoint, tree: Growing) -> None:
        try:
            facts = anchor.read_signed(row.note)
        except SealError:
            facts = None
        if facts is None or facts.size != row.size or facts.root != bytes(row.root):
            self.look.found(row.size, f"Het controlepunt over {row.size} regels is veranderd of niet van deze kluis.")
        else:
            self._root(row.size, facts.root, tree, f"bij het controlepunt over {row.size} regels")

    def _root(self, size: int, signed: bytes, tree: Growing, when: str) -> None:
        if signed != tree.root() and not self.look.rewritten:
            self.look.rewritten = True
            self.look.found(
                size, f"Het verleden is herschreven: de eerste {size} regels zijn niet meer wat ze waren {when}."
            )


def _fits(number: int, hashed: bytes, nodes: Nodes) -> bool:
    """Does this hash of an entry give the node above it?"""
    above, beside = nodes.get((1, number >> 1)), nodes.get((0, number ^ 1))
    if above is None or beside is None:
        return False
    return above == (node_hash(beside, hashed) if number & 1 else node_hash(hashed, beside))


def _nodes(start: int, stop: int) -> Nodes:
    """Every stored node that entries [start, stop) finish."""
    wanted = Q()
    for level in range(stop.bit_length()):
        if start >> level < stop >> level:
            wanted |= Q(level=level, index__gte=start >> level, index__lt=stop >> level)
    rows = Node.objects.filter(wanted).values_list("level", "index", "hash") if stop else ()
    return {(level, index): bytes(hashed) for level, index, hashed in rows}


def _last_nodes() -> list[Node]:
    """The last node of each level."""
    found: list[Node] = []
    level = -1
    while (lowest := Node.objects.filter(level__gt=level).order_by("level").first()) is not None:
        level = lowest.level
        found += Node.objects.filter(level=level).order_by("-index")[:1]
    return found


def whole(memory: Remembered, *, last: anchor.Last | None, kept: Sequence[CheckpointFacts] = ()) -> Examination:
    """Look through everything at once."""
    memory.catch_up(limit=1 << 62)
    look = Examination(memory, end(), last, kept)
    while not look.is_done:
        look.look()
    look.finish()
    return look


def end() -> int:
    """How many entries to look at: as many as the head says or as there are. `finish` says when these differ."""
    head = Head.objects.filter(pk=1).values_list("size", flat=True).first() or 0
    last = Entry.objects.order_by("-number").values_list("number", flat=True).first()
    return min(head, (-1 if last is None else last) + 1)


def as_json(look: Examination) -> dict[str, Any]:
    """How far a look got, to go on with it later."""
    return {
        "size": look.size,
        "at": look.tree.size,
        "roots": [one.hex() for one in look.tree.roots],
        "faults": [[one.number, one.sentence] for one in look.faults],
        "more": look.more,
        "rewritten": look.rewritten,
    }


def from_json(report: Mapping[str, Any], memory: Remembered, last: anchor.Last | None) -> Examination:
    """Go on with a look."""
    tree = Growing(report["at"], (bytes.fromhex(one) for one in report["roots"]))
    faults = [Fault(number, sentence) for number, sentence in report["faults"]]
    return Examination(memory, report["size"], last, (), tree, faults, report["more"], report["rewritten"])
