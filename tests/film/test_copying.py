"""Viewing copies: any film becomes H.264 in MP4, in time with the original, and its plain pictures stand on no disk."""

import io
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.video.frame import VideoFrame

from beeldkluis.camera.simulator import draw_film
from beeldkluis.film import confined, copying
from beeldkluis.film.confined import Patience
from beeldkluis.film.copying import Copy, CopyError, make_copy
from beeldkluis.film.pictures import Even

pytestmark = pytest.mark.slow
SECONDS = 4


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "drawn.mp4"
    draw_film(path, SECONDS, width=320, height=180)
    return path


@pytest.fixture(scope="module")
def hevc(drawn: Path) -> Path:
    """The same film as an H.265 camera makes it, in Matroska."""
    made = drawn.with_name("hevc.mkv")
    with av.open(str(drawn)) as source, av.open(str(made), "w") as out:
        pictures = out.add_stream("libx265", rate=25, options={"preset": "ultrafast", "x265-params": "log-level=none"})
        pictures.width, pictures.height, pictures.pix_fmt = 320, 180, "yuv420p"
        sound = out.add_stream("aac", rate=48000)
        for frame in source.decode(video=0, audio=0):
            out.mux((pictures if isinstance(frame, VideoFrame) else sound).encode(frame))  # type: ignore[arg-type] - each its own
        out.mux(pictures.encode(None))
        out.mux(sound.encode(None))
    return made


def from_bytes(data: bytes) -> Callable[[int, int], bytes]:
    return lambda start, stop: data[start:stop]


def copy_of(data: bytes, scratch: io.BytesIO | None = None) -> tuple[Copy, bytes]:
    copy = make_copy(from_bytes(data), len(data), scratch or io.BytesIO(), Patience(60, 300))
    return copy, b"".join(copy.pieces())


def picture(film: bytes | Path, second: float) -> VideoFrame:
    """The picture that is shown at a second."""
    with av.open(io.BytesIO(film) if isinstance(film, bytes) else str(film), "r") as source:
        shown = None
        for frame in source.decode(video=0):
            if (frame.time or 0) > second + 0.001:
                break
            shown = frame
    assert isinstance(shown, VideoFrame)
    return shown.reformat(64, 36, "gray")


def apart(one: VideoFrame, two: VideoFrame) -> float:
    """Mean difference of two pictures, of 255."""
    left, right = bytes(one.planes[0]), bytes(two.planes[0])
    return sum(abs(a - b) for a, b in zip(left, right, strict=True)) / len(left)


def test_an_h265_film_in_matroska_becomes_h264_in_mp4_and_keeps_its_time_and_sound(hevc: Path) -> None:
    copy, film = copy_of(hevc.read_bytes())
    assert len(film) == copy.size
    assert copy.has_sound
    assert abs(copy.duration_ms - SECONDS * 1000) <= 80
    with av.open(io.BytesIO(film), "r") as made:
        assert made.format.name.startswith("mov")
        context = made.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, context.profile) == ("h264", "yuv420p", "High")
        assert made.streams.audio[0].codec_context.name == "aac"
    for second in (0.5, 1.98, 3.3):
        there, here = picture(hevc, second), picture(film, second)
        assert apart(there, here) < 6, second
        assert apart(picture(hevc, 0.1), picture(film, 3.5)) > apart(there, here), "the pictures do move"


def test_what_waits_on_the_disk_is_sealed(hevc: Path) -> None:
    scratch = io.BytesIO()
    _copy, film = copy_of(hevc.read_bytes(), scratch)
    waited = scratch.getvalue()
    assert len(film) > copying.HEAD
    assert len(waited) >= len(film) - copying.HEAD
    for place in range(copying.HEAD, len(film) - 64, 50_000):
        assert film[place : place + 64] not in waited
    assert b"moov" not in waited
    assert b"moov" in film


@pytest.mark.parametrize("data", [b"", b"no film at all", os.urandom(200_000)])
def test_what_is_no_film_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(CopyError) as refused:
        copy_of(data)
    assert refused.value.reason == "Het bestand is geen leesbare film."


def test_a_cut_film_gives_what_there_is_or_says_no(hevc: Path) -> None:
    data = hevc.read_bytes()
    copy, _film = copy_of(data[: len(data) // 2])
    assert 500 < copy.duration_ms < SECONDS * 1000


def test_a_process_that_dies_or_says_nothing_ends_in_words(hevc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = hevc.read_bytes()
    started: list[subprocess.Popen[bytes]] = []
    real = subprocess.Popen

    def note(*words: object, **named: object) -> "subprocess.Popen[bytes]":
        started.append(real(*words, **named))  # type: ignore[call-overload] - as it was called
        return started[-1]

    monkeypatch.setattr(confined.subprocess, "Popen", note)

    def read_and_kill(start: int, stop: int) -> bytes:
        started[-1].send_signal(signal.SIGKILL)
        return data[start:stop]

    with pytest.raises(CopyError) as died:
        make_copy(read_and_kill, len(data), io.BytesIO(), Patience(60, 60))
    assert died.value.reason == copying.BROKEN

    def read_and_stop(start: int, stop: int) -> bytes:
        started[-1].send_signal(signal.SIGSTOP)
        return data[start:stop]

    with pytest.raises(CopyError) as slow:
        make_copy(read_and_stop, len(data), io.BytesIO(), Patience(1, 60))
    assert slow.value.reason == copying.SLOW
    assert [one.poll() is not None for one in started] == [True, True], "nothing of it goes on"
    time.sleep(1.2)
    assert not [one for one in threading.enumerate() if "_listen" in one.name]


def test_uneven_pictures_become_even_and_keep_their_moments() -> None:
    even, shown = Even(Fraction(10)), []
    frames = [(VideoFrame(2, 2, "gray"), at) for at in (0.0, 0.31, 0.33, 1.0)]
    for frame, at in frames:
        shown += [(one.pts, frames_index(frames, one)) for one in even.feed(frame, at)]
    shown += [(one.pts, frames_index(frames, one)) for one in even.rest()]
    assert [pts for pts, _which in shown] == list(range(len(shown)))
    assert [which for _pts, which in shown] == [0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 3]


def frames_index(frames: list[tuple[VideoFrame, float]], wanted: VideoFrame) -> int:
    return next(place for place, (frame, _at) in enumerate(frames) if frame is wanted)
