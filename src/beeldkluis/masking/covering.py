"""From where somebody was found to what is covered, picture by picture.

Between two hits the cover holds both boxes, each moved there as the camera moved: whatever was passed on the way lies within.
Covers are grown, more where there is doubt: far from a hit, at a low score, when it moves fast.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from beeldkluis.masking.analysis import Hit
from beeldkluis.masking.boxes import Box, Kind
from beeldkluis.masking.geometry import (
    GROWTH,
    STILL,
    Move,
    between,
    grown,
    hull,
    middle,
    outward,
    shifted,
    to_the_edge,
)

CARRY_US, CARRY = 600_000, 5  # microseconds before the first and after the last hit, and pictures at least
UPWARD = 0.08  # of the height at least: heads stick out above the boxes of detectors
OLDER = 0.01  # more growth for each picture away from a hit
LOW, FOR_LOW = 0.45, 0.05  # a score below this, and how much more growth
FAST = 0.5  # more growth for moving by itself: so much of its own widths for each picture
MOST = 0.4  # growth on one side, at most
NEAR = 0.08  # of the picture's height: a vehicle that is higher may show its plate
LIVELY = 10  # pictures from which is told how a track moves at its ends
NEIGHBOURS = 12  # pictures between the hits on both sides of a hit that stand in for it when it is too small


class Covering:
    """Of one film. `times_us`: when each picture is shown; `moves`: how the camera moved to it; `borders`: pictures with which
    something new begins.
    """

    def __init__(self, times_us: Sequence[int], moves: Sequence[Move], borders: Iterable[int], aspect: float) -> None:
        self._times_us, self._moves, self._aspect = times_us, moves, aspect
        self._borders = sorted({0, *borders, len(moves)})

    def covers(self, kind: Kind, hits: Sequence[Hit]) -> tuple[int, tuple[Box, ...]]:
        """The first picture, and a cover for each from there on. A vehicle that stays far away has none."""
        if kind is Kind.VEHICLE and max(hit.box.height for hit in hits) <= NEAR:
            return hits[0].frame, ()
        earliest, latest = self._carry(hits[0].frame, hits[-1].frame)
        inner = [self._grown(hits[0].box, 0, hits[0].score, 0.0)]
        for one, other in pairwise(hits):
            inner += self._way(one, other)
        self._stand_in(hits, inner)
        first, last = hits[0].frame, hits[-1].frame
        before = self._carried(hits[0], self._speed(hits, 0), range(first - 1, earliest - 1, -1))
        after = self._carried(hits[-1], self._speed(hits, -1), range(last + 1, latest + 1))
        whole = [_finished(kind, box) for box in (*reversed(before), *inner, *after)]
        shown = [at for at, box in enumerate(whole) if box.area]
        if not shown:
            return first, ()
        return first - len(before) + shown[0], tuple(whole[shown[0] : shown[-1] + 1])

    def _carry(self, first: int, last: int) -> tuple[int, int]:
        """The first and last picture that are covered for who was found from one picture to another."""
        begin, end = self.stretch(first)
        earliest = bisect_left(self._times_us, self._times_us[first] - CARRY_US)
        latest = bisect_right(self._times_us, self._times_us[last] + CARRY_US) - 1
        return max(begin, min(earliest, first - CARRY)), min(end - 1, max(latest, last + CARRY))

    @property
    def last(self) -> int:
        """The film's last picture."""
        return len(self._moves) - 1

    def stretch(self, frame: int) -> tuple[int, int]:
        """The border at or before a picture, and the next one."""
        at = bisect_right(self._borders, frame)
        return self._borders[at - 1], self._borders[at] if at < len(self._borders) else len(self._moves)

    def _moved(self, frames: range) -> Iterable[tuple[int, Move]]:
        """How the camera moved from the picture before (or, downward, after) these to each of them."""
        move = STILL
        for frame in frames:
            move = move.then(self._moves[frame] if frames.step > 0 else self._moves[frame + 1].back())
            yield frame, move

    def _way(self, one: Hit, other: Hit) -> list[Box]:
        """Covers of the pictures after one hit up to and with another."""
        forward = [(frame, move.of(one.box)) for frame, move in self._moved(range(one.frame + 1, other.frame + 1))]
        backward = [move.of(other.box) for _, move in self._moved(range(other.frame - 1, one.frame, -1))]
        speed = _apart(forward[-1][1], other.box) / len(forward)
        score = min(one.score, other.score)
        found = [
            self._grown(hull((there, here)), min(frame - one.frame, other.frame - frame), score, speed)
            for (frame, there), here in zip(forward[:-1], reversed(backward), strict=True)
        ]
        return [*found, self._grown(other.box, 0, other.score, speed)]

    def _stand_in(self, hits: Sequence[Hit], covers: list[Box]) -> None:
        """A hit that is smaller than those around it: the cover holds what they say of this picture too."""
        for before, here, after in zip(hits, hits[1:], hits[2:], strict=False):
            if after.frame - before.frame > NEIGHBOURS:
                continue
            there = _last(self._moved(range(before.frame + 1, here.frame + 1))).of(before.box)
            back = _last(self._moved(range(after.frame - 1, here.frame - 1, -1))).of(after.box)
            share = (here.frame - before.frame) / (after.frame - before.frame)
            at = here.frame - hits[0].frame
            covers[at] = hull((covers[at], self._grown(between(there, back, share), 0, here.score, 0.0)))

    def _carried(self, hit: Hit, speed: tuple[float, float], frames: range) -> list[Box]:
        """Covers where it was not found yet or any more: as the camera moved, and as it moved by itself."""
        found = []
        for frame, move in self._moved(frames):
            box, away = move.of(hit.box), frame - hit.frame
            swept = hull((box, shifted(box, speed[0] * away, speed[1] * away)))
            found.append(self._grown(swept, abs(away), hit.score, 0.0))
        return found

    def _speed(self, hits: Sequence[Hit], end: int) -> tuple[float, float]:
        """How it moves by itself at its first (0) or last (-1) hits, in shares of the picture for each picture."""
        near = [hit for hit in hits if abs(hit.frame - hits[end].frame) <= LIVELY]
        if len(near) < 2:
            return 0.0, 0.0
        pictures = near[-1].frame - near[0].frame
        box = _last(self._moved(range(near[0].frame + 1, near[-1].frame + 1))).of(near[0].box)
        (x0, y0), (x1, y1) = middle(box), middle(near[-1].box)
        return (x1 - x0) / pictures, (y1 - y0) / pictures

    def _grown(self, box: Box, age: int, score: float, speed: float) -> Box:
        sides = min(MOST, GROWTH + OLDER * age + (FOR_LOW if score < LOW else 0.0) + FAST * speed)
        return grown(box, sides, max(UPWARD, sides), self._aspect)


def _last(moves: Iterable[tuple[int, Move]]) -> Move:
    return list(moves)[-1][1]


def _apart(one: Box, other: Box) -> float:
    """How far its middle moved, in its own widths and heights."""
    (x0, y0), (x1, y1) = middle(one), middle(other)
    return max(abs(x1 - x0) / max(1e-4, other.width), abs(y1 - y0) / max(1e-4, other.height))


def _finished(kind: Kind, box: Box) -> Box:
    """As it is covered: to the picture's edge when near, and of a vehicle the lower half."""
    whole = to_the_edge(box)
    if kind is Kind.VEHICLE:
        whole = Box(whole.x0, (whole.y0 + whole.y1) / 2, whole.x1, whole.y1)
    return outward(whole)
