"""What the journal says of recordings and holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class RecordingRegistered(Event):
    """A recording came into the register. The officer stands in it by pseudonym; empty when not resolved."""

    act: ClassVar[str] = "footage.recording_registered"
    sentence: ClassVar[str] = "Opname {number} ontvangen van camera {serial}, te vernietigen op {due_at}"

    number: int
    serial: str
    officer: str
    started_at: datetime
    activated_at: datetime
    ended_at: datetime
    clock_offset_ms: int | None
    flags: tuple[str, ...]
    quarantined: bool
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class TimesBounded(Event):
    """A camera or a dock told times that lie after the receipt. What it said stands here; the receipt counts."""

    act: ClassVar[str] = "footage.times_bounded"
    sentence: ClassVar[str] = (
        "Volgens de camera van {told_started_at} tot {told_ended_at}, later dan de ontvangst. De ontvangst telt"
    )

    told_started_at: datetime
    told_activated_at: datetime
    told_ended_at: datetime
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class HourInDoubt(Event):
    """A camera keeps local time, and the clocks jumped around the film: it may have begun so much earlier or ended so much later
    than what counts (milliseconds).
    """

    act: ClassVar[str] = "footage.hour_in_doubt"
    sentence: ClassVar[str] = (
        "De camera houdt plaatselijke tijd bij: de opname van {started_at} tot {ended_at} kan een uur schelen"
    )

    started_at: datetime
    ended_at: datetime
    may_begin_earlier_ms: int
    may_end_later_ms: int


@dataclass(frozen=True, kw_only=True)
class WearerFound(Event):
    """The register of bodycams and issues says something else of who wore the camera than when the recording came in. The officer
    stands in it by pseudonym; empty when it names nobody.
    """

    act: ClassVar[str] = "footage.wearer_found"
    sentence: ClassVar[str] = "Camera en drager opnieuw bepaald, omdat de uitgifte later is ingevoerd of gewijzigd"

    bodycam: str
    officer: str
    officer_before: str
    flags: tuple[str, ...]
    quarantined: bool
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClipAdded(Event):
    """A clip (one file) of a recording was durably stored."""

    act: ClassVar[str] = "footage.clip_added"
    sentence: ClassVar[str] = "Deel {position} van de opname opgeslagen, {size} bytes"

    clip: UUID
    position: int
    source_sha256: str
    sealed_sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class HoldPlaced(Event):
    """A reason to keep the recording came."""

    act: ClassVar[str] = "footage.hold_placed"
    sentence: ClassVar[str] = "Bewaard voor zaak {case}, tot: {ends_when}"

    rule: str
    ends_when: str


@dataclass(frozen=True, kw_only=True)
class HoldReviewed(Event):
    """Somebody looked whether the reason still holds, and it does."""

    act: ClassVar[str] = "footage.hold_reviewed"
    sentence: ClassVar[str] = "Opnieuw bekeken: blijft bewaard voor zaak {case}"

    rule: str


@dataclass(frozen=True, kw_only=True)
class HoldReleased(Event):
    """A reason to keep the recording ended."""

    act: ClassVar[str] = "footage.hold_released"
    sentence: ClassVar[str] = "Niet langer bewaard voor zaak {case}: {because}"

    rule: str
    because: str


@dataclass(frozen=True, kw_only=True)
class OpenableReported(Event):
    """The team manager's browser tried the headers of a new recording."""

    act: ClassVar[str] = "footage.openable_reported"
    sentence: ClassVar[str] = "Zegel gecontroleerd, gaat open: {openable}"

    openable: bool


@dataclass(frozen=True, kw_only=True)
class TermsReassessed(Event):
    """Another version of the protocol applies: when recordings are due was asked anew."""

    act: ClassVar[str] = "footage.terms_reassessed"
    sentence: ClassVar[str] = "Van {recordings} opnames is de termijn opnieuw bepaald, volgens protocolversie {version}"

    version: str
    recordings: int


@dataclass(frozen=True, kw_only=True)
class MarkedDestroyed(Event):
    """The register says that the recording is gone."""

    act: ClassVar[str] = "footage.marked_destroyed"
    sentence: ClassVar[str] = "In het register gezet als vernietigd"

    rules: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordingExtended(Event):
    """One more file came for a recording, or more was told of it; it may be due later."""

    act: ClassVar[str] = "footage.recording_extended"
    sentence: ClassVar[str] = "Opname aangevuld; te vernietigen op {due_at}"

    officer: str
    started_at: datetime
    activated_at: datetime
    ended_at: datetime
    flags: tuple[str, ...]
    quarantined: bool
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ReasonApartCame(Event):
    """A recording is set apart for this reason. The words of who delivered it stay with the recording alone."""

    act: ClassVar[str] = "footage.reason_apart_came"
    sentence: ClassVar[str] = "Apart gezet. {why}"

    ground: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ReasonApartWent(Event):
    """The ground of a reason went: the recording is no longer set apart for it."""

    act: ClassVar[str] = "footage.reason_apart_went"
    sentence: ClassVar[str] = "Dit geldt niet meer: {why}"

    ground: str
    why: str
    still_apart: bool


@dataclass(frozen=True, kw_only=True)
class TakenBack(Event):
    """The team manager took a recording back: it is no longer set apart."""

    act: ClassVar[str] = "footage.taken_back"
    sentence: ClassVar[str] = "Niet langer apart gezet, door de teammanager: {because}"

    reasons: int
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class SetApartByPerson(Event):
    """The team manager set a recording apart."""

    act: ClassVar[str] = "footage.set_apart"
    sentence: ClassVar[str] = "Apart gezet door de teammanager: {because}"

    because: str = personal()
