"""The payload of an age v1 file (C2SP age.md, "Payload"): a nonce, then STREAM chunks of 64 KiB ChaCha20-Poly1305.

Chunk `i` has the nonce "11-byte counter, then 1 for the last chunk". The payload key is used for this payload alone (it
comes from a fresh file key and a fresh 16-byte nonce), so no nonce is ever used twice under one key, unless the
same film is sealed again on purpose with the same file key and nonce: then the same bytes come out.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Protocol, runtime_checkable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.header import hkdf

CHUNK = 65_536  # bytes of film
TAG = 16
SEALED_CHUNK = CHUNK + TAG
NONCE = 16
BATCH = 16  # chunks in one read: 1 MiB
LARGEST_PIECE = BATCH * SEALED_CHUNK  # bytes that sealing gives at once


def chunk_nonce(index: int, *, last: bool) -> bytes:
    """The 12-byte nonce of chunk `index`."""
    return index.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _aead(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hkdf(file_key, nonce, b"payload"))


def payload_length(plain: int) -> int:
    """Bytes of payload for `plain` bytes of film."""
    return NONCE + plain + TAG * max(1, -(-plain // CHUNK))


def plain_length(payload: int) -> int:
    """Bytes of film in `payload` bytes of payload. SealError when no payload has that length."""
    body = payload - NONCE
    count = max(1, -(-body // SEALED_CHUNK))
    # a last chunk without film is only allowed when there is no film at all
    if body < TAG or (count > 1 and body - (count - 1) * SEALED_CHUNK <= TAG):
        raise SealError(f"no payload is {payload} bytes long")
    return body - count * TAG


@runtime_checkable
class Fillable(Protocol):
    """A file that reads into memory that is there already."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Bytes read; 0 at the end."""


class Sealer:
    """Seals one stream of film with one file key.

    file_key: 16 bytes. nonce: 16 bytes; fresh when not given. The same key, nonce and film give the same bytes.
    """

    def __init__(self, file_key: bytes, nonce: bytes | None = None) -> None:
        self.nonce = os.urandom(NONCE) if nonce is None else nonce
        if len(self.nonce) != NONCE or len(file_key) != 16:
            raise SealError("a file key has 16 bytes and a nonce has 16")
        self._aead = _aead(file_key, self.nonce)

    def chunks(self, source: BinaryIO | Iterable[bytes]) -> Iterator[memoryview]:
        """The payload in pieces: the nonce, then sealed chunks, 16 to a piece.

        Each piece is only good until the next is asked for: one buffer is used again and again, so memory does not grow
        with the film.
        """
        yield memoryview(self.nonce)
        yield from self._sealed(_batches(source), 0)

    def _sealed(self, batches: Iterator[tuple[memoryview, bool]], index: int) -> Iterator[memoryview]:
        buffer = bytearray(LARGEST_PIECE)
        view = memoryview(buffer)
        for film, final in batches:
            if not film and index > 0:
                return  # asked to go on from the very end: a last chunk without film is only for no film at all
            at = 0
            for start in range(0, max(len(film), 1), CHUNK):
                piece = film[start : start + CHUNK]
                last = final and start + CHUNK >= len(film)
                size = len(piece) + TAG
                self._aead.encrypt_into(chunk_nonce(index, last=last), piece, None, view[at : at + size])
                at, index = at + size, index + 1
            yield view[:at]


def _batches(source: BinaryIO | Iterable[bytes]) -> Iterator[tuple[memoryview, bool]]:
    """Film in batches of 16 whole chunks, each with "is this the last". One batch is kept back to know that."""
    size = BATCH * CHUNK
    buffers = [bytearray(size), bytearray(size)]
    fill = _filler(source)
    held, turn = fill(buffers[0]), 0
    while True:
        following = fill(buffers[1 - turn]) if held == size else 0
        yield memoryview(buffers[turn])[:held], following == 0
        if following == 0:
            return
        held, turn = following, 1 - turn


def _filler(source: BinaryIO | Iterable[bytes]) -> Callable[[bytearray], int]:
    if isinstance(source, Fillable):
        return lambda buffer: _fill_from_file(source, buffer)
    pieces = iter(source)
    rest = memoryview(b"")

    def fill(buffer: bytearray) -> int:
        nonlocal rest
        at = 0
        while at < len(buffer):
            if not rest:
                piece = next(pieces, None)
                if piece is None:
                    break
                rest = memoryview(piece)
                continue
            part = rest[: len(buffer) - at]
            buffer[at : at + len(part)] = part
            at, rest = at + len(part), rest[len(part) :]
        return at

    return fill


def _fill_from_file(source: Fillable, buffer: bytearray) -> int:
    view, at = memoryview(buffer), 0
    while at < len(buffer):
        count = source.readinto(view[at:])
        if not count:
            break
        at += count
    return at


class PayloadReader:
    """Random access to the film of a payload.

    fetch: (offset, length) -> that many bytes of the payload, nonce first. size: bytes of the payload.
    The last chunk is authenticated at once, which makes the length a fact: a payload that was cut, lengthened or given
    another file's end does not open. No byte of film is given out before its chunk is authentic. Raises SealError.
    """

    def __init__(self, fetch: Callable[[int, int], bytes], size: int, file_key: bytes) -> None:
        self.size = plain_length(size)
        self._payload = size
        self._fetch = fetch
        self._count = max(1, -(-(size - NONCE) // SEALED_CHUNK))
        self._aead = _aead(file_key, self._exactly(0, NONCE))
        self._buffer = bytearray(CHUNK)
        start, length = self._place(self._count - 1, 1)
        self._open(self._count - 1, memoryview(self._exactly(start, length)))

    def _place(self, index: int, count: int) -> tuple[int, int]:
        start = NONCE + index * SEALED_CHUNK
        return start, min(count * SEALED_CHUNK, self._payload - start)

    def _exactly(self, offset: int, length: int) -> bytes:
        data = self._fetch(offset, length)
        if len(data) != length:
            raise SealError(f"the payload ends early: {len(data)} of {length} bytes at {offset}")
        return data

    def _open(self, index: int, sealed: memoryview) -> memoryview:
        view = memoryview(self._buffer)[: len(sealed) - TAG]
        try:
            self._aead.decrypt_into(chunk_nonce(index, last=index == self._count - 1), sealed, None, view)
        except InvalidTag as error:
            raise SealError(f"chunk {index} of the payload is not authentic") from error
        return view

    def pieces(self, start: int, stop: int, batch: int = BATCH) -> Iterator[memoryview]:
        """The film from `start` to `stop` (bytes, cut to what there is), a chunk at a time.

        Each piece is only good until the next is asked for.
        """
        stop = min(stop, self.size)
        index, end = start // CHUNK, -(-stop // CHUNK)
        while start < stop:
            count = min(batch, end - index)
            sealed = memoryview(self._exactly(*self._place(index, count)))
            for number in range(count):
                film = self._open(index + number, sealed[number * SEALED_CHUNK : (number + 1) * SEALED_CHUNK])
                base = (index + number) * CHUNK
                yield film[start - base : min(CHUNK, stop - base)]
                start = min(base + CHUNK, stop)
            index += count

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """The film from `start` to `stop` as bytes that may be kept."""
        for piece in self.pieces(start, stop):
            yield bytes(piece)

    def copy_to(self, out: BinaryIO) -> int:
        """Write all film to `out`; how many bytes."""
        out.writelines(self.pieces(0, self.size))
        return self.size
