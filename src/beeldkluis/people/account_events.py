"""What the journal says of accounts that wait for a second person, and of notices. Names and reasons are details."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class ChangeAsked(Event):
    """Somebody asks for a change of an account. Who must know was told in the same step."""

    act: ClassVar[str] = "people.account_change_asked"
    sentence: ClassVar[str] = "Gevraagd voor het account van {name}: {kind}, werkt vanaf {works_from}"

    change: int
    kind: str
    person: str
    works_from: datetime
    name: str = personal()
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class ChangeConfirmed(Event):
    """A second person confirmed it, or the recovery sheet was shown for it."""

    act: ClassVar[str] = "people.account_change_confirmed"
    sentence: ClassVar[str] = (
        "Wijziging {change} van een account bevestigd ({kind}), met de herstelsleutel: {with_sheet}"
    )

    change: int
    kind: str
    person: str
    with_sheet: bool


@dataclass(frozen=True, kw_only=True)
class ChangeStopped(Event):
    """Somebody objected, a newer one took its place, or it could not be done any more."""

    act: ClassVar[str] = "people.account_change_stopped"
    sentence: ClassVar[str] = (
        "Wijziging {change} van een account tegengehouden ({kind}), met de link uit de mail: {by_link}"
    )

    change: int
    kind: str
    person: str
    by_link: bool
    name: str = personal()
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class ChangeDone(Event):
    """It works from now on: after a second person, the recovery sheet, or the waiting time."""

    act: ClassVar[str] = "people.account_change_done"
    sentence: ClassVar[str] = "Wijziging {change} van een account werkt ({kind}), voor {name}"

    change: int
    kind: str
    person: str
    name: str = personal()


@dataclass(frozen=True, kw_only=True)
class ChangeUsed(Event):
    """The link of it was used: a password was chosen."""

    act: ClassVar[str] = "people.account_change_used"
    sentence: ClassVar[str] = "De link van wijziging {change} van een account is gebruikt ({kind})"

    change: int
    kind: str
    person: str


@dataclass(frozen=True, kw_only=True)
class NoticeSeen(Event):
    """Somebody says to have seen what was told."""

    act: ClassVar[str] = "people.notice_seen"
    sentence: ClassVar[str] = "Gezien: {subject} (melding {notice}, van {made_at})"

    notice: int
    subject: str
    made_at: datetime
