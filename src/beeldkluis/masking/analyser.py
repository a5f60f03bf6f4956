"""Looks through a film for what must be covered, and hears where somebody speaks. Only `beeldkluis.masking.confining` has it
started, as a confined process. Its first argument is the folder of a municipality's own detector, or empty; it is read before
the process locks itself up.

Output 0 gets each part as it is done, output 1 the whole analysis. The parts that earlier attempts made are a file that it may
read: it decodes what they were made of, and looks only at what comes after.
"""

import os
import struct
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from beeldkluis.film.ends import Sink
from beeldkluis.film.inside import Files, Room, Work, serve
from beeldkluis.film.parts import load_everything
from beeldkluis.film.reading import reading
from beeldkluis.film.sound import Sound
from beeldkluis.film.talk import NO_FILM, NO_PICTURE
from beeldkluis.film.talk import TOO_LONG as NO_COPY_THAT_LONG
from beeldkluis.masking import own_manifest, weights
from beeldkluis.masking.analysing import Detector, Film, Shown, concluded, look
from beeldkluis.masking.analysis import Speech
from beeldkluis.masking.codec import analysis_bytes, part_bytes, read_part
from beeldkluis.masking.detectors import usual
from beeldkluis.masking.networks import Effort
from beeldkluis.masking.own_manifest import OwnModelError
from beeldkluis.masking.part import Part
from beeldkluis.masking.reading import Numbered, Picture, Piece
from beeldkluis.masking.speech import LEVEL_MS, RATE, Hearing
from beeldkluis.masking.words import ANALYSING, OTHER_PARTS, OWN_DETECTOR, TOO_LONG

MEMORY = 6 * 1024**3  # bytes of address space: the networks' library takes some for itself
THREADS = 4  # of the networks at most
BEFORE_US = 2_000_000  # microseconds of film that are looked at again before a part, so that it is known who was there
OFTEN = 1_000_000  # microseconds of film between two signs of how far it is
WIDE = 320  # dots of a thumbnail
LENGTH = struct.Struct(">Q")  # before each part, in the file of parts and in the output
PARTS = "parts"
LATER = ("numpy.fft", "numpy.linalg")  # what numpy looks for only when it is used: then no file can be read any more


class Analyser:
    """What finds and what hears, loaded; and then the film once through."""

    def __init__(self) -> None:
        self.detector: Detector | None = None
        self.hearing: Hearing | None = None
        self.models: tuple[tuple[str, str], ...] = ()
        self.reason = ""  # why nothing can be searched

    def load(self, _files: Files) -> None:
        """Everything that must be read or started before the film. The networks start threads."""
        load_everything()
        for name in LATER:
            import_module(name)
        av.logging.set_level(None)
        folder, effort = sys.argv[4], Effort(threads=min(THREADS, len(os.sched_getaffinity(0))))
        own_folder = Path(folder) if folder else None
        try:
            own = _own_models(own_folder)
            self.detector = usual(effort=effort, own_folder=own_folder)
            if _own_models(own_folder) != own:
                raise OwnModelError("de bestanden zijn veranderd terwijl zij werden gelezen")
        except OwnModelError:
            self.reason = OWN_DETECTOR
            return
        self.hearing = Hearing()
        self.detector(np.zeros((64, 64, 3), np.uint8))  # the first look starts what is left to start
        self.models = (*((one.name, one.sha256) for one in weights.ALL), *own)

    def run(self, room: Room) -> dict[str, object]:
        """Gives the parts and the analysis. ValueError with a sentence of ours."""
        if self.reason:
            raise ValueError(self.reason)
        assert self.detector is not None  # noqa: S101 - loaded before
        assert self.hearing is not None  # noqa: S101 - likewise
        try:
            return analyse(room, self.detector, self.hearing, self.models)
        except ValueError as error:
            raise ValueError(TOO_LONG if str(error) == NO_COPY_THAT_LONG else str(error)) from error


