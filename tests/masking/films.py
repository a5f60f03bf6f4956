"""Small films for tests of redaction: blocks that no cover looks like, a tone, and what an analysis would say of them."""

import io
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from beeldkluis.film.confined import Patience
from beeldkluis.film.reading import reading
from beeldkluis.masking.analysis import Analysis, Track
from beeldkluis.masking.boxes import Box, Kind
from beeldkluis.masking.confining import Rendered, render_film
from beeldkluis.masking.draft import Change, Draft, Mode
from beeldkluis.masking.paint import planes_of
from beeldkluis.masking.reading import Numbered, Picture

SOUND, RATE = 48_000, 25
MARK = "BEWERKT 2026-0012 28-11-2026"
Change_of = Callable[[int, "tuple[np.ndarray, np.ndarray, np.ndarray]"], None]


def blocks(number: int, width: int, height: int) -> VideoFrame:
    """A picture of blocks in bright and dark that move."""
    chance, frame = np.random.default_rng(7), VideoFrame(width, height, "yuv420p")
    for plane in planes_of(frame):
        rough = chance.integers(0, 2, (plane.shape[0] // 6 + 2, plane.shape[1] // 6 + 2)) * 190 + 30
        plane[:] = np.roll(np.kron(rough, np.ones((6, 6))), number, axis=1)[: plane.shape[0], : plane.shape[1]]
    return frame


def film(
    path: Path, pictures: int = 30, size: tuple[int, int] = (96, 64), *, kind: str = "mp4", codec: str = "libx264",
    pix_fmt: str = "yuv420p", sound: bool = True, moment: Callable[[int], float] = lambda number: number / RATE,
    change: Change_of | None = None, options: dict[str, str] | None = None, metadata: dict[str, str] | None = None,
) -> bytes:  # fmt: skip
    """A film of blocks with a tone; `moment`: when a picture is shown, in seconds; `change` draws into its planes before."""
    with av.open(str(path), "w", format=kind, container_options={"fflags": "+bitexact"}) as out:
        out.metadata.update(metadata or {})
        shown: Any = out.add_stream(codec, rate=RATE, options=options or {})
        shown.width, shown.height, shown.pix_fmt = *size, pix_fmt
        shown.codec_context.time_base = shown.time_base = Fraction(1, 90_000)
        heard: Any = out.add_stream("aac", rate=SOUND, layout="stereo") if sound else None
        for number in range(pictures):
            frame = blocks(number, size[0] + size[0] % 2, size[1] + size[1] % 2)
            if change is not None:
                change(number, planes_of(frame))
            frame = frame.reformat(*size, pix_fmt)
            frame.pts, frame.time_base = round(moment(number) * 90_000), Fraction(1, 90_000)
            out.mux(shown.encode(frame))
            if heard is not None:
                out.mux(heard.encode(tone(number * SOUND // RATE, SOUND // RATE)))
        out.mux(shown.encode(None))
        if heard is not None:
            out.mux(heard.encode(None))
    return path.read_bytes()


def tone(begin: int, samples: int) -> AudioFrame:
    """A piece of one kilohertz, loud."""
    frame = AudioFrame(format="fltp", layout="stereo", samples=samples)
    frame.sample_rate, frame.time_base, frame.pts = SOUND, Fraction(1, SOUND), begin
    wave = (0.6 * np.sin((np.arange(samples) + begin) * 2 * np.pi / 48)).astype(np.float32)
    for plane in frame.planes:
        plane.update(wave.tobytes().ljust(plane.buffer_size, b"\0"))
    return frame


def numbered(data: bytes) -> tuple[Numbered, list[Picture]]:
    """What both programs read."""
    with reading(io.BytesIO(data)) as opened:  # type: ignore[arg-type] - as good as a pipe
        read = Numbered(opened)
        return read, [one for one in read.frames() if isinstance(one, Picture)]


def analysed(data: bytes, *boxes: Callable[[int], Box]) -> Analysis:
    """An analysis with a track for each of `boxes`, which says where it is in a picture."""
    read, pictures = numbered(data)
    count = len(pictures)
    tracks = tuple(
        Track(number, Kind.PERSON, (), 0, tuple(box(one) for one in range(count)), ())
        for number, box in enumerate(boxes, 1)
    )
    times = tuple(one.time_us for one in pictures)
    return Analysis(read.film.width, read.film.height, times, read.end_us // 1000, (), tracks, (), b"", 100, ())


def from_bytes(data: bytes) -> Callable[[int, int], bytes]:
    return lambda start, stop: data[start:stop]


def rendered(
    data: bytes, analysis: Analysis, mode: Mode = Mode.COVERED, *, free: Iterable[int] = (),
    audible: tuple[tuple[int, int], ...] = (),
) -> tuple[Rendered, bytes]:  # fmt: skip
    """The copy of a film and its bytes."""
    draft = Draft(mode, tuple(Change(one, free=True) for one in free), audible)
    copy = render_film(
        from_bytes(data), len(data), analysis, draft, mark=MARK, scratch=io.BytesIO(), patience=Patience(120, 600)
    )
    return copy, b"".join(copy.pieces())
