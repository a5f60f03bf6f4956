"""Reading an e-mail that somebody saved as .eml: who wrote, when, and what it says. Nothing in it is trusted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr, parsedate_to_datetime

from beeldkluis.journal.text import clean

LONGEST = 20_000  # letters of text that are kept
MOST = 1_000_000  # bytes that are read: what was attached comes after the text
PARTS = 50  # more parts within parts have no reason, and take the parser minutes
HEADER = 2000  # characters of one header: reading one takes the square of its length
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)


class _Short(EmailPolicy):
    """Cuts every header off before it is understood."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        """Name and value of a header as it stands in the mail."""
        name, value = super().header_source_parse(list(sourcelines))
        return name[:HEADER], value[:HEADER]


@dataclass(frozen=True, slots=True)
class Mail:
    """What an e-mail says of itself; anything may be empty."""

    name: str
    email: str
    sent_at: datetime | None
    text: str


def read(data: bytes) -> Mail:
    """An e-mail (RFC 5322). Whatever is broken in it comes out empty; ValueError when it is no e-mail at all, or one that is made
    to keep its reader busy.
    """
    data = data[:MOST]
    if len(_BOUNDARY.findall(data)) > PARTS:
        raise ValueError("too many parts")
    try:
        return _read(data)
    except (RecursionError, LookupError, AttributeError, TypeError) as error:  # what the parser falls over on
        raise ValueError("too strange") from error


def _read(data: bytes) -> Mail:
    message = message_from_bytes(data, policy=_Short())
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
