"""Decodes film from outside and makes H.264 in MP4 of it, within limits. Only `beeldkluis.film.copying` starts it.

It has no files: the film is asked of the parent piece by piece, and what is made goes to the parent piece by piece.
"""

import json
import os
import resource
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from io import SEEK_CUR, SEEK_END, SEEK_SET
from typing import Any, BinaryIO

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.container import OutputContainer
from av.video.frame import VideoFrame

from beeldkluis.film.talk import DONE, FAILED, GIVE, READ, WRITE, TalkError, hear, send

MEMORY = 3 * 1024**3  # bytes of address space
AHEAD = 1024 * 1024  # bytes asked of the parent at once
PIECE = 1024 * 1024  # bytes given to the parent at once
TALLEST = 1080  # lines; a taller picture is made smaller
FASTEST = 60  # pictures a second
RATE = 25  # where the film does not say
SOUND = 48_000  # samples a second
NO_PICTURE = "Er is geen beeld uit het bestand te lezen."
NO_FILM = "Het bestand is geen leesbare film."
FORMATS = {"format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts", "protocol_whitelist": ""}


class Source:
    """The film as a file that can be read and searched; its bytes come from the parent."""

    name = ""  # PyAV looks for one

    def __init__(self, size: int, ask: BinaryIO, answers: BinaryIO) -> None:
        self.size, self._ask, self._answers = size, ask, answers
        self._at, self._from, self._held = 0, 0, b""

    def read(self, length: int = -1) -> bytes:
        """Up to `length` bytes from here; empty at the end."""
        length = min(AHEAD, self.size - self._at if length < 0 else min(length, self.size - self._at))
        if length <= 0:
            return b""
        start = self._at - self._from
        if not 0 <= start < len(self._held):
            self._fetch()
            start = 0
        piece = self._held[start : start + length]
        self._at += len(piece)
        return piece

    def _fetch(self) -> None:
        send(self._ask, READ, self._at, wanted=min(AHEAD, self.size - self._at))
        what, _place, _length, data = hear(self._answers)
        if what != GIVE or not data:
            raise TalkError("the parent gave nothing")
        self._from, self._held = self._at, data

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a place; where that is."""
        self._at = max(0, {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self.size}[whence] + offset)
        return self._at

    def tell(self) -> int:
        """Where we are."""
        return self._at


class Sink:
    """A file that can be written and searched; its bytes go to the parent."""

    name = "copy.mp4"

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._at, self._end = out, 0, 0

    def write(self, data: bytes) -> int:
        """All of it."""
        data = bytes(data)
        for start in range(0, len(data), PIECE):
            send(self._out, WRITE, self._at + start, data[start : start + PIECE])
        self._at += len(data)
        self._end = max(self._end, self._at)
        return len(data)

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a place; where that is."""
        self._at = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._end}[whence] + offset
        return self._at

    def tell(self) -> int:
        """Where we are."""
        return self._at


def rate_of(stream: Any) -> Fraction:
    """Pictures a second, within reason."""
    told = stream.average_rate or stream.guessed_rate
    return Fraction(told).limit_denominator(1001) if told and 1 <= told <= FASTEST else Fraction(RATE)


def size_of(stream: Any) -> tuple[int, int]:
    """Width and height of the copy: even, and not taller than `TALLEST`."""
    width, height = stream.codec_context.width, stream.codec_context.height
    if height > TALLEST:
        width, height = width * TALLEST // height, TALLEST
    return max(2, width // 2 * 2), max(2, height // 2 * 2)


class Even:
    """Pictures at their own moments to pictures at an even rate: each moment shows the last picture that had begun."""

    def __init__(self, rate: Fraction) -> None:
        self.rate, self.number = rate, 0
        self.held: VideoFrame | None = None

    def feed(self, frame: VideoFrame, at: float) -> Iterator[VideoFrame]:
        """The pictures that are certain, now that one comes at `at` seconds."""
        due = round(at * self.rate)
        while self.held is not None and self.number < due:
            yield self._next(self.held)
        self.held = frame

    def rest(self) -> Iterator[VideoFrame]:
        """The last one."""
        if self.held is not None:
            yield self._next(self.held)

    def _next(self, frame: VideoFrame) -> VideoFrame:
        frame.pts, frame.time_base = self.number, 1 / self.rate
        self.number += 1
        return frame


class Making:
    """The copy under way: even pictures and sound, both counted from the film's first moment."""

    def __init__(self, pictures: Any, sounds: Any, made: OutputContainer) -> None:
        rate, (self.width, self.height) = rate_of(pictures), size_of(pictures)
        self.made, self.even = made, Even(rate)
        self.begin: float | None = None
        options = {"preset": "veryfast", "crf": "23", "profile": "high"}
        self.shown: Any = made.add_stream("libx264", rate=rate, options=options)
        self.shown.width, self.shown.height, self.shown.pix_fmt = self.width, self.height, "yuv420p"
        self.shown.codec_context.gop_size = max(1, round(rate))  # a seek finds a whole picture within a second
        self.heard: Any = made.add_stream("aac", rate=SOUND) if sounds is not None else None
        self.again = AudioResampler(format="fltp", layout="stereo", rate=SOUND)

    def take(self, frame: Any) -> None:
        """One picture or piece of sound of the film."""
        moment = float(frame.time or 0)
        self.begin = moment if self.begin is None else self.begin
        if isinstance(frame, VideoFrame):
            ready = frame.reformat(self.width, self.height, "yuv420p")
            self._show(self.even.feed(ready, max(0.0, moment - self.begin)))
        elif isinstance(frame, AudioFrame) and self.heard is not None:
            for piece in self.again.resample(frame):
                self.made.mux(self.heard.encode(piece))

    def _show(self, frames: Iterable[VideoFrame]) -> None:
        for one in frames:
            self.made.mux(self.shown.encode(one))

    def finish(self) -> dict[str, object]:
        """What is left, and what was made."""
        self._show(self.even.rest())
        if not self.even.number:
            raise ValueError(NO_PICTURE)
        self.made.mux(self.shown.encode(None))
        if self.heard is not None:
            self.made.mux(self.heard.encode(None))
        length = round(self.even.number / self.even.rate * 1000)
        return {"duration_ms": length, "has_sound": self.heard is not None, "pictures": self.even.number}


def convert(source: Source, sink: Sink) -> dict[str, object]:
    """Make the copy; its length in milliseconds, whether it has sound, and how many pictures it has.

    av.FFmpegError, ValueError or LookupError for what is no film.
    """
    with av.open(source, "r", metadata_errors="ignore", options=FORMATS) as film:
        if not film.streams.video:
            raise ValueError(NO_PICTURE)
        pictures, sounds = film.streams.video[0], film.streams.audio[0] if film.streams.audio else None
        with av.open(sink, "w", format="mp4") as made:
            making = Making(pictures, sounds, made)
            for packet in film.demux([one for one in (pictures, sounds) if one is not None]):
                for frame in packet.decode():
                    making.take(frame)
            return making.finish()


def main() -> None:
    """Copy what the parent holds; argument: its size in bytes."""
    av.logging.set_level(None)
    ask = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    try:
        told = convert(Source(int(sys.argv[1]), ask, sys.stdin.buffer), Sink(ask))
    except (av.FFmpegError, ValueError, LookupError, MemoryError, OSError) as error:
        reason = str(error) if str(error) == NO_PICTURE else NO_FILM
        send(ask, FAILED, 0, reason.encode())
    else:
        send(ask, DONE, 0, json.dumps(told).encode())


if __name__ == "__main__":
    main()
