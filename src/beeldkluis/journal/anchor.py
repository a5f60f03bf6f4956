"""What the server signed last, in a file beside its signing key: nothing is signed that does not begin with it.

Who has all rights in the database can write another past and recompute every hash of it; this file is not in the database.
It is replaced as a whole before the checkpoint's own row is committed. What was signed was committed before, so after a crash the
file is at most one checkpoint ahead of the table (which gets it back) and never ahead of the entries. A server among several
may lag behind the others; then it looks at more entries the next time.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from beeldkluis.journal.leaves import MISSES
from beeldkluis.journal.models import Checkpoint, Entry, Node
from beeldkluis.journal.queries import node
from beeldkluis.journal.queries import size as present_size
from beeldkluis.journal.signer import signer
from beeldkluis.sealed import merkle
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.merkle import Growing, leaf_hash, root
from beeldkluis.sealed.tlog import CheckpointFacts, read_checkpoint

PART = 1000  # entries that are looked at together


class NotSignedError(Exception):
    """The journal does not begin with what was signed last, or that is not known. The sentence says what is wrong and where."""

    def __init__(self, why: str, number: int | None = None) -> None:
        super().__init__(why)
        self.number = number


@dataclass(frozen=True, slots=True)
class Last:
    """The newest signed checkpoint, and the sizes of all that this server knows, this one included, in order."""

    note: str
    size: int
    root: bytes
    sizes: tuple[int, ...]


NOTHING = Last("", 0, Growing().root(), ())  # begun anew, after a restored database was accepted


def path() -> Path:
    """Where the file lies."""
    key = Path(settings.SIGNING_KEY_FILE)
    return key.with_name(f"{key.name}-last")


def last() -> Last | None:
    """What was signed last; None when there is no file. NotSignedError when the file is not what this server wrote."""
    try:
        content = json.loads(path().read_text(encoding="utf-8"))
        if content["note"] == "":
            return NOTHING
        facts = read_signed(str(content["note"]))
        sizes = tuple(int(one) for one in content["sizes"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, SealError) as error:
        raise NotSignedError(f"Het bestand {path().name} naast de ondertekensleutel is niet te lezen.") from error
    return Last(content["note"], facts.size, facts.root, sizes)


def keep(note: str, sizes: Sequence[int]) -> None:
    """Replace the file as a whole: after a power cut it is the old one or the new one. OSError when the disk refuses."""
    file = path()
    half = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(half, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        json.dump({"note": note, "sizes": list(sizes)}, out)
        out.flush()
        os.fsync(out.fileno())
    half.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def proved() -> tuple[int, bytes]:
    """How many entries there are and the root over them, once it is sure that they begin with what was signed last: the signed
    root follows from the stored nodes, and every node after it from the entries themselves. Bounded by what came since then.

    NotSignedError when it does not, with the first entry or node that is wrong.
    """
    known = last()  # before the size: what is signed meanwhile is no fault
    size = present_size()
    if known is None and Checkpoint.objects.exists():
        raise NotSignedError(
            f"Er zijn controlepunten, maar het bestand {path().name} naast de ondertekensleutel ontbreekt."
        )
    seen = _seen.get(_key(known))
    tree = Growing(*seen) if seen and _still(seen, size) else _begin(known, size)
    while tree.size < size:
        _grow(tree, min(tree.size + PART, size))
    _seen.clear()
    _seen[_key(known)] = (tree.size, tuple(tree.roots))
    return size, tree.root()


def inclusion(number: int, hashed: bytes, size: int, top: bytes) -> tuple[bytes, ...]:
    """The audit path of an entry to the root `top` over `size` entries. NotSignedError when the nodes do not lead there."""
    try:
        found = tuple(merkle.inclusion(number, size, node))
        merkle.check_inclusion(hashed, number, size, found, top)
    except (SealError, Node.DoesNotExist) as error:
        raise NotSignedError(f"Het pad van regel {number} naar de wortel klopt niet.", number) from error
    return found


_seen: dict[tuple[str, str], tuple[int, tuple[bytes, ...]]] = {}  # how far this process looked since the last signature


def _key(known: Last | None) -> tuple[str, str]:
    return str(path()), known.note if known else ""


def _still(seen: tuple[int, tuple[bytes, ...]], size: int) -> bool:
    """Do the nodes still say what this process saw? Not after a step that it looked at was rolled back."""
    try:
        return seen[0] <= size and Growing.at(seen[0], node).roots == list(seen[1])
    except Node.DoesNotExist:
        return False


def _begin(known: Last | None, size: int) -> Growing:
    """The tree that was signed last, as the stored nodes have it."""
    if known is None:
        return Growing()
    if size < known.size:
        raise NotSignedError(
            f"De kluis ondertekende {known.size} regels, en die zijn er niet meer allemaal. "
            "Is een oudere kopie van de database teruggezet? Zie 'beeldkluis journal accept-restored'.",
            size,
        )
    try:
        tree = Growing.at(known.size, node)
    except Node.DoesNotExist as error:
        raise NotSignedError(f"Van de boom boven de eerste {known.size} regels ontbreekt een deel.") from error
    if tree.root() != known.root:
        raise NotSignedError(
            f"Het verleden is herschreven: de eerste {known.size} regels zijn niet meer wat ze waren toen de kluis ze "
            "ondertekende."
        )
    return tree


def _grow(tree: Growing, stop: int) -> None:
    """Add entries up to `stop`, and hold every node that they finish against the stored one."""
    start = tree.size
    found = Entry.objects.filter(number__gte=start, number__lt=stop).order_by("number").values_list("number", "data")
    made: list[tuple[int, int, bytes]] = []
    for number, data in found:
        if number != tree.size:
            break
        made += tree.add(leaf_hash(bytes(data)))
    if tree.size != stop:
        raise NotSignedError(MISSES.format(tree.size), tree.size)
    stored = _nodes(start, stop, {level for level, _index, _hashed in made})
    for level, index, hashed in made:
        if stored.get((level, index)) != hashed:
            first = index << level
            raise NotSignedError(f"De boom boven regel {first} past niet bij wat er in de regels staat.", first)


def _nodes(start: int, stop: int, levels: set[int]) -> dict[tuple[int, int], bytes]:
    """The stored nodes of these levels that entries [start, stop) finish: a query for each level."""
    found: dict[tuple[int, int], bytes] = {}
    for level in levels:
        rows = Node.objects.filter(level=level, index__gte=start >> level, index__lt=stop >> level)
        found.update({(level, index): bytes(hashed) for index, hashed in rows.values_list("index", "hash")})
    return found


def put_aside(now: datetime) -> None:
    """Keep the file under another name, for whoever looks into it, and begin with nothing signed."""
    file = path()
    os.link(file, file.with_name(f"{file.name}-before-{now:%Y%m%dT%H%M%S%f}"))
    keep("", ())


def newest_kept() -> Last | None:
    """The newest checkpoint in the database that this server signed and the tree still has, for a file that is made anew.
    None when there is none.
    """
    for size, note in Checkpoint.objects.order_by("-size").values_list("size", "note").iterator(PART):
        try:
            top = root(size, node)
        except Node.DoesNotExist:
            continue  # examination.py names it
        if signed(note, size, top):
            sizes = Checkpoint.objects.filter(size__lte=size).order_by("size").values_list("size", flat=True)
            return Last(note, size, top, tuple(sizes))
    return None


def read_signed(note: str) -> CheckpointFacts:
    """The facts of a checkpoint that this server signed. SealError when it did not."""
    return read_checkpoint(note, signer().vkey)


def signed(note: str, size: int, top: bytes) -> bool:
    """Did this server sign that note, over that many entries with that root?"""
    try:
        facts = read_signed(note)
    except SealError:
        return False
    return (facts.size, facts.root) == (size, top)
