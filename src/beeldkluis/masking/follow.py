"""From what detectors found to tracks: who goes on as whom, what is covered for each, and where that is not sure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from beeldkluis.masking.analysis import Track
from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.covering import Covering
from beeldkluis.masking.draft import DRAWN
from beeldkluis.masking.follower import Follower, Live
from beeldkluis.masking.geometry import STILL, Move, contained, hull, overlap, shared, ungrown
from beeldkluis.masking.part import Part
from beeldkluis.masking.stretches import meeting

STEP = 5  # pictures from one detection to the next, usually
LOST = 2  # detections: who is not found in so many is not followed surely
SHAKEN = 2  # pictures on both sides of a border in which nobody is followed surely
TOUCHING, WITHIN = (
    0.05,
    0.1,
)  # overlap, and share of the smaller within the other, from which neither is followed surely
SOMEBODY = (Kind.PERSON, Kind.HEAD)
AGAIN_US, AGAIN = 5_000_000, 0.3  # microseconds, and overlap, within which a thing that is faint is not told again


@dataclass(frozen=True, slots=True)
class Followed:
    """All tracks of a film, and what was found and never followed, with its picture."""

    tracks: tuple[Track, ...]
    faint: tuple[tuple[int, Found], ...]


def follow(seen: Part, aspect: float, step: int = STEP) -> Followed:
    """Follows everybody through a whole film. `aspect`: width through height of its pictures."""
    follower = Follower(aspect, step)
    for frame, found, move in _with_moves(seen):
        if move is None:
            follower.cut()
        follower.see(frame, found, move or STILL)
    follower.cut()
    covering = Covering(seen.times_us, seen.moves, seen.borders, aspect)
    made = [(live, *covering.covers(live.kind, live.hits)) for live in follower.ended]
    made = sorted(
        (one for one in made if one[2]), key=lambda one: (one[0].hits[0].frame, one[0].hits[0].box.x0, one[0].number)
    )
    doubt = _touching([(live.kind, first, covers) for live, first, covers in made])
    tracks = []
    for at, (live, first, covers) in enumerate(made):
        last = first + len(covers) - 1
        own = _own_doubt(live, covering, first, last, step)
        unsure = _joined([*own, *doubt[at]], first, last) if live.kind in SOMEBODY else ()
        tracks.append(Track(_number(at), live.kind, tuple(live.hits), first, covers, unsure))
    return Followed(tuple(tracks), tuple(_thinned(sorted(follower.faint, key=lambda one: one[0]), seen.times_us)))


def _thinned(faint: Iterable[tuple[int, Found]], times_us: Sequence[int]) -> Iterator[tuple[int, Found]]:
    """Without things that were seen in the same place a little earlier: a pane that looks like a screen stays where it is."""
    kept: list[tuple[int, Found]] = []
    for frame, found in faint:
        kept = [one for one in kept if times_us[frame] - times_us[one[0]] < AGAIN_US]
        if found.kind in SOMEBODY:
            yield frame, found
        elif not any(one.kind is found.kind and overlap(one.box, found.box) > AGAIN for _, one in kept):
            kept.append((frame, found))
            yield frame, found


def _with_moves(seen: Part) -> Iterator[tuple[int, tuple[Found, ...], Move | None]]:
    """Each picture that was looked at, with how the camera moved since the last such; nothing where something new began."""
    borders, previous = sorted({0, *seen.borders}), None
    for frame, found in seen.found:
        fresh = bisect_right(borders, frame) != (0 if previous is None else bisect_right(borders, previous))
        move = STILL
        for at in range((previous or 0) + 1, frame + 1) if not fresh else ():
            move = move.then(seen.moves[at])
        yield frame, found, None if fresh else move
        previous = frame


def _number(at: int) -> int:
    """Tracks count from 1, and leave out the numbers of what a person draws."""
    return at + 1 if at + 1 < DRAWN.start else at + 1 - DRAWN.start + DRAWN.stop


def _own_doubt(live: Live, covering: Covering, first: int, last: int, step: int) -> Iterator[tuple[int, int]]:
    """Where a track is not sure of itself: before and after its hits, where it was lost, touched another, or the film jumped."""
    hits = live.hits
    yield first, hits[0].frame - 1
    yield hits[-1].frame + 1, last
    for one, other in pairwise(hits):
        if other.frame - one.frame > LOST * step:
            yield one.frame + 1, other.frame - 1
    for frame in live.touched:
        yield frame - step, frame + step
    begin, end = covering.stretch(hits[0].frame)
    if begin > 0:
        yield begin, begin + SHAKEN
    if end <= covering.last:
        yield end - 1 - SHAKEN, end - 1


def _joined(stretches: Iterable[tuple[int, int]], first: int, last: int) -> tuple[tuple[int, int], ...]:
    """Stretches within a track in order, those that touch made one."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted((max(first, begin), min(last, end)) for begin, end in stretches):
        if begin > end:
            continue
        if found and begin <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return tuple(found)


def _touching(tracks: list[tuple[Kind, int, tuple[Box, ...]]]) -> dict[int, list[tuple[int, int]]]:
    """For each person: the pictures in which the covers of somebody else lie over this one's."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    people = [at for at, (kind, _, _) in enumerate(tracks) if kind in SOMEBODY]
    places = {at: hull(tracks[at][2]) for at in people}
    for here, there in meeting([(tracks[at][1], tracks[at][1] + len(tracks[at][2]) - 1) for at in people]):
        one, other = people[here], people[there]
        if not shared(places[one], places[other]):
            continue
        (_, first, covers), (_, begin, others) = tracks[one], tracks[other]
        for frame in range(max(first, begin), min(first + len(covers), begin + len(others))):
            if _touch(ungrown(covers[frame - first]), ungrown(others[frame - begin])):
                found[one].append((frame, frame))
                found[other].append((frame, frame))
    return found


def _touch(one: Box, other: Box) -> bool:
    return overlap(one, other) > TOUCHING or max(contained(one, other), contained(other, one)) > WITHIN
