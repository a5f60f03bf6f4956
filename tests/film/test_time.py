"""Second n of a copy shows and sounds second n of its film, wherever the film begins and whatever its clock does."""

import io
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from av.audio.frame import AudioFrame
from tests.film.drawing import draw, measured

from beeldkluis.camera.simulator import draw_film
from beeldkluis.film import copier
from beeldkluis.film.confined import Patience
from beeldkluis.film.copying import Copy, make_copy
from beeldkluis.film.moments import GAP, GAP_ON_A_LINE, Moments
from beeldkluis.film.sound import SOUND, Sound
from beeldkluis.film.talk import TOO_LONG

YEAR = 365 * 86_400
PICTURE = 0.041  # seconds
MINUTES = 181  # seconds too


def copy_of(film: bytes) -> tuple[Copy, bytes]:
    far: list[int] = []
    patience = Patience(60, 300, lambda _made, done: far.append(done))
    copy = make_copy(lambda start, stop: film[start:stop], len(film), io.BytesIO(), patience)
    assert far == sorted(far)
    assert far[-1] <= copy.duration_ms
    assert far[-1] >= copy.duration_ms - 62_000, "it told how far it was"
    return copy, b"".join(copy.pieces())


@pytest.mark.slow
def test_minutes_with_sound_have_an_index_larger_than_any_buffer(tmp_path: Path) -> None:
    draw_film(tmp_path / "long.mp4", MINUTES, width=32, height=18)
    copy, made = copy_of((tmp_path / "long.mp4").read_bytes())
    assert copy.size == len(made)
    assert len(made) - made.rindex(b"moov") > 64 * 1024
    assert copy.has_sound
    with av.open(io.BytesIO(made), "r") as film:
        assert film.duration is not None
        assert abs(film.duration / av.time_base - MINUTES) < 0.2
        assert film.streams.video[0].frames == MINUTES * 25
        film.seek(170 * av.time_base)
        frame = next(film.decode(video=0))
        assert abs((frame.time or 0) - 170) <= 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "pictures_at", "sound_at", "flash"),
    [
        ("mpegts", 10, 10, 2), ("matroska", 5, 5, 2), ("matroska", 0, 1.5, 2), ("matroska", 1.5, 0, 3.5),
        ("mp4", 0, 0, 2), ("mp4", 1, 0, 3), ("mpegts", 30, 28.6, 3.4),
    ],
)  # fmt: skip
def test_picture_and_sound_stay_together_wherever_the_film_begins(
    tmp_path: Path, kind: str, pictures_at: float, sound_at: float, flash: float
) -> None:
    _copy, made = copy_of(draw(tmp_path / "film", kind=kind, pictures_at=pictures_at, sound_at=sound_at))
    seen, heard, _pictures = measured(made)
    assert seen is not None
    assert heard is not None
    assert abs(seen - flash) <= PICTURE, "as a player counts, that begins where the file begins"
    assert abs(heard - seen) <= PICTURE


@pytest.mark.slow
def test_a_silence_in_the_film_is_one_in_the_copy(tmp_path: Path) -> None:
    _copy, made = copy_of(draw(tmp_path / "film", silent=(0.5, 1.5)))
    seen, heard, _pictures = measured(made)
    assert seen is not None
    assert heard is not None
    assert abs(heard - seen) <= PICTURE


@pytest.mark.slow
def test_a_clock_that_is_set_anew_loses_no_film_and_keeps_sound_with_picture(tmp_path: Path) -> None:
    piece = draw(tmp_path / "film", 3, kind="mpegts")
    copy, made = copy_of(piece * 3)
    seen, heard, pictures = measured(made)
    assert copy.jumps == 2
    assert abs(pictures - 9 * 25) <= 4
    assert seen is not None
    assert heard is not None
    assert abs(heard - seen) <= PICTURE


@pytest.mark.slow
def test_a_wrong_time_blocks_nothing(tmp_path: Path) -> None:
    copy, made = copy_of(draw(tmp_path / "film", moment=lambda n: n / 25 + (YEAR if n >= 50 else 0)))
    assert copy.jumps == 1
    assert abs(copy.duration_ms - 4000) <= 200
    assert abs(measured(made)[2] - 100) <= 3


@pytest.mark.slow
def test_a_gap_that_players_follow_is_kept(tmp_path: Path) -> None:
    copy, _made = copy_of(draw(tmp_path / "film", moment=lambda n: n / 25 + (60 if n >= 50 else 0)))
    assert (copy.jumps, round(copy.duration_ms / 1000)) == (0, 64)


