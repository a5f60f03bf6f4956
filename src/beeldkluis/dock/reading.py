"""A file is read twice: first to know it, then to seal it. The second reading gives nothing on that the first did not see."""

import hashlib
import io
from dataclasses import dataclass

from beeldkluis.camera.port import CameraGoneError

MARK = 1024 * 1024  # bytes of film between two marks
HASH = 32  # bytes of one mark


class ChangedWhileReadError(Exception):
    """Two readings of one file differ: the card or the reader is failing, or the camera still writes."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file was at its first reading. `size` in bytes; `marks`: the SHA-256 of everything up to each whole MARK, and of
    the whole file last. They cost 32 bytes a MiB and no extra hashing.
    """

    size: int
    marks: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the whole file, hexadecimal."""
        return self.marks[-HASH:].hex()

    def mark(self, end: int) -> bytes:
        """The hash of the first `end` bytes, where a mark was made; empty elsewhere."""
        if end == self.size:
            return self.marks[-HASH:]
        number, inside = divmod(end, MARK)
        return b"" if inside or end > self.size else self.marks[(number - 1) * HASH : number * HASH]


def read_first(source: io.FileIO) -> Reading:
    """Read a file from its start to its end. CameraGoneError when it cannot be read to the end."""
    digest, marks, size = hashlib.sha256(), bytearray(), 0
    piece = memoryview(bytearray(MARK))
    while count := fill(source, piece):
        if size and size % MARK == 0:
            marks += digest.copy().digest()
        digest.update(piece[:count])
        size += count
    return Reading(size, bytes(marks + digest.digest()))


def fill(source: io.FileIO, view: memoryview) -> int:
    """Read until `view` is full or the file ends; how many bytes. CameraGoneError."""
    at = 0
    try:
        while at < len(view) and (count := source.readinto(view[at:])):
            at += count
    except OSError as error:
        raise CameraGoneError("het bestand is niet tot het einde te lezen") from error
    return at


class SecondReading(io.RawIOBase):
    """Reads a file again and compares with the first reading before it gives anything on.

    Whoever asks for whole MARKs, as sealing does, never gets a byte that the first reading did not have. So one file key
    never seals two different films, also when a broken line makes the dock read a failing card a third time.
    ChangedWhileReadError, CameraGoneError.
    """

    def __init__(self, source: io.FileIO, first: Reading) -> None:
        self._source, self._first = source, first
        self._digest = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # sealing always gives a memoryview
        """Fill `buffer`, or as much as there is left."""
        count = fill(self._source, buffer)
        self._digest.update(buffer[:count])
        self.count += count
        ended = count < len(buffer)
        if (ended and self.count != self._first.size) or self.count > self._first.size:
            raise ChangedWhileReadError(f"{self.count} bytes, {self._first.size} at first")
        expected = self._first.mark(self.count)
        if expected and self._digest.digest() != expected:
            raise ChangedWhileReadError(f"other bytes before {self.count}")
        return count
