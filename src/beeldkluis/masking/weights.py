"""The files of weights: their names, places and SHA-256. Each has a model card in `cards/`; no other file may be used.

Nothing here computes anything: the server asks `missing` and needs neither numpy nor OpenVINO for that.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

FOLDER = Path(__file__).with_name("weights")
CARDS = Path(__file__).with_name("cards")
PARTS = (("openvino", "OpenVINO"), ("numpy", "numpy"))  # of the extra "redaction"


class WeightsError(Exception):
    """A file of weights is not there, or is another one."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One file. `size` in bytes; `card` is the file in `cards/` that says what it is, whose, and what it cannot do."""

    name: str
    file: str
    size: int
    sha256: str

    @property
    def card(self) -> Path:
        """Its model card."""
        return CARDS / f"{self.name}.md"


NANODET = Weights(
    "nanodet", "nanodet.onnx", 7_606_941, "2ce8fb89e80ced62ef5020569d36b385d2822e4426e9c317cbe5b4a294e3bea1"
)
OPEN_IMAGES = Weights(
    "open-images", "open-images.tflite", 9_987_728, "d0a5255bf8c4f5a0bc4240741a76c41d5e939f7655078f945f50ab53a9375da6"
)
FACES = Weights("faces", "faces.tflite", 1_083_984, "99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3")
SPEECH = Weights("speech", "speech.onnx", 1_288_203, "7776b81ad1b0350c15d7f1555943b9232eb53e9ca5d989c6d0cea9ebc8664d87")
ALL = (NANODET, OPEN_IMAGES, FACES, SPEECH)


def sha256_of(path: Path) -> str:
    """Of a file, read in pieces. OSError when it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checked(weights: Weights, folder: Path = FOLDER) -> Path:
    """The path of the file, whose bytes were compared now. WeightsError when it is not there or another."""
    path = folder / weights.file
    try:
        found = sha256_of(path)
    except OSError as error:
        raise WeightsError(f"{weights.file} cannot be read") from error
    if found != weights.sha256:
        raise WeightsError(f"{weights.file} is another file: its SHA-256 is {found}")
    return path


@lru_cache(maxsize=32)
def _is_right(weights: Weights, folder: Path, _changed_ns: int) -> bool:
    """As `checked`, remembered as long as the file does not change."""
    try:
        checked(weights, folder)
    except WeightsError:
        return False
    return True


def _lacks(weights: Weights, folder: Path) -> str:
    """What is wrong with one file, in Dutch; empty when nothing is."""
    try:
        changed_ns = (folder / weights.file).stat().st_mtime_ns
    except OSError:
        return f"Het modelbestand {weights.file} ontbreekt. Het komt met ‘make install’."
    if not _is_right(weights, folder, changed_ns):
        return f"Het modelbestand {weights.file} hoort niet bij dit programma. Het goede komt met ‘make install’."
    return ""


def missing(folder: Path = FOLDER) -> list[str]:
    """What this server lacks to find people in film, each a Dutch sentence for a page; empty when it can."""
    parts = [
        f"Het onderdeel {dutch} is niet geïnstalleerd. Het komt met ‘make install’."
        for module, dutch in PARTS
        if find_spec(module) is None
    ]
    return parts + [sentence for one in ALL if (sentence := _lacks(one, folder))]
