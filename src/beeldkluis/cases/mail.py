"""Reading an e-mail that somebody saved as .eml: who wrote, when, and what it says. Nothing in it is trusted.

A mail that reached the municipality by a colleague names that colleague as its sender. Who asked stands in the mail that was
forwarded: within it as a part, or above its text as a few lines.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr, parsedate_to_datetime

from beeldkluis.cases.mail_words import decoded, mended, text_of_html
from beeldkluis.journal.text import clean

LONGEST = 20_000  # letters of text that are kept
MOST = 1_000_000  # bytes that are read: what was attached comes after the text
PARTS = 50  # more parts within parts have no reason, and take the parser minutes
HEADER = 2000  # characters of one header: reading one takes the square of its length
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_BODY = re.compile(rb"\r?\n\r?\n")
_FORWARD = re.compile(r"^\s*(?:fw|fwd|doorst|doorgestuurd|ds|wg|tr|rv|i)\s*:", re.IGNORECASE)
_REPLY = re.compile(r"^\s*(?:re|antw|antwoord|aw|sv)\s*:", re.IGNORECASE)
_SENDER = re.compile(r"^[>\s*|]*(?:van|from|von|de)\s*\**\s*:\s*\**\s*(.+)$", re.IGNORECASE)
_BESIDE = re.compile(
    r"^[>\s*|]*(?:verzonden|sent|gesendet|datum|date|aan|to|an|onderwerp|subject|betreff)\s*\**\s*:\s*\**\s*(.*)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']{1,64}@[^\s<>()\[\]:;,\"']{1,180}")
NO_TEXT = "(De tekst van deze mail kan niet worden gelezen. Open haar in uw mailprogramma en neem de tekst over.)"


class _Short(EmailPolicy):
    """Cuts every header off before it is understood."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        """Name and value of a header as it stands in the mail, bytes of no known letters as what they are."""
        name, value = super().header_source_parse(list(sourcelines))
        return name[:HEADER], mended(value[:HEADER]) if not value.isascii() else value[:HEADER]


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote a mail."""

    name: str
    email: str

    @property
    def called(self) -> str:
        """As one reads it."""
        return f"{self.name} ({self.email})" if self.name and self.email else self.name or self.email


@dataclass(frozen=True, slots=True)
class Mail:
    """What an e-mail says of itself; anything may be empty. `dates` are all that it says of when it was sent or came in,
    `sent_at`
    the first of them. `was_forwarded`: somebody else than who asked sent it on; `first` is who wrote it then, when that can
    be read.
    """

    name: str
    email: str
    sent_at: datetime | None
    text: str
    dates: tuple[datetime, ...] = ()
    was_forwarded: bool = False
    first: Sender | None = None


def looks_like_mail(data: bytes) -> bool:
    """Does a file begin like a mail, whatever it is called?"""
    head = _plain(data[:4000]).lower()
    names = {line.partition(b":")[0] for line in head.splitlines() if b":" in line}
    return b"from" in names and bool(names & {b"date", b"received", b"message-id", b"return-path", b"mime-version"})


def read(data: bytes) -> Mail:
    """An e-mail (RFC 5322). Whatever is broken in it comes out empty; ValueError when it is no e-mail at all. Of one with so many
    parts that its reader would be kept busy, only who and when are read.
    """
    data = _plain(data[:MOST])
    if len(_BOUNDARY.findall(data)) > PARTS:
        data = _head(data)
    try:
        return _read(data)
    except (RecursionError, LookupError, AttributeError, TypeError) as error:  # what the parser falls over on
        raise ValueError("too strange") from error


def _plain(data: bytes) -> bytes:
    """Without what an editor puts before it: a byte order mark, another way to write letters, empty lines."""
    for mark, letters in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            data = data[2:].decode(letters, errors="replace").encode()
    return data.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n\0")


def _head(data: bytes) -> bytes:
    """The headers alone, of which none says that there are parts."""
    head = _BODY.split(data, maxsplit=1)[0]
    kept = re.sub(rb"(?im)^content-(?:type|transfer-encoding):.*(?:\r?\n[ \t].*)*\r?\n?", b"", head)
    return kept[:100_000] + b"\r\n\r\n" + NO_TEXT.encode()


def _read(data: bytes) -> Mail:
    message = message_from_bytes(data, policy=_Short())
    if not isinstance(message, EmailMessage) or message["From"] is None:
        raise ValueError("no e-mail")
    sender, subject, text = _sender(message), mended(str(message["Subject"] or "")), _text(message)
    within = _within(message)
    first = _sender(within) if within is not None else None
    forwarded = within is not None or bool(_FORWARD.match(subject))
    if first is None and not _REPLY.match(subject):
        first = _above(text)
        forwarded = forwarded or first is not None
    if within is not None and len(text) < LONGEST:
        text = f"{text}\n\n{_text(within)}".strip()
    dates = tuple(_dates(message)) if within is None else (*_dates(within), *_dates(message))
    told = clean(f"{subject.strip()}\n\n{text}", lines=True).strip()[:LONGEST]
    return Mail(sender.name, sender.email, dates[0] if dates else None, told, dates, forwarded, first)


def _sender(message: EmailMessage) -> Sender:
    raw = next((str(value) for name, value in message.raw_items() if name.lower() == "from"), "")
    name, address = parseaddr(" ".join(raw.split()))
    if "@" not in address:
        name, address = parseaddr(str(message["From"] or ""))
    return _as_sender(name, address)


def _as_sender(name: str, address: str) -> Sender:
    name, address = clean(mended(name)).strip(" \"'"), clean(mended(address)).strip()
    return Sender(name[:200] if name != address else "", address[:254] if "@" in address else "")


def _within(message: EmailMessage) -> EmailMessage | None:
    """A mail that is a part of this one."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0) if part.is_multipart() else None
            if isinstance(inner, EmailMessage) and inner["From"] is not None:
                return inner
    return None


def _above(text: str) -> Sender | None:
    """Who wrote what stands below a few lines such as "Van: ... Verzonden: ...", of the mail that was written first."""
    lines, found = text.splitlines()[:2000], None
    for number, line in enumerate(lines):
        named = _SENDER.match(line[:500])
        if named and any(_BESIDE.match(one[:500]) for one in lines[number + 1 : number + 4]):
            address = _ADDRESS.search(named[1])
            name = re.split(r"[<\[(]|mailto:", named[1])[0].strip(" \"'*")
            found = _as_sender("" if address and name == address[0] else name, address[0] if address else "")
    return found


def _dates(message: EmailMessage) -> Iterator[datetime]:
    """When it was sent, as it says itself, and when it came in, as the mail server of the municipality says."""
    told = [str(one) for one in (message.get_all("Date") or [])[:5]]
    told += [str(one).rpartition(";")[2] for one in (message.get_all("Received") or [])[:1]]
    for one in told:
        try:
            moment = parsedate_to_datetime(one)
        except (TypeError, ValueError, OverflowError, IndexError):
            continue
        yield moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(message: EmailMessage) -> str:
    """What it says: as plain text, otherwise as one reads it in the HTML."""
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    said = _said(plain) if isinstance(plain, EmailMessage) else ""
    if not said.strip() and isinstance(page, EmailMessage):
        said = text_of_html(_said(page))
    if (
        not said.strip()
        and _within(message) is None
        and message.is_multipart() | (message.get_content_maintype() != "text")
    ):
        return NO_TEXT
    return said


def _said(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    return decoded(data, str(part.get_content_charset() or ""))
