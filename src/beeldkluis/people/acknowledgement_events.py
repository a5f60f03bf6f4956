"""What the journal says of the log list (loglijst). Officers and people stand in it by pseudonym."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class Signed(Event):
    """Somebody signed for a version of the protocol and the instruction."""

    act: ClassVar[str] = "people.signed"
    sentence: ClassVar[str] = "Getekend voor protocolversie {version}: {how}"

    version: str
    who: str
    how: str
    protocol_received_on: str
    instruction_received_on: str
    scan_sha256: str


@dataclass(frozen=True, kw_only=True)
class SigningLinkMade(Event):
    """A personal link to sign with was made; an earlier one no longer works."""

    act: ClassVar[str] = "people.signing_link_made"
    sentence: ClassVar[str] = "Persoonlijke link gemaakt om te tekenen voor versie {version}"

    version: str
    officer: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class SigningCodeWrong(Event):
    """Somebody with the link typed another code."""

    act: ClassVar[str] = "people.signing_code_wrong"
    sentence: ClassVar[str] = "Verkeerde code bij een persoonlijke link, poging {tries}"

    officer: str
    tries: int


@dataclass(frozen=True, kw_only=True)
class Reminded(Event):
    """Somebody was reminded by mail, once for this reason."""

    act: ClassVar[str] = "people.reminded"
    sentence: ClassVar[str] = "Herinnering verstuurd: {about}"

    about: str
