"""The pictures of a copy: as a player would show them, upright and with square dots, at an even rate."""

import struct
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from av.filter import Graph
from av.sidedata.sidedata import Type
from av.video.format import VideoFormat
from av.video.frame import PictureType, VideoFrame

WIDEST, TALLEST = 1920, 1080  # dots; a larger picture is made smaller
FASTEST = 60  # pictures a second
RATE = 25  # where the film does not say
# The signs of a display matrix (ISO/IEC 14496-12: a, b, c, d) and the filters that show it so.
TURNS: dict[tuple[int, ...], tuple[tuple[str, str], ...]] = {
    (1, 0, 0, 1): (),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (0, 1, -1, 0): (("transpose", "clock"),),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (-1, 0, 0, 1): (("hflip", ""),),
    (1, 0, 0, -1): (
        ("vflip", ""),
        ("copy", ""),
    ),  # alone it turns only the order of the lines in memory, which few can read
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
}


def rate_of(stream: Any) -> Fraction:
    """Pictures a second, within reason."""
    told = stream.average_rate or stream.guessed_rate
    if not told or told < 1:
        return Fraction(RATE)
    return min(Fraction(told).limit_denominator(1001), Fraction(FASTEST))


def turn_of(frame: VideoFrame) -> Sequence[tuple[str, str]]:
    """The filters that put a picture upright: what its display matrix asks, in quarters of a turn; anything else stays."""
    facts: Any = frame.side_data  # PyAV calls it a mapping of texts
    matrix = facts.get(Type.DISPLAYMATRIX)
    if matrix is None:
        return ()
    told = struct.unpack("=9i", bytes(matrix)[:36])
    largest = max(abs(told[place]) for place in (0, 1, 3, 4)) or 1
    return TURNS.get(tuple(round(told[place] / largest) for place in (0, 1, 3, 4)), ())


def size_of(width: int, height: int, dot: Fraction, *, on_its_side: bool) -> tuple[int, int]:
    """Width and height of the copy, with square dots, upright, even and not larger than `WIDEST` by `TALLEST`. `dot` is the
    width of a dot of the film, its height being 1.
    """
    wide, tall = Fraction(width), Fraction(height)
    wide, tall = (wide * dot, tall) if dot >= 1 else (wide, tall / dot)
    if on_its_side:
        wide, tall = tall, wide
    scale = min(Fraction(1), WIDEST / wide, TALLEST / tall)
    return max(2, round(wide * scale / 2) * 2), max(2, round(tall * scale / 2) * 2)


def is_on_its_side(turn: Sequence[tuple[str, str]]) -> bool:
    """Do width and height change places?"""
    return any(name == "transpose" for name, _how in turn)


def black(width: int, height: int) -> VideoFrame:
    """What a player shows before the first picture."""
    frame = VideoFrame(width, height, "yuv420p")
    for plane, value in zip(frame.planes, (16, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    return frame


class Upright:
    """Pictures of a film to pictures of `width` by `height`, put upright."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._graphs: dict[Sequence[tuple[str, str]], Graph] = {}

    def show(self, frame: VideoFrame) -> VideoFrame:
        """One picture."""
        turn = turn_of(frame)
        size = (self.height, self.width) if is_on_its_side(turn) else (self.width, self.height)
        ready = frame.reformat(*size, "yuv420p")
        if turn:
            graph = self._graphs.setdefault(turn, _graph(turn, *size))
            ready.pts = None
            graph.push(ready)
            turned = graph.pull()
            assert isinstance(turned, VideoFrame)  # noqa: S101 - pictures in, pictures out
            ready = turned
        ready.pict_type = PictureType.NONE  # the film's own choice of whole pictures is not ours
        return ready


def _graph(turn: Sequence[tuple[str, str]], width: int, height: int) -> Graph:
    graph = Graph()
    last = graph.add_buffer(width=width, height=height, format=VideoFormat("yuv420p"), time_base=Fraction(1, 1000))
    for name, how in turn:
        added = graph.add(name, how)
        last.link_to(added)
        last = added
    last.link_to(graph.add("buffersink"))
    graph.configure()
    return graph


class Even:
    """Pictures at their own moments to pictures at an even rate: each moment shows the last picture that had begun. `before`
    is shown until the first has.
    """

    def __init__(self, rate: Fraction, before: VideoFrame | None = None) -> None:
        self.rate, self.number, self.taken = rate, 0, 0
        self.held = before

    def feed(self, frame: VideoFrame, at: float) -> Iterator[VideoFrame]:
        """The pictures that are certain, now that one comes at `at` seconds."""
        due = round(at * self.rate)
        while self.held is not None and self.number < due:
            yield self._next(self.held)
        self.held = frame
        self.taken += 1

    def rest(self) -> Iterator[VideoFrame]:
        """The last one."""
        if self.held is not None and self.taken:
            yield self._next(self.held)

    def _next(self, frame: VideoFrame) -> VideoFrame:
        frame.pts, frame.time_base = self.number, 1 / self.rate
        self.number += 1
        return frame
