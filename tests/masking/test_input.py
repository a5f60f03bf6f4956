"""Film of every kind becomes a redacted copy that is right, or is refused with a reason; never a copy that is half covered."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.film.drawing import with_matrix
from tests.masking.films import analysed, film, numbered, rendered

from beeldkluis.film.confined import ConfinedError
from beeldkluis.film.pictures import TURNS
from beeldkluis.film.talk import NO_FILM, NO_PICTURE
from beeldkluis.masking import words
from beeldkluis.masking.boxes import Box
from beeldkluis.masking.paint import FILL, planes_of

pytestmark = pytest.mark.slow
LEFT = Box(0, 0, 0.5, 1)


def left(_number: int) -> Box:
    return LEFT


def made_of(data: bytes, pictures: int | None = None) -> None:
    """The copy has the same pictures at the same times, and its left half is covered in each."""
    analysis = analysed(data, left)
    copy, made = rendered(data, analysis)
    _read, found = numbered(made)
    assert tuple(one.time_us for one in found) == analysis.times_us
    assert copy.pictures == len(analysis.times_us)
    assert pictures is None or copy.pictures == pictures
    for one in found:
        light = planes_of(one.frame)[0].astype(int)
        tall, half = light.shape[0] * 2 // 3, light.shape[1] // 2
        assert np.abs(light[4:tall, 4 : half - 8] - FILL[0]).mean() < 6, one.number
        assert np.abs(light[4:tall, half + 8 :] - FILL[0]).mean() > 25, one.number


Made = Callable[[Path], bytes]
KINDS: dict[str, Made] = {
    "without sound": lambda path: film(path, sound=False),
    "matroska": lambda path: film(path, kind="matroska"),
    "variable frame rate": lambda path: film(path, moment=lambda n: (n + 9 * (n % 3 == 1) / 10 + n // 10) / 25),
    "two pictures a second": lambda path: film(path, 8, moment=lambda n: n / 2),
    "odd size": lambda path: film(path, size=(97, 65), pix_fmt="yuv444p"),
    "4:2:2 of 10 bits": lambda path: film(path, pix_fmt="yuv422p10le"),
    "full range": lambda path: film(path, pix_fmt="yuvj420p"),
    "grey": lambda path: film(path, pix_fmt="gray"),
    "H.265": lambda path: film(path, kind="matroska", codec="libx265", options={"x265-params": "log-level=none"}),
    "Motion JPEG": lambda path: film(path, kind="avi", codec="mjpeg", pix_fmt="yuvj420p", sound=False),
    "a clock that jumps a year": lambda path: film(
        path, kind="mpegts", sound=False, moment=lambda n: n / 25 + (20_000 if n >= 15 else 0)
    ),
    "a pause of a minute": lambda path: film(path, moment=lambda n: n / 25 + (60 if n >= 15 else 0)),
    "one picture": lambda path: film(path, 1, sound=False),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_film_becomes_a_copy(kind: str, tmp_path: Path) -> None:
    made_of(KINDS[kind](tmp_path / "film"))


@pytest.mark.parametrize("turn", TURNS)
def test_boxes_are_places_in_the_upright_picture(turn: tuple[int, int, int, int], tmp_path: Path) -> None:
    made_of(with_matrix(film(tmp_path / "film", 5, sound=False), turn), 5)


def test_what_cannot_be_decoded_is_left_out_of_analysis_and_copy_alike(tmp_path: Path) -> None:
    whole = film(tmp_path / "film", 60, options={"g": "10"})
    damaged = bytearray(whole)
    middle = len(whole) // 2
    damaged[middle : middle + 800] = os.urandom(800)
    made_of(bytes(damaged))


def test_a_film_that_was_cut_off_is_one_up_to_there(tmp_path: Path) -> None:
    whole = film(tmp_path / "film", 60, kind="matroska")
    half = whole[: len(whole) // 2]
    made_of(half)
    assert len(analysed(half).times_us) < 60


@pytest.mark.parametrize("data", [b"", b"no film at all", os.urandom(100_000)])
def test_what_is_no_film_is_said_to_be_none(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ConfinedError) as no:
        rendered(data, analysed(film(tmp_path / "film", 3)))
    assert no.value.reason in {NO_FILM, NO_PICTURE}


@pytest.mark.parametrize(
    "other",
    [
        lambda path: film(path, 29),
        lambda path: film(path, 31),
        lambda path: film(path, moment=lambda n: n / 25 + (n == 17) / 90_000),
        lambda path: film(path, size=(98, 64)),
    ],
    ids=["a picture less", "a picture more", "a picture at another time", "another size"],
)
def test_a_film_with_other_pictures_than_were_analysed_gets_no_copy(other: Made, tmp_path: Path) -> None:
    analysis = analysed(film(tmp_path / "film"), left)
    with pytest.raises(ConfinedError) as no:
        rendered(other(tmp_path / "other"), analysis)
    assert no.value.reason == words.DIFFERS
