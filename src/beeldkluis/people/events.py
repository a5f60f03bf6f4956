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
class RightsReviewed(Event):
    """Somebody looked at who may do what."""

    act: ClassVar[str] = "people.rights_reviewed"
    sentence: ClassVar[str] = "Rechten gecontroleerd per {kind}: {accounts} regels"

    kind: str
    accounts: int
    remarks: str = personal()
