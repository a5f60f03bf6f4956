"""Looks whether a redacted copy is what it must be. Only `beeldkluis.masking.confining` has it started, as a confined process of
its own: whoever took over the process that rendered has no say here.

It decodes the copy as a player does and compares it with what must be covered; the film itself it never sees.
"""

import io

import av
import numpy as np
from numpy.typing import NDArray

from beeldkluis.film.ends import Sink, Source
from beeldkluis.film.inside import Files, Room, Work, serve
from beeldkluis.film.parts import load_everything
from beeldkluis.film.reading import FORMATS, reading
from beeldkluis.film.talk import NO_FILM
from beeldkluis.masking.cover_sheet import Area, CoverReader, PictureCover
from beeldkluis.masking.draft import Mode
from beeldkluis.masking.lettering import LIGHT, strip
from beeldkluis.masking.paint import FILL, Mark, Plane, place, planes_of
from beeldkluis.masking.reading import Numbered, Picture, Piece
from beeldkluis.masking.renderer import MEMORY, OFTEN, SHEET
from beeldkluis.masking.words import AUDIBLE, CHECKING, NOT_COVERED, NOT_MARKED, OTHER_PICTURES, SOMETHING_ELSE

STEP = 4  # dots between two that are compared; a picture has enough of them
EDGE = 8  # dots from the edge of a cover, where the encoder may mix what is on both sides
ON_AVERAGE = 8.0  # difference, of 255, of a whole cover from its fill
IN_A_SMALL_ONE = 48.0  # likewise in the middle of a cover that has nothing but border
GREY, OF_THE_MARK = 120, 0.9  # so much of the mark is on the right side of grey, at least
AROUND_MS = 80  # of an audible stretch: what the encoder of sound spreads
SILENT = 1e-3  # of full loudness
NAMES = {"major_brand", "minor_version", "compatible_brands", "handler_name", "vendor_id", "language"}
Planes = tuple[Plane, Plane, Plane]


