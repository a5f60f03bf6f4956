"""The same film as other cameras would have it: what is done to a picture, and where a point of it goes."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Variant:
    """A name, what is done to each picture, and where its points go."""

    name: str
    picture: Callable[[int, Picture], Picture]
    moved: Callable[[int, float, float, int, int], tuple[float, float]]  # picture, x, y, width, height


def _stays(_frame: int, x: float, y: float, _width: int, _height: int) -> tuple[float, float]:
    return x, y


def _shift(frame: int) -> tuple[int, int]:
    """A camera on somebody's chest: a step twice a second at 10 pictures a second, up to 20 pixels, with a tremble."""
    dice = np.random.default_rng(frame)
    x = 14 * math.sin(frame * 0.63) + 6 * math.sin(frame * 1.7) + dice.integers(-2, 3)
    y = 10 * math.sin(frame * 1.26 + 1) + dice.integers(-2, 3)
    return round(x), round(y)


def _shaken(frame: int, picture: Picture) -> Picture:
    x, y = _shift(frame)
    padded = np.pad(picture, ((24, 24), (24, 24), (0, 0)), mode="edge")
    return padded[24 - y : 24 - y + picture.shape[0], 24 - x : 24 - x + picture.shape[1]]


def _shaken_to(frame: int, x: float, y: float, _width: int, _height: int) -> tuple[float, float]:
    by_x, by_y = _shift(frame)
    return x + by_x, y + by_y


def _dark(frame: int, picture: Picture) -> Picture:
    """A tenth of the light, with the grain of a sensor."""
    noise = np.random.default_rng(frame).normal(0, 2.5, picture.shape)
    return np.clip(picture * 0.1 + noise, 0, 255).astype(np.uint8)


def _blurred(_frame: int, picture: Picture) -> Picture:
    """A pan while the shutter is open: 13 pixels sideways."""
    wide = np.pad(picture.astype(np.uint32), ((0, 0), (6, 7), (0, 0)), mode="edge")
    sums = np.cumsum(wide, axis=1)
    return ((sums[:, 13:] - sums[:, :-13]) // 13).astype(np.uint8)


TILT = math.radians(12)


def _tilted(_frame: int, picture: Picture) -> Picture:
    """A camera that hangs askew: twelve degrees about the middle."""
    height, width = picture.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x, y = x - width / 2, y - height / 2
    from_x = np.clip(x * math.cos(TILT) + y * math.sin(TILT) + width / 2, 0, width - 1).astype(np.int32)
    from_y = np.clip(-x * math.sin(TILT) + y * math.cos(TILT) + height / 2, 0, height - 1).astype(np.int32)
    return picture[from_y, from_x]


def _tilted_to(_frame: int, x: float, y: float, width: int, height: int) -> tuple[float, float]:
    x, y = x - width / 2, y - height / 2
    to_x = x * math.cos(TILT) - y * math.sin(TILT) + width / 2
    return to_x, x * math.sin(TILT) + y * math.cos(TILT) + height / 2


VARIANTS = (
    Variant("as it is", lambda _frame, picture: picture, _stays),
    Variant("shaken", _shaken, _shaken_to),
    Variant("darkened", _dark, _stays),
    Variant("blurred", _blurred, _stays),
    Variant("turned", _tilted, _tilted_to),
)
