"""The makes of camera that there are: each is one module with everything that is its own, and one line here."""

from collections.abc import Sequence
from pathlib import Path

from beeldkluis.camera import axis, folder
from beeldkluis.camera.port import Camera, Docked, Make

MAKES: tuple[Make, ...] = (folder.MAKE, axis.MAKE)  # a slot is in doubt of the first that is docked


def docked_in(slot: Path) -> Docked | None:
    """How to deal with the camera that stands in this slot; None for an empty slot."""
    docked = (make.docked for make in MAKES)
    return next((one for one in docked if one is not None and one.may_stand_in(slot)), None)


def find_cameras(slots: Path) -> Sequence[Camera]:
    """The cameras that stand in this dock, in order of slot. So is a slot that cannot be looked into: something stands in it,
    and it says what is wrong when it is asked. OSError when no slot can be seen.
    """
    try:
        places = sorted(slots.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    found = ((docked_in(place), place) for place in places)
    return [docked.driver(place) for docked, place in found if docked is not None]
