"""What the retention room writes in the journal."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class RecordingDestroyed(Event):
    """The rule said that the recording had to go, and it went. `late_docked`: it was due when it came in."""

    act: ClassVar[str] = "retention.recording_destroyed"
    sentence: ClassVar[str] = "Opname vernietigd volgens {rules}, protocolversie {protocol_version}"

    rules: tuple[str, ...]
    due_at: datetime
    protocol_version: str
    late_docked: bool
    ground: str = ""
    selection_list: str = ""
    category: str = ""


@dataclass(frozen=True, kw_only=True)
class BrakePulled(Event):
    """A round stopped because it would destroy more than one round may."""

    act: ClassVar[str] = "retention.brake_pulled"
    sentence: ClassVar[str] = "Vernietiging {brake} gestopt. {because}"

    brake: int
    recordings: int
    because: str


@dataclass(frozen=True, kw_only=True)
class BrakeConfirmed(Event):
    """One of two people says that the stopped round is right."""

    act: ClassVar[str] = "retention.brake_confirmed"
    sentence: ClassVar[str] = "Gestopte vernietiging {brake} bevestigd ({confirmations} van {needed})"

    brake: int
    confirmations: int
    needed: int


@dataclass(frozen=True, kw_only=True)
class BrakeFinished(Event):
    """Nothing of the stopped round is left to destroy."""

    act: ClassVar[str] = "retention.brake_finished"
    sentence: ClassVar[str] = "Gestopte vernietiging {brake} afgehandeld: {because}"

    brake: int
    because: str
