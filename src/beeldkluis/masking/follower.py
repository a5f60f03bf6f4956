"""Follows what detectors find, picture by picture: by motion and overlap alone, so that nothing tells who anybody is.

Two people who come so near that they could be taken for each other are not the same tracks afterwards: both end when they part,
and whoever comes out is a new one, which a person may join.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import hypot

from beeldkluis.masking.analysis import Hit
from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.geometry import Move, apart, contained, distance, overlap, shifted
from beeldkluis.masking.matching import cheapest

GAP = 25  # pictures without a hit after which a track has ended
START = 0.3  # score: what is less sure goes on with a track, and begins none
REACH = 0.9  # box widths between where something is expected and where it is found, at most
IN_PLACE, STANDS = (
    0.6,
    0.02,
)  # a lost person who stood: overlap with where that was, and widths moved in a picture at most
TOUCHING, WITHIN = 0.02, 0.08  # overlap, and share of the smaller within the other, from which two people touch
MERGED, COVERED_UP = 0.35, 0.6  # the same, from which nobody can tell them apart
SURE_MOVING, SURE_STILL, SURE_ALONE = 0.5, 0.3, 0.3  # how much dearer the other way round must be, to be sure
KEEPS = 0.6  # of its speed, at each hit


@dataclass(slots=True)
class Live:
    """A track that goes on. `box`: where it is now, or is expected; `still`: where it would be had it not moved by itself."""

    number: int
    kind: Kind
    box: Box
    seen: int
    hits: list[Hit]
    right: float = 0.0  # how it moves by itself, in shares of the picture for each picture
    down: float = 0.0
    expected: Box | None = None
    still: Box | None = None
    beside: bool = False  # somebody else was near while it was lost
    touched: list[int] = field(default_factory=list)

    def expect(self, frame: int, move: Move, found_last: bool) -> None:
        """Where it should be in this picture."""
        self.still = move.of(self.box if found_last or self.still is None else self.still)
        pictures = frame - self.seen
        self.box = self.expected = shifted(self.still, self.right * pictures, self.down * pictures)

    def hit(self, frame: int, found: Found) -> None:
        """It was found here."""
        if self.still is not None:
            passed = max(1, frame - self.hits[-1].frame)
            right = (found.box.x0 + found.box.x1 - self.still.x0 - self.still.x1) / 2 / passed
            down = (found.box.y0 + found.box.y1 - self.still.y0 - self.still.y1) / 2 / passed
            alone = len(self.hits) == 1
            self.right = right if alone else KEEPS * self.right + (1 - KEEPS) * right
            self.down = down if alone else KEEPS * self.down + (1 - KEEPS) * down
        self.box, self.seen, self.beside = found.box, frame, False
        self.hits.append(Hit(frame, found.box, found.score))


@dataclass(frozen=True, slots=True)
class Earlier:
    """A picture that was looked at: how the camera moved from it to the next one, and what nobody was."""

    frame: int
    move: Move
    left: list[Found]


class Follower:
    """Of one film. `aspect`: width through height of its pictures; `step`: pictures between two detections, usually."""

    def __init__(self, aspect: float, step: int) -> None:
        self._aspect, self._step = aspect, step
        self._live: list[Live] = []
        self._mixed: set[tuple[int, int]] = set()  # numbers of two who cannot be told apart
        self._earlier: deque[Earlier] = deque()
        self._frame, self._left, self._count = -1, list[Found](), 0
        self.ended: list[Live] = []
        self.faint: list[tuple[int, Found]] = []

    def cut(self) -> None:
        """Something new begins: nothing goes on."""
        self.ended += self._live
        self._keep_faint(self._earlier)
        self.faint += [(self._frame, found) for found in self._left]
        self._live, self._left = [], []
        self._mixed.clear()
        self._earlier.clear()
        self._frame = -1

    def forget(self) -> None:
        """Drops what has ended: whoever follows only to know who comes and goes."""
        self.ended.clear()
        self.faint.clear()

    def see(self, frame: int, found: Sequence[Found], move: Move) -> tuple[list[Live], list[Live]]:
        """What a detector found in a picture, and how the camera moved since the last.

        Tracks that begin or are found again after a picture without them; tracks not found.
        """
        previous = self._frame
        if self._frame >= 0:
            self._earlier.append(Earlier(self._frame, move, self._left))
        while self._earlier and frame - self._earlier[0].frame > GAP:
            self._keep_faint([self._earlier.popleft()])
        for live in self._live:
            live.expect(frame, move, live.seen == self._frame)
        left = self._go_on(frame, found)
        started = [self._begin(frame, one) for one in left if one.score >= START]
        self._frame, self._left = frame, self._nobody(frame, [one for one in left if one.score < START])
        self._tell_apart(frame)
        self._end_lost(frame)
        again = [
            live for live in self._live if live.seen == frame and len(live.hits) > 1 and live.hits[-2].frame < previous
        ]
        return started + again, [live for live in self._live if live.seen != frame]

    def _go_on(self, frame: int, found: Sequence[Found]) -> list[Found]:
        """Pairs tracks with what was found, the sure ones first. What is left."""
        left = list(found)
        for sure in (True, False):
            mine = [at for at, one in enumerate(left) if (one.score >= START) is sure]
            costs = {
                (place, at): cost
                for place, live in enumerate(self._live)
                if live.seen != frame
                for at in mine
                if (cost := self._cost(live, left[at], frame)) is not None
            }
            pairs = cheapest(costs)
            for place, at in pairs.items():
                self._live[place].hit(frame, left[at])
            left = [one for at, one in enumerate(left) if at not in set(pairs.values())]
        return left

    def _cost(self, live: Live, found: Found, frame: int) -> float | None:
        """What it costs to take this for that track, 0 to 1; nothing when it cannot be."""
        if live.kind is not found.kind or not 0.4 < (found.box.height + 1e-6) / (live.box.height + 1e-6) < 2.5:
            return None
        if live.kind is Kind.PERSON and frame - live.seen > self._step and not self._stayed(live, found):
            return None
        near = overlap(live.box, found.box) or distance(live.box, found.box, self._aspect) < REACH
        return apart(live.box, found.box, self._aspect) if near else None

    def _stayed(self, live: Live, found: Found) -> bool:
        """Is this the person who stood here before being lost? Of one who walked behind something nobody knows who comes out."""
        speed = hypot(live.right, live.down / self._aspect) / max(1e-6, live.box.width)
        place = live.still or live.box
        return not live.beside and speed <= STANDS and overlap(place, found.box) >= IN_PLACE

    def _begin(self, frame: int, found: Found) -> Live:
        self._count += 1
        live = Live(self._count, found.kind, found.box, frame, [Hit(frame, found.box, found.score)])
        box, missed = found.box, 0
        for earlier in reversed(self._earlier):
            box = earlier.move.back().of(box)
            fits = [
                one for one in earlier.left if one.kind is found.kind and distance(box, one.box, self._aspect) < 0.5
            ]
            if not fits:
                missed += 1
                if missed > 1:
                    break
                continue
            best = min(fits, key=lambda one: apart(box, one.box, self._aspect))
            earlier.left.remove(best)
            live.hits.insert(0, Hit(earlier.frame, best.box, best.score))
            box, missed = best.box, 0
        self._live.append(live)
        return live

    def _nobody(self, frame: int, weak: Iterable[Found]) -> list[Found]:
        """What was found, may be somebody, and lies in nobody that is followed."""
        here = [live.box for live in self._live if live.seen == frame]
        return [one for one in weak if not any(contained(one.box, box) > COVERED_UP for box in here)]

    def _keep_faint(self, of: Iterable[Earlier]) -> None:
        self.faint += [(one.frame, found) for one in of for found in one.left]

    def _tell_apart(self, frame: int) -> None:
        """Marks those who touch; whoever could have been swapped with somebody is split when they part."""
        people = [live for live in self._live if live.kind is Kind.PERSON]
        parted: set[tuple[int, int]] = set()
        for one, other in combinations(people, 2):
            pair = (min(one.number, other.number), max(one.number, other.number))
            if _touch(one, other):
                if not self._clear(one, other, frame):
                    self._mixed.add(pair)
                for live in (one, other):
                    live.beside |= live.seen != frame
                    if pair in self._mixed or one.seen == other.seen == frame:
                        live.touched.append(frame)
            elif pair in self._mixed:
                parted.add(pair)
        self._mixed -= parted
        self._split({number for pair in parted for number in pair}, frame)

    def _end_lost(self, frame: int) -> None:
        """Ends what was not found for too long."""
        self._split({live.number for live in self._live if frame - live.seen > GAP}, frame)

    def _split(self, numbers: set[int], frame: int) -> None:
        """Ends tracks before this picture; who is found here is a new one.

        With one that is found no more, whoever could be that one is split too. Who still touches another and could be that other
        goes on so under the new number.
        """
        ending, fresh = dict.fromkeys(sorted(numbers)), dict[int, int]()
        by_number = {live.number: live for live in self._live}
        for number in ending:
            if by_number[number].seen == frame:
                self._count += 1
                fresh[number] = self._count
        gone = ending.keys() - fresh.keys()
        touched = {number for pair in self._mixed if gone.intersection(pair) for number in pair} - ending.keys()
        if touched:
            self._split(numbers | touched, frame)
            return
        self._mixed = {
            (fresh.get(one, one), fresh.get(other, other))
            for one, other in self._mixed
            if not gone.intersection((one, other))
        }
        self._mixed = {(min(pair), max(pair)) for pair in self._mixed}
        for number in ending:
            live = by_number[number]
            self._live.remove(live)
            if number in fresh:
                last = live.hits.pop()
                again = Live(fresh[number], live.kind, live.box, frame, [last], live.right, live.down)
                again.expected, again.still = live.expected, live.still
                self._live.append(again)
            if live.hits:
                self.ended.append(live)

    def _clear(self, one: Live, other: Live, frame: int) -> bool:
        """Can the two be taken for each other? Not, when every way of expecting them says which is which."""
        if frame not in (one.seen, other.seen):
            return False
        if one.seen == other.seen == frame:
            if overlap(one.box, other.box) > MERGED or _within(one.box, other.box) > COVERED_UP:
                return False
            return self._margin(one.expected, other.expected, one.box, other.box, SURE_MOVING) and self._margin(
                one.still, other.still, one.box, other.box, SURE_STILL
            )
        seen, lost = (one, other) if one.seen == frame else (other, one)
        if seen.expected is None or lost.expected is None or seen.still is None or lost.still is None:
            return False
        return all(
            apart(not_it, seen.box, self._aspect) - apart(it, seen.box, self._aspect) >= SURE_ALONE
            for it, not_it in ((seen.expected, lost.expected), (seen.still, lost.still))
        )

    def _margin(self, first: Box | None, second: Box | None, one: Box, other: Box, least: float) -> bool:
        """Is the other way round so much dearer? Who has just begun is expected nowhere."""
        straight = swapped = 0.0
        for expected, own, not_own in ((first, one, other), (second, other, one)):
            if expected is not None:
                straight += apart(expected, own, self._aspect)
                swapped += apart(expected, not_own, self._aspect)
        known = (first is not None) + (second is not None)
        return not known or swapped - straight >= least * known / 2


def _within(one: Box, other: Box) -> float:
    return max(contained(one, other), contained(other, one))


def _touch(one: Live, other: Live) -> bool:
    """Do two people touch, where they are or where either was expected?"""
    ones = [one.box, *(box for box in (one.expected, one.still) if box)]
    others = [other.box, *(box for box in (other.expected, other.still) if box)]
    return any(overlap(a, b) > TOUCHING or _within(a, b) > WITHIN for a in ones for b in others)
