"""What every camera driver offers. A driver never writes on a camera except in `clear`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import FileIO
from typing import Protocol


class CameraGoneError(Exception):
    """The camera was taken out, or what was asked of it cannot be read."""


def printable(text: str, most: int) -> str:
    """A camera's own words, fit for a terminal and a signed statement: at most `most` characters, without control
    characters or halves of characters.
    """
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text[:most])


@dataclass(frozen=True, slots=True)
class Identity:
    """What a camera says of itself, and where it stands. A serial is a label, so slot and volume id are kept beside it."""

    serial: str
    make: str
    model: str
    volume_id: str
    slot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraFile:
    """One recording's file on a camera. Times are by the camera's own clock, as UTC; empty when it does not say.

    `name` is the driver's own and may hold anything; `label` is fit to show. `group`: files of one recording that was cut
    into pieces share it; `position` counts them. `size` in bytes; `changed_ns` is the file's moment of change. `zoned`: the
    camera names the zone of its times, so that they are UTC but for what its clock is off.
    """

    name: str
    size: int
    changed_ns: int
    started_at: datetime | None = None
    activated_at: datetime | None = None
    ended_at: datetime | None = None
    group: str = ""
    position: int = 0
    zoned: bool = False

    @property
    def label(self) -> str:
        """The name, fit to show and to sign."""
        return printable(self.name, 200)


class Camera(Protocol):
    """A docked camera. `slot` is where it stands, also when it does not say who it is."""

    slot: str

    def identity(self) -> Identity:
        """Who it is. CameraGoneError."""

    def clock(self) -> datetime | None:
        """What its clock says now, as UTC; None when it does not tell."""

    def files(self) -> Sequence[CameraFile]:
        """The recordings on it, in the order they were made. CameraGoneError."""

    def open(self, file: CameraFile) -> FileIO:
        """One file, for reading only and from the medium itself, not from what the system remembers of it. CameraGoneError."""

    def unchanged(self, file: CameraFile) -> bool:
        """Is the file still as it was when it was listed, in size and moment of change?"""

    def clear(self, files: Sequence[CameraFile]) -> None:
        """Remove these files for good, durably; one that changed since it was listed stays. The only thing that writes.
        CameraGoneError.
        """

    def free_bytes(self) -> int:
        """Room left on it. CameraGoneError."""
