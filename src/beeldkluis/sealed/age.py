"""age v1 (C2SP age.md), with the header kept apart from the payload. Everything other rooms use, under one name."""

import io
from collections.abc import Sequence

from beeldkluis.sealed.anew import check_anew, mend, recovered_key, seal_anew
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.header import read as read_header
from beeldkluis.sealed.keys import (
    Identity,
    Recipient,
    build_header,
    check_header,
    fingerprint,
    new_file_key,
    open_header,
)
from beeldkluis.sealed.passphrase import open_identity, passphrase_header, seal_identity
from beeldkluis.sealed.proof import prove, proves
from beeldkluis.sealed.stream import LARGEST_PIECE, PayloadReader, Sealer, payload_length, plain_length

__all__ = [
    "LARGEST_PIECE",
    "Identity",
    "PayloadReader",
    "Recipient",
    "SealError",
    "Sealer",
    "build_header",
    "check_anew",
    "check_header",
    "fingerprint",
    "mend",
    "new_file_key",
    "open_bytes",
    "open_header",
    "open_identity",
    "passphrase_header",
    "payload_length",
    "plain_length",
    "prove",
    "proves",
    "read_header",
    "recovered_key",
    "seal_anew",
    "seal_bytes",
    "seal_identity",
]


def seal_bytes(data: bytes, recipients: Sequence[Recipient]) -> bytes:
    """A small whole age file."""
    file_key = new_file_key()
    payload = b"".join(bytes(piece) for piece in Sealer(file_key).chunks(io.BytesIO(data)))
    return build_header(file_key, recipients) + payload


def open_bytes(sealed: bytes, identities: Sequence[Identity]) -> bytes:
    """What is in a small whole age file. SealError when it does not open."""
    source = io.BytesIO(sealed)
    file_key = open_header(read_header(source), identities)
    payload = source.read()
    reader = PayloadReader(lambda at, length: payload[at : at + length], len(payload), file_key)
    return b"".join(reader.read(0, reader.size))


MAX_SEALED = 16_384  # bytes: a sealed identity is under 400, a sealed RSA key under 2,000


def check_sealed(sealed: bytes) -> None:
    """SealError unless this is a small age file, such as a key that a browser sealed. Nobody here can look inside."""
    if len(sealed) > MAX_SEALED:
        raise SealError("a sealed key is too long")
    read_header(io.BytesIO(sealed))


def check_sealed_anew(old: bytes, new: bytes) -> None:
    """SealError unless `new` is the small age file `old` for another team key: the same content, sealed with the same file key,
    and the same part for the recovery key.
    """
    check_sealed(new)
    was, now = io.BytesIO(old), io.BytesIO(new)
    check_anew(read_header(was), read_header(now))
    if was.read() != now.read():
        raise SealError("the content was sealed anew, not only its header")
