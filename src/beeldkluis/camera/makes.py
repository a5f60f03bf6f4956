"""The makes of camera that a dock knows: each is one module with everything that is its own, and one line here."""

from collections.abc import Sequence
from pathlib import Path

from beeldkluis.camera import folder
from beeldkluis.camera.port import Camera, Make

MAKES: tuple[Make, ...] = (folder.MAKE,)  # in doubt the first


def make_in(slot: Path) -> Make | None:
    """The make of the camera that stands in this slot; None for an empty slot."""
    return next((make for make in MAKES if make.may_stand_in(slot)), None)


def find_cameras(slots: Path) -> Sequence[Camera]:
    """The cameras that stand in this dock, in order of slot. So is a slot that cannot be looked into: something stands in it,
    and it says what is wrong when it is asked. OSError when no slot can be seen.
    """
    try:
        places = sorted(slots.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    found = ((make_in(one), one) for one in places)
    return [make.driver(one) for make, one in found if make is not None]