def analyse(room: Room, detector: Detector, hearing: Hearing, models: tuple[tuple[str, str], ...]) -> dict[str, object]:
    """Goes once through the film; how many packets of it were left out, and how often its clock jumped.

    The parts hold pictures 0 and on, each with its time. A film that has fewer, or shows one of them at another time, is not the
    one that they were made of: ValueError with a sentence of ours. av.FFmpegError, ValueError or LookupError for what is no film.
    """
    made, whole = room.outputs
    parts = known_parts(room.files[PARTS].readall())
    with reading(room.source) as opened:
        film, ear = Numbered(opened), Ear(hearing)
        seen = Watch(film, ear.hear, parts, made)
        width, height = opened.width, opened.height
        for part in look(seen.shown(), detector, aspect=width / height, begin=seen.begin):
            parts.append(part)
            put(made, part_bytes(part))
        if not film.pictures:
            raise ValueError(NO_PICTURE)
        speech, levels = ear.finish()
        told = Film(width, height, -(-film.end_us // 1000), speech, levels, LEVEL_MS, models)
        whole.write(analysis_bytes(concluded(parts, told)))
        return {"skipped": opened.skipped, "jumps": opened.jumps}


def known_parts(data: bytes) -> list[Part]:
    """The parts of earlier attempts. ValueError for anything else."""
    found: list[Part] = []
    at = 0
    while at < len(data):
        (length,) = LENGTH.unpack_from(data, at)
        at += LENGTH.size
        found.append(read_part(data[at : at + length]))
        at += length
    return found


def put(sink: Sink, data: bytes) -> None:
    """One part, with its length before it."""
    sink.write(LENGTH.pack(len(data)) + data)


def _own_models(folder: Path | None) -> tuple[tuple[str, str], ...]:
    """Name and SHA-256 of what lies in the folder now. OwnModelError when it is not whole."""
    return own_manifest.read(folder).models if folder else ()


class Watch:
    """The pictures of a film that must be looked at; its sound goes to `hear` on the way."""

    def __init__(self, film: Numbered, hear: Callable[[Piece], None], parts: list[Part], sink: Sink) -> None:
        self.film, self.hear, self._sink, self._said = film, hear, sink, 0
        self._known = [time_us for part in parts for time_us in part.times_us]
        self.begin = len(self._known)
        self._since_us = self._known[-1] - BEFORE_US if parts else 0

    def shown(self) -> Iterator[Shown]:
        """From two seconds before the first that no part has. ValueError when those before are not the pictures of the parts."""
        for one in self.film.frames():
            if isinstance(one, Piece):
                self.hear(one)
                continue
            self._say(one)
            if one.number < self.begin and one.time_us != self._known[one.number]:
                raise ValueError(OTHER_PARTS)
            if one.number >= self.begin or one.time_us >= self._since_us:
                yield _shown(one)
        if self.film.pictures < self.begin:
            raise ValueError(OTHER_PARTS)

    def _say(self, picture: Picture) -> None:
        if picture.time_us >= self._said + OFTEN:
            self._said = picture.time_us
            self._sink.say_how_far(self._said // 1000)


def _shown(picture: Picture) -> Shown:
    frame = picture.frame
    high = max(2, round(frame.height * WIDE / frame.width))
    return Shown(picture.number, picture.time_us, lambda: _colours(frame), lambda: _grey(frame, high))


def _colours(frame: VideoFrame) -> NDArray[np.uint8]:
    return np.asarray(frame.to_ndarray(format="bgr24"), np.uint8)


def _grey(frame: VideoFrame, high: int) -> NDArray[np.uint8]:
    return np.asarray(frame.reformat(WIDE, high, "gray").to_ndarray(), np.uint8)


class Ear:
    """The sound of a film, unbroken and in one channel, for what hears speech."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing, self._heard = hearing, False
        self._again = AudioResampler(format="flt", layout="mono", rate=RATE)
        self._sound = Sound(lambda frame: self._feed(self._again.resample(frame)))

    def hear(self, piece: Piece) -> None:
        """The next piece."""
        self._heard = True
        self._sound.feed(piece.frame, piece.at)

    def _feed(self, frames: list[AudioFrame]) -> None:
        for frame in frames:
            self._hearing.feed(frame.to_ndarray()[0].astype(np.float32))

    def finish(self) -> tuple[tuple[Speech, ...], bytes]:
        """Where somebody speaks, and how loud it is; nothing of a film without sound."""
        if not self._heard:
            return (), b""
        self._sound.finish()
        self._feed(self._again.resample(None))
        return self._hearing.heard()


def main() -> None:
    """Do what the parent asks."""
    analyser = Analyser()
    serve(
        Work(
            memory=MEMORY,
            outputs=2,
            load=analyser.load,
            run=analyser.run,
            faults=(av.FFmpegError,),
            reasons=ANALYSING,
            otherwise=NO_FILM,
            has_threads=True,
        )
    )


if __name__ == "__main__":
    sys.argv.append(sys.argv.pop(1))  # what is ours comes after what every confined process is given
    main()
