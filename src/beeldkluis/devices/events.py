"""What the journal says of bodycams and docks. Officers stand in it by pseudonym."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class BodycamAdded(Event):
    """A bodycam entered the register."""

    act: ClassVar[str] = "devices.bodycam_added"
    sentence: ClassVar[str] = "Bodycam {label} toegevoegd, serienummer {serial}"

    label: str
    serial: str
    make: str = ""
    model: str = ""
    pre_event_seconds: int = 0
    pre_event_sound: bool | None = None
    seals_footage: bool | None = None
    post_event_seconds: int = 0


@dataclass(frozen=True, kw_only=True)
class BodycamIssued(Event):
    """A bodycam was issued (uitgifte)."""

    act: ClassVar[str] = "devices.bodycam_issued"
    sentence: ClassVar[str] = "Bodycam {label} uitgegeven vanaf {at}"

    label: str
    officer: str
    at: datetime
    signed: bool = True
    because: str = personal(default="")  # why it was issued to somebody who had not signed


@dataclass(frozen=True, kw_only=True)
class BodycamHandedIn(Event):
    """A bodycam was handed in (inname)."""

    act: ClassVar[str] = "devices.bodycam_handed_in"
    sentence: ClassVar[str] = "Bodycam {label} ingenomen op {at}"

    label: str
    officer: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class WearerConfirmed(Event):
    """The data protection officer asked around and found that an issue which was entered afterwards is right."""

    act: ClassVar[str] = "devices.wearer_confirmed"
    sentence: ClassVar[str] = "Nagevraagd: bodycam {label} was uitgegeven vanaf {at}"

    label: str
    officer: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class BodycamBlocked(Event):
    """A bodycam was blocked; what it delivers from now on is set apart."""

    act: ClassVar[str] = "devices.bodycam_blocked"
    sentence: ClassVar[str] = "Bodycam {label} geblokkeerd"

    label: str


@dataclass(frozen=True, kw_only=True)
class EnrolmentCodeMade(Event):
    """A code that lets one dock in was made."""

    act: ClassVar[str] = "devices.enrolment_code_made"
    sentence: ClassVar[str] = "Aanmeldcode gemaakt voor dockingstation {name}, geldig tot {expires_at}"

    name: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class DockEnrolled(Event):
    """A dock came in with its own key."""

    act: ClassVar[str] = "devices.dock_enrolled"
    sentence: ClassVar[str] = "Dockingstation {name} aangemeld met sleutel {key}"

    dock: str
    name: str
    key: str


@dataclass(frozen=True, kw_only=True)
class DockRetired(Event):
    """A dock was put out of use."""

    act: ClassVar[str] = "devices.dock_retired"
    sentence: ClassVar[str] = "Dockingstation {name} buiten gebruik gesteld"

    dock: str
    name: str


@dataclass(frozen=True, kw_only=True)
class CameraDocked(Event):
    """A dock saw a camera. `clock_offset_ms` is true time minus camera time: evidence."""

    act: ClassVar[str] = "devices.camera_docked"
    sentence: ClassVar[str] = "Camera {serial} in dockingstation {dock}: {files} bestanden"

    dock: str
    serial: str
    slot: str
    volume_id: str
    files: int
    free_bytes: int
    clock_offset_ms: int | None
