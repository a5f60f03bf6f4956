"""When a piece of film is shown: counted from the film's first moment, also when its clock jumps on the way."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

BACK = 0.5  # seconds: a clock that goes back further was set anew
GAP = 10.0  # seconds: a stream as cameras send it (MPEG-TS) that jumps further was set anew, as ffmpeg takes it too
GAP_ON_A_LINE = 3600.0  # and a file with one line of time, which players follow: a shorter gap shows the last picture
ALIKE = 2.0  # seconds: so near to one that is known, it is the same new setting of the clock
Piece = TypeVar("Piece")


@dataclass(slots=True)
class _Line(Generic[Piece]):
    """One stream: what its times are shifted by, where it goes on, and the piece that does not fit there, until the next."""

    shift: float
    due: float
    odd: tuple[Piece, float, float] | None = None


@dataclass(slots=True)
class Moments(Generic[Piece]):
    """From a film's own times to the copy's, for each of its streams in the order of showing. All in seconds.

    One piece that lies apart is an error and left out: decoders give such after damage. Where the film goes on from there its
    clock was set anew, and the copy goes on too, as a player does that plays the film through. Whichever stream gets there
    first sets how far; the other follows it, so that picture and sound stay together.
    """

    begin: float
    gap: float
    jumps: int = 0
    left_out: int = 0
    _known: list[float] = field(default_factory=list)
    _lines: dict[int, _Line[Piece]] = field(default_factory=dict)

    def place(self, stream: int, piece: Piece, at: float, lasts: float) -> Iterator[tuple[Piece, float]]:
        """What is certain now that a piece of `stream` comes at `at` in the film and lasts `lasts`, and when in the copy."""
        line = self._lines.setdefault(stream, _Line(-self.begin, at))
        if self._fits(at - line.due):
            self.left_out += line.odd is not None
            line.odd = None
        else:
            odd, line.odd = line.odd, None
            if odd is not None:
                yield self._jumped(line, *odd)
            if not self._fits(at - line.due):
                line.odd = (piece, at, lasts)
                return
        line.due = at + lasts
        yield piece, at + line.shift

    def rest(self) -> Iterator[tuple[int, Piece, float]]:
        """The last of each stream, when it lies apart."""
        for stream, line in self._lines.items():
            odd, line.odd = line.odd, None
            if odd is not None:
                yield stream, *self._jumped(line, *odd)

    def _fits(self, jump: float) -> bool:
        return -BACK <= jump <= self.gap

    def _jumped(self, line: _Line[Piece], piece: Piece, at: float, lasts: float) -> tuple[Piece, float]:
        jump = at - line.due
        line.shift, line.due = self._found(line.shift, line.shift - jump, abs(jump)), at + lasts
        return piece, at + line.shift

    def _found(self, was: float, wanted: float, jump: float) -> float:
        known = [one for one in (-self.begin, *self._known) if one != was]
        nearest = min(known, key=lambda one: abs(one - wanted), default=None)
        if nearest is not None and abs(nearest - wanted) <= min(ALIKE, jump / 2):
            return nearest
        self._known.append(wanted)
        self.jumps += 1
        return wanted
