"""The payload of an age v1 file (C2SP age.md, "Payload"): a nonce, then STREAM chunks of 64 KiB ChaCha20-Poly1305.

Chunk `i` has the nonce "11-byte counter, then 1 for the last chunk". The payload key is used for this payload alone (it
comes from a fresh file key and a fresh 16-byte nonce), so no nonce is ever used twice under one key, unless the
same film is sealed again on purpose with the same file key and nonce: then the same bytes come out.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import BinaryIO, Protocol, runtime_checkable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.header import hkdf
from beeldkluis.sealed.shared_work import SharedWork

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

    def chunks(self, source: BinaryIO | Iterable[bytes | memoryview]) -> Iterator[memoryview]:
        """The payload in pieces: the nonce, then sealed chunks, 16 to a piece.

        Each piece is only good until the next is asked for: one buffer is used again and again, so memory does not grow
        with the film. The film is read in the caller's thread, one batch ahead, and what that raises is raised here. From a whole
        batch on a second thread helps with the cipher.
        """
        yield memoryview(self.nonce)
        fill, index = _filler(source), 0
        films = [memoryview(bytearray(BATCH * CHUNK))]
        held = fill(films[0])
        if held == BATCH * CHUNK:
            films.append(memoryview(bytearray(BATCH * CHUNK)))
        out = memoryview(bytearray(payload_length(held) - NONCE))  # the first batch is the largest
        with ThreadPoolExecutor(1) as threads:
            while True:
                film, count = films[0][:held], max(1, -(-held // CHUNK))
                films.reverse()
                seal = partial(self._seal, film, out, index)
                full = held == BATCH * CHUNK
                # whether the last chunk here is the last of all is known when more was asked for
                others = SharedWork(threads if full else None, seal, count - 1)
                held = fill(films[0]) if full else 0
                seal(count - 1, last=held == 0)
                others.finish()
                yield out[: len(film) + count * TAG]
                if held == 0:
                    return
                index += count

    def _seal(self, film: memoryview, out: memoryview, index: int, number: int, *, last: bool = False) -> None:
        """Seal chunk `number` of the batch that begins with chunk `index`, into its place in `out`."""
        piece, at = film[number * CHUNK : (number + 1) * CHUNK], number * SEALED_CHUNK
        self._aead.encrypt_into(chunk_nonce(index + number, last=last), piece, None, out[at : at + len(piece) + TAG])


def _filler(source: BinaryIO | Iterable[bytes | memoryview]) -> Callable[[memoryview], int]:
    if isinstance(source, Fillable):
        return lambda buffer: _fill_from_file(source, buffer)
    pieces = iter(source)
    rest = memoryview(b"")

    def fill(buffer: memoryview) -> int:
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


def _fill_from_file(source: Fillable, buffer: memoryview) -> int:
    at = 0
    while at < len(buffer):
        count = source.readinto(buffer[at:])
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
        self._open(self._count - 1, self._sealed(self._count - 1, self._count), memoryview(bytearray(CHUNK)))

    def _sealed(self, index: int, end: int) -> memoryview:
        """The sealed chunks from `index` on, a batch of them or those before chunk `end`."""
        start = NONCE + index * SEALED_CHUNK
        stop = min(NONCE + min(index + BATCH, end) * SEALED_CHUNK, self._payload)
        return memoryview(self._exactly(start, stop - start) if start < stop else b"")

    def _exactly(self, offset: int, length: int) -> bytes:
        data = self._fetch(offset, length)
        if len(data) != length:
            raise SealError(f"the payload ends early: {len(data)} of {length} bytes at {offset}")
        return data

    def _open(self, index: int, sealed: memoryview, out: memoryview) -> None:
        nonce = chunk_nonce(index, last=index == self._count - 1)
        try:
            self._aead.decrypt_into(nonce, sealed, None, out[: len(sealed) - TAG])
        except InvalidTag as error:
            raise SealError(f"chunk {index} of the payload is not authentic") from error

    def pieces(self, start: int, stop: int) -> Iterator[memoryview]:
        """The film from `start` to `stop` (bytes, cut to what there is), at most 16 chunks at a time.

        Each piece is only good until the next is asked for. Fetching is done in the caller's thread, one batch ahead, and what
        that raises is raised here. For more than one batch a second thread helps with the cipher.
        """
        stop = min(stop, self.size)
        index, end = start // CHUNK, -(-stop // CHUNK)
        if start >= stop:
            return
        with ThreadPoolExecutor(1) as threads:
            for film in self._opened(index, end, threads if end - index > BATCH else None):
                base = index * CHUNK
                yield film[max(0, start - base) : stop - base]
                index += BATCH

    def _opened(self, index: int, end: int, threads: Executor | None) -> Iterator[memoryview]:
        """The film of the chunks from `index` to before `end`, in batches; what is authentic before a chunk that is not, too."""
        out = memoryview(bytearray(min(BATCH, end - index) * CHUNK))
        sealed = self._sealed(index, end)
        while sealed:
            batch = _Batch(self._open, index, sealed, out)
            opening = SharedWork(threads, batch.open, batch.count)
            index += batch.count
            sealed = self._sealed(index, end)
            opening.finish()
            if film := batch.authentic():
                yield film
            if batch.wrong:
                raise batch.wrong[min(batch.wrong)]

    def read(self, start: int, stop: int) -> Iterator[bytes]:
        """The film from `start` to `stop` as bytes that may be kept."""
        for piece in self.pieces(start, stop):
            yield bytes(piece)

    def copy_to(self, out: BinaryIO) -> int:
        """Write all film to `out`; how many bytes."""
        out.writelines(self.pieces(0, self.size))
        return self.size


class _Batch:
    """Sealed chunks in a row, which two threads may open into `out`; `wrong` has the error of each that is not authentic."""

    def __init__(
        self,
        open_into: Callable[[int, memoryview, memoryview], None],
        index: int,
        sealed: memoryview,
        out: memoryview,
    ) -> None:
        self._open_into, self._index, self._sealed, self._out = open_into, index, sealed, out
        self.count = -(-len(sealed) // SEALED_CHUNK)
        self.wrong: dict[int, SealError] = {}

    def open(self, number: int) -> None:
        """Open one chunk of the batch into its place."""
        sealed = self._sealed[number * SEALED_CHUNK : (number + 1) * SEALED_CHUNK]
        try:
            self._open_into(self._index + number, sealed, self._out[number * CHUNK :])
        except SealError as error:
            self.wrong[number] = error

    def authentic(self) -> memoryview:
        """The film up to the first chunk that is not authentic, when all were opened."""
        whole = len(self._sealed) - self.count * TAG
        return self._out[: min([whole, *(number * CHUNK for number in self.wrong)])]
