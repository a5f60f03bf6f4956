"""The parts of a long job that a stopped worker left, sealed like what comes of it; the next attempt goes on after them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from beeldkluis.sealed.age import PayloadReader, Sealer, SealError
from beeldkluis.vault.files import write_whole


@dataclass(frozen=True, slots=True, repr=False)
class Parts:
    """Of one piece of work, in the staging folder, under a key that follows from the film's: without that key they say nothing.
    The sweep takes what nobody goes on with after a day.
    """

    work: UUID
    key: bytes

    def kept(self, most: int) -> Sequence[bytes]:
        """The parts 1, 2... that are there and whole, `most` at most."""
        found: list[bytes] = []
        for number in range(1, most + 1):
            try:
                sealed = _path(self.work, number).read_bytes()
                found.append(self._open(sealed))
            except (FileNotFoundError, SealError):
                break
        return found

    def _open(self, sealed: bytes) -> bytes:
        reader = PayloadReader(lambda at, length: sealed[at : at + length], len(sealed), self.key)
        return b"".join(reader.read(0, reader.size))

    def keep(self, number: int, data: bytes) -> None:
        """Put a part away durably. OSError when the disk is full."""
        sealed = b"".join(bytes(piece) for piece in Sealer(self.key).chunks([data]))
        write_whole(_path(self.work, number), sealed)


def discard_parts(work: UUID) -> None:
    """Remove what is left of them. Repeatable."""
    for path in Path(settings.STAGING_FOLDER).glob(f"{work}-part-*"):
        with suppress(OSError):
            path.unlink()


def _path(work: UUID, number: int) -> Path:
    return Path(settings.STAGING_FOLDER) / f"{work}-part-{number}"
