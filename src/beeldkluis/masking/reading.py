"""The pictures of a film, numbered and timed. The analyser and the renderer both read by this: what is picture 7 to one is
picture 7 to the other, shown at the same microsecond.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from beeldkluis.film.reading import Reading

MICROSECONDS = 1_000_000
CLOSEST = 1_000  # microseconds from one picture to the next, at least, whatever their times say


@dataclass(frozen=True, slots=True)
class Picture:
    """Upright, yuv420p. `number` counts from 0 in the order of showing, `time_us` from the first picture."""

    number: int
    time_us: int
    frame: VideoFrame


@dataclass(frozen=True, slots=True)
class Piece:
    """Sound that begins `at` seconds after the film's beginning."""

    at: float
    frame: AudioFrame


class Numbered:
    """The pictures and the sound of a film, in the order in which they are read."""

    def __init__(self, film: Reading) -> None:
        self.film = film
        self.offset_us = 0  # from the film's beginning to its first picture, once that was read
        self.pictures, self.last_us = 0, 0  # how many were read, and the time of the last
        self.lasts_us = round(MICROSECONDS / film.rate)  # what the last one lasts

    def frames(self) -> Iterator[Picture | Piece]:
        """ValueError beyond all reason. What cannot be decoded is left out, for every program alike."""
        for frame, at in self.film.frames():
            yield Piece(at, frame) if isinstance(frame, AudioFrame) else self._numbered(frame, at)

    def _numbered(self, frame: VideoFrame, at: float) -> Picture:
        """A picture that comes with a time before the one that was shown last is shown right after it."""
        moment = round(at * MICROSECONDS)
        if not self.pictures:
            self.offset_us = max(0, moment)
        else:
            self.last_us = max(moment - self.offset_us, self.last_us + CLOSEST)
        self.pictures += 1
        return Picture(self.pictures - 1, self.last_us, frame)

    @property
    def end_us(self) -> int:
        """When the last picture that was read ends, from the film's beginning."""
        return self.offset_us + self.last_us + self.lasts_us if self.pictures else 0
