"""Makes the film that a demonstration's camera has made, of a clip of Intel's Sample Videos (CC BY 4.0).

    https://github.com/intel-iot-devkit/sample-videos, one-by-one-person-detection.mp4
    PYTHONPATH=. .venv/bin/python scripts/demonstration_film.py CLIP src/beeldkluis/camera/films/entering.mp4

What is changed, and what `camera/films/LICENSES.md` therefore says: forty seconds of it, stored smaller, and a sound track beside
it with two made voices that say nothing, as the clip has none. `camera/example.py` holds the SHA-256 of what comes out; another
release of FFmpeg may give other bytes.
"""

import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import PictureType
from tests.masking.voices import RATE, noise, silence, voice

from beeldkluis.camera.example import EXAMPLE

BEGIN, LASTS, PICTURES = 38, EXAMPLE.seconds, 10  # seconds of the clip; pictures a second, as it has
VOICES = ((4, 4, 120.0), (10, 3, 210.0), (16, 5, 120.0), (27, 4, 210.0), (34, 3, 120.0))  # begin, length, pitch
PACKET = 1024  # samples


def said() -> np.ndarray:
    """Two voices that take turns, over a faint hiss."""
    sound = silence(LASTS) + noise(LASTS, loud=0.002)
    for number, (begin, lasts, pitch) in enumerate(VOICES):
        sound[begin * RATE : (begin + lasts) * RATE] += voice(lasts, pitch, seed=7 + number)
    return np.clip(sound, -1, 1).astype(np.float32)


def make(clip: Path, made: Path) -> None:
    """Write the film."""
    options = {"movflags": "+faststart"}
    with av.open(str(clip)) as source, av.open(str(made), "w", format="mp4", options=options) as film:
        film.metadata.update(title=EXAMPLE.title, artist=EXAMPLE.by, comment=EXAMPLE.changed)
        film.metadata.update(copyright=f"{EXAMPLE.by}, {EXAMPLE.licence}, {EXAMPLE.terms}")
        chosen = {"preset": "veryslow", "crf": "30", "g": "50", "threads": "1"}
        pictures: Any = film.add_stream("libx264", rate=Fraction(PICTURES), options=chosen)
        heard: Any = film.add_stream("aac", rate=RATE, layout="mono")
        heard.bit_rate = 24_000
        first = source.streams.video[0]
        pictures.width, pictures.height, pictures.pix_fmt = first.width, first.height, "yuv420p"
        for frame in source.decode(video=0):
            number = round((float(frame.time or 0) - BEGIN) * PICTURES)
            if 0 <= number < LASTS * PICTURES:
                frame.pts, frame.time_base, frame.pict_type = number, Fraction(1, PICTURES), PictureType.NONE
                film.mux(pictures.encode(frame))
        film.mux(pictures.encode(None))
        sound = said()
        for begin in range(0, len(sound), PACKET):
            piece = AudioFrame.from_ndarray(sound[None, begin : begin + PACKET], format="fltp", layout="mono")
            piece.sample_rate, piece.pts, piece.time_base = RATE, begin, Fraction(1, RATE)
            film.mux(heard.encode(piece))
        film.mux(heard.encode(None))


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
