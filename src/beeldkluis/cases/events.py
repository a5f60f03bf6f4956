"""What the journal says of cases. Who asked and why are details that can be erased; the entry itself names nobody."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class CaseReceived(Event):
    """A request was registered; everything around its moment is held from here on."""

    act: ClassVar[str] = "cases.case_received"
    sentence: ClassVar[str] = "Zaak {case} ingeschreven, ontvangen op {received_at}, besluiten vóór {decide_by}"

    kind: str
    channel: str
    received_at: datetime
    decide_by: datetime
    missing: tuple[str, ...]
    requester_name: str = personal()


@dataclass(frozen=True, kw_only=True)
class CaseCompleted(Event):
    """The requester gave what was missing; the old and new words stand in the case, not here."""

    act: ClassVar[str] = "cases.case_completed"
    sentence: ClassVar[str] = "Zaak {case} aangevuld: {changed}"

    changed: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordingMatched(Event):
    """A recording lies around the moment that the request names."""

    act: ClassVar[str] = "cases.recording_matched"
    sentence: ClassVar[str] = "Opname gevonden bij zaak {case} op tijd"


@dataclass(frozen=True, kw_only=True)
class RecordingLinked(Event):
    """The team manager says that the recording belongs to the case."""

    act: ClassVar[str] = "cases.recording_linked"
    sentence: ClassVar[str] = "Opname hoort bij zaak {case}"


@dataclass(frozen=True, kw_only=True)
class MatchRejected(Event):
    """The team manager says that the recording does not belong to the case, which ends its hold."""

    act: ClassVar[str] = "cases.match_rejected"
    sentence: ClassVar[str] = "Opname hoort niet bij zaak {case}"


@dataclass(frozen=True, kw_only=True)
class CaseForwarded(Event):
    """The data protection officer passed the request on to the team manager."""

    act: ClassVar[str] = "cases.case_forwarded"
    sentence: ClassVar[str] = "Zaak {case} doorgezet naar de teammanager"


@dataclass(frozen=True, kw_only=True)
class CaseDecided(Event):
    """The team manager decided. `answered` names the considerations (a to e) that were answered in writing."""

    act: ClassVar[str] = "cases.case_decided"
    sentence: ClassVar[str] = "Besluit op zaak {case}, toegewezen: {granted}"

    granted: bool
    in_time: bool
    answered: tuple[str, ...]
    grounds: str = personal()


@dataclass(frozen=True, kw_only=True)
class ObjectionRegistered(Event):
    """The requester objected; the footage stays until that is decided too."""

    act: ClassVar[str] = "cases.objection_registered"
    sentence: ClassVar[str] = "Bezwaar ingeschreven bij zaak {case}"

    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """Nothing in the case asks to keep footage any more."""

    act: ClassVar[str] = "cases.case_closed"
    sentence: ClassVar[str] = "Zaak {case} gesloten"

    released: int
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class LateRecordingsHeld(Event):
    """Recordings came in after the request that waited for them, and are held."""

    act: ClassVar[str] = "cases.late_recordings_held"
    sentence: ClassVar[str] = "{recordings} later uitgelezen opname(s) bewaard voor zaak {case}"

    recordings: int
