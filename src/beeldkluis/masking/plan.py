"""What is covered in each picture of a copy: an analysis, and what a person made of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from beeldkluis.masking.analysis import Analysis
from beeldkluis.masking.boxes import Box
from beeldkluis.masking.draft import Draft, Mode
from beeldkluis.masking.spans import Span, spans
from beeldkluis.masking.stretches import ByPicture


@dataclass(frozen=True, slots=True)
class Covers:
    """Of one picture. `everything`: cover it whole, whatever the rest says. Inverted: all is covered but what lies in `freed`
    and not in `covered`. Covered people: `covered` is covered. A freed area never shows what is covered there.
    """

    everything: bool
    covered: tuple[Box, ...]
    freed: tuple[Box, ...]


ALL_OF_IT = Covers(everything=True, covered=(), freed=())


class Plan:
    """For each picture of a film: what is covered. It is asked in any order; a picture costs what lies near it."""

    def __init__(self, analysis: Analysis, draft: Draft) -> None:
        """ValueError for a draft that speaks of a track which is not there."""
        self.mode = draft.mode
        self.times_us = analysis.times_us
        self.frames = len(analysis.times_us)
        self.audible = audible(draft.audible, analysis.duration_ms)
        self._spans = ByPicture[Span]((span.first, span.last, span) for span in spans(analysis, draft))

    def at(self, frame: int) -> Covers:
        """What is covered in this picture; everything where the film has no such picture."""
        if not 0 <= frame < self.frames:
            return ALL_OF_IT
        here = self._spans.at(frame)
        open_groups: set[int] = set()
        freed: list[Box] = []
        for span in here:
            box = span.shown(frame) if span.free else None
            if box is not None:
                open_groups.add(span.group)
                freed.append(box)
        if self.mode is Mode.INVERTED and not freed:
            return ALL_OF_IT
        # Where a freed person is not followed surely, that track is covered like any other, unless another track that a
        # person joined to it is.
        covered = (one.covered(frame) for one in here if not (one.free and one.group in open_groups))
        return Covers(everything=False, covered=tuple(box for box in covered if box is not None), freed=tuple(freed))

    def __iter__(self) -> Iterator[Covers]:
        """Every picture's, in the order of showing."""
        return (self.at(frame) for frame in range(self.frames))


def audible(stretches: Iterable[tuple[int, int]], duration_ms: int) -> tuple[tuple[int, int], ...]:
    """Stretches in order, joined where they touch, within the film; milliseconds."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted((max(0, begin), min(end, duration_ms)) for begin, end in stretches):
        if begin >= end:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return tuple(found)
