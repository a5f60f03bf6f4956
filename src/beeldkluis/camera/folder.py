"""A camera that shows itself as a folder: a mounted USB disk, or a folder in tests and demonstrations.

The folder holds `camera.json` ({"serial", "make", "model", "volume_id"}; all text), optionally `clock.txt` (the camera's
clock at the moment that file was written, RFC 3339), and films, also in folders of their own. Beside a film `NAME.json` may
say {"started", "activated", "ended"} by the camera's clock, and {"group", "position"} for a film that was cut into pieces.
See docs/spec/dock-agent.md. Nothing on a camera is believed to be well-formed, and no link on it is followed. What cannot be
read stops itself alone: it is named, and everything else is listed, read and removed.
"""

import errno
import json
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path
from typing import Any

from beeldkluis.camera.faults import in_words
from beeldkluis.camera.kinds import PEEK, Kind, begins_like_footage, ending, kind_of
from beeldkluis.camera.port import (
    EARLIEST,
    CameraFile,
    CameraGoneError,
    Cleared,
    Docked,
    Identity,
    Listing,
    Make,
    Other,
    SlotMark,
    printable,
)

ABOUT = "camera.json"
CLOCK = "clock.txt"
MAX_ABOUT = 65_536  # bytes
DEEPEST = 32  # folders below the camera's own
MOST = 200_000  # files and folders that are looked at
MOST_PIECES = 10_000  # films that one recording may be cut into
POSSIBLE = (EARLIEST, datetime(2200, 1, 1, tzinfo=UTC))  # what a card can say


def may_stand_in(slot: Path) -> bool:
    """Does a camera stand in this slot, as far as anybody can see? A slot that cannot be looked into holds one."""
    try:
        return (slot / ABOUT).is_file()
    except OSError:
        return True


def mark_of(slot: Path) -> SlotMark:
    """The disk and the folder that stand in this slot now."""
    try:
        about = slot.stat()
    except OSError:
        return (0, 0)
    return about.st_dev, about.st_ino


def _moment(value: object) -> datetime | None:
    """A camera's time as UTC; a time without a zone is taken for UTC, nonsense for silence."""
    try:
        moment = datetime.fromisoformat(str(value))
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if POSSIBLE[0] <= moment <= POSSIBLE[1] else None


def _names_zone(value: object) -> bool:
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False


