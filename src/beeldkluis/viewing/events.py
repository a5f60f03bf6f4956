"""What the journal says of openings."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class RecordingOpened(Event):
    """The headers of one recording went to one person's browser, under one case."""

    act: ClassVar[str] = "viewing.recording_opened"
    oversight: ClassVar[bool] = True
    sentence: ClassVar[str] = "Opname geopend onder zaak {case}, doel: {purpose}"

    opening: UUID
    viewing: UUID
    purpose: str
    present: tuple[str, ...]
    clips: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class RedactedCopyOpened(Event):
    """While a film was open to make others unrecognisable, the header of the copy that was made of it went there too."""

    act: ClassVar[str] = "viewing.redacted_copy_opened"
    oversight: ClassVar[bool] = True
    sentence: ClassVar[str] = "Onherkenbare kopie geopend om te controleren, onder zaak {case}"

    opening: UUID
    clip: UUID
    object: UUID


@dataclass(frozen=True, kw_only=True)
class SecondsPlayed(Event):
    """The page reported which part of a clip was played; beside it what the server gave out."""

    act: ClassVar[str] = "viewing.seconds_played"
    oversight: ClassVar[bool] = True
    sentence: ClassVar[str] = "Afgespeeld onder zaak {case}, van {start_ms} tot {end_ms} milliseconden"

    opening: UUID
    clip: UUID
    start_ms: int
    end_ms: int


@dataclass(frozen=True, kw_only=True)
class OpeningClosed(Event):
    """The viewing screen was left, or its time was over."""

    act: ClassVar[str] = "viewing.opening_closed"
    oversight: ClassVar[bool] = True
    sentence: ClassVar[str] = "Opname gesloten; {seconds} seconden bekeken, {sealed_bytes} verzegelde bytes uitgegeven"

    opening: UUID
    sealed_bytes: int
    seconds: int


@dataclass(frozen=True, kw_only=True)
class HeadersGivenForCheck(Event):
    """Headers of a new recording went to the team manager's browser to see whether they open; no film went with them."""

    act: ClassVar[str] = "viewing.headers_given_for_check"
    sentence: ClassVar[str] = "Zegel van de nieuwe opname ter controle gegeven, zonder beelden"

    clips: tuple[UUID, ...]
    times: int = 1  # more than one: somebody said why


@dataclass(frozen=True, kw_only=True)
class HeadersAskedAgain(Event):
    """Headers that went out without an outcome coming back may be given once more. The data protection officer is told."""

    act: ClassVar[str] = "viewing.headers_asked_again"
    sentence: ClassVar[str] = "Zegels van {recordings} opnames nog eens gevraagd voor de controle: {because}"

    recordings: int
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class HeadersAskedUnanswered(Event):
    """Headers were asked while an outcome of the time before is missing. Those were not given again."""

    act: ClassVar[str] = "viewing.headers_asked_unanswered"
    sentence: ClassVar[str] = (
        "Zegels gevraagd terwijl van {recordings} opnames de uitkomst ontbreekt; die zijn niet gegeven"
    )

    recordings: int


@dataclass(frozen=True, kw_only=True)
class HeaderCheckReported(Event):
    """The browser that got this header said what it found."""

    act: ClassVar[str] = "viewing.header_check_reported"
    sentence: ClassVar[str] = "Uitkomst van de controle van het zegel ontvangen"


@dataclass(frozen=True, kw_only=True)
class OpenedInEmergency(Event):
    """This opening was done with the recovery key, a second person being there."""

    act: ClassVar[str] = "viewing.opened_in_emergency"
    sentence: ClassVar[str] = "Geopend met de herstelsleutel, in bijzijn van {witness}: {because}"

    opening: UUID
    witness: str = personal()
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class ViewingBegun(Event):
    """The team manager began a viewing; nothing is open yet."""

    act: ClassVar[str] = "viewing.viewing_begun"
    sentence: ClassVar[str] = "Inzage begonnen onder zaak {case}, doel: {purpose}"

    viewing: UUID
    purpose: str
    place: str = personal()


