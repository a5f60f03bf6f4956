"""Heads marked by hand: `heads.csv` of a folder (tests/masking/marks/README.md says how it is written)."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

NEAR, STILL = 40, 100  # pictures between two rows: somebody walks, somebody stands
MOVED = 12  # pixels that a box may move between two rows and still stand

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Head:
    """A person's head in one picture, in pixels."""

    person: str
    box: Box

    def points(self) -> list[tuple[float, float]]:
        """Nine points: all of them covered is a whole head covered. The fifth is the middle."""
        x0, y0, x1, y1 = self.box
        shares = (0.05, 0.5, 0.95)
        return [(x0 + (x1 - x0) * across, y0 + (y1 - y0) * down) for down in shares for across in shares]


def _between(one: Box, other: Box, share: float) -> Box:
    a, b, c, d = (first + (second - first) * share for first, second in zip(one, other, strict=True))
    return a, b, c, d


def heads(file: Path) -> dict[str, dict[int, list[Head]]]:
    """For each clip, for each picture that counts: the heads in it, none where it was looked at and shows nobody's."""
    rows: dict[tuple[str, str], dict[int, Box]] = defaultdict(dict)
    found: dict[str, dict[int, list[Head]]] = defaultdict(lambda: defaultdict(list))
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["person"]:
                x0, y0, x1, y1 = (float(row[key]) for key in ("x0", "y0", "x1", "y1"))
                rows[row["clip"], row["person"]][int(row["frame"])] = (x0, y0, x1, y1)
            else:
                found[row["clip"]][int(row["frame"])] = []
    for (clip, person), boxes in rows.items():
        frames = sorted(boxes)
        for frame in frames:
            found[clip][frame].append(Head(person, boxes[frame]))
        for begin, end in pairwise(frames):
            moved = max(abs(a - b) for a, b in zip(boxes[begin], boxes[end], strict=True))
            if end - begin <= (STILL if moved <= MOVED else NEAR):
                for frame in range(begin + 1, end):
                    box = _between(boxes[begin], boxes[end], (frame - begin) / (end - begin))
                    found[clip][frame].append(Head(person, box))
    return {clip: dict(pictures) for clip, pictures in found.items()}
