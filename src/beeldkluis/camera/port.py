"""What every camera driver offers. A driver never writes on a camera except in `clear`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Protocol

EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # what a card can say, and what a moment is taken for that nobody can write


Mark = tuple[str, int, int]  # name, size in bytes, moment of change in nanoseconds


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

    @property
    def mark(self) -> Mark:
        """What tells this very file apart on its camera."""
        return self.name, self.size, self.changed_ns

    @property
    def changed_at(self) -> datetime:
        """`changed_ns` as a moment. A broken card may give one that nobody can reckon with: that is EARLIEST."""
        try:
            moment = datetime.fromtimestamp(self.changed_ns / 1e9, UTC)
        except (ValueError, OverflowError, OSError):
            return EARLIEST
        return moment if 1900 <= moment.year <= 2200 else EARLIEST


@dataclass(frozen=True, slots=True)
class Other:
    """A file on a camera that stays there. `unread`: it, or the folder, could not be looked at, and `why` says in Dutch what
    was in the way. Otherwise it is no footage; `text` when it is text, and else it belongs to the camera itself. `ending` is
    that of its name, in small letters; empty for a folder.
    """

    label: str
    ending: str = ""
    folder: bool = False
    text: bool = False
    unread: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is on a camera: the films, oldest first, and what is there besides."""

    files: tuple[CameraFile, ...]
    others: tuple[Other, ...] = ()
    unread_places: tuple[str, ...] = ()  # names of folders and files not looked at; the camera's own folder has none

    @property
    def unread(self) -> tuple[Other, ...]:
        """What may hold film and could not be looked at."""
        return tuple(one for one in self.others if one.unread)

    def still_there(self, known: Iterable[Mark]) -> set[Mark]:
        """Which of these files may still be on it. Where nobody could look, they may."""
        seen = {one.mark for one in self.files}
        hidden = tuple(f"{place}/" for place in self.unread_places if place)
        places = set(self.unread_places)
        return {one for one in known if one in seen or "" in places or one[0] in places or one[0].startswith(hidden)}


@dataclass(frozen=True, slots=True)
class Cleared:
    """What came of removing files: those that are gone for good, and those that could not be removed, with the number of the
    error (errno) that the system gave.
    """

    removed: tuple[CameraFile, ...]
    failed: tuple[tuple[CameraFile, int], ...] = ()


class Camera(Protocol):
    """A docked camera. `slot` is where it stands, also when it does not say who it is."""

    slot: str

    def identity(self) -> Identity:
        """Who it is. CameraGoneError."""

    def clock(self) -> datetime | None:
        """What its clock says now, as UTC; None when it does not tell."""

    def listing(self) -> Listing:
        """What is on it. One folder or file that cannot be looked at is named and keeps nothing else from the list.
        CameraGoneError when nothing at all can be read.
        """

    def open(self, file: CameraFile) -> FileIO:
        """One file, for reading only and from the medium itself, not from what the system remembers of it. CameraGoneError."""

    def unchanged(self, file: CameraFile) -> bool:
        """Is the file still as it was when it was listed, in size and moment of change?"""

    def clear(self, files: Sequence[CameraFile]) -> Cleared:
        """Remove these files for good, durably; one that changed since it was listed stays. The only thing that writes. One
        file that cannot be removed keeps no other from it. CameraGoneError when nothing can be removed because it is gone.
        """

    def free_bytes(self) -> int:
        """Room left on it. CameraGoneError."""


SlotMark = tuple[int, int]  # what tells the camera in a slot from the one that stood there before


@dataclass(frozen=True, slots=True, kw_only=True)
class Docked:
    """How a dock deals with a make: how it is seen in a slot, and who drives it. A slot is a folder of the dock; `may_stand_in`
    says yes for a slot that it cannot look into, and neither it nor `mark_of` raises anything.
    """

    may_stand_in: Callable[[Path], bool]
    mark_of: Callable[[Path], SlotMark]
    driver: Callable[[Path], Camera]


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """Everything in which a make of camera differs from another. `camera/makes.py` lists them.

    `name` as a page shows it. `docked`: how a dock deals with it; None for a make of which the camera system delivers by itself,
    through a door in `intake/`. `clock_measured`: its clock is compared with the vault's, when the camera tells it; else the
    retention period runs from receipt (`retention.clock-unknown`). `encrypts`: footage is encrypted on the camera itself
    (`camera.unreadable`). `set_up`: the address of the page where the administrator lets it in. `spec`: the page that describes
    how its footage arrives.
    """

    name: str
    docked: Docked | None
    clock_measured: bool
    encrypts: bool
    set_up: str
    spec: str
