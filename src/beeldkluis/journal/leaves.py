"""What an entry says: read from its leaf, the bytes that were hashed, and never from the columns beside it.

The columns are there to find an entry quickly. Where one says something else than the leaf, the leaf is right.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from beeldkluis.journal.events import plain
from beeldkluis.journal.models import Entry
from beeldkluis.sealed.merkle import leaf_hash

COLUMNS = {
    "time": "het moment",
    "act": "de handeling",
    "recording": "de opname",
    "case": "de zaak",
    "trace": "het kenmerk van het verzoek",
}
# What is told of an entry, on a page and by whoever looks through everything, by its number.
MISSES = "Regel {} ontbreekt."
CHANGED = "Regel {}: de tekst is veranderd nadat hij is geschreven."
NUMBER = "Regel {} draagt het nummer {}: regels zijn verwisseld of dubbel."
BESIDE = "Regel {}: {} naast de tekst is veranderd nadat hij is geschreven."
DETAILS_EXTRA = "Bij regel {} staan bijzonderheden die er niet bij horen."
DETAILS_CHANGED = "De bijzonderheden van regel {} zijn veranderd."
DETAILS_GONE = "De bijzonderheden van regel {} zijn weg, en geen regel zegt dat ze zijn gewist."
DETAILS_BACK = "De bijzonderheden van regel {} waren gewist en staan er weer."


class LeafError(Exception):
    """These bytes are no entry. The sentence says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry as its leaf says it. `details` is what the leaf promises of its details: a hash, or None; `hash` is the
    leaf's own, as it stands in the tree.
    """

    number: int
    time: datetime
    act: str
    recording: UUID | None
    case: str
    trace: str
    actor: Mapping[str, Any]
    facts: Mapping[str, Any]
    details: str | None
    hash: bytes

    @property
    def erases(self) -> tuple[int, ...]:
        """The entries whose details this entry says were erased."""
        told = self.facts.get("entries", ()) if self.act == "journal.details_erased" else ()
        return tuple(one for one in told if isinstance(one, int))


def read(data: bytes) -> Leaf:
    """The leaf that these bytes are. LeafError when they are none."""
    try:
        content = json.loads(data)
        return Leaf(
            number=int(content["n"]),
            time=datetime.fromisoformat(content["time"]),
            act=str(content["act"]),
            recording=UUID(content["recording"]) if content["recording"] is not None else None,
            case=str(content["case"]),
            trace=str(content["trace"]),
            actor=dict(content["actor"]),
            facts=dict(content["facts"]),
            details=None if content["details"] is None else str(content["details"]),
            hash=leaf_hash(data),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LeafError("de tekst is niet te lezen") from error


def differing(entry: Entry, leaf: Leaf) -> list[str]:
    """Which columns beside the leaf say something else than the leaf, in Dutch."""
    beside = {
        "time": plain(entry.time) == plain(leaf.time),
        "act": entry.act == leaf.act,
        "recording": entry.recording == leaf.recording,
        "case": entry.case == leaf.case,
        "trace": entry.trace == leaf.trace,
    }
    return [COLUMNS[name] for name, same in beside.items() if not same]
