"""The parts of a picture that a detector looks at, at the size it wants: the whole, and tiles for what is far away."""

from dataclasses import dataclass

import numpy as np
from av import VideoFrame
from numpy.typing import NDArray

from beeldkluis.masking.boxes import Box

Picture = NDArray[np.uint8]  # height x width x 3, blue green red, upright
OVERLAP = 0.2  # of a tile, with its neighbour
WHOLE_ONLY = 480  # lines on the short side, up to which the whole picture is looked at only
TWO_TILES = 800  # up to which two tiles are looked at besides
WHOLE = Box(0.0, 0.0, 1.0, 1.0)
DARK = 45.0  # mean brightness, 0 to 255, under which a brightened copy is looked at too
LIGHT = 110.0  # what it is brightened to, four times at most


@dataclass(frozen=True, slots=True)
class Fit:
    """A view as a network sees it: `area` of the picture on the `width` x `height` left top pixels of its input."""

    area: Box
    width: int
    height: int

    def back(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Pixels of the input as a box of the picture, cut off at its edges."""
        wide, high = self.area.width / self.width, self.area.height / self.height
        left, top = self.area.x0, self.area.y0
        xs = (min(max(left + one * wide, 0.0), 1.0) for one in (x0, x1))
        ys = (min(max(top + one * high, 0.0), 1.0) for one in (y0, y1))
        (ax, bx), (ay, by) = xs, ys
        return Box(ax, ay, bx, by)


def _spans(count: int) -> list[tuple[float, float]]:
    """So many equal spans with overlap that fill 0 to 1."""
    length = 1 / (count - (count - 1) * OVERLAP)
    step = (1 - length) / (count - 1) if count > 1 else 0.0
    return [(at * step, at * step + length) for at in range(count)]


def areas(width: int, height: int) -> list[Box]:
    """The whole picture and its tiles: none up to 480 lines, two up to 720p, six from 1080p on; along the long side."""
    short = min(width, height)
    if short <= WHOLE_ONLY:
        return [WHOLE]
    long_side, short_side = (2, 1) if short <= TWO_TILES else (3, 2)
    columns, rows = (long_side, short_side) if width >= height else (short_side, long_side)
    return [WHOLE] + [Box(x0, y0, x1, y1) for y0, y1 in _spans(rows) for x0, x1 in _spans(columns)]


def planes(picture: Picture) -> Picture:
    """3 x height x width: scaling separate planes is three times as fast."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1))


def seen(split: Picture, area: Box, wide: int, high: int, *, stretched: bool) -> tuple[Picture, Fit]:
    """An area of the planes on the 1 x 3 x `high` x `wide` input of a network: stretched, or its shape kept and black beside.

    The picture is at least 2 x 2 pixels.
    """
    height, width = split.shape[1:]
    left, top = int(area.x0 * width), int(area.y0 * height)
    right, bottom = max(left + 2, round(area.x1 * width)), max(top + 2, round(area.y1 * height))
    part = np.ascontiguousarray(split[:, top:bottom, left:right])
    to_wide, to_high = wide, high
    if not stretched:
        scale = min(wide / part.shape[2], high / part.shape[1])
        to_wide, to_high = max(2, round(part.shape[2] * scale)), max(2, round(part.shape[1] * scale))
    frame = VideoFrame.from_ndarray(part, "yuv444p").reformat(to_wide, to_high, interpolation="AREA")
    made = np.zeros((1, 3, high, wide), np.uint8)
    made[0, :, :to_high, :to_wide] = frame.to_ndarray()
    inside = Box(left / width, top / height, right / width, bottom / height)
    return made, Fit(inside, to_wide, to_high)


def brightened(picture: Picture) -> Picture | None:
    """A brighter copy of a dark picture; None when it is not dark."""
    mean = float(picture[::4, ::4].mean())
    if mean >= DARK:
        return None
    gain = min(4.0, LIGHT / max(mean, 1.0))
    table: Picture = np.minimum(np.arange(256) * gain, 255).astype(np.uint8)
    brighter: Picture = table[picture]
    return brighter
