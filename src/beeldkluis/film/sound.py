"""The sound of a copy: one unbroken track that lies beside the pictures as it did in the film."""

from collections.abc import Callable
from fractions import Fraction

from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

SOUND = 48_000  # samples a second
LOOSE = SOUND * 40 // 1000  # samples that a container's rounded times may be off, a picture's length
WIDTH = 4  # bytes a sample ("fltp": each channel by itself)


class Sound:
    """Pieces of sound at their own moments to one track that begins at 0: silence where there was none, and what is there
    twice or lies before 0 left out.
    """

    def __init__(self, put: Callable[[AudioFrame], None]) -> None:
        self._put = put
        self.samples = 0  # given
        self._reached: float | None = None  # samples that what was taken reaches to
        self._skip = 0
        self._again, self._shape = _resampler(), ("", "", 0)

    def feed(self, frame: AudioFrame, at: float) -> None:
        """A piece that begins at `at` seconds."""
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if shape != self._shape:  # cameras change it, and then the old one takes nothing any more
            self._flush()
            self._shape = shape
        loose, begun = (0, 0.0) if self._reached is None else (LOOSE, self._reached)
        apart = round(at * SOUND - begun)
        if abs(apart) > loose:
            begun += apart
            if apart > 0:
                self._flush()
                self._silence(apart)
            else:
                self._skip -= apart
        self._reached = begun + frame.samples * SOUND / frame.sample_rate
        frame.pts = None
        self._give(self._again.resample(frame))

    def finish(self) -> None:
        """What is left in the resampler."""
        self._flush()

    def _flush(self) -> None:
        if self._shape[2]:
            self._give(self._again.resample(None))
        self._again = _resampler()

    def _silence(self, samples: int) -> None:
        gone = min(self._skip, samples)
        self._skip -= gone
        while gone < samples:
            count = min(SOUND, samples - gone)
            self._next(_made(count, [bytes(count * WIDTH)] * 2))
            gone += count

    def _give(self, pieces: list[AudioFrame]) -> None:
        for piece in pieces:
            gone = min(self._skip, piece.samples)
            self._skip -= gone
            if gone == 0:
                self._next(piece)
            elif gone < piece.samples:
                span = slice(gone * WIDTH, piece.samples * WIDTH)
                self._next(_made(piece.samples - gone, [bytes(plane)[span] for plane in piece.planes]))

    def _next(self, frame: AudioFrame) -> None:
        frame.pts, frame.time_base = self.samples, Fraction(1, SOUND)
        self.samples += frame.samples
        self._put(frame)


def _resampler() -> AudioResampler:
    return AudioResampler(format="fltp", layout="stereo", rate=SOUND)


def _made(samples: int, channels: list[bytes]) -> AudioFrame:
    frame = AudioFrame(format="fltp", layout="stereo", samples=samples)
    frame.sample_rate = SOUND
    for plane, data in zip(frame.planes, channels, strict=True):
        plane.update(data.ljust(plane.buffer_size, b"\0"))
    return frame