class Checking:
    """A copy that is being compared."""

    def __init__(self, sheet: CoverReader) -> None:
        self.head, self.covers = sheet.head, sheet.pictures()
        width, height = self.head.width, self.head.height
        self.mark = Mark(strip(self.head.mark, width, height), width, height)
        self.filled = np.zeros((-(-height // STEP), -(-width // STEP)), np.bool_)

    def take(self, picture: Picture) -> None:
        """One picture of the copy. ValueError when it is not what it must be."""
        cover = next(self.covers, None)
        if cover is None or cover.time_us != picture.time_us:
            raise ValueError(OTHER_PICTURES)
        found, corner = planes_of(picture.frame), self.mark.corner(cover.freed)
        self._look_at_the_mark(found, corner)
        self._fill(cover, corner)
        apart = np.max([_apart(plane, number) for number, plane in enumerate(found)], axis=0)
        if self.filled.any() and apart[self.filled].mean() > ON_AVERAGE:
            raise ValueError(NOT_COVERED)
        for area in () if cover.everything else cover.covered:
            self._look_at(area, corner, apart, found)

    def _fill(self, cover: PictureCover, corner: Area) -> None:
        """Where the picture must be nothing but fill, away from every edge; said without the painter."""
        self.filled[:] = cover.everything or self.head.mode is Mode.INVERTED
        if not cover.everything:
            for area in cover.freed if self.head.mode is Mode.INVERTED else ():
                self.filled[_steps(area, EDGE)] = False
            for area in cover.covered:
                self.filled[_steps(area, -EDGE)] = True
        self.filled[_steps(corner, EDGE)] = False

    def _look_at(self, area: Area, corner: Area, apart: NDArray[np.int16], found: Planes) -> None:
        here = _steps(area, -EDGE)
        inside = self.filled[here]
        if inside.any():
            wrong = apart[here][inside].mean() > ON_AVERAGE
        else:
            wrong = not _touch(area, corner) and _middle_apart(area, found) > IN_A_SMALL_ONE
        if wrong:
            raise ValueError(NOT_COVERED)

    def _look_at_the_mark(self, found: Planes, corner: Area) -> None:
        here, letters = found[0][place(corner, 0)], self.mark.strip == LIGHT
        if ((here > GREY) == letters).mean() < OF_THE_MARK:
            raise ValueError(NOT_MARKED)

    def hear(self, piece: Piece) -> None:
        """Sound of the copy. ValueError when it should not be heard."""
        frame = piece.frame
        if frame.format.name != "fltp":
            raise ValueError(SOMETHING_ELSE)
        at = (np.arange(frame.samples) / frame.sample_rate + piece.at) * 1000
        silent = np.ones(frame.samples, np.bool_)
        for begin, end in self.head.audible:
            silent &= (at < begin - AROUND_MS) | (at > end + AROUND_MS)
        for plane in frame.planes:
            heard = np.frombuffer(memoryview(plane), np.float32)[: frame.samples]
            if silent.any() and not np.abs(heard[silent]).max() <= SILENT:
                raise ValueError(AUDIBLE)

    def finish(self) -> None:
        """ValueError when pictures are missing."""
        if next(self.covers, None) is not None:
            raise ValueError(OTHER_PICTURES)


def _steps(area: Area, more: int) -> tuple[slice, slice]:
    """An area, `more` dots larger on each side, in steps; smaller where `more` is negative."""
    if more < 0:  # only steps that lie in it
        return (
            slice(-(-(area.y0 - more) // STEP), max(0, (area.y1 + more) // STEP)),
            slice(-(-(area.x0 - more) // STEP), max(0, (area.x1 + more) // STEP)),
        )
    return (
        slice(max(0, area.y0 - more) // STEP, -(-(area.y1 + more) // STEP)),
        slice(max(0, area.x0 - more) // STEP, -(-(area.x1 + more) // STEP)),
    )


def _apart(plane: Plane, number: int) -> NDArray[np.int16]:
    """How far a plane is from its fill, at each step."""
    step = STEP // 2 if number else STEP
    return np.abs(plane[::step, ::step].astype(np.int16) - FILL[number])


def _middle_apart(area: Area, found: Planes) -> float:
    """How far the middle of a small area is from the fill of light."""
    x, y = (area.x0 + area.x1) // 2, (area.y0 + area.y1) // 2
    return float(np.abs(found[0][y - 1 : y + 1, x - 1 : x + 1].astype(np.int16) - FILL[0]).mean())


def _touch(one: Area, other: Area) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


def check(source: Source, sheet: CoverReader, sink: Sink) -> dict[str, object]:
    """Look at the whole copy; how many pictures were compared. `sink` is only told how far it is.

    ValueError with a sentence of ours for a copy that is not what it must be; av.FFmpegError or LookupError for no film.
    """
    _look_at_the_file(source)
    checking, said = Checking(sheet), 0
    with reading(source) as opened:
        film = Numbered(opened)
        if (opened.width, opened.height) != (checking.head.width, checking.head.height):
            raise ValueError(OTHER_PICTURES)
        for one in film.frames():
            if isinstance(one, Piece):
                checking.hear(one)
            else:
                checking.take(one)
            if film.last_us >= said + OFTEN:
                said = film.last_us
                sink.say_how_far(said // 1000)
    checking.finish()
    if opened.skipped:
        raise ValueError(OTHER_PICTURES)
    return {"pictures": film.pictures}


def _look_at_the_file(source: Source) -> None:
    """Is there anything beside one stream of pictures and one of sound?"""
    source.seek(0)
    with av.open(source, "r", options=FORMATS) as film:
        kinds = sorted(stream.type for stream in film.streams)
        names = set(film.metadata).union(*(stream.metadata for stream in film.streams))
        if kinds not in (["video"], ["audio", "video"]) or not names <= NAMES or film.chapters():
            raise ValueError(SOMETHING_ELSE)


def load(_files: Files) -> None:
    """All of the library, which says nothing of its own."""
    load_everything()
    av.logging.set_level(None)


def run(room: Room) -> dict[str, object]:
    """The copy is what it reads; nothing is written."""
    (told,) = room.outputs
    return check(room.source, CoverReader(io.BufferedReader(room.files[SHEET])), told)


WORK = Work(memory=MEMORY, outputs=1, load=load, run=run, faults=(av.FFmpegError,), reasons=CHECKING, otherwise=NO_FILM)

if __name__ == "__main__":
    serve(WORK)