class FolderCamera:
    """A camera as a folder; the folder's name is the slot."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.slot = printable(folder.name, 120)

    def identity(self) -> Identity:
        """Who it is."""
        try:
            about = _object(self._small(ABOUT))
        except FileNotFoundError as error:
            raise CameraGoneError(f"{self.slot}: de camera is weg") from error
        except OSError as error:
            raise CameraGoneError(f"{self.slot}: de camera is niet te lezen ({in_words(error)})") from error
        if not about.get("serial"):
            raise CameraGoneError(f"{self.slot}: de camera zegt niet wie zij is")
        words = {name: printable(str(about.get(name, "")), 120) for name in ("make", "model", "volume_id")}
        return Identity(serial=printable(str(about["serial"]), 64), slot=self.slot, **words)

    def clock(self) -> datetime | None:
        """Its clock now: what clock.txt says, and the time since that was written."""
        try:
            with FileIO(self._descriptor(CLOCK), "r") as source:
                said = _moment((source.read(MAX_ABOUT) or b"").decode("ascii").strip())
                written = os.fstat(source.fileno()).st_mtime
            now = said + timedelta(seconds=datetime.now(UTC).timestamp() - written) if said else None
        except (OSError, UnicodeDecodeError, OverflowError):
            return None
        return now if now and POSSIBLE[0] <= now <= POSSIBLE[1] else None

    def files(self) -> Sequence[CameraFile]:
        """The films on it, oldest first."""
        return self.listing().files

    def listing(self) -> Listing:
        """The films on it, oldest first, and what else is there. Only when the camera's own folder cannot be opened
        nothing is known: CameraGoneError.
        """
        look = _Look(self)
        try:
            with self.folder_at(""):
                pass
        except OSError as error:
            raise CameraGoneError(f"{self.slot}: de camera is weg") from error
        look.everything()
        found = [self._file(name, state) for name, state in look.films]
        found.sort(key=lambda one: (one.started_at.timestamp() if one.started_at else one.changed_ns / 1e9, one.name))
        accounts = {ABOUT, CLOCK, *(f"{one.name}.json" for one in found)}
        others = tuple(one for name, one in look.others if not (one.text and name in accounts))
        return Listing(tuple(found), others, tuple(look.unread_places))

    def _file(self, name: str, state: os.stat_result) -> CameraFile:
        told = self._json(f"{name}.json")
        position = told.get("position")
        return CameraFile(
            name=name,
            size=state.st_size,
            changed_ns=state.st_mtime_ns,
            started_at=_moment(told.get("started")),
            activated_at=_moment(told.get("activated")),
            ended_at=_moment(told.get("ended")),
            zoned=any(_names_zone(told.get(name)) for name in ("started", "activated", "ended")),
            group=printable(str(told.get("group", "")), 60),
            position=position if type(position) is int and 0 <= position < MOST_PIECES else 0,
        )

    def open(self, file: CameraFile) -> FileIO:
        """One film, for reading only; what the system remembers of it from a reading before is forgotten first."""
        try:
            source = FileIO(self._descriptor(file.name), "r")
        except OSError as error:
            raise CameraGoneError(f"{self.slot}: {file.label} is niet te lezen ({in_words(error)})") from error
        with suppress(OSError):  # a disk that forgets nothing is read as it is
            os.posix_fadvise(source.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return source

    def peek(self, name: str) -> bytes:
        """What a file begins with, and as much from its middle: see `kinds.kind_of`. OSError."""
        with FileIO(self._descriptor(name), "r") as source:
            size = os.fstat(source.fileno()).st_size
            return os.pread(source.fileno(), PEEK, 0) + (
                os.pread(source.fileno(), PEEK, size // 2) if size > 2 * PEEK else b""
            )

    def unchanged(self, file: CameraFile) -> bool:
        """Is the film still as it was when it was listed?"""
        try:
            with self._within(file.name) as (at, last):
                return _same(os.stat(last, dir_fd=at, follow_symlinks=False), file)
        except OSError:
            return False

    def clear(self, files: Sequence[CameraFile]) -> Cleared:
        """Remove films and what stands beside them, durably. Each by itself: one that stays keeps no other. CameraGoneError
        when there is no camera at all.
        """
        removed, failed = [], []
        try:
            with self.folder_at(""):
                pass
        except OSError as error:
            raise CameraGoneError(f"{self.slot}: de camera is weg") from error
        for file in files:
            try:
                with self._within(file.name) as (at, last):
                    if not _same(os.stat(last, dir_fd=at, follow_symlinks=False), file):
                        continue
                    beside = self._beside(file.name)
                    os.unlink(last, dir_fd=at)
                    if beside:
                        with suppress(OSError):  # without its film it is a small text that says when something was
                            os.unlink(f"{last}.json", dir_fd=at)
                    os.fsync(at)
                removed.append(file)
            except FileNotFoundError:
                continue  # gone already, or the camera is: whoever looks again sees which
            except OSError as error:
                failed.append((file, error.errno or errno.EIO))
        return Cleared(tuple(removed), tuple(failed))

    def _beside(self, name: str) -> bool:
        """Does a film's own account stand beside it? A small text: film that is named so is no account."""
        try:
            with self._within(name) as (at, last):
                state = os.stat(f"{last}.json", dir_fd=at, follow_symlinks=False)
            seen = self.peek(f"{name}.json")
        except OSError:
            return False
        return is_account(f"{name}.json", state.st_size) and not begins_like_footage(seen)

    def free_bytes(self) -> int:
        """Room left on it."""
        try:
            return shutil.disk_usage(self.folder).free
        except OSError as error:
            raise CameraGoneError(f"{self.slot}: de camera is weg") from error

    @contextmanager
    def folder_at(self, place: str) -> Iterator[int]:
        """A folder on the camera, as a descriptor; the camera's own has no name. Follows no links. OSError."""
        at = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for folder in place.split("/") if place else ():
                below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
                os.close(at)
                at = below
            yield at
        finally:
            os.close(at)

    @contextmanager
    def _within(self, name: str) -> Iterator[tuple[int, str]]:
        """The folder that a name stands in, as a descriptor, and the last part of the name."""
        place, _, last = name.rpartition("/")
        with self.folder_at(place) as at:
            yield at, last

    def _descriptor(self, name: str) -> int:
        """A plain file, open for reading. OSError, also when it is a link, a pipe or anything else."""
        with self._within(name) as (at, last):
            opened = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=at)
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            os.close(opened)
            raise OSError(f"{name!r} is no plain file")
        return opened

    def _small(self, name: str) -> bytes:
        """What is in a small file; nothing when it is larger than MAX_ABOUT. OSError."""
        with FileIO(self._descriptor(name), "r") as source:
            text = source.read(MAX_ABOUT + 1) or b""
        return text if len(text) <= MAX_ABOUT else b""

    def _json(self, name: str) -> dict[str, Any]:
        """A small JSON object; empty for anything else."""
        try:
            return _object(self._small(name))
        except OSError:
            return {}


