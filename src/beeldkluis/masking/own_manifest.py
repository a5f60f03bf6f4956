"""The manifest of a municipality's own detector: a folder with a network and a `model.toml` that says how to ask it and how to
read it. Nothing here computes anything: the server reads it without numpy or OpenVINO.

    file = "plates.onnx"        # ONNX, TFLite, or OpenVINO's .xml (then also: weights = "plates.bin")
    sha256 = "..."              # of the file; of the weights in weights_sha256
    width = 640                 # pixels of its input
    height = 640
    colour = "rgb"              # or "bgr"
    mean = [0, 0, 0]            # (value - mean) / deviation, value 0 to 255, in the order of `colour`
    deviation = [255, 255, 255]
    order = "NCHW"              # or "NHWC"
    fit = "letterbox"           # left top, its shape kept, black beside; or "stretch"
    layout = "rows"             # how its first output is read:
                                #   rows      n x 6: x0, y0, x1, y1, score, class; pixels of the input
                                #   columns   (4 + classes) x n: centre x, y, width, height in pixels, then a score a class
                                #   shares    n x 7: picture, class, score, x0, y0, x1, y1; shares of the input
    threshold = 0.4             # between 0 and 1, as scores are

    [classes]                   # of which numbers, and what they are covered as; every other class is left out
    0 = "paper"                 # person, head, vehicle (lower half), screen, paper (all of it: say this of a plate)

A network that computes features by which a person or a text could be recognised is not to be used here: what it says beyond
boxes is thrown away, but it has no business in the house.
"""

import re
import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from beeldkluis.masking.boxes import Kind
from beeldkluis.masking.weights import sha256_of

MANIFEST = "model.toml"
NEEDED = {
    "file": str, "sha256": str, "width": int, "height": int, "colour": str, "mean": list, "deviation": list, "order": str,
    "fit": str, "layout": str, "threshold": float, "classes": dict,
}  # fmt: skip
ALSO = {"weights": str, "weights_sha256": str}
DUTCH = {str: "tekst", int: "geheel getal", list: "lijst", float: "getal", dict: "tabel"}
WORDS = {
    "colour": ("rgb", "bgr"),
    "order": ("NCHW", "NHWC"),
    "fit": ("letterbox", "stretch"),
    "layout": ("rows", "columns", "shares"),
}
LARGEST_SIDE = 4096
LARGEST_MANIFEST = 64 * 1024  # bytes
LARGEST = 1e6  # of a mean or deviation
CLASS = re.compile(r"[0-9]{1,6}")
LONGEST_NAME = 100  # characters: an analysis names the files


class OwnModelError(Exception):
    """The folder does not describe a detector that can be used; the text says why, in Dutch."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that was read and whose files were compared with it. `files`: name and SHA-256 of each, the network's first,
    the manifest's last.
    """

    file: Path
    files: tuple[tuple[str, str], ...]
    width: int
    height: int
    colour: str
    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]
    order: str
    fit: str
    layout: str
    threshold: float
    kinds: dict[int, Kind]

    @property
    def models(self) -> tuple[tuple[str, str], ...]:
        """As an analysis names them, beside those of the program."""
        return tuple((f"own {name}", digest) for name, digest in self.files)


def read(folder: Path) -> Manifest:
    """What the folder describes. OwnModelError, with the reason, when it is not whole."""
    data, own_digest = _fields(folder)
    files = [_compared(folder, data["file"], data["sha256"])]
    file = folder / data["file"]
    if file.suffix == ".xml":  # OpenVINO looks for the weights beside it, under the same name
        if data.get("weights") != file.with_suffix(".bin").name:
            raise OwnModelError(f"de gewichten van {file.name} moeten {file.with_suffix('.bin').name} heten")
        files.append(_compared(folder, data["weights"], data.get("weights_sha256", "")))
    return Manifest(
        file, (*files, (MANIFEST, own_digest)), _side(data, "width"), _side(data, "height"), data["colour"],
        _three(data, "mean"), _deviation(data), data["order"], data["fit"], data["layout"], _threshold(data),
        _kinds(data),
    )  # fmt: skip


