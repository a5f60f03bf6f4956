"""A municipality's own detector: a folder with a network and a `model.toml` that says how to ask it and how to read it.

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
    threshold = 0.4

    [classes]                   # of which numbers, and what they are covered as; every other class is left out
    0 = "paper"                 # person, head, vehicle (lower half), screen, paper (all of it: say this of a plate)

A network that computes features by which a person or a text could be recognised is not to be used here: what it says beyond
boxes is thrown away, but it has no business in the house.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from beeldkluis.masking.boxes import Kind
from beeldkluis.masking.decoding import Decoded, Floats
from beeldkluis.masking.networks import Wants
from beeldkluis.masking.weights import sha256_of

MANIFEST = "model.toml"
NEEDED = {
    "file": str, "sha256": str, "width": int, "height": int, "colour": str, "mean": list, "deviation": list, "order": str,
    "fit": str, "layout": str, "threshold": float, "classes": dict,
}  # fmt: skip
ALSO = {"weights": str, "weights_sha256": str}
WORDS = {"colour": ("rgb", "bgr"), "order": ("NCHW", "NHWC"), "fit": ("letterbox", "stretch")}
LARGEST_SIDE = 4096


class OwnModelError(Exception):
    """The folder does not describe a detector that can be used; the text says why."""


@dataclass(frozen=True, slots=True)
class OwnModel:
    """A manifest that was read and whose files were compared with it."""

    file: Path
    sha256: str
    wants: Wants
    decode: Callable[[dict[str, Floats]], Decoded]
    kinds: dict[int, Kind]


def _rows(said: Floats, _wants: Wants) -> Decoded:
    rows = said.reshape(-1, 6)
    return rows[:, :4], rows[:, 4], rows[:, 5].astype(np.int64)


def _columns(said: Floats, _wants: Wants) -> Decoded:
    rows = said.reshape(said.shape[-2], said.shape[-1]).T
    centre, half, scores = rows[:, :2], rows[:, 2:4] / 2, rows[:, 4:]
    boxes: Floats = np.concatenate([centre - half, centre + half], axis=1)
    count, classes = scores.shape
    return np.repeat(boxes, classes, axis=0), scores.reshape(-1), np.tile(np.arange(classes), count)


def _shares(said: Floats, wants: Wants) -> Decoded:
    rows = said.reshape(-1, 7)
    sides = np.array([wants.width, wants.height] * 2, np.float32)
    boxes: Floats = rows[:, 3:] * sides
    return boxes, rows[:, 2], rows[:, 1].astype(np.int64)


LAYOUTS = {"rows": _rows, "columns": _columns, "shares": _shares}


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest with every field of the right kind, and no other field."""
    try:
        data = tomllib.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OwnModelError(f"{MANIFEST} cannot be read: {error}") from error
    known = NEEDED | ALSO
    if wrong := [key for key in data if key not in known] + [key for key in NEEDED if key not in data]:
        raise OwnModelError(f"{MANIFEST}: {', '.join(wrong)} is unknown or missing")
    for key, value in data.items():
        if not isinstance(value, (int, float) if known[key] is float else known[key]) or isinstance(value, bool):
            raise OwnModelError(f"{MANIFEST}: {key} = {value!r} is no {known[key].__name__}")
    for key, words in WORDS.items() | {("layout", tuple(LAYOUTS))}:
        if data[key] not in words:
            raise OwnModelError(f"{MANIFEST}: {key} must be one of {', '.join(words)}")
    return data


def _three(data: dict[str, Any], key: str) -> tuple[float, float, float]:
    """A number for each plane."""
    try:
        first, second, third = (float(one) for one in data[key])
    except (TypeError, ValueError) as error:
        raise OwnModelError(f"{MANIFEST}: {key} must be three numbers") from error
    return first, second, third


def _wants(data: dict[str, Any]) -> Wants:
    if not all(32 <= data[side] <= LARGEST_SIDE for side in ("width", "height")):
        raise OwnModelError(f"{MANIFEST}: width and height must be 32 to {LARGEST_SIDE}")
    deviation = _three(data, "deviation")
    if 0 in deviation:
        raise OwnModelError(f"{MANIFEST}: deviation may not be 0")
    return Wants(
        data["width"], data["height"], data["colour"] == "rgb", _three(data, "mean"), deviation, data["order"],
        data["fit"] == "stretch",
    )  # fmt: skip


def _kinds(data: dict[str, Any]) -> dict[int, Kind]:
    """What each class is covered as."""
    try:
        kinds = {int(number): Kind(word) for number, word in data["classes"].items()}
    except ValueError as error:
        raise OwnModelError(f"{MANIFEST}: {error}") from error
    if not kinds or Kind.DRAWN in kinds.values():
        raise OwnModelError(f"{MANIFEST}: classes must say what each is covered as")
    return kinds


def _compared(folder: Path, name: str, sha256: str) -> Path:
    """A file of the folder itself, with these bytes."""
    path = folder / name
    if Path(name).name != name:
        raise OwnModelError(f"{name} must be a file in the folder itself")
    try:
        found = sha256_of(path)
    except OSError as error:
        raise OwnModelError(f"{name} cannot be read") from error
    if found != sha256.lower():
        raise OwnModelError(f"{name} has another SHA-256 than the manifest says: {found}")
    return path


def read(folder: Path) -> OwnModel:
    """What the folder describes. OwnModelError, with the reason, when it is not whole."""
    data = _manifest(folder)
    file, wants, kinds = _compared(folder, data["file"], data["sha256"]), _wants(data), _kinds(data)
    if file.suffix == ".xml":  # OpenVINO looks for the weights beside it, under the same name
        weights = _compared(folder, data.get("weights", ""), data.get("weights_sha256", ""))
        if weights != file.with_suffix(".bin"):
            raise OwnModelError(f"the weights of {file.name} must be called {file.with_suffix('.bin').name}")
    layout, threshold, ours = LAYOUTS[data["layout"]], float(data["threshold"]), np.array(sorted(kinds))

    def decode(said: dict[str, Floats]) -> Decoded:
        boxes, scores, classes = layout(next(iter(said.values())), wants)
        (places,) = np.nonzero((scores >= threshold) & np.isin(classes, ours))
        return boxes[places], scores[places], classes[places]

    return OwnModel(file, data["sha256"].lower(), wants, decode, kinds)
