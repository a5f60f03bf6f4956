"""The server's side of what confined processes do with film: rendering a redacted copy and checking it.

Plain film passes through pipes and memory only. A copy waits sealed (`film/kept.py`) until it is whole and was checked.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from beeldkluis.film.confined import ConfinedError, Kind, Patience, Read, confined
from beeldkluis.film.kept import Kept
from beeldkluis.film.talk import LONGEST
from beeldkluis.masking import words
from beeldkluis.masking.analysis import Analysis
from beeldkluis.masking.boxes import Box
from beeldkluis.masking.cover_sheet import Area, CoverHead, PictureCover, inward, outward, packed
from beeldkluis.masking.draft import Draft
from beeldkluis.masking.plan import Covers, Plan

LARGEST_COPY = 64 * 1024**3  # bytes: more than ten hours at the highest rate
OF_RENDERING = 0.8  # of the whole: the rest is checking
RENDERING = Kind(
    program=("-m", "beeldkluis.masking.renderer"),
    outputs=1,
    largest=LARGEST_COPY,
    broken=words.RENDERING_BROKEN,
    slow=words.RENDERING_SLOW,
    too_big=words.RENDERING_TOO_BIG,
    reasons=words.RENDERING,
)
CHECKING = Kind(
    program=("-m", "beeldkluis.masking.checker"),
    outputs=1,  # only to say how far it is
    largest=0,
    broken=words.CHECKING_BROKEN,
    slow=words.CHECKING_SLOW,
    too_big=words.CHECKING_BROKEN,
    reasons=words.CHECKING,
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A redacted copy that is whole and was checked. `pieces` gives its bytes in order, `size` is how many. `skipped` says how
    many packets of the film could not be decoded, `jumps` how often its clock was set anew on the way.
    """

    duration_ms: int
    has_sound: bool
    pictures: int
    skipped: int
    jumps: int
    size: int
    pieces: Callable[[], Iterator[bytes]]


def render_film(
    read: Read,
    size: int,
    analysis: Analysis,
    draft: Draft,
    *,
    mark: str,
    scratch: BinaryIO,
    patience: Patience,
) -> Rendered:
    """A redacted copy of the film of `size` bytes that `read(start, stop)` gives, checked picture by picture.

    `mark` is burnt into every picture, like "BEWERKT 2026-0012 28-11-2026". `scratch` is an empty file of our own, open for
    reading and writing: only sealed bytes go there. `patience` counts for rendering and for checking, each; its `look_up` is told
    of both together as milliseconds of the film.

    ConfinedError for a film that is none or has other pictures than were analysed, for a copy that fails its check, and when
    either takes too long, grows too big, or the process dies; ValueError for a draft of another analysis. What `read` and
    `patience.look_up` raise goes on.
    """
    if find_spec("numpy") is None:
        raise ConfinedError(words.NOT_INSTALLED)
    kept, plan = Kept(scratch, words.RENDERING_BROKEN), Plan(analysis, draft)
    whole = analysis.duration_ms
    with _in_memory(_cover_sheet(plan, analysis, mark)) as sheet:
        files = {"sheet": sheet}
        with confined(RENDERING, read, size, _part(patience, 0, OF_RENDERING, whole), may_read=files) as process:
            kept.keep(process.written())
        rendered = _rendered(process.report(), kept)
        after = _part(patience, OF_RENDERING, 1, whole, kept.size)
        with confined(CHECKING, kept.read, kept.size, after, may_read=files) as process:
            for _written in process.written():
                raise ConfinedError(words.CHECKING_BROKEN)
        checked = process.report()
    if not plan.frames == rendered.pictures == checked.get("pictures"):
        raise ConfinedError(words.OTHER_PICTURES)
    return rendered


def _part(patience: Patience, begin: float, end: float, whole_ms: int, before: int = 0) -> Patience:
    """For one of two processes: from which to which share of the whole its work is, and how many bytes were written before."""

    def look_up(written: int, done_ms: int) -> None:
        share = begin + (end - begin) * min(1.0, done_ms / whole_ms if whole_ms else 0.0)
        patience.look_up(before + written, round(share * whole_ms))

    return Patience(patience.silence, patience.altogether, look_up)


@contextmanager
def _in_memory(pieces: Iterable[bytes]) -> Iterator[Path]:
    """A file that lies on no disk."""
    descriptor = os.memfd_create("masking")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.writelines(pieces)
        yield Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


def _cover_sheet(plan: Plan, analysis: Analysis, mark: str) -> Iterator[bytes]:
    width, height = analysis.width, analysis.height
    head = CoverHead(width, height, plan.frames, plan.mode, mark, plan.audible)
    covers = ((time_us, plan.at(number)) for number, time_us in enumerate(plan.times_us))
    return packed(head, (_in_dots(time_us, one, width, height) for time_us, one in covers))


def _in_dots(time_us: int, covers: Covers, width: int, height: int) -> PictureCover:
    def areas(boxes: Iterable[Box], rounded: Callable[[Box, int, int], Area | None]) -> tuple[Area, ...]:
        return tuple(area for box in boxes if (area := rounded(box, width, height)) is not None)

    return PictureCover(time_us, covers.everything, areas(covers.covered, outward), areas(covers.freed, inward))


def _rendered(report: dict[str, object], kept: Kept) -> Rendered:
    """What the process reports, as far as it can be so. ConfinedError when it cannot."""
    length, pictures, skipped, jumps = (
        _count(report.get(name)) for name in ("duration_ms", "pictures", "skipped", "jumps")
    )
    if length > 2000 * LONGEST:
        raise ConfinedError(words.RENDERING_BROKEN)
    return Rendered(length, report.get("has_sound") is True, pictures, skipped, jumps, kept.size, kept.pieces)


def _count(reported: object) -> int:
    if type(reported) is not int or reported < 0:
        raise ConfinedError(words.RENDERING_BROKEN)
    return reported
