"""The header of an age v1 file (C2SP age.md, "Header"): who can open it, and a MAC that ties it together."""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from beeldkluis.sealed.errors import SealError

VERSION = b"age-encryption.org/v1\n"
MAX_HEADER = 65_536  # bytes; a header of ours with two hybrid recipients is about 3,200
_COLUMNS = 64
_WORD = re.compile(rb"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Stanza:
    """One recipient's share: a type with arguments, and a body."""

    words: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed header. `authenticated` is every byte that the MAC covers."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    authenticated: bytes


def to_base64(data: bytes) -> str:
    """Standard base64 without padding, the only base64 of age."""
    return base64.b64encode(data).rstrip(b"=").decode()


def from_base64(text: str | bytes) -> bytes:
    """The data of canonical unpadded base64. SealError for anything else, so that one header has one writing."""
    raw = text.encode() if isinstance(text, str) else text
    try:
        data = base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SealError("wrong base64 in the header") from error
    if b"=" in raw or to_base64(data).encode() != raw:
        raise SealError("base64 in the header is not canonical")
    return data


def hkdf(secret: bytes, salt: bytes, info: bytes) -> bytes:
    """32 bytes by HKDF-SHA-256 (RFC 5869)."""
    return HKDF(SHA256(), 32, salt, info).derive(secret)


def _mac(file_key: bytes, authenticated: bytes) -> bytes:
    return hmac.digest(hkdf(file_key, b"", b"header"), authenticated, "sha256")


def write(file_key: bytes, stanzas: Sequence[Stanza]) -> bytes:
    """The header as bytes, MAC included."""
    parts = [VERSION]
    for stanza in stanzas:
        parts.append(f"-> {' '.join(stanza.words)}\n".encode())
        text = to_base64(stanza.body)
        # the last line is always shorter than the others, empty if need be: that is how a reader knows the end
        lines = [text[at : at + _COLUMNS] for at in range(0, len(text) + 1, _COLUMNS)]
        parts.append(("\n".join(lines) + "\n").encode())
    parts.append(b"---")
    authenticated = b"".join(parts)
    return authenticated + f" {to_base64(_mac(file_key, authenticated))}\n".encode()


def check_mac(header: Header, file_key: bytes) -> None:
    """SealError when the header was changed after it was made."""
    if not hmac.compare_digest(_mac(file_key, header.authenticated), header.mac):
        raise SealError("the header was changed: its MAC does not fit")


def parse(data: bytes) -> Header:
    """A whole header, nothing after it. SealError for anything that age.md does not allow."""
    if len(data) > MAX_HEADER:
        raise SealError(f"the header is longer than {MAX_HEADER} bytes")
    if not data.startswith(VERSION):
        raise SealError("this is no age v1 file")
    lines = data[len(VERSION) :].split(b"\n")
    stanzas: list[Stanza] = []
    at = 0
    while at < len(lines) and lines[at].startswith(b"-> "):
        stanza, at = _stanza(lines, at)
        stanzas.append(stanza)
    if not stanzas:
        raise SealError("the header has no recipient")
    if at != len(lines) - 2 or lines[-1] != b"" or not lines[at].startswith(b"--- "):
        raise SealError("the header does not end as it should")
    mac = from_base64(lines[at][4:])
    if len(mac) != 32:
        raise SealError("the header's MAC has the wrong length")
    return Header(tuple(stanzas), mac, data[: -len(lines[at]) - 1] + b"---")


def _stanza(lines: list[bytes], at: int) -> tuple[Stanza, int]:
    words = lines[at][3:].split(b" ")
    if not all(_WORD.fullmatch(word) for word in words):
        raise SealError("a recipient line has a wrong word")
    body = b""
    for line in range(at + 1, len(lines)):
        if len(lines[line]) > _COLUMNS:
            raise SealError("a recipient's body has too long a line")
        body += lines[line]
        if len(lines[line]) < _COLUMNS:
            return Stanza(tuple(word.decode() for word in words), from_base64(body)), line + 1
    raise SealError("a recipient's body does not end")


def read(source: BinaryIO) -> bytes:
    """Read exactly the header from the start of an age file and leave `source` at the payload. SealError when none ends
    within MAX_HEADER bytes.
    """
    data = b""
    while len(data) <= MAX_HEADER:
        line = source.readline(MAX_HEADER + 1)
        data += line
        if not line.endswith(b"\n") or not data.startswith(VERSION[: len(data)]):
            raise SealError("this is no age v1 file")
        if line.startswith(b"--- "):
            parse(data)
            return data
    raise SealError(f"the header is longer than {MAX_HEADER} bytes")
