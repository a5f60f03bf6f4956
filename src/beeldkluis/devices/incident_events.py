"""What the journal says of security incidents. What people told stands with the incident only, so that it can be erased."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class IncidentReported(Event):
    """A camera was reported lost, stolen or damaged."""

    act: ClassVar[str] = "devices.incident_reported"
    sentence: ClassVar[str] = "Incident {incident} gemeld: bodycam {label}, {kind}"

    incident: int
    label: str
    kind: str
    aware_at: datetime
    blocked: bool


@dataclass(frozen=True, kw_only=True)
class IncidentChanged(Event):
    """A step in the handling of an incident: which parts were written."""

    act: ClassVar[str] = "devices.incident_changed"
    sentence: ClassVar[str] = "Incident {incident}: {step}"

    incident: int
    step: str
    answer: bool | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CameraFound(Event):
    """The camera was found again."""

    act: ClassVar[str] = "devices.camera_found"
    sentence: ClassVar[str] = "Bodycam {label} is terug; geblokkeerd gebleven: {still_blocked}"

    incident: int
    label: str
    still_blocked: bool


@dataclass(frozen=True, kw_only=True)
class IncidentWordsErased(Event):
    """The years are over: what was told in words is gone, the incident stays."""

    act: ClassVar[str] = "devices.incident_words_erased"
    sentence: ClassVar[str] = "Toelichtingen bij incident {incident} gewist, omdat de bewaartijd voorbij is"

    incident: int


@dataclass(frozen=True, kw_only=True)
class JournalDoubted(Event):
    """The journal is not what was written. The first thing that is wrong, by its number; it names nobody."""

    act: ClassVar[str] = "devices.journal_doubted"
    sentence: ClassVar[str] = "Incident {incident}: het logboek klopt niet op {faults} plaatsen. {first}"

    incident: int
    faults: int
    first: str
