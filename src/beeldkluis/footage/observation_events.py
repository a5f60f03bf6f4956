"""What the journal says of observations. What was told stands in the details."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class ObservationMade(Event):
    """Somebody told why the camera was on. The words themselves stand with the recording only, so that they go with it."""

    act: ClassVar[str] = "footage.observation_made"
    sentence: ClassVar[str] = "Waarneming vastgelegd: {kind}"

    observation: UUID
    kind: str
    corrects: UUID | None
    warning: str
    one_to_one: bool
    place: str
    off_when_over: bool
    enforcement_number: str = personal()


@dataclass(frozen=True, kw_only=True)
class ObservationReminded(Event):
    """Somebody was reminded that the observation of this recording is late."""

    act: ClassVar[str] = "footage.observation_reminded"
    sentence: ClassVar[str] = "Herinnerd aan de waarneming"


@dataclass(frozen=True, kw_only=True)
class ObservationTextsErased(Event):
    """The recording is gone, and with it what was told of it in words."""

    act: ClassVar[str] = "footage.observation_texts_erased"
    sentence: ClassVar[str] = "Toelichting van de waarneming gewist, omdat de opname vernietigd is"

    observations: int


@dataclass(frozen=True, kw_only=True)
class EnforcementNumberKept(Event):
    """The enforcement system gave a number to this observation."""

    act: ClassVar[str] = "footage.enforcement_number_kept"
    sentence: ClassVar[str] = "Nummer van het handhavingssysteem vastgelegd"

    observation: UUID
    enforcement_number: str = personal()
