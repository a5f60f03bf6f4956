"""Makes a redacted copy: H.264 and AAC in MP4, with what must be covered covered. Only `beeldkluis.masking.confining` has it
started, as a confined process.

The copy has the pictures of the film, as many and at the same times; nothing else of the film goes into it. The encoder never
sees what is under a cover, nor a sound that must not be heard.
"""

import io
import os
from fractions import Fraction
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from av.packet import Packet

from beeldkluis.film.ends import Sink, Source
from beeldkluis.film.inside import Files, Room, Work, serve
from beeldkluis.film.parts import load_everything
from beeldkluis.film.pictures import TALLEST, WIDEST
from beeldkluis.film.reading import reading
from beeldkluis.film.sound import SOUND, Sound
from beeldkluis.film.talk import NO_FILM, NO_PICTURE
from beeldkluis.film.talk import TOO_LONG as NO_COPY_THAT_LONG
from beeldkluis.masking.cover_sheet import CoverReader
from beeldkluis.masking.lettering import strip
from beeldkluis.masking.paint import Mark, painted
from beeldkluis.masking.reading import MICROSECONDS, Numbered, Picture, Piece
from beeldkluis.masking.silencing import Silencer
from beeldkluis.masking.words import DIFFERS, RENDERING, TOO_LONG

MEMORY = 3 * 1024**3  # bytes of address space
OFTEN = MICROSECONDS  # of film between two signs of how far it is
MOST = 12_000_000  # bits a second at the largest size, also for noise in the dark
THREADS = 8  # of the encoder at most: more give no speed, and each holds pictures
SHEET = "sheet"  # the file that says what is covered
CONTAINER = {"fflags": "+bitexact"}  # names no program


class Rendering:
    """The copy under way."""

    def __init__(self, film: Numbered, sheet: CoverReader, made: OutputContainer) -> None:
        """ValueError when the sheet is of pictures of another size."""
        head, (width, height) = sheet.head, (film.film.width, film.film.height)
        if (head.width, head.height) != (width, height):
            raise ValueError(DIFFERS)
        self.film, self.head, self.made = film, head, made
        self.covers, self.mark = sheet.pictures(), Mark(strip(head.mark, width, height), width, height)
        self.shown = _pictures_of(made, film)
        self.heard: Any = made.add_stream("aac", rate=SOUND) if film.film.has_sound else None
        self.silencer, self.sound = Silencer(head.audible), Sound(self._put)

    def take(self, one: Picture | Piece) -> None:
        """The next picture or piece of sound. ValueError when the picture is not the one that was analysed."""
        if isinstance(one, Piece):
            if self.heard is not None:
                self.sound.feed(one.frame, one.at)
            return
        cover = next(self.covers, None)
        if cover is None or cover.time_us != one.time_us:
            raise ValueError(DIFFERS)
        frame = painted(one.frame, cover, self.head.mode, self.mark)
        frame.pts, frame.time_base = self.film.offset_us + one.time_us, Fraction(1, MICROSECONDS)
        self._mux(self.shown.encode(frame))

    def _mux(self, packets: list["Packet[Any]"]) -> None:
        last = self.film.offset_us + self.film.last_us
        for packet in packets:
            if packet.pts == last:
                packet.duration = self.film.lasts_us  # of the others the next one says it
            self.made.mux(packet)

    def _put(self, frame: AudioFrame) -> None:
        self.made.mux(self.heard.encode(self.silencer.silenced(frame)))

    def finish(self) -> dict[str, object]:
        """What is left, and what was made. ValueError when pictures that were analysed did not come."""
        if not self.film.pictures:
            raise ValueError(NO_PICTURE)
        if next(self.covers, None) is not None:
            raise ValueError(DIFFERS)
        self._mux(self.shown.encode(None))
        if self.heard is not None:
            self.sound.finish()
            self.made.mux(self.heard.encode(None))
        length = max(Fraction(self.film.end_us, MICROSECONDS), Fraction(self.sound.samples, SOUND))
        return {
            "duration_ms": round(length * 1000),
            "has_sound": self.sound.samples > 0,
            "pictures": self.film.pictures,
            "skipped": self.film.film.skipped,
            "jumps": self.film.film.jumps,
        }


def _pictures_of(made: OutputContainer, film: Numbered) -> Any:
    """The stream of pictures: the same bytes each time on one machine, a whole picture at least every second."""
    width, height, rate = film.film.width, film.film.height, film.film.rate
    most = max(1_000_000, MOST * width * height // (WIDEST * TALLEST))
    options = {"preset": "veryfast", "crf": "23", "profile": "high", "maxrate": str(most), "bufsize": str(2 * most)}
    options["threads"] = str(min(THREADS, len(os.sched_getaffinity(0))))
    shown: Any = made.add_stream("libx264", rate=rate, options=options)
    shown.width, shown.height, shown.pix_fmt = width, height, "yuv420p"
    shown.codec_context.gop_size = max(1, round(rate))
    shown.codec_context.time_base = shown.time_base = Fraction(1, MICROSECONDS)
    return shown


def render(source: Source, sheet: CoverReader, sink: Sink) -> dict[str, object]:
    """Make the copy; its length in milliseconds, whether it has sound, how many pictures, how many packets of the film were left
    out, and how often its clock jumped.

    av.FFmpegError, ValueError or LookupError for what is no film, or another than was analysed.
    """
    said = 0
    with reading(source) as opened:
        film = Numbered(opened)
        with av.open(sink, "w", format="mp4", container_options=CONTAINER) as made:
            rendering = Rendering(film, sheet, made)
            for one in film.frames():
                rendering.take(one)
                if film.last_us >= said + OFTEN:
                    said = film.last_us
                    sink.say_how_far(said // 1000)
            report = rendering.finish()
            sink.hold()
        sink.release()
    return report


def load(_files: Files) -> None:
    """All of the library, which says nothing of its own."""
    load_everything()
    av.logging.set_level(None)


def run(room: Room) -> dict[str, object]:
    """The copy is the only output; the cover sheet is a file that it may read. ValueError with a sentence of ours."""
    try:
        (copy,) = room.outputs
        return render(room.source, CoverReader(io.BufferedReader(room.files[SHEET])), copy)
    except ValueError as error:
        raise ValueError(TOO_LONG if str(error) == NO_COPY_THAT_LONG else str(error)) from error


WORK = Work(
    memory=MEMORY, outputs=1, load=load, run=run, faults=(av.FFmpegError,), reasons=RENDERING, otherwise=NO_FILM
)

if __name__ == "__main__":
    serve(WORK)
