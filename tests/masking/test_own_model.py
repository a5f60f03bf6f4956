from hashlib import sha256
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from numpy.typing import NDArray
from tests.masking.own_network import written

from beeldkluis.masking import detectors, own_manifest
from beeldkluis.masking.boxes import Box, Kind
from beeldkluis.masking.own_manifest import OwnModelError

SIDE = 64
LIGHT: NDArray[np.uint8] = np.full((480, 640, 3), 200, np.uint8)
# Pixels of an input of 64 x 64, a score and a class: a plate, something unsure, something of a class that nobody asked for.
ROWS = [8.0, 12, 40, 30, 0.9, 0, 0, 0, 20, 20, 0.3, 0, 1, 1, 9, 9, 0.8, 5]
MANIFEST = """
file = "own.onnx"
sha256 = "{sha256}"
width = 64
height = 64
colour = "bgr"
mean = [0, 0, 0]
deviation = [255, 255, 255]
order = "NCHW"
fit = "letterbox"
layout = "rows"
threshold = 0.4
[classes]
0 = "paper"
"""


def described(
    folder: Path, *changes: tuple[str, str], rows: list[float] = ROWS, shape: tuple[int, ...] = (1, 3, 6)
) -> Path:
    """A folder with a network and its manifest, in which something was changed."""
    digest = written(folder / "own.onnx", SIDE, shape, rows, [0.0] * len(rows))
    text = MANIFEST.format(sha256=digest)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "model.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_municipality_brings_its_own_detector(tmp_path: Path) -> None:
    (found,) = detectors.own(described(tmp_path))(LIGHT)
    # 640 x 480 lies on the upper 48 rows of the input, 64 wide.
    assert found.box == Box(8 / 64, 12 / 48, 40 / 64, 30 / 48)
    assert found.kind is Kind.PAPER
    assert found.score == pytest.approx(0.9)


def test_it_is_asked_beside_our_own(tmp_path: Path) -> None:
    both = detectors.usual(own_folder=described(tmp_path))(LIGHT)
    assert [one.kind for one in both] == [Kind.PAPER]
    assert detectors.usual()(LIGHT) == []


def test_stretched_shares_and_columns_are_read(tmp_path: Path) -> None:
    shares = [0.0, 3, 0.7, 0.25, 0.5, 0.5, 0.75]
    changes = [('"rows"', '"shares"'), ('"letterbox"', '"stretch"'), ("0 = ", "3 = ")]
    (found,) = detectors.own(described(tmp_path, *changes, rows=shares, shape=(1, 1, 1, 7)))(LIGHT)
    assert found.box == Box(0.25, 0.5, 0.5, 0.75)
    columns = [32.0, 0, 24, 0, 16, 0, 8, 0, 0.7, 0.9, 0.6, 0.2]  # two places; the second is of class 0, of no size
    changes = [('"rows"', '"columns"'), ("0 = ", '1 = "screen"\n0 = ')]
    found, screen = detectors.own(described(tmp_path, *changes, rows=columns, shape=(1, 6, 2)))(LIGHT)
    assert found.box == screen.box
    assert (found.box.x0, found.box.y0) == pytest.approx((24 / 64, 20 / 48))
    assert (found.box.x1, found.box.y1) == pytest.approx((40 / 64, 28 / 48))
    assert [(one.kind, round(one.score, 3)) for one in (found, screen)] == [(Kind.PAPER, 0.7), (Kind.SCREEN, 0.6)]


