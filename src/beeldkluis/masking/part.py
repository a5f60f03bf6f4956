"""What was seen in a stretch of a film, before anybody is followed through it."""

from dataclasses import dataclass

from beeldkluis.masking.boxes import Found
from beeldkluis.masking.geometry import Move


@dataclass(frozen=True, slots=True)
class Part:
    """Pictures `begin` and on. `moves`: how the camera moved from the picture before to this one; `borders`: pictures with which
    something new begins; `light`: how light each picture is, 0 to 255. `found`: what stands in each of these pictures that a
    detector looked at, in their order; the last is one of them.
    """

    begin: int
    times_us: tuple[int, ...]
    moves: tuple[Move, ...]
    borders: tuple[int, ...]
    light: bytes
    found: tuple[tuple[int, tuple[Found, ...]], ...]

    @property
    def end(self) -> int:
        """The picture after the last."""
        return self.begin + len(self.times_us)
