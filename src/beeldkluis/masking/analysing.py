"""Looks through a film once, in pieces if wanted, and makes the analysis of it.

A detector looks at every fifth picture, at the last before and the first after a border, and at every picture of the gap in
which somebody comes or goes. Only the pictures of one gap are kept.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from beeldkluis.masking.analysis import Analysis, Speech
from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.follow import STEP, follow
from beeldkluis.masking.follower import REACH, Follower, Live
from beeldkluis.masking.geometry import STILL, Move, apart, distance
from beeldkluis.masking.motion import Camera
from beeldkluis.masking.part import Part
from beeldkluis.masking.tidying import tidy

Detector = Callable[[NDArray[np.uint8]], list[Found]]

LONGEST_US = 190_000  # between two pictures that are looked at: few pictures a second are looked at oftener
FARTHEST = 0.08  # of the picture: the camera moved so far since the last look
DARK = 30  # of 255: below this a detector finds little
DARK_LASTS = 10  # pictures
PART_US = 60_000_000  # of film in a part


def _nobody_waits(_frame: int, _time_us: int) -> None:
    """Progress that nobody wants to hear of."""


class Shown(NamedTuple):
    """A picture of a film, in the order of showing. Both functions are called now or a few pictures later, no more than once.

    `picture`: upright, blue, green, red. `thumbnail`: the same, grey, about 320 wide, always of one size.
    """

    frame: int
    time_us: int
    picture: Callable[[], NDArray[np.uint8]]
    thumbnail: Callable[[], NDArray[np.uint8]]


class Looking:
    """Looks at pictures as they come, and keeps what it saw until it is taken; of what comes before `begin` it keeps nothing.

    `aspect`: width through height.
    """

    def __init__(self, detector: Detector, aspect: float, step: int, begin: int) -> None:
        self._detector, self._aspect, self._step, self._begin = detector, aspect, step, begin
        self._camera, self._follower = Camera(), Follower(aspect, step)
        self._gap: list[tuple[Shown, Move]] = []  # pictures since the last look, the newest last
        self._looked: tuple[int, int] | None = None  # the last look: its picture and time, since the last border
        self._found: dict[int, tuple[Found, ...]] = {}
        self._moves: list[Move] = []
        self._times: list[int] = []
        self._borders: list[int] = []
        self._light = bytearray()
        self._first = -1

    def show(self, shown: Shown) -> None:
        """The next picture."""
        if self._first < 0:
            self._first = shown.frame
        if shown.frame != self._first + len(self._times):
            raise ValueError(f"picture {shown.frame} does not follow")
        sight = self._camera.see(shown.thumbnail())
        if sight.border:
            self.finish()
            self._follower.cut()
            self._looked, self._gap = None, []
            self._borders.append(shown.frame)
        self._moves.append(sight.move)
        self._times.append(shown.time_us)
        self._light.append(sight.light)
        self._gap.append((shown, sight.move))
        if self._is_due(shown):
            self._look()

    def finish(self) -> None:
        """The last picture before a border, or of the film, is looked at too."""
        if self._gap:
            self._look()

    def take(self) -> Part:
        """What was seen since it was last taken."""
        drop = max(0, self._begin - self._first)
        part = Part(
            begin=self._first + drop,
            times_us=tuple(self._times[drop:]),
            moves=tuple(self._moves[drop:]),
            borders=tuple(frame for frame in self._borders if frame >= self._begin),
            light=bytes(self._light[drop:]),
            found=tuple(sorted(item for item in self._found.items() if item[0] >= self._begin)),
        )
        self._first = part.end
        for kept in (self._found, self._moves, self._times, self._borders, self._light):
            kept.clear()
        self._follower.forget()
        return part

    @property
    def is_whole(self) -> bool:
        """Has everything been looked at that must be? Then no later picture makes it look back at one of these."""
        return not self._gap

    def _is_due(self, shown: Shown) -> bool:
        if self._looked is None:
            return True
        frame, time_us = self._looked
        move = _composed(move for _, move in self._gap)
        far = max(abs(move.x0 + (move.xx - 1 + move.xy) / 2), abs(move.y0 + (move.yy - 1 + move.yx) / 2)) > FARTHEST
        return far or shown.frame - frame >= self._step or shown.time_us - time_us >= LONGEST_US

    def _look(self) -> None:
        """Looks at the newest picture, and at those of the gap in which somebody came or went."""
        shown, _ = self._gap[-1]
        found = self._at(shown)
        began, missing = self._follower.see(shown.frame, found, _composed(move for _, move in self._gap))
        previous = self._looked[0] if self._looked else shown.frame
        self._backward(began)
        self._forward([live for live in missing if live.seen == previous])
        self._looked, self._gap = (shown.frame, shown.time_us), []

    def _at(self, shown: Shown) -> tuple[Found, ...]:
        if shown.frame not in self._found:
            self._found[shown.frame] = tidy(self._detector(shown.picture()))
        return self._found[shown.frame]

    def _backward(self, began: list[Live]) -> None:
        """Whoever is new, or was missed: where did they come in?"""
        boxes = [(live.kind, live.box) for live in began]
        for (_, move), (earlier, _) in pairwise(reversed(self._gap)):
            if not boxes:
                return
            boxes = self._still_there([(kind, move.back().of(box)) for kind, box in boxes], self._at(earlier))

    def _forward(self, missing: list[Live]) -> None:
        """Whoever is not found any more: where did they go out?"""
        boxes = [(live.kind, live.hits[-1].box) for live in missing]
        for shown, move in self._gap[:-1]:
            if not boxes:
                return
            boxes = self._still_there([(kind, move.of(box)) for kind, box in boxes], self._at(shown))

    def _still_there(self, boxes: list[tuple[Kind, Box]], found: Sequence[Found]) -> list[tuple[Kind, Box]]:
        there = []
        for kind, box in boxes:
            near = [one.box for one in found if one.kind is kind and distance(box, one.box, self._aspect) < REACH]
            if near:
                there.append((kind, min((apart(one, box, self._aspect), at, one) for at, one in enumerate(near))[2]))
        return there


def look(
    pictures: Iterable[Shown],
    detector: Detector,
    *,
    aspect: float,
    begin: int = 0,
    step: int = STEP,
    part_us: int = PART_US,
    progress: Callable[[int, int], None] = _nobody_waits,
) -> Iterator[Part]:
    """Looks through a film and gives what it saw, part by part of about so many microseconds.

    To go on after the parts that are there: `begin` is the end of the last of them, and `pictures` start some two seconds before
    it, so that it is known who was there. `progress` hears the picture and the time of each that was done. ValueError for
    pictures that do not follow one another.
    """
    looking = Looking(detector, aspect, step, begin)
    since = None
    for shown in pictures:
        since = shown.time_us if since is None and shown.frame >= begin else since
        looking.show(shown)
        progress(shown.frame, shown.time_us)
        if since is not None and shown.time_us - since >= part_us and looking.is_whole:
            yield looking.take()
            since = None
    looking.finish()
    last = looking.take()
    if last.times_us:
        yield last


def join(parts: Iterable[Part]) -> Part:
    """The parts of a film as one. ValueError when they do not follow one another from the first picture on."""
    whole, at = list(parts), 0
    for part in whole:
        if part.begin != at:
            raise ValueError(f"a part begins with picture {part.begin} where {at} should be")
        at = part.end
    return Part(
        begin=0,
        times_us=tuple(time for part in whole for time in part.times_us),
        moves=tuple(move for part in whole for move in part.moves),
        borders=tuple(border for part in whole for border in part.borders),
        light=b"".join(part.light for part in whole),
        found=tuple(looked for part in whole for looked in part.found),
    )


@dataclass(frozen=True, slots=True)
class Film:
    """What is known of a film beside its pictures. `levels` and `speech` as in Analysis; `models`: name and SHA-256."""

    width: int
    height: int
    duration_ms: int
    speech: tuple[Speech, ...] = ()
    levels: bytes = b""
    level_ms: int = 100
    models: tuple[tuple[str, str], ...] = ()

    @property
    def aspect(self) -> float:
        """Width through height."""
        return self.width / self.height


def concluded(parts: Iterable[Part], film: Film, step: int = STEP) -> Analysis:
    """The analysis of a film of which all parts were looked through. ValueError when one is missing."""
    seen = join(parts)
    followed = follow(seen, film.aspect, step)
    return Analysis(
        width=film.width,
        height=film.height,
        times_us=seen.times_us,
        duration_ms=film.duration_ms,
        borders=tuple(border for border in seen.borders if border > 0),
        tracks=followed.tracks,
        speech=film.speech,
        levels=film.levels,
        level_ms=film.level_ms,
        models=film.models,
        faint=followed.faint,
        dark=dark(seen.light),
    )


def analyse(
    pictures: Iterable[Shown],
    detector: Detector,
    film: Film,
    *,
    step: int = STEP,
    progress: Callable[[int, int], None] = _nobody_waits,
) -> Analysis:
    """Looks through a film in one go."""
    return concluded(look(pictures, detector, aspect=film.aspect, step=step, progress=progress), film, step)


def dark(light: bytes) -> tuple[tuple[int, int], ...]:
    """Stretches of pictures in which a detector sees little."""
    found: list[tuple[int, int]] = []
    for frame, here in enumerate(light):
        if here >= DARK:
            continue
        if found and found[-1][1] == frame - 1:
            found[-1] = (found[-1][0], frame)
        else:
            found.append((frame, frame))
    return tuple((begin, end) for begin, end in found if end - begin + 1 >= DARK_LASTS)


def _composed(moves: Iterable[Move]) -> Move:
    whole = STILL
    for move in moves:
        whole = whole.then(move)
    return whole
