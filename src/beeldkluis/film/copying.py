"""A viewing copy of one film: H.264 in MP4, which every browser plays, made by a confined process.

Plain pictures pass through pipes and memory only. What is made waits sealed, under a key that nobody keeps, until it is
whole (`film/kept.py`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from beeldkluis.film.confined import ConfinedError, Kind, Patience, Read, confined
from beeldkluis.film.kept import Kept
from beeldkluis.film.talk import LONGEST, REASONS

BIGGEST = 64 * 1024**3  # bytes of a copy: more than ten hours at the highest rate
BROKEN = "Het maken van de kijkkopie is halverwege gestopt."
SLOW = "Het maken van de kijkkopie duurde te lang."
TOO_BIG = "De kijkkopie wordt te groot."
COPYING = Kind(
    program=("-m", "beeldkluis.film.copier"),
    outputs=1,
    largest=BIGGEST,
    broken=BROKEN,
    slow=SLOW,
    too_big=TOO_BIG,
    reasons=REASONS,
)


class CopyError(Exception):
    """No copy of this film can be made; `reason` says why, in Dutch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that is whole. `pieces` gives its bytes in order, once it is asked; `size` is how many. `skipped` says how many
    packets of the film could not be decoded, `jumps` how often its clock was set anew on the way.
    """

    duration_ms: int
    has_sound: bool
    skipped: int
    jumps: int
    size: int
    pieces: Callable[[], Iterator[bytes]]


def make_copy(read: Read, size: int, scratch: BinaryIO, patience: Patience) -> Copy:
    """Copy the film of `size` bytes that `read(start, stop)` gives. `scratch` is an empty file of our own, open for reading and
    writing: only sealed bytes go there.

    CopyError for a film that is none, and when it takes too long, grows too big, or the process dies. What `read` and
    `patience.look_up` raise goes on.
    """
    kept = Kept(scratch, BROKEN)
    try:
        with confined(COPYING, read, size, patience) as process:
            kept.keep(process.written())
        report = process.report()
    except ConfinedError as error:
        raise CopyError(error.reason) from error
    return _whole(report, kept.size, kept.pieces)


def _whole(report: dict[str, object], size: int, pieces: Callable[[], Iterator[bytes]]) -> Copy:
    """What the process reports, as far as it can be so. CopyError when it cannot."""
    length, skipped, jumps = (_count(report.get(name)) for name in ("duration_ms", "skipped", "jumps"))
    if length > 2000 * LONGEST or "has_sound" not in report:
        raise CopyError(BROKEN)
    return Copy(length, report["has_sound"] is True, skipped, jumps, size, pieces)


def _count(reported: object) -> int:
    if type(reported) is not int or reported < 0:
        raise CopyError(BROKEN)
    return reported
