"""Covers in a picture, as opaque areas that say nothing of what is under them.

A picture is made anew: what is covered is never copied into it. Planes are those of yuv420p: light, and two of colour at half
the width and height.
"""

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from beeldkluis.masking.cover_sheet import Area, PictureCover
from beeldkluis.masking.draft import Mode

FILL = (96, 128, 128)  # light and colours of a cover
EDGE = (160, 128, 128)  # of its border, where everybody is covered one by one
BORDER = 2  # dots
Plane = NDArray[np.uint8]


def planes_of(frame: VideoFrame) -> tuple[Plane, Plane, Plane]:
    """The planes of a yuv420p picture, without what pads their lines; writing to them writes to the picture.

    ValueError when its lines lie in memory from below upward.
    """
    if any(plane.line_size < plane.width for plane in frame.planes):
        raise ValueError("a picture whose lines lie the other way round")
    light, blue, red = (
        np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
        for plane in frame.planes
    )
    return light, blue, red


def painted(frame: VideoFrame, cover: PictureCover, mode: Mode, mark: "Mark | None" = None) -> VideoFrame:
    """A new yuv420p picture of the same size: `frame` where it may be seen, covers elsewhere. It has nothing else of `frame`: no
    time, no side data. `frame` stays as it is.
    """
    made = VideoFrame(frame.width, frame.height, "yuv420p")
    paint(planes_of(made), planes_of(frame), cover, mode, mark)
    return made


def paint(
    made: tuple[Plane, Plane, Plane],
    of: tuple[Plane, Plane, Plane],
    cover: PictureCover,
    mode: Mode,
    mark: "Mark | None" = None,
) -> None:
    """Fill `made` with what may be seen `of` a picture. Every dot of it is written."""
    if cover.everything or mode is Mode.INVERTED:
        for plane, value in zip(made, FILL, strict=True):
            plane[:] = value
        if not cover.everything:
            for area in cover.freed:
                _copy(made, of, area)
    else:
        for plane, source in zip(made, of, strict=True):
            plane[:] = source
    if not cover.everything:
        _cover(made, cover.covered, with_border=mode is Mode.COVERED)
    if mark is not None:
        mark.put(made, cover.freed)


def _cover(made: tuple[Plane, Plane, Plane], areas: tuple[Area, ...], *, with_border: bool) -> None:
    """Borders first, so that none shows inside another cover."""
    for area in areas:
        fill(made, area, EDGE if with_border else FILL)
    for inside in (inner(area) for area in areas if with_border):
        if inside is not None:
            fill(made, inside, FILL)


def inner(area: Area) -> Area | None:
    """An area without its border."""
    x0, y0, x1, y1 = area.x0 + BORDER, area.y0 + BORDER, area.x1 - BORDER, area.y1 - BORDER
    return Area(x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def fill(made: tuple[Plane, Plane, Plane], area: Area, values: tuple[int, int, int]) -> None:
    """One even area in all planes."""
    for number, (plane, value) in enumerate(zip(made, values, strict=True)):
        plane[place(area, number)] = value


def _copy(made: tuple[Plane, Plane, Plane], of: tuple[Plane, Plane, Plane], area: Area) -> None:
    for number, (plane, source) in enumerate(zip(made, of, strict=True)):
        where = place(area, number)
        plane[where] = source[where]


def place(area: Area, number: int) -> tuple[slice, slice]:
    """Where an area lies in plane `number`: 0 is light, 1 and 2 are colours."""
    step = 2 if number else 1
    return slice(area.y0 // step, area.y1 // step), slice(area.x0 // step, area.x1 // step)


class Mark:
    """A strip of light and dark that is put on every picture, in a corner where it hides nobody's middle."""

    def __init__(self, strip: Plane, width: int, height: int) -> None:
        """`strip` has an even width and height, and fits in a picture of `width` by `height`."""
        tall, wide = strip.shape
        self.strip = strip
        self.corners = tuple(
            Area(x, y, x + wide, y + tall) for y in (height - tall, 0) for x in (0, width - wide)
        )  # left below, right below, left above, right above

    def put(self, made: tuple[Plane, Plane, Plane], freed: tuple[Area, ...]) -> Area:
        """Where it came: the first corner in which no freed area has its middle, or the first of all."""
        corner = self.corner(freed)
        light, *colours = made
        light[place(corner, 0)] = self.strip
        for number, plane in enumerate(colours, 1):
            plane[place(corner, number)] = 128
        return corner

    def corner(self, freed: tuple[Area, ...]) -> Area:
        """Where it comes."""
        return next((one for one in self.corners if not any(_has_middle(one, area) for area in freed)), self.corners[0])


def _has_middle(corner: Area, area: Area) -> bool:
    x, y = (area.x0 + area.x1) / 2, (area.y0 + area.y1) / 2
    return corner.x0 <= x < corner.x1 and corner.y0 <= y < corner.y1
