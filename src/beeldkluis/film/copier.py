"""Decodes film from outside and makes H.264 in MP4 of it, within limits. Only `beeldkluis.film.copying` has it started.

It has no files: the film is asked of the parent piece by piece, and what is made goes to the parent piece by piece.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame

from beeldkluis.film.ends import Sink, Source
from beeldkluis.film.inside import Files, Room, Work, serve
from beeldkluis.film.moments import GAP, GAP_ON_A_LINE, Moments
from beeldkluis.film.parts import load_everything
from beeldkluis.film.pictures import TALLEST, WIDEST, Even, Upright, black, is_on_its_side, rate_of, size_of, turn_of
from beeldkluis.film.sound import SOUND, Sound
from beeldkluis.film.talk import LONGEST, NO_FILM, NO_PICTURE, REASONS, TOO_LONG

MEMORY = 3 * 1024**3  # bytes of address space
FORMATS = {"format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts", "protocol_whitelist": ""}
CLOCK_MAY_JUMP = 0x0200  # AVFMT_TS_DISCONT: formats whose clock may be set anew on the way
PICTURES, SOUNDS = 0, 1
OFTEN = 1000  # milliseconds of film between two signs of how far it is
MOST = 12_000_000  # bits a second at the largest size, also for noise in the dark


def opened(source: Source) -> InputContainer:
    """The film from its beginning. av.FFmpegError for what is none."""
    source.seek(0)
    return av.open(source, "r", metadata_errors="ignore", options=FORMATS)


def chosen(film: InputContainer) -> tuple[Any, Any]:
    """The pictures and the sound that a player would take, as far as they can be decoded; None for sound that cannot.

    ValueError without pictures.
    """
    pictures = film.streams.best("video")
    if pictures is None or pictures.codec_context is None:
        raise ValueError(NO_PICTURE)
    best = film.streams.best("audio")
    sounds = [one for one in (best, *film.streams.audio) if one is not None and one.codec_context is not None]
    return pictures, sounds[0] if sounds else None


def first_picture(source: Source) -> VideoFrame:
    """The first picture that can be decoded: only that tells which side is up. ValueError when there is none."""
    with opened(source) as film:
        pictures, _sounds = chosen(film)
        for packet in film.demux(pictures):
            with suppress(av.FFmpegError):
                for frame in packet.decode():
                    if isinstance(frame, VideoFrame):
                        return frame
    raise ValueError(NO_PICTURE)


class Making:
    """The copy under way: even pictures and unbroken sound, both counted from the film's first moment."""

    def __init__(
        self, film: InputContainer, pictures: Any, sounds: Any, made: OutputContainer, size: tuple[int, int]
    ) -> None:
        rate, (width, height) = rate_of(pictures), size
        self.made, self.upright, self.even = made, Upright(width, height), Even(rate, black(width, height))
        gap = GAP if film.format.flags & CLOCK_MAY_JUMP else GAP_ON_A_LINE
        self.begin = None if film.start_time is None else film.start_time / av.time_base
        self.gap, self.skipped = gap, 0
        self.moments: Moments[VideoFrame | AudioFrame] | None = None
        most = max(1_000_000, MOST * width * height // (WIDEST * TALLEST))
        options = {"preset": "veryfast", "crf": "23", "profile": "high", "maxrate": str(most), "bufsize": str(2 * most)}
        self.shown: Any = made.add_stream("libx264", rate=rate, options=options)
        self.shown.width, self.shown.height, self.shown.pix_fmt = width, height, "yuv420p"
        self.shown.codec_context.gop_size = max(1, round(rate))  # a seek finds a whole picture within a second
        self.heard: Any = made.add_stream("aac", rate=SOUND) if sounds is not None else None
        self.sound = Sound(lambda piece: made.mux(self.heard.encode(piece)))
        self.next: dict[int, float] = {}  # where each goes on, in the film's time

    def take(self, packet: "Packet[Any]") -> None:
        """One packet of the film. What does not decode is left out and counted."""
        try:
            frames = packet.decode()
        except av.FFmpegError:
            self.skipped += 1
            return
        for frame in frames:
            if isinstance(frame, VideoFrame | AudioFrame):
                self._place(frame)

    def _place(self, frame: VideoFrame | AudioFrame) -> None:
        """At its own time in the film; after what came before where it does not say."""
        if isinstance(frame, AudioFrame):
            which, lasts = SOUNDS, frame.samples / frame.sample_rate
        else:
            which, lasts = PICTURES, 1 / float(self.even.rate)
        told, unit = frame.pts if frame.pts is not None else frame.dts, frame.time_base
        at = float(told * unit) if told is not None and unit is not None else self.next.get(which, self.begin or 0.0)
        self.next[which] = at + lasts
        if self.moments is None:
            self.moments = Moments(at if self.begin is None else self.begin, self.gap)
        for one, moment in self.moments.place(which, frame, at, lasts):
            self._make(one, moment)

    def _make(self, frame: VideoFrame | AudioFrame, at: float) -> None:
        """ValueError beyond all reason."""
        if at > LONGEST:
            raise ValueError(TOO_LONG)
        if isinstance(frame, VideoFrame):
            self._show(self.even.feed(self.upright.show(frame), at))
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
        for _stream, frame, at in self.moments.rest() if self.moments else ():
            self._make(frame, at)
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
            "skipped": self.skipped + (self.moments.left_out if self.moments else 0),
            "jumps": self.moments.jumps if self.moments else 0,
        }


def packets_of(film: InputContainer, streams: Sequence[Any]) -> Iterator["Packet[Any]"]:
    """The packets in the order of the file, up to where it can be read no further: a film that was cut off is one up to there."""
    with suppress(av.FFmpegError):
        yield from film.demux(streams)


def convert(source: Source, sink: Sink) -> dict[str, object]:
    """Make the copy; its length in milliseconds, whether it has sound, how many pictures it has, how many packets of the film
    were left out, and how often its clock jumped.

    av.FFmpegError, ValueError or LookupError for what is no film.
    """
    first = first_picture(source)
    with opened(source) as film:
        pictures, sounds = chosen(film)
        dot = Fraction(pictures.sample_aspect_ratio or 1)
        on_its_side = is_on_its_side(turn_of(first))
        size = size_of(first.width, first.height, dot if dot > 0 else Fraction(1), on_its_side=on_its_side)
        said = 0
        with av.open(sink, "w", format="mp4") as made:
            making = Making(film, pictures, sounds, made, size)
            for packet in packets_of(film, [one for one in (pictures, sounds) if one is not None]):
                making.take(packet)
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
