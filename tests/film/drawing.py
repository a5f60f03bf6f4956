"""Films for tests, drawn without any outside help: grey with a white flash, and silence with a beep at the same moment."""

import io
import math
from array import array
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

RATE, SOUND = 25, 48_000
FLASH = (2.0, 2.2)  # seconds after the beginning of its own track
TONE = array("h", [round(20_000 * math.sin(place * math.pi / 24)) for place in range(48)])  # a millisecond of 1 kHz


def grey(width: int, height: int, light: int) -> VideoFrame:
    """An even picture."""
    frame = VideoFrame(width, height, "yuv420p")
    for plane, value in zip(frame.planes, (light, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    return frame


def draw(
    path: Path, seconds: int = 4, *, kind: str = "matroska", pictures_at: float = 0, sound_at: float = 0,
    moment: Callable[[int], float] | None = None, sound: bool = True, codec: str = "libx264", rate: int = RATE,
    size: tuple[int, int] = (64, 36), dot: Fraction | None = None, silent: tuple[float, float] = (0, 0),
) -> bytes:  # fmt: skip
    """A film of which both tracks last `seconds`; `moment` gives another time to a picture by its number."""
    with av.open(str(path), "w", format=kind) as out:
        shown: Any = out.add_stream(codec, rate=rate)
        shown.width, shown.height, shown.pix_fmt = *size, "yuv420p"
        if dot:
            shown.codec_context.sample_aspect_ratio = dot
        shown.codec_context.time_base = shown.time_base = Fraction(1, 90_000)
        heard: Any = out.add_stream("aac", rate=SOUND, layout="stereo") if sound else None
        for number in range(seconds * rate):
            at = number / rate
            frame = grey(*size, 235 if FLASH[0] <= at < FLASH[1] else 40)
            frame.pts = round((moment(number) if moment else at + pictures_at) * 90_000)
            frame.time_base = Fraction(1, 90_000)
            out.mux(shown.encode(frame))
            for piece in range(round(at * 50), round((number + 1) / rate * 50) if heard else 0):
                if not silent[0] <= piece / 50 < silent[1]:
                    out.mux(heard.encode(_beep(piece, sound_at - pictures_at, sound_at)))
        out.mux(shown.encode(None))
        if heard:
            out.mux(heard.encode(None))
    return path.read_bytes()


def _beep(piece: int, apart: float, at: float) -> AudioFrame:
    """20 ms of sound: the beep lies where the flash is, however far the two tracks lie apart."""
    on = FLASH[0] <= round(piece / 50 + apart, 6) < FLASH[1]
    samples = array("h", [value for value in TONE * 20 for _channel in range(2)]) if on else array("h", [0] * 1920)
    frame = AudioFrame(format="s16", layout="stereo", samples=960)
    frame.sample_rate, frame.time_base = SOUND, Fraction(1, SOUND)
    frame.planes[0].update(samples.tobytes())
    frame.pts = piece * 960 + round(at * SOUND)
    return frame


def measured(film: bytes) -> tuple[float | None, float | None, int]:
    """When the flash and the beep begin, in seconds, and how many pictures there are."""
    flash = beep = None
    pictures = 0
    with av.open(io.BytesIO(film), "r") as source:
        for frame in source.decode(*(one for one in source.streams if one.type in {"video", "audio"})):
            if isinstance(frame, VideoFrame):
                pictures += 1
                if flash is None and _is_light(frame):
                    flash = frame.time
            elif isinstance(frame, AudioFrame) and beep is None:
                loud = [place for place, value in enumerate(array("f", bytes(frame.planes[0]))) if abs(value) > 0.2]
                if loud and frame.time is not None:
                    beep = frame.time + loud[0] / frame.sample_rate
    return flash, beep, pictures


def _is_light(frame: VideoFrame) -> bool:
    return bytes(frame.reformat(8, 8, "gray").planes[0])[0] > 180


def with_matrix(film: bytes, turn: tuple[int, int, int, int]) -> bytes:
    """An MP4 of which the first track is shown turned: a, b, c, d of its display matrix."""
    a, b, c, d = (value * 65_536 for value in turn)
    matrix = b"".join(value.to_bytes(4, "big", signed=True) for value in (a, b, 0, c, d, 0, 0, 0, 1 << 30))
    place = film.index(b"tkhd") + 44
    return film[:place] + matrix + film[place + 36 :]
