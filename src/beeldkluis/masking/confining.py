"""The server's side of what confined processes do with film: analysing it, rendering a redacted copy and checking that.

Plain film passes through pipes and memory only. A copy waits sealed (`film/kept.py`) until it is whole and was checked.
"""

import os
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

from beeldkluis.film.confined import ConfinedError, Kind, Patience, Read, Written, confined
from beeldkluis.film.kept import Kept
from beeldkluis.film.talk import LONGEST
from beeldkluis.masking import own_manifest, words
from beeldkluis.masking.analysis import Analysis
from beeldkluis.masking.boxes import Box
from beeldkluis.masking.codec import ANALYSIS_BYTES, read_analysis, read_part
from beeldkluis.masking.cover_sheet import Area, CoverHead, PictureCover, inward, outward, packed
from beeldkluis.masking.draft import Draft
from beeldkluis.masking.own_manifest import OwnModelError
from beeldkluis.masking.plan import Covers, Plan
from beeldkluis.masking.weights import missing

LENGTH = struct.Struct(">Q")  # before each part, in the file of parts and in the output
LARGEST_COPY = 64 * 1024**3  # bytes: more than ten hours at the highest rate
OF_RENDERING = 0.8  # of the whole: the rest is checking
ANALYSING = Kind(
    program=("-m", "beeldkluis.masking.analyser"),
    outputs=2,
    largest=ANALYSIS_BYTES,
    broken=words.ANALYSING_BROKEN,
    slow=words.ANALYSING_SLOW,
    too_big=words.ANALYSING_TOO_BIG,
    reasons=words.ANALYSING,
)
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


def analyse_film(
    read: Read,
    size: int,
    *,
    parts: Sequence[bytes],
    keep: Callable[[bytes], None],
    patience: Patience,
    own_folder: Path | None = None,
) -> Analysis:
    """What must be covered in the film of `size` bytes that `read(start, stop)` gives.

    `parts` are what earlier attempts at the same film gave to `keep`, in order: they are not looked at again. `keep` gets each
    part as it is done. `own_folder`: the municipality's own detector, used beside ours. `patience.look_up` is told how many
    milliseconds of film were decoded.

    ConfinedError for a film that is none, where a detector is missing or the own one is not whole, and when it takes too long,
    finds too much, or the process dies. What `read`, `keep` and `patience.look_up` raise goes on.
    """
    if lacks := missing():
        raise ConfinedError(lacks[0])
    if own_folder is not None:
        _whole(own_folder)
    kind = replace(ANALYSING, program=(*ANALYSING.program, str(own_folder or "")))
    framed, analysis = Framed(keep), bytearray()
    known = (piece for part in parts for piece in (LENGTH.pack(len(part)), part))
    with _in_memory(known) as file, confined(kind, read, size, patience, may_read={"parts": file}) as process:
        for written in process.written():
            if written.output == 0:
                framed.take(written)
            else:
                _append(analysis, written)
    try:
        return read_analysis(bytes(analysis))
    except ValueError as error:
        raise ConfinedError(words.ANALYSING_BROKEN) from error


def _whole(own_folder: Path) -> None:
    """Nobody searches without the detector that the municipality added. ConfinedError, with what is wrong with it."""
    try:
        own_manifest.read(own_folder)
    except OwnModelError as error:
        raise ConfinedError(f"{words.OWN_DETECTOR} ({error})") from error


class Framed:
    """Parts that come with their length before them, in pieces. ConfinedError for anything else."""

    def __init__(self, keep: Callable[[bytes], None]) -> None:
        self._keep, self._held, self._at = keep, bytearray(), 0

    def take(self, written: Written) -> None:
        """The next piece; each part that is whole and one is kept."""
        if written.place != self._at:
            raise ConfinedError(words.ANALYSING_BROKEN)
        self._at += len(written.data)
        self._held += written.data
        while len(self._held) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._held)[0]
            if len(self._held) < end:
                return
            part = bytes(self._held[LENGTH.size : end])
            del self._held[:end]
            try:
                read_part(part)
            except ValueError as error:
                raise ConfinedError(words.ANALYSING_BROKEN) from error
            self._keep(part)


def _append(data: bytearray, written: Written) -> None:
    if written.place != len(data):
        raise ConfinedError(words.ANALYSING_BROKEN)
    data += written.data


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
