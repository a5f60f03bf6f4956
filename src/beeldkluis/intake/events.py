"""What the journal says of intake."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class ClipAccepted(Event):
    """A clip is durably stored; the receipt proves this entry."""

    act: ClassVar[str] = "intake.clip_accepted"
    sentence: ClassVar[str] = "Bestand ontvangen en veilig opgeslagen, {size} bytes verzegeld"

    clip: UUID
    sealed_sha256: str
    source_sha256: str
    size: int
    sender: str


@dataclass(frozen=True, kw_only=True)
class UploadRefused(Event):
    """What arrived is not what was promised, or may not come in. Nothing was kept; the camera stays full."""

    act: ClassVar[str] = "intake.upload_refused"
    sentence: ClassVar[str] = "Aanlevering geweigerd: {reason}"

    upload: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class CameraWiped(Event):
    """A dock wiped what the vault has, and listed the camera again."""

    act: ClassVar[str] = "intake.camera_wiped"
    sentence: ClassVar[str] = "Camera {serial} leeggemaakt: {wiped} bestanden weg, {left} nog aanwezig"

    serial: str
    wiped: int
    left: int
    clips: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class UploadsSwept(Event):
    """Half uploads that nobody went on with were removed; their cameras are still full."""

    act: ClassVar[str] = "intake.uploads_swept"
    sentence: ClassVar[str] = "{uploads} afgebroken aanleveringen opgeruimd"

    uploads: int


@dataclass(frozen=True, kw_only=True)
class AxisSystemAdded(Event):
    """A body-worn system may deliver from now on."""

    act: ClassVar[str] = "intake.axis_system_added"
    sentence: ClassVar[str] = "Camerasysteem {name} toegelaten"

    system: int
    name: str


@dataclass(frozen=True, kw_only=True)
class AxisSystemRetired(Event):
    """A body-worn system may not deliver any more."""

    act: ClassVar[str] = "intake.axis_system_retired"
    sentence: ClassVar[str] = "Camerasysteem {name} buiten gebruik gesteld"

    system: int
    name: str


@dataclass(frozen=True, kw_only=True)
class AxisFactsKept(Event):
    """A body-worn system told of a user, a device or itself."""

    act: ClassVar[str] = "intake.axis_facts_kept"
    sentence: ClassVar[str] = "Gegevens uit het camerasysteem vastgelegd bij {container}"

    container: str
    name: str = personal()  # of a user or a device


@dataclass(frozen=True, kw_only=True)
class AxisContainerClosed(Event):
    """A recording of a body-worn system is complete, or was taken for complete because nothing more came."""

    act: ClassVar[str] = "intake.axis_container_closed"
    sentence: ClassVar[str] = "Opname van het camerasysteem afgerond met {objects} bestanden, apart gezet: {apart}"

    objects: int
    apart: bool
