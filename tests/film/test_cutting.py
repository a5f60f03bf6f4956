"""A part of a film holds the film's own packets and pictures, from key frame to key frame, and nothing is encoded anew."""

import io
from pathlib import Path
from typing import Any

import av
import pytest

from beeldkluis.film.confined import Patience
from beeldkluis.film.cutter import NO_FILM, NO_KIND, NO_PART
from beeldkluis.film.cutting import CutError, Part, cut_part

pytestmark = pytest.mark.slow
RATE, EVERY, SECONDS = 25, 25, 8  # a key frame each second
PATIENCE = Patience(silence=120, altogether=600)


def draw(path: Path, kind: str, *, codec: str = "libx264", sound: bool = True) -> bytes:
    """A film of which each picture has a light of its own."""
    with av.open(str(path), "w", format=kind) as out:
        shown: Any = out.add_stream(codec, rate=RATE, options={"bf": "2", "sc_threshold": "0"})
        shown.width, shown.height, shown.pix_fmt, shown.codec_context.gop_size = 64, 36, "yuv420p", EVERY
        heard: Any = out.add_stream("aac", rate=48000, layout="mono") if sound else None
        for number in range(SECONDS * RATE):
            frame = av.VideoFrame(64, 36, "yuv420p")
            for plane, light in zip(frame.planes, (20 + number, 128, 128), strict=True):
                plane.update(bytes([light]) * plane.buffer_size)
            out.mux(shown.encode(frame))
            if heard:
                piece = av.AudioFrame(format="s16", layout="mono", samples=1920)
                piece.planes[0].update(bytes([number % 251, 0]) * 1920)
                piece.sample_rate, piece.pts = 48000, number * 1920
                out.mux(heard.encode(piece))
        for track in (shown, heard):
            if track:
                out.mux(track.encode(None))
    return path.read_bytes()


def part(film: bytes, start: int, stop: int, scratch: Path) -> Part:
    with scratch.open("w+b") as file:
        made = cut_part(lambda begin, end: film[begin:end], len(film), start, stop, file, PATIENCE)
        whole = b"".join(made.pieces())
    assert len(whole) == made.size
    scratch.write_bytes(whole)
    return made


def packets(film: bytes) -> list[bytes]:
    with av.open(io.BytesIO(film)) as opened:
        return [bytes(one) for one in opened.demux(opened.streams.video[0]) if one.size]


def pictures(film: bytes) -> list[bytes]:
    with av.open(io.BytesIO(film)) as opened:
        return [bytes(one.planes[0]) for one in opened.decode(opened.streams.video[0])]


@pytest.mark.parametrize("kind", ["mp4", "matroska", "mpegts"])
def test_a_part_has_the_film_s_own_packets_and_pictures(tmp_path: Path, kind: str) -> None:
    film = draw(tmp_path / "film", kind)
    made = part(film, 2500, 4300, tmp_path / "part")
    cut = (tmp_path / "part").read_bytes()
    assert (made.from_ms, made.pictures) == (2000, 75)
    assert made.to_ms == pytest.approx(5000, abs=90)
    assert pictures(cut) == pictures(film)[50:125]
    if kind != "mpegts":  # which wraps its packets anew
        own = packets(film)
        assert set(packets(cut)) <= set(own)
        assert len(packets(cut)) == 75
    with av.open(io.BytesIO(cut)) as opened:
        assert len(opened.streams.audio) == 1
        assert float(opened.duration or 0) / 1e6 == pytest.approx(3, abs=0.15)


@pytest.mark.parametrize("kind", ["mp4", "matroska"])
def test_a_part_to_the_end_and_the_whole(tmp_path: Path, kind: str) -> None:
    film = draw(tmp_path / "film", kind, sound=False)
    made = part(film, 6100, 99_000, tmp_path / "part")
    assert (made.from_ms, made.to_ms, made.pictures) == (6000, 8000, 50)
    made = part(film, 0, 99_000, tmp_path / "part")
    assert (made.from_ms, made.to_ms, made.pictures) == (0, 8000, 200)
    assert pictures((tmp_path / "part").read_bytes()) == pictures(film)
    assert packets((tmp_path / "part").read_bytes()) == packets(film)


@pytest.mark.parametrize(
    ("film", "start", "stop", "reason"),
    [
        (None, 9000, 9500, NO_PART),
        (None, 3000, 3000, "Het deel moet eindigen na zijn begin."),
        (None, -1, 3000, "Het deel moet eindigen na zijn begin."),
        (b"no film at all" * 100, 0, 1000, NO_FILM),
        (b"", 0, 1000, NO_FILM),
    ],
)
def test_what_cannot_be_cut_is_told(tmp_path: Path, film: bytes | None, start: int, stop: int, reason: str) -> None:
    film = draw(tmp_path / "film", "mp4", sound=False) if film is None else film
    with (tmp_path / "part").open("w+b") as file, pytest.raises(CutError) as told:
        cut_part(lambda begin, end: film[begin:end], len(film), start, stop, file, PATIENCE)
    assert told.value.reason == reason


def test_a_container_that_is_not_written_again_is_refused(tmp_path: Path) -> None:
    film = draw(tmp_path / "film", "avi", sound=False)
    with (tmp_path / "part").open("w+b") as file, pytest.raises(CutError) as told:
        cut_part(lambda begin, end: film[begin:end], len(film), 1000, 2000, file, PATIENCE)
    assert told.value.reason == NO_KIND


def test_a_film_that_was_cut_off_is_one_up_to_there(tmp_path: Path) -> None:
    film = draw(tmp_path / "film", "matroska", sound=False)
    made = part(film[: len(film) * 3 // 4], 1000, 2000, tmp_path / "part")
    assert (made.from_ms, made.pictures) == (1000, 25)
