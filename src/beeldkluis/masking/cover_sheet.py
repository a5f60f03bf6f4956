"""What the renderer and the checker are told: for each picture when it is shown and which areas of it are covered.

Places are in dots of the copy here: even numbers, so that each area has its own colour samples too. A cover is rounded outward,
a freed area inward. Packed, it is one line of JSON and then the pictures in order, so that a program reads it as it goes.
"""

import json
import math
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from beeldkluis.masking.boxes import Box
from beeldkluis.masking.draft import Mode

LARGEST_HEAD = 4 * 1024 * 1024  # bytes of the first line
MOST_AREAS = 4096  # of one kind in one picture
_SAME, _EVERYTHING = 1, 2  # bits of a picture's first byte: the areas of the picture before; covered whole
_PICTURE, _AREA = struct.Struct(">BQHH"), struct.Struct(">4H")


class Area(NamedTuple):
    """Dots from (x0, y0) up to but not with (x1, y1); all even."""

    x0: int
    y0: int
    x1: int
    y1: int


class PictureCover(NamedTuple):
    """One picture: shown `time_us` microseconds after the first. `covered` wins over `freed`, `everything` over both."""

    time_us: int
    everything: bool
    covered: tuple[Area, ...]
    freed: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class CoverHead:
    """What holds for the whole copy. `mark` is burnt into every picture. `audible`: stretches in milliseconds from the film's
    beginning; all else is silent.
    """

    width: int
    height: int
    pictures: int
    mode: Mode
    mark: str
    audible: tuple[tuple[int, int], ...]


def outward(box: Box, width: int, height: int) -> Area | None:
    """The smallest area that holds the whole of a box in a picture of even `width` and `height`; None when the box lies outside.

    ValueError for a box that is no place.
    """
    x0, x1 = (_even(value, width, up=up) for value, up in ((box.x0, False), (box.x1, True)))
    y0, y1 = (_even(value, height, up=up) for value, up in ((box.y0, False), (box.y1, True)))
    return _area(x0, y0, x1, y1)


def inward(box: Box, width: int, height: int) -> Area | None:
    """The largest area that lies in a box; None when there is none. ValueError for a box that is no place."""
    x0, x1 = (_even(value, width, up=up) for value, up in ((box.x0, True), (box.x1, False)))
    y0, y1 = (_even(value, height, up=up) for value, up in ((box.y0, True), (box.y1, False)))
    return _area(x0, y0, x1, y1)


def _even(share: float, length: int, *, up: bool) -> int:
    if not math.isfinite(share):
        raise ValueError("a box that is no place")
    place = min(1.0, max(0.0, share)) * length / 2
    return 2 * (math.ceil(place) if up else math.floor(place))


def _area(x0: int, y0: int, x1: int, y1: int) -> Area | None:
    return Area(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def packed(head: CoverHead, pictures: Iterable[PictureCover]) -> Iterator[bytes]:
    """The bytes, in pieces. ValueError when there are not as many pictures as `head` says, or too many areas in one."""
    told = {
        "audible": head.audible, "height": head.height, "mark": head.mark, "mode": head.mode.value,
        "pictures": head.pictures, "width": head.width,
    }  # fmt: skip
    yield json.dumps(told, separators=(",", ":")).encode() + b"\n"
    before, count = None, 0
    for one in pictures:
        areas = (one.covered, one.freed)
        if max(len(one.covered), len(one.freed)) > MOST_AREAS:
            raise ValueError("too many areas in one picture")
        flags = (_EVERYTHING if one.everything else 0) | (_SAME if areas == before else 0)
        piece = _PICTURE.pack(flags, one.time_us, len(one.covered), len(one.freed))
        if areas != before:
            piece += b"".join(_AREA.pack(*area) for area in (*one.covered, *one.freed))
        yield piece
        before, count = areas, count + 1
    if count != head.pictures:
        raise ValueError("not as many pictures as was said")


class CoverReader:
    """What was packed, from a file that is read once. ValueError for anything else."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        line = file.readline(LARGEST_HEAD)
        try:
            told = json.loads(line)
            audible = tuple((int(begin), int(end)) for begin, end in told["audible"])
            size = (int(told["width"]), int(told["height"]))
            self.head = CoverHead(*size, int(told["pictures"]), Mode(told["mode"]), str(told["mark"]), audible)
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            raise ValueError("no cover sheet") from error

    def pictures(self) -> Iterator[PictureCover]:
        """In the order of showing, as many as the head says."""
        covered: tuple[Area, ...] = ()
        freed: tuple[Area, ...] = ()
        for _number in range(self.head.pictures):
            flags, time_us, count, others = _PICTURE.unpack(self._exactly(_PICTURE.size))
            if not flags & _SAME:
                covered, freed = self._areas(count), self._areas(others)
            yield PictureCover(time_us, bool(flags & _EVERYTHING), covered, freed)

    def _areas(self, count: int) -> tuple[Area, ...]:
        return tuple(self._area() for _ in range(count))

    def _area(self) -> Area:
        x0, y0, x1, y1 = _AREA.unpack(self._exactly(_AREA.size))
        inside = x0 < x1 <= self.head.width and y0 < y1 <= self.head.height
        if not inside or (x0 | y0 | x1 | y1) % 2:
            raise ValueError("an area that is none")
        return Area(x0, y0, x1, y1)

    def _exactly(self, length: int) -> bytes:
        data = self._file.read(length)
        if len(data) != length:
            raise ValueError("the cover sheet is cut off")
        return data
