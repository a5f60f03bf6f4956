"""A lent file key and the film behind it, read piece by piece (docs/spec/viewing-copy.md). In a worker's memory only."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from beeldkluis.sealed.age import PayloadReader, SealError
from beeldkluis.sealed.axis import Film
from beeldkluis.vault.queries import payload, payload_size

Read = Callable[[int, int], bytes]


@dataclass(frozen=True, slots=True, repr=False)
class Lent:
    """The 16-byte file key of one object; for film from an Axis camera also the key (32 bytes) and start value inside."""

    file_key: bytes
    content_key: bytes = b""
    content_iv: bytes = b""


def read_lent(text: bytes) -> Lent:
    """What a browser sealed for the worker. SealError for anything else."""
    try:
        told = json.loads(text)
        inside = [base64.b64decode(told.get(name, "")) for name in ("content_key", "content_iv")]
        return Lent(base64.b64decode(told["file_key"]), *inside)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SealError("what was lent is no key") from error


def source_of(clip: UUID, key: Lent) -> tuple[Read, int]:
    """A way to read the film from byte to byte, and its size. SealError when the key does not open it, GoneError when it is
    destroyed.
    """
    size = payload_size(clip)
    reader = PayloadReader(lambda at, length: b"".join(payload(clip, at, at + length)), size, key.file_key)

    def outer(start: int, stop: int) -> bytes:
        return b"".join(reader.read(start, stop))

    if not key.content_key:
        return outer, reader.size
    film = Film(lambda at, length: outer(at, at + length), reader.size, key.content_key, key.content_iv)
    return film.read, film.size
