"""Acts around signing in and looking at pages."""

from dataclasses import dataclass
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """Somebody signed in with a second factor, or in a demonstration by a demonstration's link."""

    act: ClassVar[str] = "web.signed_in"
    sentence: ClassVar[str] = "Ingelogd met {how}"

    how: str


@dataclass(frozen=True, kw_only=True)
class PasswordAccepted(Event):
    """A password was right; the second factor has still to be set up."""

    act: ClassVar[str] = "web.password_accepted"
    sentence: ClassVar[str] = "Wachtwoord aangenomen; tweede stap nog in te stellen"


@dataclass(frozen=True, kw_only=True)
class SignInFailed(Event):
    """Somebody tried to sign in and could not. What was typed goes into the erasable details."""

    act: ClassVar[str] = "web.sign_in_failed"
    sentence: ClassVar[str] = "Inloggen mislukt"

    typed: str = personal(default="")


@dataclass(frozen=True, kw_only=True)
class SignedOut(Event):
    """Somebody signed out."""

    act: ClassVar[str] = "web.signed_out"
    sentence: ClassVar[str] = "Uitgelogd"


@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(Event):
    """Somebody added or removed a passkey, a code app or recovery codes."""

    act: ClassVar[str] = "web.second_factor_changed"
    sentence: ClassVar[str] = "Tweede stap bij het inloggen gewijzigd: {change}"

    change: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """Somebody chose another password. Other sessions of that person ended."""

    act: ClassVar[str] = "web.password_changed"
    sentence: ClassVar[str] = "Wachtwoord gewijzigd"


@dataclass(frozen=True, kw_only=True)
class PasskeyWentBack(Event):
    """A passkey was shown whose counter is not beyond where it was: perhaps it was copied. It was refused."""

    act: ClassVar[str] = "web.passkey_went_back"
    sentence: ClassVar[str] = "Een passkey telde terug en is geweigerd"


@dataclass(frozen=True, kw_only=True)
class PageOpened(Event):
    """Somebody was given a page, a file or another answer with something in it, to whatever method."""

    act: ClassVar[str] = "web.page_opened"
    oversight: ClassVar[bool] = True
    sentence: ClassVar[str] = "Pagina {page} bekeken"

    page: str
    which: str = personal(default="")  # what the address names beside recording and case, such as an officer's number


@dataclass(frozen=True, kw_only=True)
class PlacesTold(Event):
    """Whoever must know heard something of the key folder, its standby, the store, or what was found in them."""

    act: ClassVar[str] = "web.places_told"
    sentence: ClassVar[str] = "Functionaris gegevensbescherming ingelicht: {subject}"

    subject: str


@dataclass(frozen=True, kw_only=True)
class LinkMade(Event):
    """A link that lets one person in once was made. An earlier one no longer works."""

    act: ClassVar[str] = "web.link_made"
    sentence: ClassVar[str] = "Eenmalige link gemaakt ({kind}) voor {person}"

    kind: str
    person: str  # the pseudonym, or empty for the set-up code


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(Event):
    """An invited person chose a password. Earlier passwords and sessions ended; second factors only where that was asked."""

    act: ClassVar[str] = "web.invitation_accepted"
    sentence: ClassVar[str] = "Uitnodiging aangenomen en wachtwoord gekozen"


@dataclass(frozen=True, kw_only=True)
class SetUp(Event):
    """The installation got its first people."""

    act: ClassVar[str] = "web.set_up"
    sentence: ClassVar[str] = "Eerste inrichting: {people} mensen toegevoegd"

    people: int


@dataclass(frozen=True, kw_only=True)
class BelongingNoted(Event):
    """What this installation has only one of was noted, so that another machine with another one is refused. `name` is which:
    signing key, secret, name of the journal, municipality, or whether it is a demonstration.
    """

    act: ClassVar[str] = "web.belonging_noted"
    sentence: ClassVar[str] = "Vastgelegd wat bij deze installatie hoort ({name})"

    name: str