@dataclass(frozen=True, kw_only=True)
class SomebodyPresent(Event):
    """Somebody showed to be in the room. Officers and people with an account by pseudonym; others are not named here."""

    act: ClassVar[str] = "viewing.somebody_present"
    sentence: ClassVar[str] = "Aanwezig bij de inzage onder zaak {case}: {present} ({how})"

    viewing: UUID
    present: str
    how: str
    who: str
    document: str
    name: str = personal()


@dataclass(frozen=True, kw_only=True)
class StoodIn(Event):
    """A deputy took the place of an officer who does not come."""

    act: ClassVar[str] = "viewing.stood_in"
    sentence: ClassVar[str] = "De plaats van de handhaver ingenomen bij de inzage onder zaak {case}, reden: {ground}"

    viewing: UUID
    who: str
    officer: str
    ground: str
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class SomebodyLeft(Event):
    """Somebody left the room; what could not stay open without that person was closed."""

    act: ClassVar[str] = "viewing.somebody_left"
    sentence: ClassVar[str] = "Vertrokken bij de inzage onder zaak {case}: {present}; {closed} opname(s) gesloten"

    viewing: UUID
    present: str
    who: str
    closed: int


@dataclass(frozen=True, kw_only=True)
class ConfirmationsLapsed(Event):
    """Nobody said to leave, but who showed to be there counts no more: the screen was left alone, or a long time went by."""

    act: ClassVar[str] = "viewing.confirmations_lapsed"
    sentence: ClassVar[str] = "Inzage onder zaak {case}: wie er was, telt niet meer mee ({people}). {because}"

    viewing: UUID
    people: int
    because: str


@dataclass(frozen=True, kw_only=True)
class GroundGone(Event):
    """What was open may not open any more, so it was closed: the rule that says no now."""

    act: ClassVar[str] = "viewing.ground_gone"
    sentence: ClassVar[str] = "Opname gesloten omdat kijken onder zaak {case} niet meer mag, regel {rule}"

    opening: UUID
    rule: str


@dataclass(frozen=True, kw_only=True)
class ViewingEnded(Event):
    """The viewing is over, with everything that was open in it."""

    act: ClassVar[str] = "viewing.viewing_ended"
    sentence: ClassVar[str] = "Inzage onder zaak {case} beëindigd"

    viewing: UUID


@dataclass(frozen=True, kw_only=True)
class ViewingReported(Event):
    """What the team manager says of the viewing afterwards."""

    act: ClassVar[str] = "viewing.viewing_reported"
    sentence: ClassVar[str] = "Verslag van de inzage onder zaak {case}; kopie meegegeven: {copy_handed}"

    viewing: UUID
    copy_handed: bool
    remarks: str = personal()


@dataclass(frozen=True, kw_only=True)
class MarkerMade(Event):
    """A place in a clip was marked, with a note that stands in the case."""

    act: ClassVar[str] = "viewing.marker_made"
    sentence: ClassVar[str] = "Moment gemarkeerd onder zaak {case}, op {at_ms} milliseconden"

    marker: int
    clip: UUID
    at_ms: int
    note: str = personal()


@dataclass(frozen=True, kw_only=True)
class MarkerRemoved(Event):
    """A mark was taken away."""

    act: ClassVar[str] = "viewing.marker_removed"
    sentence: ClassVar[str] = "Markering weggehaald onder zaak {case}"

    marker: int


@dataclass(frozen=True, kw_only=True)
class LookersTold(Event):
    """Somebody who was filmed asked who looked; a letter with moments, purposes and roles was made."""

    act: ClassVar[str] = "viewing.lookers_told"
    sentence: ClassVar[str] = "Zaak {case}: brief gemaakt over wie de beelden zag"

    openings: int
