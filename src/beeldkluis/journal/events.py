"""What an event is. Every room has its own in `<room>/events.py`: a frozen dataclass and its Dutch sentence."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

ACTS: dict[str, type["Event"]] = {}


def personal(*, default: Any = ...) -> Any:
    """A field that says something about a person: it goes into the erasable details, never into the leaf."""
    return field(metadata={"personal": True}) if default is ... else field(default=default, metadata={"personal": True})


@dataclass(frozen=True, kw_only=True)
class Event:
    """One act, in the past tense. `act` is its name for ever ("footage.hold_placed"), `sentence` is what a person reads,
    with the field names in braces. `recording` and `case` make an entry findable and are no personal data. `oversight`: it says
    who looked at what, and beside it stand only names of people who work here; those stay longer than what a case tells.
    """

    act: ClassVar[str]
    sentence: ClassVar[str]
    oversight: ClassVar[bool] = False

    recording: UUID | None = None
    case: str = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.act in ACTS:
            raise TypeError(f"two events are called {cls.act}")
        ACTS[cls.act] = cls

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:  # noqa: ARG003 - for those whose older entries say less
        """The sentence for an entry with these facts, with the field names in braces."""
        return cls.sentence

    def split(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The facts for the leaf and the personal details, both ready for canonical JSON."""
        facts: dict[str, Any] = {}
        details: dict[str, Any] = {}
        for one in fields(self):
            if one.name in ("recording", "case"):
                continue
            (details if one.metadata.get("personal") else facts)[one.name] = plain(getattr(self, one.name))
        return facts, details


def plain(value: object) -> Any:
    """A value as JSON without floats: times become RFC 3339 in UTC, identifiers text. TypeError for anything loose."""
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return str(value)
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case bytes():
            return value.hex()
        case tuple() | list():
            return [plain(one) for one in value]
        case dict():
            return {str(key): plain(one) for key, one in value.items()}
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a journal entry")


def canonical(value: Mapping[str, Any]) -> bytes:
    """Canonical JSON: sorted keys, no white space, no floats, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def detail_hash(salt: bytes, payload: bytes) -> str:
    """The commitment to erasable details that stands in the leaf: SHA-256(salt || payload), hexadecimal."""
    return hashlib.sha256(salt + payload).hexdigest()


@dataclass(frozen=True, kw_only=True)
class StepRefused(Event):
    """Somebody tried a step that the protocol does not allow."""

    act: ClassVar[str] = "journal.step_refused"
    sentence: ClassVar[str] = "Stap {step} geweigerd door regel {rule}: {reason}"

    step: str
    rule: str
    reason: str = personal()


@dataclass(frozen=True, kw_only=True)
class DetailsErased(Event):
    """Personal details of these entries were erased with their salts."""

    act: ClassVar[str] = "journal.details_erased"
    sentence: ClassVar[str] = "Persoonlijke bijzonderheden gewist van regels {entries}"

    entries: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class AnchorBegun(Event):
    """What was signed last was not known any more beside the signing key, and is taken from the database again."""

    act: ClassVar[str] = "journal.anchor_begun"
    sentence: ClassVar[str] = (
        "Het bestand naast de ondertekensleutel ontbrak; de kluis ging verder vanaf het controlepunt over {size} regels"
    )

    size: int
    root: bytes


@dataclass(frozen=True, kw_only=True)
class RestoredAccepted(Event):
    """An older copy of the database was put back: entries that were signed are gone, or are others now."""

    act: ClassVar[str] = "journal.restored_accepted"
    sentence: ClassVar[str] = (
        "Een andere of oudere kopie van het logboek aanvaard: {size} regels, terwijl er {signed} waren ondertekend; "
        "de eerste {same} zijn dezelfde. {because}"
    )

    size: int
    signed: int
    root: bytes
    same: int
    because: str = personal()
    by: str = personal()


@dataclass(frozen=True, kw_only=True)
class CheckpointTold(Event):
    """A checkpoint left the house by mail, to everybody who keeps one."""

    act: ClassVar[str] = "journal.checkpoint_told"
    sentence: ClassVar[str] = "Controlepunt over {size} regels gemaild aan {people} functionarissen gegevensbescherming"

    size: int
    root: bytes
    people: int
