"""Decodes film from outside and makes H.264 in MP4 of it, within limits. Only `beeldkluis.film.copying` has it started.

It has no files: the film is asked of the parent piece by piece, and what is made goes to the parent piece by piece.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from av.video.frame import VideoFrame

from beeldkluis.film.ends import Sink, Source
from beeldkluis.film.inside import Files, Room, Work, serve
from beeldkluis.film.parts import load_everything
from beeldkluis.film.pictures import TALLEST, WIDEST, Even, black
from beeldkluis.film.reading import Reading, reading
from beeldkluis.film.sound import SOUND, Sound
from beeldkluis.film.talk import NO_FILM, NO_PICTURE, REASONS

MEMORY = 3 * 1024**3  # bytes of address space
OFTEN = 1000  # milliseconds of film between two signs of how far it is
MOST = 12_000_000  # bits a second at the largest size, also for noise in the dark


class Making:
    """The copy under way: even pictures and unbroken sound, both counted from the film's first moment."""

    def __init__(self, film: Reading, made: OutputContainer) -> None:
        rate, width, height = film.rate, film.width, film.height
        self.film, self.made, self.even = film, made, Even(rate, black(width, height))
        most = max(1_000_000, MOST * width * height // (WIDEST * TALLEST))
        options = {"preset": "veryfast", "crf": "23", "profile": "high", "maxrate": str(most), "bufsize": str(2 * most)}
        self.shown: Any = made.add_stream("libx264", rate=rate, options=options)
        self.shown.width, self.shown.height, self.shown.pix_fmt = width, height, "yuv420p"
        self.shown.codec_context.gop_size = max(1, round(rate))  # a seek finds a whole picture within a second
        self.heard: Any = made.add_stream("aac", rate=SOUND) if film.has_sound else None
        self.sound = Sound(lambda piece: made.mux(self.heard.encode(piece)))

    def take(self, frame: VideoFrame | AudioFrame, at: float) -> None:
        """A picture or a piece of sound of the film."""
        if isinstance(frame, VideoFrame):
            self._show(self.even.feed(frame, at))
        elif self.heard is not None:
            self.sound.feed(frame, at)

    def _show(self, frames: Iterable[VideoFrame]) -> None:
        for one in frames:
            self.made.mux(self.shown.encode(one))

    def done_ms(self) -> int:
        """How much of the film has been done, in milliseconds."""
        return int(self.even.number / self.even.rate * 1000)

    def finish(self) -> dict[str, object]:
        """What is left, and what was made."""
        self._show(self.even.rest())
        if not self.even.taken:
            raise ValueError(NO_PICTURE)
        self.made.mux(self.shown.encode(None))
        if self.heard is not None:
            self.sound.finish()
            self.made.mux(self.heard.encode(None))
        length = max(self.even.number / self.even.rate, Fraction(self.sound.samples, SOUND))
        return {
            "duration_ms": round(length * 1000),
            "has_sound": self.sound.samples > 0,
            "pictures": self.even.number,
            "skipped": self.film.skipped,
            "jumps": self.film.jumps,
        }


def convert(source: Source, sink: Sink) -> dict[str, object]:
    """Make the copy; its length in milliseconds, whether it has sound, how many pictures it has, how many packets of the film
    were left out, and how often its clock jumped.

    av.FFmpegError, ValueError or LookupError for what is no film.
    """
    said = 0
    with reading(source) as film:
        with av.open(sink, "w", format="mp4") as made:
            making = Making(film, made)
            for frame, at in film.frames():
                making.take(frame, at)
                if (done := making.done_ms()) >= said + OFTEN:
                    said = done
                    sink.say_how_far(done)
            told = making.finish()
            sink.hold()
        sink.release()
    return told


def load(_files: Files) -> None:
    """All of the library, which says nothing of its own."""
    load_everything()
    av.logging.set_level(None)


def run(room: Room) -> dict[str, object]:
    """The copy is the only output."""
    (copy,) = room.outputs
    return convert(room.source, copy)


COPYING = Work(
    memory=MEMORY, outputs=1, load=load, run=run, faults=(av.FFmpegError,), reasons=REASONS, otherwise=NO_FILM
)

if __name__ == "__main__":
    serve(COPYING)