class End(io.BytesIO):
    """Both ends of the process in one that has none."""

    name = "copy.mp4"

    def hold(self) -> None:
        """Nothing to do."""

    def release(self) -> None:
        """Nothing to do."""

    def say_how_far(self, _milliseconds: int) -> None:
        """Nothing to do."""


def test_what_lasts_beyond_reason_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copier, "LONGEST", 3)
    with pytest.raises(ValueError, match="24 uur") as long:
        copier.convert(End(draw(tmp_path / "film")), End())  # type: ignore[arg-type] - as good as a pipe
    assert str(long.value) == TOO_LONG


def placed(moments: Moments[str], stream: int, *times: float, lasts: float = 1.0) -> list[float]:
    return [round(moment, 6) for at in times for _piece, moment in moments.place(stream, "x", at, lasts)]


def test_one_piece_that_lies_apart_is_left_out() -> None:
    moments = Moments[str](5.0, GAP_ON_A_LINE)
    assert placed(moments, 0, 5.0, 6.0 + YEAR, 7.0, 8.0) == [0, 2, 3]
    assert placed(moments, 0, 6.2, 9.0) == [4], "as a decoder gives it after damage"
    assert (moments.jumps, moments.left_out) == (0, 2)


def test_a_clock_that_is_set_forward_and_back_is_followed() -> None:
    moments = Moments[str](5.0, GAP_ON_A_LINE)
    assert placed(moments, 0, 5.0, 6.0 + YEAR, 7.0 + YEAR, 8.0, 9.0) == [0, 1, 2, 3, 4]
    assert placed(moments, 1, 5.0, 6.0) == [0, 1]
    assert moments.jumps == 1


def test_pieces_that_all_lie_apart_all_count() -> None:
    moments = Moments[str](0.0, GAP)
    assert placed(moments, 0, 0.0, 20.0, 40.0, 60.0) == [0, 1, 2]
    assert [(stream, round(at)) for stream, _piece, at in moments.rest()] == [(0, 3)]


def test_the_second_stream_follows_the_first_over_a_jump() -> None:
    moments = Moments[str](0.0, GAP)
    assert placed(moments, 0, 0, 1, 2) == [0, 1, 2]
    assert placed(moments, 1, 0.3, 1.3, 2.3) == [0.3, 1.3, 2.3]
    assert placed(moments, 0, 0, 1) == [3, 4]
    assert placed(moments, 1, 3.3) == [3.3], "its own clock goes on until it jumps too"
    assert placed(moments, 1, 0.5, 1.5) == [3.5, 4.5], "and then it lies beside the pictures again"
    assert moments.jumps == 1
    assert placed(moments, 0, 2 + GAP - 1) == [5 + GAP - 1], "a shorter gap is one"


def pieces(*moments: tuple[float, int]) -> Iterator[tuple[AudioFrame, float]]:
    for at, samples in moments:
        frame = AudioFrame(format="s16", layout="mono", samples=samples)
        frame.sample_rate = SOUND
        frame.planes[0].update(b"\x10\x00" * samples)
        yield frame, at


@pytest.mark.parametrize(
    ("moments", "samples"),
    [
        ([(0.0, 48_000), (1.0, 48_000)], 96_000),
        ([(0.5, 48_000)], 72_000),  # silence before
        ([(-0.5, 48_000), (0.5, 48_000)], 72_000),  # what lies before 0 is left out
        ([(0.0, 48_000), (1.02, 48_000)], 96_000),  # times that were rounded
        ([(0.0, 48_000), (2.0, 48_000)], 144_000),  # a gap
        ([(0.0, 48_000), (0.5, 48_000)], 72_000),  # twice the same
        ([(-3.0, 48_000), (0.0, 4_800)], 4_800),
    ],
)
def test_sound_becomes_one_track_that_begins_at_nought(moments: list[tuple[float, int]], samples: int) -> None:
    given: list[tuple[int, int]] = []
    sound = Sound(lambda frame: given.append((frame.pts or 0, frame.samples)))
    for frame, at in pieces(*moments):
        sound.feed(frame, at)
    sound.finish()
    assert sound.samples == samples
    assert [pts for pts, _count in given] == [
        sum(count for _pts, count in given[:place]) for place in range(len(given))
    ]


def test_sound_of_another_rate_on_the_way_keeps_its_place() -> None:
    sound, given = Sound(lambda frame: given.append(frame.samples)), list[int]()
    (first, _), (second, _) = pieces((0.0, 48_000), (1.0, 16_000))
    second.sample_rate = 16_000
    sound.feed(first, 0.0)
    sound.feed(second, 1.0)
    sound.finish()
    assert abs(sum(given) - 96_000) < 100
