"""What a draft makes of each track: stretches of pictures in which it is covered or free, and where its box lies there."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from beeldkluis.masking.analysis import Analysis, Track
from beeldkluis.masking.boxes import Box
from beeldkluis.masking.draft import DRAWN, Change, Draft, Key
from beeldkluis.masking.geometry import between, ungrown

DRAWN_LIVES_US = 3_000_000  # microseconds that a box which a person drew once is there
_BEYOND = 1 << 62  # later than any picture


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of pictures, first to last, in which a track is covered or free. `group`: tracks that a person joined share
    one. Its boxes are those of a detector's track, or lie on the straight ways between the keys that a person put.
    """

    first: int
    last: int
    group: int
    free: bool
    track: Track | None = None
    keys: tuple[tuple[int, Box], ...] = ()

    def covered(self, frame: int) -> Box | None:
        """What is covered for it in a picture of this stretch."""
        box = self.track.covers[frame - self.track.first] if self.track else self._on_the_way(frame)
        return box if box.area else None

    def shown(self, frame: int) -> Box | None:
        """What a freed one shows of itself in a picture of this stretch; nothing where it is not followed surely."""
        if self.track is None:
            return self.covered(frame)
        at = bisect_right(self.track.unsure, (frame, _BEYOND)) - 1
        if at >= 0 and frame <= self.track.unsure[at][1]:
            return None
        box = self.covered(frame)
        return box and ungrown(box)

    def _on_the_way(self, frame: int) -> Box:
        at = bisect_right(self.keys, frame, key=lambda one: one[0])
        if at == len(self.keys):
            return self.keys[-1][1]
        (begin, one), (end, other) = self.keys[at - 1], self.keys[at]
        return between(one, other, (frame - begin) / (end - begin))


def spans(analysis: Analysis, draft: Draft) -> Iterator[Span]:
    """Of every track of an analysis and every track that a person drew. ValueError for a change of one that is neither."""
    tracks = {track.number: track for track in analysis.tracks}
    about: dict[int, list[tuple[int, Change]]] = defaultdict(list)
    for group, change in enumerate(draft.changes):
        for number in {change.track, *change.joined}:
            if number not in tracks and number not in DRAWN:
                raise ValueError(f"there is no track {number}")
            about[number].append((group, change))
    for track in analysis.tracks:
        yield from _of_found(track, about.get(track.number, []), -track.number)
    last = len(analysis.times_us) - 1
    for group, change in enumerate(draft.changes):
        begin, end = change.begin or 0, last if change.end is None else min(change.end, last)
        for keys, until in _runs(change, analysis.times_us):
            span = (max(begin, keys[0][0]), min(end, until))
            for first, final, ruling in _pieces(change.track, *span, about[change.track]):
                if not _removed(change.track, ruling):
                    yield Span(first, final, _group(ruling, group), _free(ruling), keys=keys)


def _of_found(track: Track, about: list[tuple[int, Change]], alone: int) -> Iterator[Span]:
    """A detector's track, without the pictures in which a person put its box."""
    put = [(keys[0][0], keys[-1][0], change) for _, change in about for keys, _ in _runs(change, ())]
    ended = [(*one, change) for _, change in about for one in _ended(change)]
    edges = [edge for first, last, _ in put + ended for edge in (first, last + 1)]
    for first, last, ruling in _pieces(track.number, track.first, track.last, about, edges):
        if any(begin <= first <= end and _is_about(one, first) for begin, end, one in put):
            continue
        ends = [one for begin, end, one in ended if begin <= first <= end and _is_about(one, first)]
        if _removed(track.number, ruling) or any(not one.free and one.reason for one in ends):
            continue
        yield Span(first, last, _group(ruling, alone), _free(ruling) and not ends, track)


def _pieces(
    number: int, first: int, last: int, about: list[tuple[int, Change]], more_edges: Iterable[int] = ()
) -> Iterator[tuple[int, int, list[tuple[int, Change]]]]:
    """A stretch cut where changes begin and end, each piece with the changes that rule it.

    Where a track was joined to another, the change that joined it rules; else its own.
    """
    edges = {first, last + 1, *more_edges}
    for _, change in about:
        edges |= {change.begin or 0, last + 1 if change.end is None else change.end + 1}
    for begin, following in pairwise(sorted(edge for edge in edges if first <= edge <= last + 1)):
        here = [(group, one) for group, one in about if _is_about(one, begin)]
        joining = [(group, one) for group, one in here if one.track != number]
        yield begin, following - 1, joining or here


def _is_about(change: Change, frame: int) -> bool:
    return (change.begin or 0) <= frame and (change.end is None or frame <= change.end)


def _free(ruling: list[tuple[int, Change]]) -> bool:
    """Free only where every change that rules here says so."""
    return bool(ruling) and all(change.free for _, change in ruling)


def _removed(number: int, ruling: list[tuple[int, Change]]) -> bool:
    """Nothing to cover, by every change that rules here; of what a detector found only with a reason."""
    return bool(ruling) and all(change.removed and (number in DRAWN or change.reason) for _, change in ruling)


def _group(ruling: list[tuple[int, Change]], alone: int) -> int:
    return ruling[0][0] if ruling else alone


def _runs(change: Change, times_us: tuple[int, ...]) -> Iterator[tuple[tuple[tuple[int, Box], ...], int]]:
    """Keys that follow each other without an end, and the picture until which the last of them lasts.

    A track that a person drew lasts after its last key: three seconds from its only one, or to the change's own end.
    """
    keys = sorted(change.keys, key=lambda key: key.frame)
    run: list[tuple[int, Box]] = []
    for key in keys:
        if key.box is not None:
            run.append((key.frame, key.box))
        elif run:
            until = key.frame - 1 if change.track in DRAWN else run[-1][0]
            yield tuple(run), until
            run = []
    if run:
        yield tuple(run), _until(change, keys, run[-1][0], times_us)


def _until(change: Change, keys: list[Key], last: int, times_us: tuple[int, ...]) -> int:
    if change.track not in DRAWN or not times_us:
        return last
    if change.end is not None:
        return max(last, change.end)
    if len(keys) > 1 or last >= len(times_us):
        return last
    return bisect_right(times_us, times_us[last] + DRAWN_LIVES_US) - 1


def _ended(change: Change) -> Iterator[tuple[int, int]]:
    """Stretches from a key that ends a track to the picture before the next key."""
    keys = sorted(change.keys, key=lambda key: key.frame)
    for at, key in enumerate(keys):
        if key.box is None:
            yield key.frame, keys[at + 1].frame - 1 if at + 1 < len(keys) else _BEYOND
