"""Boxes and how the camera moves them, in shares of the picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, hypot
from typing import Self

from beeldkluis.masking.boxes import Box

GRAIN = 10_000  # steps in a picture's width and height: an analysis holds whole steps
LEAST = 0.002  # of the picture's width, added on each side of the smallest box
NEAR_EDGE = 0.03  # of the picture
GROWTH = 0.125  # of what was found, added on each side at least


@dataclass(frozen=True, slots=True)
class Move:
    """How the camera moved what stands still: x becomes xx * x + xy * y + x0, y becomes yx * x + yy * y + y0."""

    xx: float = 1.0
    xy: float = 0.0
    x0: float = 0.0
    yx: float = 0.0
    yy: float = 1.0
    y0: float = 0.0

    def then(self, later: Self) -> Self:
        """This move, and `later` after it."""
        return type(self)(
            later.xx * self.xx + later.xy * self.yx,
            later.xx * self.xy + later.xy * self.yy,
            later.xx * self.x0 + later.xy * self.y0 + later.x0,
            later.yx * self.xx + later.yy * self.yx,
            later.yx * self.xy + later.yy * self.yy,
            later.yx * self.x0 + later.yy * self.y0 + later.y0,
        )

    def back(self) -> Self:
        """The move that undoes this one. ValueError when nothing does."""
        size = self.xx * self.yy - self.xy * self.yx
        if abs(size) < 1e-6:
            raise ValueError("a move that flattens the picture")
        xx, xy, yx, yy = self.yy / size, -self.xy / size, -self.yx / size, self.xx / size
        return type(self)(xx, xy, -(xx * self.x0 + xy * self.y0), yx, yy, -(yx * self.x0 + yy * self.y0))

    def of(self, box: Box) -> Box:
        """The upright box around a box that was moved. It may stand outside the picture."""
        xs = (self.xx * box.x0, self.xx * box.x1)
        ys = (self.yy * box.y0, self.yy * box.y1)
        lean_x, lean_y = (self.xy * box.y0, self.xy * box.y1), (self.yx * box.x0, self.yx * box.x1)
        return Box(
            min(xs) + min(lean_x) + self.x0,
            min(ys) + min(lean_y) + self.y0,
            max(xs) + max(lean_x) + self.x0,
            max(ys) + max(lean_y) + self.y0,
        )


STILL = Move()


def shared(one: Box, other: Box) -> float:
    """The area that two boxes share."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0)
    height = min(one.y1, other.y1) - max(one.y0, other.y0)
    return width * height if width > 0 and height > 0 else 0.0


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0 to 1."""
    both = shared(one, other)
    return both / (one.area + other.area - both) if both else 0.0


def contained(one: Box, within: Box) -> float:
    """How much of a box lies within another, 0 to 1."""
    return shared(one, within) / one.area if one.area else 0.0


def hull(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of them. ValueError without any."""
    all_of_them = tuple(boxes)
    return Box(
        min(one.x0 for one in all_of_them),
        min(one.y0 for one in all_of_them),
        max(one.x1 for one in all_of_them),
        max(one.y1 for one in all_of_them),
    )


def between(one: Box, other: Box, share: float) -> Box:
    """The box so far on the straight way from one to the other."""
    keep = 1 - share
    return Box(
        keep * one.x0 + share * other.x0,
        keep * one.y0 + share * other.y0,
        keep * one.x1 + share * other.x1,
        keep * one.y1 + share * other.y1,
    )


def middle(box: Box) -> tuple[float, float]:
    """The middle of a box."""
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def shifted(box: Box, right: float, down: float) -> Box:
    """The box elsewhere."""
    return Box(box.x0 + right, box.y0 + down, box.x1 + right, box.y1 + down)


def clipped(box: Box) -> Box:
    """What of it stands in the picture."""
    x0, y0 = min(1.0, max(0.0, box.x0)), min(1.0, max(0.0, box.y0))
    return Box(x0, y0, max(x0, min(1.0, box.x1)), max(y0, min(1.0, box.y1)))


def on_grain(share: float) -> float:
    """A share in whole steps of GRAIN."""
    return round(min(1.0, max(0.0, share)) * GRAIN) / GRAIN


def outward(box: Box) -> Box:
    """The box within the picture, on whole steps of GRAIN, never smaller than it was."""
    inside = clipped(box)
    x0, y0 = floor(inside.x0 * GRAIN + 1e-6), floor(inside.y0 * GRAIN + 1e-6)
    x1, y1 = ceil(inside.x1 * GRAIN - 1e-6), ceil(inside.y1 * GRAIN - 1e-6)
    return Box(x0 / GRAIN, y0 / GRAIN, x1 / GRAIN, y1 / GRAIN)


def grown(box: Box, sides: float, upward: float, aspect: float) -> Box:
    """A box with so much of its width and height added on each side, and so much of its height above.

    A little is added to the smallest too. `aspect` is the picture's width through its height.
    """
    right, up, down = (
        box.width * sides + LEAST,
        box.height * upward + LEAST * aspect,
        box.height * sides + LEAST * aspect,
    )
    return Box(box.x0 - right, box.y0 - up, box.x1 + right, box.y1 + down)


def ungrown(cover: Box) -> Box:
    """A cover without what was added at least; a side at the picture's edge stays there."""
    share = GROWTH / (1 + 2 * GROWTH)
    right, down = share * cover.width, share * cover.height
    return Box(
        cover.x0 + right if cover.x0 > 0 else 0.0,
        cover.y0 + down if cover.y0 > 0 else 0.0,
        cover.x1 - right if cover.x1 < 1 else 1.0,
        cover.y1 - down if cover.y1 < 1 else 1.0,
    )


def to_the_edge(box: Box) -> Box:
    """A box that almost reaches an edge of the picture reaches it."""
    return Box(
        0.0 if box.x0 < NEAR_EDGE else box.x0,
        0.0 if box.y0 < NEAR_EDGE else box.y0,
        1.0 if box.x1 > 1 - NEAR_EDGE else box.x1,
        1.0 if box.y1 > 1 - NEAR_EDGE else box.y1,
    )


def distance(one: Box, other: Box, aspect: float) -> float:
    """Between the middles of two boxes, in box widths."""
    (right, down), (x, y) = middle(one), middle(other)
    return hypot(right - x, (down - y) / aspect) / max(1e-6, (one.width + other.width) / 2)


def apart(one: Box, other: Box, aspect: float) -> float:
    """How far two boxes are from being one, 0 to 1: half by their overlap, half by the distance of their middles."""
    return 0.5 * (1 - overlap(one, other)) + 0.5 * min(1.0, distance(one, other, aspect))
