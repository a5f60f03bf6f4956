"""What every camera driver offers. A driver never writes on a camera except in `clear`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol


class CameraGoneError(Exception):
    """The camera was taken out, or cannot be read any more."""


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
    """One file on a camera. Times are by the camera's own clock, as UTC; empty when the camera does not say.

    `group`: files of one recording that was cut into pieces share it; `position` counts them. `size` in bytes.
    """

    name: str
    size: int
    changed_ns: int
    started_at: datetime | None
    activated_at: datetime | None
    ended_at: datetime | None
    group: str
    position: int


class Camera(Protocol):
    """A docked camera."""

    def identity(self) -> Identity:
        """Who it is. CameraGoneError."""

    def clock(self) -> datetime | None:
        """What its clock says now, as UTC; None when it does not tell."""

    def files(self) -> Sequence[CameraFile]:
        """The recordings on it, in the order they were made. CameraGoneError."""

    def open(self, file: CameraFile) -> BinaryIO:
        """One file, for reading only. CameraGoneError."""

    def unchanged(self, file: CameraFile) -> bool:
        """Is the file still as it was when it was listed, in size and moment of change?"""

    def clear(self, files: Sequence[CameraFile]) -> None:
        """Remove these files for good. The only thing that writes. CameraGoneError."""

    def free_bytes(self) -> int:
        """Room left on it."""
