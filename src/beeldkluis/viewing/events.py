"""What the journal says of openings."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class RecordingOpened(Event):
    """The headers of one recording went to one person's browser, under one case."""

    act: ClassVar[str] = "viewing.recording_opened"
    sentence: ClassVar[str] = "Opname geopend onder zaak {case}, doel: {purpose}"

    opening: UUID
    purpose: str
    present: tuple[str, ...]
    clips: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class SecondsPlayed(Event):
    """The page reported which part of a clip was played; beside it what the server gave out."""

    act: ClassVar[str] = "viewing.seconds_played"
    sentence: ClassVar[str] = "Afgespeeld onder zaak {case}, van {start_ms} tot {end_ms} milliseconden"

    opening: UUID
    clip: UUID
    start_ms: int
    end_ms: int


@dataclass(frozen=True, kw_only=True)
class OpeningClosed(Event):
    """The viewing screen was left, or its time was over."""

    act: ClassVar[str] = "viewing.opening_closed"
    sentence: ClassVar[str] = "Opname gesloten; {sealed_bytes} verzegelde bytes opgevraagd"

    opening: UUID
    sealed_bytes: int


@dataclass(frozen=True, kw_only=True)
class HeadersGivenForCheck(Event):
    """Headers of a new recording went to the team manager's browser to see whether they open; no film went with them."""

    act: ClassVar[str] = "viewing.headers_given_for_check"
    sentence: ClassVar[str] = "Zegel van de nieuwe opname ter controle gegeven, zonder beelden"

    clips: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class OpenedInEmergency(Event):
    """This opening was done with the recovery key, a second person being there."""

    act: ClassVar[str] = "viewing.opened_in_emergency"
    sentence: ClassVar[str] = "Geopend met de herstelsleutel, in bijzijn van {witness}: {because}"

    opening: UUID
    witness: str = personal()
    because: str = personal()
