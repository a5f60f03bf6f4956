"""What the journal says of rooms and appointments."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class RoomAdded(Event):
    """A room is set up for viewing."""

    act: ClassVar[str] = "viewing.room_added"
    sentence: ClassVar[str] = "Ruimte voor inzage toegevoegd: {name}"

    room: int
    name: str


@dataclass(frozen=True, kw_only=True)
class RoomRetired(Event):
    """A room is no longer used for viewing."""

    act: ClassVar[str] = "viewing.room_retired"
    sentence: ClassVar[str] = "Ruimte voor inzage buiten gebruik: {name}"

    room: int
    name: str


@dataclass(frozen=True, kw_only=True)
class MomentsProposed(Event):
    """Some moments were offered to the requester."""

    act: ClassVar[str] = "viewing.moments_proposed"
    sentence: ClassVar[str] = "Zaak {case}: {moments} momenten voor inzage voorgesteld"

    appointment: UUID
    moments: int


@dataclass(frozen=True, kw_only=True)
class AppointmentMade(Event):
    """The moment stands; everybody who comes is told."""

    act: ClassVar[str] = "viewing.appointment_made"
    sentence: ClassVar[str] = "Zaak {case}: afspraak voor inzage op {at}"

    appointment: UUID
    room: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AppointmentMoved(Event):
    """Another moment or place; everybody who comes is told."""

    act: ClassVar[str] = "viewing.appointment_moved"
    sentence: ClassVar[str] = "Zaak {case}: afspraak voor inzage verzet naar {at}"

    appointment: UUID
    room: int
    at: datetime
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class AppointmentCancelled(Event):
    """It does not go on; everybody who would come is told."""

    act: ClassVar[str] = "viewing.appointment_cancelled"
    sentence: ClassVar[str] = "Zaak {case}: afspraak voor inzage afgezegd"

    appointment: UUID
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class AppointmentOver(Event):
    """Its time is past, so that the case may have a next one. Whether people came stands with the viewing."""

    act: ClassVar[str] = "viewing.appointment_over"
    sentence: ClassVar[str] = "Zaak {case}: de tijd van de afspraak voor inzage is voorbij"

    appointment: UUID
