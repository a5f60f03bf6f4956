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
PLAIN, AXIS = (16, 0, 0), (16, 32, 16)  # bytes of the file key, and of the key and start value inside


@dataclass(frozen=True, slots=True, repr=False)
class LentKey:
    """The 16-byte file key of one object; for film from an Axis camera also the key (32 bytes) and start value inside. `object`
    and `recording` are what the browser lent it for: no row of a database can make it another's.
    """

    recording: UUID
    object: UUID
    file_key: bytes
    content_key: bytes = b""
    content_iv: bytes = b""


def read_lent_key(text: bytes) -> LentKey:
    """What a browser sealed for the worker. SealError for anything else, also for keys of another length."""
    try:
        told = json.loads(text)
        values = (told["file_key"], told.get("content_key", ""), told.get("content_iv", ""))
        keys = [base64.b64decode(value, validate=True) for value in values]
        lent_for = [UUID(str(told[name])) for name in ("recording", "clip")]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SealError("what was lent is no key") from error
    if tuple(len(one) for one in keys) not in (PLAIN, AXIS):
        raise SealError("what was lent are no keys of this length")
    recording, clip = lent_for
    return LentKey(recording, clip, *keys)


def source_of(key: LentKey) -> tuple[Read, int]:
    """A way to read the film from byte to byte, and its size. SealError when the key does not open it, GoneError when it is
    destroyed.
    """
    size = payload_size(key.object)
    reader = PayloadReader(lambda at, length: b"".join(payload(key.object, at, at + length)), size, key.file_key)

    def outer(start: int, stop: int) -> bytes:
        return b"".join(reader.read(start, stop))

    if not key.content_key:
        return outer, reader.size
    film = Film(lambda at, length: outer(at, at + length), reader.size, key.content_key, key.content_iv)
    return film.read, film.size
