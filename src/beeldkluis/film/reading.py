"""A film from outside as a player would show it: pictures and sound one by one, each at its moment from the film's beginning.

The same film always gives the same pictures at the same moments, whichever program reads it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame

from beeldkluis.film.ends import Source
from beeldkluis.film.moments import GAP, GAP_ON_A_LINE, Moments
from beeldkluis.film.pictures import Upright, is_on_its_side, rate_of, size_of, turn_of
from beeldkluis.film.talk import LONGEST, NO_PICTURE, TOO_LONG

FORMATS = {"format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts", "protocol_whitelist": ""}
CLOCK_MAY_JUMP = 0x0200  # AVFMT_TS_DISCONT: formats whose clock may be set anew on the way
PICTURES, SOUNDS = 0, 1


@contextmanager
def reading(source: Source) -> Iterator["Reading"]:
    """The film, opened. av.FFmpegError, ValueError or LookupError for what is no film."""
    first = _first_picture(source)
    with _opened(source) as film:
        yield Reading(film, first)


def _opened(source: Source) -> InputContainer:
    """The film from its beginning. av.FFmpegError for what is none."""
    source.seek(0)
    return av.open(source, "r", metadata_errors="ignore", options=FORMATS)


def _chosen(film: InputContainer) -> tuple[Any, Any]:
    """The pictures and the sound that a player would take, as far as they can be decoded; None for sound that cannot.

    ValueError without pictures.
    """
    pictures = film.streams.best("video")
    if pictures is None or pictures.codec_context is None:
        raise ValueError(NO_PICTURE)
    best = film.streams.best("audio")
    sounds = [one for one in (best, *film.streams.audio) if one is not None and one.codec_context is not None]
    return pictures, sounds[0] if sounds else None


def _first_picture(source: Source) -> VideoFrame:
    """The first picture that can be decoded: only that tells which side is up. ValueError when there is none."""
    with _opened(source) as film:
        pictures, _sounds = _chosen(film)
        for packet in film.demux(pictures):
            with suppress(av.FFmpegError):
                for frame in packet.decode():
                    if isinstance(frame, VideoFrame):
                        return frame
    raise ValueError(NO_PICTURE)


class Reading:
    """A film that is read once. `width` and `height` are those of its pictures as they are shown: upright, with square dots, even
    and not larger than 1920 by 1080. `rate`: pictures a second, as far as the film says.
    """

    def __init__(self, film: InputContainer, first: VideoFrame) -> None:
        self._film = film
        self._pictures, self._sounds = _chosen(film)
        self.rate, self.has_sound = rate_of(self._pictures), self._sounds is not None
        dot = Fraction(self._pictures.sample_aspect_ratio or 1)
        on_its_side = is_on_its_side(turn_of(first))
        self.width, self.height = size_of(
            first.width, first.height, dot if dot > 0 else Fraction(1), on_its_side=on_its_side
        )
        self._upright = Upright(self.width, self.height)
        self._gap = GAP if film.format.flags & CLOCK_MAY_JUMP else GAP_ON_A_LINE
        self._begin = None if film.start_time is None else film.start_time / av.time_base
        self._moments: Moments[VideoFrame | AudioFrame] | None = None
        self._next: dict[int, float] = {}  # where each goes on, in the film's time
        self._skipped = 0

    def frames(self) -> Iterator[tuple[VideoFrame | AudioFrame, float]]:
        """Each picture (upright, yuv420p) and piece of sound with its moment in seconds, up to where the file can be read no
        further: a film that was cut off is one up to there. What does not decode is left out and counted.

        ValueError beyond all reason.
        """
        for packet in self._packets():
            for frame in self._decoded(packet):
                for one, at in self._placed(frame):
                    yield self._shown(one, at)
        for _stream, one, at in self._moments.rest() if self._moments else ():
            yield self._shown(one, at)

    def _packets(self) -> Iterator["Packet[Any]"]:
        with suppress(av.FFmpegError):
            yield from self._film.demux([one for one in (self._pictures, self._sounds) if one is not None])

    def _decoded(self, packet: "Packet[Any]") -> list[VideoFrame | AudioFrame]:
        try:
            return [one for one in packet.decode() if isinstance(one, VideoFrame | AudioFrame)]
        except av.FFmpegError:
            self._skipped += 1
            return []

    def _placed(self, frame: VideoFrame | AudioFrame) -> Iterator[tuple[VideoFrame | AudioFrame, float]]:
        """At its own time in the film; after what came before where it does not say."""
        if isinstance(frame, AudioFrame):
            which, lasts = SOUNDS, frame.samples / frame.sample_rate
        else:
            which, lasts = PICTURES, 1 / float(self.rate)
        told, unit = frame.pts if frame.pts is not None else frame.dts, frame.time_base
        at = float(told * unit) if told is not None and unit is not None else self._next.get(which, self._begin or 0.0)
        self._next[which] = at + lasts
        if self._moments is None:
            self._moments = Moments(at if self._begin is None else self._begin, self._gap)
        yield from self._moments.place(which, frame, at, lasts)

    def _shown(self, frame: VideoFrame | AudioFrame, at: float) -> tuple[VideoFrame | AudioFrame, float]:
        if at > LONGEST:
            raise ValueError(TOO_LONG)
        return (self._upright.show(frame) if isinstance(frame, VideoFrame) else frame), at

    @property
    def skipped(self) -> int:
        """How many packets or pictures were left out so far."""
        return self._skipped + (self._moments.left_out if self._moments else 0)

    @property
    def jumps(self) -> int:
        """How often the film's clock was set anew so far."""
        return self._moments.jumps if self._moments else 0
