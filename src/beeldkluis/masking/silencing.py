"""The sound of a copy: silent, but for the stretches that somebody made audible."""

from fractions import Fraction

import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from beeldkluis.film.sound import SOUND

FADE = SOUND * 20 // 1000  # samples from silence to full, inside an audible stretch


class Silencer:
    """For sound as `film.sound` gives it: stereo "fltp" at its rate, each piece with its place in samples."""

    def __init__(self, audible: tuple[tuple[int, int], ...]) -> None:
        """`audible`: stretches in milliseconds from the film's beginning, in order and apart."""
        self.stretches = [(begin * SOUND // 1000, end * SOUND // 1000) for begin, end in audible]

    def silenced(self, frame: AudioFrame) -> AudioFrame:
        """A new piece of the same length: exactly zero outside every stretch. It has nothing else of `frame` but its place."""
        begin = frame.pts or 0
        gain = self.gain(begin, frame.samples)
        made = AudioFrame(format="fltp", layout="stereo", samples=frame.samples)
        made.sample_rate, made.pts, made.time_base = SOUND, begin, Fraction(1, SOUND)
        for plane, source in zip(made.planes, frame.planes, strict=True):
            heard = np.zeros(plane.buffer_size // 4, np.float32)
            if gain.any():
                known = np.frombuffer(memoryview(source), np.float32)[: frame.samples]
                heard[: frame.samples] = np.where(gain > 0, known * gain, np.float32(0))
            plane.update(heard.tobytes())
        return made

    def gain(self, begin: int, samples: int) -> NDArray[np.float32]:
        """0 to 1 for each sample from `begin` on."""
        gain = np.zeros(samples, np.float32)
        for first, end in self.stretches:
            here = slice(max(0, first - begin), max(0, min(samples, end - begin)))
            place = np.arange(here.start, here.stop) + begin
            inside = np.minimum(place - first, end - 1 - place)
            gain[here] = np.maximum(gain[here], np.minimum(1, inside / FADE).astype(np.float32))
        return gain