@pytest.mark.parametrize(("colour", "mean", "score"), [("bgr", 0, 0.8), ("rgb", 0, 0.2), ("bgr", 51, 0.6)])
def test_colours_mean_and_deviation_reach_the_network(tmp_path: Path, colour: str, mean: int, score: float) -> None:
    described(
        tmp_path,
        ('"bgr"', f'"{colour}"'),
        ("[0, 0, 0]", f"[{mean}, {mean}, {mean}]"),
        ("0.4", "0.1"),
        ("letterbox", "stretch"),
    )
    rows = [8.0, 12, 40, 30, 0.0, 0]
    digest = written(tmp_path / "own.onnx", SIDE, (1, 1, 6), rows, [0, 0, 0, 0, 1, 0])
    text = (tmp_path / "model.toml").read_text(encoding="utf-8")
    before = text.split('sha256 = "')[1][:64]
    (tmp_path / "model.toml").write_text(text.replace(before, digest), encoding="utf-8")
    picture: NDArray[np.uint8] = np.zeros((480, 640, 3), np.uint8)
    picture[:] = (204, 102, 51)
    (found,) = detectors.own(tmp_path)(picture)
    assert found.score == pytest.approx(score, abs=0.01)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("threshold = 0.4\n", "", "threshold is onbekend of ontbreekt"),
        ("threshold", "treshold", "treshold, threshold is onbekend of ontbreekt"),
        ("width = 64", 'width = "64"', "width = '64' is geen geheel getal"),
        ("width = 64", "width = true", "width = True is geen geheel getal"),
        ("width = 64", "width = 8", "width moet tussen 32 en 4096 liggen"),
        ('"rows"', '"yolo"', "layout moet een van deze zijn: rows, columns, shares"),
        ('"bgr"', '"grey"', "colour moet een van deze zijn: rgb, bgr"),
        ("[255, 255, 255]", "[255, 0, 255]", "in deviation mag geen 0 staan"),
        ("[0, 0, 0]", "[0, 0]", "mean moet drie getallen zijn"),
        ('"paper"', '"face"', "classes moet van nummers zeggen wat er bedekt wordt"),
        ('"paper"', '"drawn"', "classes moet van nummers zeggen wat er bedekt wordt"),
        ('0 = "paper"', "", "classes moet van nummers zeggen wat er bedekt wordt"),
        ("threshold = 0.4", "threshold = 40", "threshold moet tussen 0 en 1 liggen"),
        ("threshold = 0.4", "threshold = nan", "threshold moet tussen 0 en 1 liggen"),
        ("threshold = 0.4", "threshold = 0", "threshold moet tussen 0 en 1 liggen"),
        ("[255, 255, 255]", "[255, inf, 255]", "deviation moet drie getallen zijn"),
        ("[0, 0, 0]", f"[0, 1{'0' * 400}, 0]", "mean moet drie getallen zijn"),
        ("[0, 0, 0]", '[0, "nan", 0]', "mean moet drie getallen zijn"),
        ("0 = ", f"{'9' * 5000} = ", "classes moet van nummers zeggen wat er bedekt wordt"),
        ('"own.onnx"', '"own\\u0000.onnx"', "moet een bestand in de map zelf zijn"),
        ("[0, 0, 0]", "[" * 3000, r"model\.toml is niet te lezen"),
        ('"own.onnx"', '"../own.onnx"', "moet een bestand in de map zelf zijn"),
        ('"own.onnx"', '"other.onnx"', r"other\.onnx is niet te lezen"),
        ('sha256 = "', 'sha256 = "0', r"own\.onnx heeft een andere SHA-256 dan model\.toml zegt"),
        ('file = "', "file = ", r"model\.toml is niet te lezen"),
    ],
)
def test_a_manifest_that_is_not_whole_is_refused_with_its_reason(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(OwnModelError, match=told):
        detectors.own(described(tmp_path, (old, new)))


def test_what_is_no_network_is_refused(tmp_path: Path) -> None:
    folder = described(tmp_path)
    text, before = (folder / "model.toml").read_text(encoding="utf-8"), (folder / "own.onnx").read_bytes()
    (folder / "own.onnx").write_bytes(before[:100])
    text = text.replace(sha256(before).hexdigest(), sha256(before[:100]).hexdigest())
    (folder / "model.toml").write_text(text, encoding="utf-8")
    with pytest.raises(OwnModelError, match=r"own\.onnx is geen netwerk dat OpenVINO kan gebruiken"):
        detectors.own(folder)


def test_an_answer_of_another_shape_than_its_manifest_says_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OwnModelError, match=r"own\.onnx antwoordt in een andere vorm dan layout in model\.toml zegt"):
        detectors.own(described(tmp_path, ('"rows"', '"shares"'), rows=[0.0] * 6, shape=(1, 1, 6)))


def test_places_that_are_no_numbers_are_left_out(tmp_path: Path) -> None:
    rows = [float("nan"), 12, 40, 30, 0.9, 0, *ROWS[:6]]
    (found,) = detectors.own(described(tmp_path, rows=rows, shape=(1, 2, 6)))(LIGHT)
    assert found.box == Box(8 / 64, 12 / 48, 40 / 64, 30 / 48)


def test_a_network_of_openvino_itself_is_compared_with_its_weights(tmp_path: Path) -> None:
    described(tmp_path)
    ov.save_model(ov.Core().read_model(str(tmp_path / "own.onnx")), str(tmp_path / "own.xml"), compress_to_fp16=False)
    digests = {name: sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("own.xml", "own.bin")}
    text = MANIFEST.replace("own.onnx", "own.xml").format(sha256=digests["own.xml"])
    text = f'weights = "own.bin"\nweights_sha256 = "{digests["own.bin"]}"\n{text}'
    (tmp_path / "model.toml").write_text(text, encoding="utf-8")
    (found,) = detectors.own(tmp_path)(LIGHT)
    assert found.box == Box(8 / 64, 12 / 48, 40 / 64, 30 / 48)
    assert [name for name, _ in own_manifest.read(tmp_path).files] == ["own.xml", "own.bin", "model.toml"]
    with (tmp_path / "own.bin").open("ab") as file:
        file.write(b"more")
    with pytest.raises(OwnModelError, match=r"own\.bin heeft een andere SHA-256"):
        detectors.own(tmp_path)
