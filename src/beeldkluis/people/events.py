"""What the journal says of people and keys. Names are details; pseudonyms and fingerprints are facts."""

from dataclasses import dataclass
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class PersonAdded(Event):
    """Somebody got an account."""

    act: ClassVar[str] = "people.person_added"
    sentence: ClassVar[str] = "Account gemaakt voor {name}, rol {role}"

    person: str
    role: str
    name: str = personal()


@dataclass(frozen=True, kw_only=True)
class PersonDeactivated(Event):
    """An account was closed; the person stays in the register."""

    act: ClassVar[str] = "people.person_deactivated"
    sentence: ClassVar[str] = "Account gesloten van {name}"

    person: str
    name: str = personal()


@dataclass(frozen=True, kw_only=True)
class OfficerAdded(Event):
    """An officer entered service."""

    act: ClassVar[str] = "people.officer_added"
    sentence: ClassVar[str] = "Handhaver {number} toegevoegd"

    officer: str
    employment: str
    number: str = personal()


@dataclass(frozen=True, kw_only=True)
class OfficerAddressSet(Event):
    """Where an officer's reminders go was changed."""

    act: ClassVar[str] = "people.officer_address_set"
    sentence: ClassVar[str] = "E-mailadres voor herinneringen gewijzigd"

    officer: str
    email: str = personal()


@dataclass(frozen=True, kw_only=True)
class OfficerLeft(Event):
    """An officer left service."""

    act: ClassVar[str] = "people.officer_left"
    sentence: ClassVar[str] = "Handhaver {number} is uit dienst"

    officer: str
    number: str = personal()


@dataclass(frozen=True, kw_only=True)
class KeysMade(Event):
    """The key ceremony was held: public halves and one sealed copy are kept."""

    act: ClassVar[str] = "people.keys_made"
    sentence: ClassVar[str] = "Sleutels gemaakt: team {team}, herstel {recovery}"

    team: str
    recovery: str
    axis: str


@dataclass(frozen=True, kw_only=True)
class CodeGiven(Event):
    """An officer got a personal code for the dock's screen; the one before works no more."""

    act: ClassVar[str] = "people.code_given"
    sentence: ClassVar[str] = "Persoonlijke code gegeven aan handhaver {number}"

    officer: str
    number: str = personal()


@dataclass(frozen=True, kw_only=True)
class CodeChanged(Event):
    """An officer chose a personal code."""

    act: ClassVar[str] = "people.code_changed"
    sentence: ClassVar[str] = "Handhaver {number} koos een eigen code"

    officer: str
    number: str = personal()


@dataclass(frozen=True, kw_only=True)
class CodeConfirmed(Event):
    """An officer confirmed the own code by a link that was mailed."""

    act: ClassVar[str] = "people.code_confirmed"
    sentence: ClassVar[str] = "Handhaver {number} bevestigde de eigen code met een link in de mail"

    officer: str
    number: str = personal()


@dataclass(frozen=True, kw_only=True)
class WatchersTold(Event):
    """So many people with an account were told of something that somebody did; 0 when it waits for the next who oversees."""

    act: ClassVar[str] = "people.watchers_told"
    sentence: ClassVar[str] = "Bericht klaargezet: {about} (mensen: {people})"

    about: str
    people: int


@dataclass(frozen=True, kw_only=True)
class OfficerTold(Event):
    """An officer was told of something that somebody did: at the dock's screen, and by mail at so many addresses."""

    act: ClassVar[str] = "people.officer_told"
    sentence: ClassVar[str] = "Handhaver bericht gestuurd: {about} (adressen: {addresses})"

    officer: str
    about: str
    addresses: int


@dataclass(frozen=True, kw_only=True)
class CodeRefused(Event):
    """Somebody typed a number and a code that do not belong together. What was typed is not kept: it may be a code."""

    act: ClassVar[str] = "people.code_refused"
    sentence: ClassVar[str] = "Nummer en code hoorden niet bij elkaar, bij scherm {sender}"

    sender: str
    officer: str  # whose number it was; empty when nobody's


@dataclass(frozen=True, kw_only=True)
class RightsReviewed(Event):
    """Somebody looked at who may do what."""

    act: ClassVar[str] = "people.rights_reviewed"
    sentence: ClassVar[str] = "Rechten gecontroleerd per {kind}: {accounts} regels"

    kind: str
    accounts: int
    remarks: str = personal()
