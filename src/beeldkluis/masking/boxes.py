"""Places in a picture. A picture is the upright one that a player shows; places are shares of its width and height, 0 to 1."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a box is about. Nothing says who."""

    PERSON = "person"
    HEAD = "head"
    VEHICLE = "vehicle"  # covered in its lower half, where the plate is
    SCREEN = "screen"  # laptops and monitors
    PAPER = "paper"
    DRAWN = "drawn"  # a person drew it


@dataclass(frozen=True, slots=True)
class Box:
    """From the left top (x0, y0) to the right bottom (x1, y1)."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """As a share of the picture's width."""
        return max(0.0, self.x1 - self.x0)

    @property
    def height(self) -> float:
        """As a share of the picture's height."""
        return max(0.0, self.y1 - self.y0)

    @property
    def area(self) -> float:
        """As a share of the picture."""
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class Found:
    """What a detector found in one picture; `score` is 0 to 1."""

    box: Box
    kind: Kind
    score: float