def is_account(name: str, size: int) -> bool:
    """May this be what a camera says of itself or of a film, by its name and size?"""
    return size <= MAX_ABOUT and (name == CLOCK or name.endswith(".json"))


def _object(text: bytes) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


class _Look:
    """One look at everything on a camera. `others` are by name; `unread_places` also names files that were not looked at."""

    def __init__(self, camera: FolderCamera) -> None:
        self.camera = camera
        self.films: list[tuple[str, os.stat_result]] = []
        self.others: list[tuple[str, Other]] = []
        self.unread_places: list[str] = []

    def everything(self) -> None:
        """Folder by folder; each is opened by itself from the camera on, so that no name grows too long for the system."""
        waiting, count = [""], 0
        while waiting:
            place = waiting.pop()
            try:
                with self.camera.folder_at(place) as at, os.scandir(at) as entries:
                    for entry in entries:
                        count += 1
                        if count > MOST:
                            self._unread("", "te veel bestanden", folder=True)
                            return
                        self._entry(f"{place}/{entry.name}" if place else entry.name, entry, waiting)
            except FileNotFoundError:
                continue  # it went while we looked
            except OSError as error:
                self._unread(place, in_words(error), folder=True)

    def _unread(self, name: str, why: str, *, folder: bool = False) -> None:
        self.unread_places.append(name)
        kind = "" if folder else ending(name)
        self.others.append((name, Other(printable(name or "/", 200), kind, folder=folder, unread=True, why=why)))

    def _entry(self, name: str, entry: os.DirEntry[str], waiting: list[str]) -> None:
        try:
            state = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(state.st_mode):
                self._regular(name, state)
            elif stat.S_ISDIR(state.st_mode) and name.count("/") < DEEPEST:
                waiting.append(name)
            elif stat.S_ISDIR(state.st_mode):
                self._unread(name, "de map zit te diep", folder=True)
        except FileNotFoundError:
            return  # it went while we looked
        except OSError as error:
            self._unread(name, in_words(error))

    def _regular(self, name: str, state: os.stat_result) -> None:
        kind = kind_of(name, state.st_size, lambda: self.camera.peek(name))
        if kind is Kind.FOOTAGE and is_account(name, state.st_size) and not begins_like_footage(self.camera.peek(name)):
            kind = Kind.TEXT  # a power cut left zeros in it
        if kind is Kind.FOOTAGE:
            self.films.append((name, state))
        elif kind is not Kind.TRACE:
            self.others.append((name, Other(printable(name, 200), ending(name), text=kind is Kind.TEXT)))


def _same(state: os.stat_result, file: CameraFile) -> bool:
    return stat.S_ISREG(state.st_mode) and (state.st_size, state.st_mtime_ns) == (file.size, file.changed_ns)


MAKE = Make(
    name="Camera met een gewone schijf (USB)",
    docked=Docked(may_stand_in=may_stand_in, mark_of=mark_of, driver=FolderCamera),
    clock_measured=True,
    encrypts=False,
    set_up="/docks/",
    spec="docs/spec/dock-agent.md",
)
