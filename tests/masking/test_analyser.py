"""A film is looked through in a confined process: each picture at its time, part by part, and sound with it."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from tests.masking.films import film, from_bytes, numbered, rendered
from tests.masking.test_own_model import described

from beeldkluis.film.confined import ConfinedError, Patience
from beeldkluis.film.talk import NO_FILM
from beeldkluis.masking import analyser, confining
from beeldkluis.masking.analysing import Detector
from beeldkluis.masking.analysis import Analysis
from beeldkluis.masking.boxes import Kind
from beeldkluis.masking.codec import read_part
from beeldkluis.masking.confining import analyse_film
from beeldkluis.masking.detectors import usual
from beeldkluis.masking.draft import Mode
from beeldkluis.masking.networks import Effort
from beeldkluis.masking.paint import FILL, planes_of
from beeldkluis.masking.weights import ALL
from beeldkluis.masking.words import OTHER_PARTS, OWN_DETECTOR

pytestmark = pytest.mark.slow
SIZE = (192, 128)


def square(number: int, planes: tuple[np.ndarray, ...]) -> None:
    """Grey, and a white square that walks."""
    left = 20 + number % 100
    for plane, value in zip(planes, (90, 128, 128), strict=True):
        plane[:] = value
    planes[0][40:100, left : left + 40] = 250


@pytest.fixture
def made_detector(monkeypatch: pytest.MonkeyPatch) -> None:
    program = str(Path(__file__).with_name("made_detector.py"))
    monkeypatch.setattr(confining, "ANALYSING", replace(confining.ANALYSING, program=(program,)))


def found_in(data: bytes, parts: Sequence[bytes] = ()) -> tuple[Analysis, list[bytes]]:
    kept: list[bytes] = []
    analysis = analyse_film(from_bytes(data), len(data), parts=parts, keep=kept.append, patience=Patience(120, 600))
    return analysis, kept


def test_an_own_detector_that_changes_while_it_is_read_is_not_searched_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The analysis would name another network than the one that looked."""
    described(tmp_path)

    def changed_meanwhile(*, effort: Effort, own_folder: Path) -> Detector:
        found = usual(effort=effort, own_folder=own_folder)
        described(tmp_path, ("threshold = 0.4", "threshold = 0.9"))
        return found

    monkeypatch.setattr(sys, "argv", ["analyser", "", "", "", str(tmp_path)])
    made = analyser.Analyser()
    made.load({})
    assert (made.reason, len(made.models)) == ("", len(ALL) + 2)
    monkeypatch.setattr(analyser, "usual", changed_meanwhile)
    made.load({})
    assert made.reason == OWN_DETECTOR


@pytest.mark.usefixtures("made_detector")
def test_who_walks_through_a_film_is_followed_and_covered_in_its_copy(tmp_path: Path) -> None:
    data = film(tmp_path / "film", 40, SIZE, change=square)
    analysis, _parts = found_in(data)
    read, pictures = numbered(data)
    assert analysis.times_us == tuple(one.time_us for one in pictures)
    assert (analysis.width, analysis.height) == SIZE
    assert analysis.duration_ms == -(-read.end_us // 1000)
    assert [(track.first, track.last) for track in analysis.tracks] == [(0, 39)]
    assert len(analysis.levels) == pytest.approx(16, abs=1)
    assert min(analysis.levels[2:-2]) > 200, "a loud tone"
    _copy, made = rendered(data, analysis, Mode.COVERED)
    for picture in numbered(made)[1]:
        light = planes_of(picture.frame)[0][40:100].astype(int)
        assert np.abs(light - 250).min() > 60, "nothing of the square is seen"
        assert np.abs(light - FILL[0]).min() < 4


@pytest.mark.usefixtures("made_detector")
def test_parts_that_are_there_are_not_looked_at_again_and_the_end_is_the_same(tmp_path: Path) -> None:
    data = film(tmp_path / "film", 150, SIZE, change=square, sound=False, moment=lambda n: n / 2)
    whole, parts = found_in(data)
    assert [read_part(one).begin for one in parts] == [0, 121]
    again, later = found_in(data, parts[:1])
    assert [(read_part(one).begin, read_part(one).end) for one in later] == [(121, 150)]
    assert again == whole
    assert whole.levels == b""


@pytest.mark.usefixtures("made_detector")
@pytest.mark.parametrize("pictures", [150, 100])  # one of 121 pictures at another time, and too few of them
def test_parts_of_other_pictures_are_refused_with_their_reason(tmp_path: Path, pictures: int) -> None:
    def later(number: int) -> float:
        return number / 2 + (0.1 if number == 60 and pictures == 150 else 0)

    data = film(tmp_path / "film", 150, SIZE, change=square, sound=False, moment=lambda n: n / 2)
    other = film(tmp_path / "other", pictures, SIZE, change=square, sound=False, moment=later)
    _, parts = found_in(data)
    with pytest.raises(ConfinedError) as no:
        found_in(other, parts[:1])
    assert no.value.reason == OTHER_PARTS


def test_a_film_without_anybody_is_looked_through_by_the_detectors_that_are_shipped(tmp_path: Path) -> None:
    data = film(tmp_path / "film", 6, SIZE)
    analysis, _parts = found_in(data)
    assert len(analysis.times_us) == 6
    assert analysis.models == tuple((one.name, one.sha256) for one in ALL)


@pytest.mark.usefixtures("made_detector")
def test_what_is_no_film_is_said_to_be_none() -> None:
    with pytest.raises(ConfinedError) as no:
        found_in(b"no film at all")
    assert no.value.reason == NO_FILM


def test_a_municipalitys_own_detector_searches_too_and_is_named(tmp_path: Path) -> None:
    data, folder = film(tmp_path / "film", 6, SIZE), described(tmp_path)
    analysis = analyse_film(
        from_bytes(data), len(data), parts=(), keep=lambda _: None, patience=Patience(120, 600), own_folder=folder
    )  # fmt: skip
    assert [track.kind for track in analysis.tracks] == [Kind.PAPER]
    assert [name for name, _ in analysis.models[len(ALL) :]] == ["own own.onnx", "own model.toml"]
    assert analysis.models[len(ALL)][1] == sha256((folder / "own.onnx").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("width = 64", "width = 8", "(model.toml: width moet tussen 32 en 4096 liggen)"),  # seen before it starts
        ('"rows"', '"shares"', OWN_DETECTOR),  # seen when its network runs
    ],
)
def test_nothing_is_searched_without_the_own_detector_when_it_does_not_work(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    data = film(tmp_path / "film", 6, SIZE)
    folder = described(tmp_path, (old, new), rows=[0.0] * 6, shape=(1, 1, 6))
    with pytest.raises(ConfinedError) as no:
        analyse_film(
            from_bytes(data), len(data), parts=(), keep=lambda _: None, patience=Patience(120, 600), own_folder=folder
        )  # fmt: skip
    assert OWN_DETECTOR in no.value.reason
    assert told in no.value.reason
