"""How what a municipality's own detector says becomes boxes. Its folder is described by `masking/own_manifest.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from beeldkluis.masking import own_manifest
from beeldkluis.masking.boxes import Kind
from beeldkluis.masking.decoding import Decoded, Floats
from beeldkluis.masking.networks import Wants
from beeldkluis.masking.own_manifest import Manifest


@dataclass(frozen=True, slots=True)
class OwnModel:
    """A network whose files were compared with their manifest, and how to read it."""

    file: Path
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


def read(folder: Path) -> OwnModel:
    """What the folder describes. OwnModelError, with the reason, when it is not whole."""
    told = own_manifest.read(folder)
    wants = Wants(
        told.width, told.height, told.colour == "rgb", told.mean, told.deviation, told.order, told.fit == "stretch"
    )
    return OwnModel(told.file, wants, _decode(told, wants), told.kinds)


def _decode(told: Manifest, wants: Wants) -> Callable[[dict[str, Floats]], Decoded]:
    layout, ours = LAYOUTS[told.layout], np.array(sorted(told.kinds))

    def decode(said: dict[str, Floats]) -> Decoded:
        boxes, scores, classes = layout(next(iter(said.values())), wants)
        is_place = np.isfinite(boxes).all(axis=1)
        (places,) = np.nonzero((scores >= told.threshold) & np.isin(classes, ours) & is_place)
        return boxes[places], scores[places], classes[places]

    return decode
