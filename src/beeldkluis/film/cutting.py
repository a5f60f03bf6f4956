"""A part of a film, cut on key frames and never encoded anew, made by a confined process: for who may have no more than a part.

The part waits sealed under a key that nobody keeps, until it is whole (`film/kept.py`). The original stays as it is; its hash
must be stated wherever a part goes (`bag.contents.PartOf`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from beeldkluis.film.confined import ConfinedError, Kind, Patience, Read, confined
from beeldkluis.film.cutter import REASONS
from beeldkluis.film.kept import Kept

BIGGEST = 64 * 1024**3  # bytes
BROKEN = "Het knippen van de film is halverwege gestopt."


class CutError(Exception):
    """No part was made; `reason` says why, in Dutch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is whole: from where to where in the film, in milliseconds, on key frames; how many pictures; its bytes."""

    from_ms: int
    to_ms: int
    pictures: int
    size: int
    pieces: Callable[[], Iterator[bytes]]


def cut_part(read: Read, size: int, start_ms: int, stop_ms: int, scratch: BinaryIO, patience: Patience) -> Part:
    """Cut from the last key frame before `start_ms` to the first one behind `stop_ms` (or the end) of the film of `size` bytes
    that `read(start, stop)` gives. `scratch` is an empty file of our own, open for reading and writing.

    CutError for what is no film, has no picture there, or cannot be written again. What `read` raises goes on.
    """
    if not 0 <= start_ms < stop_ms:
        raise CutError("Het deel moet eindigen na zijn begin.")
    kind = Kind(
        program=("-m", "beeldkluis.film.cutter", str(start_ms), str(stop_ms)),
        outputs=1,
        largest=BIGGEST,
        broken=BROKEN,
        slow="Het knippen van de film duurde te lang.",
        too_big="Het deel wordt te groot.",
        reasons=REASONS,
    )
    kept = Kept(scratch, BROKEN)
    try:
        with confined(kind, read, size, patience) as process:
            kept.keep(process.written())
        report = process.report()
    except ConfinedError as error:
        raise CutError(error.reason) from error
    found = [report.get(name) for name in ("from_ms", "to_ms", "pictures")]
    begin, end, pictures = (one if type(one) is int else -1 for one in found)
    if not 0 <= begin < end or end <= start_ms or pictures < 1:
        raise CutError(BROKEN)
    return Part(begin, end, pictures, kept.size, kept.pieces)
