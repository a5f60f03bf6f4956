"""A redacted copy: the pictures and times of its film, nothing under a cover, no sound but what may be heard, no trace more."""

import io
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame
from tests.masking.films import MARK, analysed, film, numbered, rendered

from beeldkluis.masking.boxes import Box
from beeldkluis.masking.draft import Mode
from beeldkluis.masking.lettering import strip
from beeldkluis.masking.paint import FILL, planes_of

pytestmark = pytest.mark.slow
SIZE = (192, 128)


def walking(number: int) -> Box:
    return Box(0.1 + number / 100, 0.2, 0.35 + number / 100, 0.75)


def standing(_number: int) -> Box:
    return Box(0.6, 0.1, 0.9, 0.8)


def test_a_copy_has_the_pictures_and_times_of_its_film_and_covers_whom_it_must(tmp_path: Path) -> None:
    data = film(tmp_path / "film", 40, SIZE, options={"bf": "2"})
    analysis = analysed(data, walking)
    copy, made = rendered(data, analysis)
    read, pictures = numbered(made)
    assert tuple(one.time_us for one in pictures) == analysis.times_us
    assert copy.pictures == len(pictures) == 40
    assert copy.duration_ms == pytest.approx(read.end_us / 1000, abs=60)
    assert copy.size == len(made)
    _film, sources = numbered(data)
    for picture, source in zip(pictures, sources, strict=True):
        light, before = planes_of(picture.frame)[0].astype(int), planes_of(source.frame)[0].astype(int)
        box = walking(picture.number)
        x0, x1, y0, y1 = (round(value) for value in (box.x0 * 192, box.x1 * 192, box.y0 * 128, box.y1 * 128))
        assert np.abs(light[y0 + 8 : y1 - 8, x0 + 8 : x1 - 8] - FILL[0]).mean() < 4, picture.number
        assert np.abs(light[:20] - before[:20]).mean() < 12, "what is not covered is seen"
        assert np.abs(light[-20:, -30:] - FILL[0]).mean() > 40
    with av.open(io.BytesIO(made), "r") as opened:
        assert [one.type for one in opened.streams] == ["video", "audio"]
        context = opened.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, context.profile) == ("h264", "yuv420p", "High")


def test_inverted_everything_is_covered_but_the_freed_and_never_who_walks_before_them(tmp_path: Path) -> None:
    data = film(tmp_path / "film", 40, SIZE)
    _copy, made = rendered(data, analysed(data, walking, standing), Mode.INVERTED, free=(2,))
    _film, sources = numbered(data)
    for picture, source in zip(numbered(made)[1], sources, strict=True):
        light, before = planes_of(picture.frame)[0].astype(int), planes_of(source.frame)[0].astype(int)
        other = round((0.35 + picture.number / 100) * 192)  # where the other ends
        assert np.abs(light[:100, :100] - FILL[0]).mean() < 4
        assert np.abs(light[30:90, : other - 8] - FILL[0]).mean() < 6, "also within the freed area"
        seen = slice(24, 92), slice(max(124, other + 8), 164)
        assert np.abs(light[seen] - before[seen]).mean() < 14


def test_two_films_that_differ_only_under_the_covers_give_the_same_bytes(tmp_path: Path) -> None:
    def draws(value: int) -> Any:
        def change(number: int, planes: tuple[np.ndarray, ...]) -> None:
            chance = np.random.default_rng(value * 1000 + number)
            for plane, step in zip(planes, (1, 2, 2), strict=True):
                here = slice(32 // step, 96 // step), slice(48 // step, 128 // step)
                plane[here] = chance.integers(0, 256, plane[here].shape)

        return change

    def covered(_number: int) -> Box:
        return Box(48 / 192, 32 / 128, 128 / 192, 96 / 128)

    lossless = {"qp": "0", "preset": "ultrafast"}
    one, two = (film(tmp_path / "film", 30, SIZE, change=draws(value), options=lossless) for value in (1, 2))
    assert one != two
    for mode, free in ((Mode.COVERED, ()), (Mode.INVERTED, (2,))):
        first, second = (
            rendered(data, analysed(data, covered, standing if free else covered), mode, free=free)[1]
            for data in (one, two)
        )
        assert first == second, mode


def test_nothing_is_heard_but_the_stretches_that_may_be(tmp_path: Path) -> None:
    data = film(tmp_path / "film", 75)
    analysis = analysed(data)
    silent, heard = (rendered(data, analysis, audible=audible)[1] for audible in ((), ((1000, 1800),)))
    assert loudness(silent) == [0] * 30
    loud = loudness(heard)
    assert [place for place, value in enumerate(loud) if value > 0.3] == list(range(10, 18))
    assert max(loud[:9] + loud[20:]) == 0


def loudness(data: bytes) -> list[float]:
    """The loudest of each tenth of a second."""
    found = [0.0] * 40
    with av.open(io.BytesIO(data), "r") as opened:
        for frame in opened.decode(audio=0):
            assert isinstance(frame, AudioFrame)
            begin = float((frame.pts or 0) * (frame.time_base or 0))
            for place, value in enumerate(np.abs(frame.to_ndarray()[0])):
                tenth = int((begin + place / frame.sample_rate) * 10)
                found[tenth] = max(found[tenth], float(value))
    return found[:30]


def test_every_picture_says_that_it_was_redacted(tmp_path: Path) -> None:
    data = film(tmp_path / "film", 10, (480, 270))
    for picture in numbered(rendered(data, analysed(data))[1])[1]:
        mark = strip(MARK, 480, 270).astype(int)
        tall, wide = mark.shape
        there = planes_of(picture.frame)[0][270 - tall :, :wide].astype(int)
        assert ((there > 120) == (mark > 120)).mean() > 0.97


def test_no_trace_of_the_film_goes_into_the_copy(tmp_path: Path) -> None:
    told = {"title": "Oude Ebbingestraat 12", "creation_time": "2026-03-04T05:06:07Z", "comment": "camera 7"}
    data = film(tmp_path / "film", 10, metadata=told)
    assert b"Ebbingestraat" in data
    _copy, made = rendered(data, analysed(data))
    assert b"Ebbingestraat" not in made
    assert b"camera 7" not in made
    with av.open(io.BytesIO(made), "r") as opened:
        assert set(opened.metadata) == {"major_brand", "minor_version", "compatible_brands"}
        assert not opened.chapters()
        for stream in opened.streams:
            assert set(stream.metadata) <= {"language", "handler_name", "vendor_id"}
    place = made.index(b"mvhd")
    assert made[place + 4 : place + 16] == bytes(12), "no time of making"
