"""A camera that shows itself as a folder: a mounted USB disk, or a folder in tests and demonstrations.

The folder holds `camera.json` ({"serial", "make", "model", "volume_id"}; all text), optionally `clock.txt` (the camera's
clock at the moment that file was written, RFC 3339), and films, also in folders of their own. Beside a film `NAME.json` may
say {"started", "activated", "ended"} by the camera's clock, and {"group", "position"} for a film that was cut into pieces.
See docs/spec/dock-agent.md. Nothing on a camera is believed to be well-formed, and no link on it is followed.
"""

import json
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path
from typing import Any

from beeldkluis.camera.port import CameraFile, CameraGoneError, Identity, printable

FILMS = (".mp4", ".mkv", ".mov", ".avi")
ABOUT = "camera.json"
CLOCK = "clock.txt"
MAX_ABOUT = 65_536  # bytes
DEEPEST = 4  # folders below the camera's own
MOST = 10_000  # films in one round; the rest comes in the next
POSSIBLE = (datetime(1980, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))  # what a card can say


def find_cameras(folder: Path) -> list["FolderCamera"]:
    """The cameras that stand in this dock: every folder (slot) with a camera.json, in order of slot."""
    if not folder.is_dir():
        return []
    return [FolderCamera(slot) for slot in sorted(folder.iterdir()) if (slot / ABOUT).is_file()]


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
        about = self._json(ABOUT)
        if not about.get("serial"):
            raise CameraGoneError(f"{self.slot}: de camera zegt niet wie zij is")
        words = {name: printable(str(about.get(name, "")), 120) for name in ("make", "model", "volume_id")}
        return Identity(serial=printable(str(about["serial"]), 64), slot=self.slot, **words)

    def clock(self) -> datetime | None:
        """Its clock now: what clock.txt says, and the time since that was written."""
        path = self.folder / CLOCK
        try:
            said, written = _moment(path.read_text(encoding="ascii").strip()), path.stat().st_mtime
            return said + timedelta(seconds=datetime.now(UTC).timestamp() - written) if said else None
        except (OSError, UnicodeDecodeError, OverflowError):
            return None

    def files(self) -> Sequence[CameraFile]:
        """The films on it, oldest first."""
        try:
            found = [self._file(name, state) for name, state in self._films()]
        except OSError as error:
            raise CameraGoneError(f"{self.slot}: de camera is weg") from error
        found.sort(key=lambda one: (one.started_at.timestamp() if one.started_at else one.changed_ns / 1e9, one.name))
        return found[:MOST]

    def _films(self) -> Iterator[tuple[str, os.stat_result]]:
        def gone(error: OSError) -> None:
            raise error

        top = str(self.folder)
        for place, below, names in os.walk(top, onerror=gone):
            inside = os.path.relpath(place, top)
            if inside.count(os.sep) + (inside != os.curdir) >= DEEPEST:
                below.clear()
            for name in names:
                state = Path(place, name).lstat()
                if name.lower().endswith(FILMS) and stat.S_ISREG(state.st_mode):
                    yield os.path.normpath(f"{inside}/{name}"), state

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
            position=position if type(position) is int and 0 <= position < MOST else 0,
        )

    def open(self, file: CameraFile) -> FileIO:
        """One film, for reading only; what the system remembers of it from a reading before is forgotten first."""
        try:
            source = FileIO(self._descriptor(file.name), "r")
        except OSError as error:
            raise CameraGoneError(f"{self.slot}: {file.label} is niet te lezen") from error
        os.posix_fadvise(source.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return source

    def unchanged(self, file: CameraFile) -> bool:
        """Is the film still as it was when it was listed?"""
        try:
            with self._within(file.name) as (at, last):
                return _same(os.stat(last, dir_fd=at, follow_symlinks=False), file)
        except OSError:
            return False

    def clear(self, files: Sequence[CameraFile]) -> None:
        """Remove films and what stands beside them, durably."""
        try:
            for file in files:
                with self._within(file.name) as (at, last):
                    _remove(at, last, file)
                    os.fsync(at)
        except OSError as error:
            raise CameraGoneError(f"{self.slot}: de camera kon niet worden leeggemaakt") from error

    def free_bytes(self) -> int:
        """Room left on it."""
        try:
            return shutil.disk_usage(self.folder).free
        except OSError as error:
            raise CameraGoneError(f"{self.slot}: de camera is weg") from error

    @contextmanager
    def _within(self, name: str) -> Iterator[tuple[int, str]]:
        """The folder that a name stands in, as a descriptor, and the last part of the name. Follows no links."""
        *folders, last = name.split("/")
        at = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in folders:
                below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
                os.close(at)
                at = below
            yield at, last
        finally:
            os.close(at)

    def _descriptor(self, name: str) -> int:
        """A plain file, open for reading. OSError, also when it is a link, a pipe or anything else."""
        with self._within(name) as (at, last):
            opened = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=at)
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            os.close(opened)
            raise OSError(f"{name!r} is no plain file")
        return opened

    def _json(self, name: str) -> dict[str, Any]:
        """A small JSON object; empty for anything else."""
        try:
            with FileIO(self._descriptor(name), "r") as source:
                text = source.read(MAX_ABOUT + 1) or b""
            content = json.loads(text) if len(text) <= MAX_ABOUT else {}
        except (OSError, ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}


def _same(state: os.stat_result, file: CameraFile) -> bool:
    return stat.S_ISREG(state.st_mode) and (state.st_size, state.st_mtime_ns) == (file.size, file.changed_ns)


def _remove(at: int, last: str, file: CameraFile) -> None:
    """Remove a film and its account from the folder `at`, unless it changed; gone already is fine."""
    for name in (last, f"{last}.json"):
        try:
            if name == last and not _same(os.stat(name, dir_fd=at, follow_symlinks=False), file):
                return
            os.unlink(name, dir_fd=at)
        except FileNotFoundError:
            continue