def _fields(folder: Path) -> tuple[dict[str, Any], str]:
    """The manifest with every field of the right kind, and no other field; and its SHA-256."""
    try:
        with (folder / MANIFEST).open("rb") as file:
            text = file.read(LARGEST_MANIFEST + 1)
        if len(text) > LARGEST_MANIFEST:
            raise OwnModelError(f"{MANIFEST} is groter dan {LARGEST_MANIFEST} bytes")
        data = tomllib.loads(text.decode())
    except OSError as error:
        raise OwnModelError(f"{MANIFEST} is niet te lezen ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise OwnModelError(f"{MANIFEST} is niet te lezen: {error}") from error
    known = NEEDED | ALSO
    if wrong := [key for key in data if key not in known] + [key for key in NEEDED if key not in data]:
        raise OwnModelError(f"{MANIFEST}: {', '.join(wrong)} is onbekend of ontbreekt")
    for key, value in data.items():
        if not isinstance(value, (int, float) if known[key] is float else known[key]) or isinstance(value, bool):
            raise OwnModelError(f"{MANIFEST}: {key} = {value!r} is geen {DUTCH[known[key]]}")
    for key, words in WORDS.items():
        if data[key] not in words:
            raise OwnModelError(f"{MANIFEST}: {key} moet een van deze zijn: {', '.join(words)}")
    return data, sha256(text).hexdigest()


def _side(data: dict[str, Any], key: str) -> int:
    side: int = data[key]
    if not 32 <= side <= LARGEST_SIDE:
        raise OwnModelError(f"{MANIFEST}: {key} moet tussen 32 en {LARGEST_SIDE} liggen")
    return side


def _three(data: dict[str, Any], key: str) -> tuple[float, float, float]:
    """A number for each plane: what is no number would make every picture black, in which nothing is found."""
    numbers = [one for one in data[key] if type(one) in (int, float) and -LARGEST <= one <= LARGEST]
    if len(numbers) != 3 or len(data[key]) != 3:
        raise OwnModelError(f"{MANIFEST}: {key} moet drie getallen zijn")
    first, second, third = numbers
    return float(first), float(second), float(third)


def _deviation(data: dict[str, Any]) -> tuple[float, float, float]:
    deviation = _three(data, "deviation")
    if 0 in deviation:
        raise OwnModelError(f"{MANIFEST}: in deviation mag geen 0 staan")
    return deviation


def _threshold(data: dict[str, Any]) -> float:
    """From which score on something is covered. At any other it would cover nothing, or all, and say so nowhere."""
    if not 0 < data["threshold"] < 1:
        raise OwnModelError(f"{MANIFEST}: threshold moet tussen 0 en 1 liggen")
    return float(data["threshold"])


def _kinds(data: dict[str, Any]) -> dict[int, Kind]:
    """What each class is covered as."""
    allowed = {one.value for one in Kind} - {Kind.DRAWN}
    if not data["classes"] or not all(
        CLASS.fullmatch(number) and word in allowed for number, word in data["classes"].items()
    ):
        raise OwnModelError(
            f"{MANIFEST}: classes moet van nummers zeggen wat er bedekt wordt: {', '.join(sorted(allowed))}"
        )
    return {int(number): Kind(word) for number, word in data["classes"].items()}


def _compared(folder: Path, name: str, promised: str) -> tuple[str, str]:
    """Name and SHA-256 of a file of the folder itself, which has these bytes."""
    if Path(name).name != name or len(name) > LONGEST_NAME or not name.isprintable():
        raise OwnModelError(
            f"{name} moet een bestand in de map zelf zijn, met een naam van ten hoogste {LONGEST_NAME} tekens"
        )
    try:
        found = sha256_of(folder / name)
    except OSError as error:
        raise OwnModelError(f"{name} is niet te lezen ({error.strerror})") from error
    if found != promised.lower():
        raise OwnModelError(f"{name} heeft een andere SHA-256 dan {MANIFEST} zegt: {found}")
    return name, found
