"""A camera that shows itself as a folder: a mounted USB disk, or a folder in tests and demonstrations.

The folder holds `camera.json` ({"serial", "make", "model", "volume_id"}; all text), optionally `clock.txt` (the camera's
clock at the moment that file was written, RFC 3339), and films. Beside a film `NAME.json` may say {"started", "activated",
"ended"} by the camera's clock, and {"group", "position"} for a film that was cut into pieces.
"""

import json
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from beeldkluis.camera.port import CameraFile, CameraGoneError, Identity

FILMS = (".mp4", ".mkv", ".mov", ".avi")
ABOUT = "camera.json"
CLOCK = "clock.txt"
MAX_ABOUT = 65_536  # bytes


def find_cameras(folder: Path) -> list["FolderCamera"]:
    """The cameras that stand in this dock: every folder (slot) with a camera.json, in order of slot."""
    if not folder.is_dir():
        return []
    return [FolderCamera(slot) for slot in sorted(folder.iterdir()) if (slot / ABOUT).is_file()]


def _moment(value: object) -> datetime | None:
    """A camera's time as UTC; a time without a zone is taken for UTC, nonsense for silence."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read_json(path: Path) -> dict[str, Any]:
    """A small JSON object; empty for anything else, since a camera's own words are never trusted to be well-formed."""
    try:
        if path.stat().st_size > MAX_ABOUT:
            return {}
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


class FolderCamera:
    """A camera as a folder; the folder's name is the slot."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def identity(self) -> Identity:
        """Who it is."""
        about = _read_json(self.folder / ABOUT)
        if not about.get("serial"):
            raise CameraGoneError(f"{self.folder.name}: de camera zegt niet wie zij is")
        words = {name: str(about.get(name, ""))[:120] for name in ("make", "model", "volume_id")}
        return Identity(serial=str(about["serial"])[:64], slot=self.folder.name, **words)

    def clock(self) -> datetime | None:
        """Its clock now: what clock.txt says, and the time since that was written."""
        path = self.folder / CLOCK
        try:
            said, written = _moment(path.read_text(encoding="ascii").strip()), path.stat().st_mtime
        except (OSError, UnicodeDecodeError):
            return None
        return said + timedelta(seconds=datetime.now(UTC).timestamp() - written) if said else None

    def files(self) -> Sequence[CameraFile]:
        """The films on it, by name."""
        try:
            names = sorted(
                one.name for one in os.scandir(self.folder) if one.is_file() and one.name.lower().endswith(FILMS)
            )
            return [self._file(name) for name in names]
        except OSError as error:
            raise CameraGoneError(f"{self.folder.name}: de camera is weg") from error

    def _file(self, name: str) -> CameraFile:
        state = (self.folder / name).stat()
        told = _read_json(self.folder / f"{name}.json")
        position = told.get("position")
        return CameraFile(
            name=name,
            size=state.st_size,
            changed_ns=state.st_mtime_ns,
            started_at=_moment(told.get("started")),
            activated_at=_moment(told.get("activated")),
            ended_at=_moment(told.get("ended")),
            group=str(told.get("group", ""))[:60],
            position=position if type(position) is int and position >= 0 else 0,
        )

    def open(self, file: CameraFile) -> BinaryIO:
        """One film, for reading only."""
        try:
            return (self.folder / file.name).open("rb", buffering=0)  # type: ignore[return-value]  # a FileIO is one
        except OSError as error:
            raise CameraGoneError(f"{self.folder.name}: {file.name} is niet te lezen") from error

    def unchanged(self, file: CameraFile) -> bool:
        """Is the film still as it was when it was listed?"""
        try:
            state = (self.folder / file.name).stat()
        except OSError:
            return False
        return (state.st_size, state.st_mtime_ns) == (file.size, file.changed_ns)

    def clear(self, files: Sequence[CameraFile]) -> None:
        """Remove films and what stands beside them, durably."""
        try:
            for file in files:
                (self.folder / file.name).unlink(missing_ok=True)
                (self.folder / f"{file.name}.json").unlink(missing_ok=True)
            descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise CameraGoneError(f"{self.folder.name}: de camera kon niet worden leeggemaakt") from error

    def free_bytes(self) -> int:
        """Room left on it."""
        try:
            return shutil.disk_usage(self.folder).free
        except OSError as error:
            raise CameraGoneError(f"{self.folder.name}: de camera is weg") from error
