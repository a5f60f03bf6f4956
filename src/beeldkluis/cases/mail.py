"""Reading an e-mail that somebody saved as .eml: who wrote, when, and what it says. Nothing in it is trusted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from beeldkluis.journal.text import clean

LONGEST = 20_000  # letters of text that are kept


@dataclass(frozen=True, slots=True)
class Mail:
    """What an e-mail says of itself; anything may be empty."""

    name: str
    email: str
    sent_at: datetime | None
    text: str


def read(data: bytes) -> Mail:
    """An e-mail (RFC 5322). Whatever is broken in it comes out empty; ValueError when it is no e-mail at all."""
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or message["From"] is None:
        raise ValueError("no e-mail")
    name, address = parseaddr(str(message["From"]))
    name, address = clean(name).strip(), clean(address).strip()
    return Mail(name[:200], address[:254] if "@" in address else "", _sent_at(message), _text(message)[:LONGEST])


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(message["Date"]))
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    if body is None:
        return ""
    try:
        found = body.get_content()
    except (LookupError, UnicodeError):
        return ""
    subject = str(message["Subject"] or "").strip()
    return clean(f"{subject}\n\n{found}", lines=True).strip()
