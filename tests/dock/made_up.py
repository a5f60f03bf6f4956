"""A make of camera that does not exist: it says who it is in SHIELD.INF, and keeps its films in a folder DCIM."""

from collections.abc import Sequence
from datetime import datetime
from io import FileIO
from pathlib import Path

from beeldkluis.camera.port import CameraFile, Cleared, Docked, Identity, Listing, Make, SlotMark


class ShieldCamera:
    """Drives it, without anything of another make."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.slot = folder, folder.name

    def identity(self) -> Identity:
        about = dict(line.split("=") for line in (self.folder / "SHIELD.INF").read_text().split())
        return Identity(serial=about["SERIAL"], make="Shield", model="S1", volume_id=about["DISK"], slot=self.slot)

    def clock(self) -> datetime | None:
        return None

    def listing(self) -> Listing:
        films = sorted((self.folder / "DCIM").glob("*.S1V"))
        return Listing(
            tuple(
                CameraFile(name=one.name, size=one.stat().st_size, changed_ns=one.stat().st_mtime_ns) for one in films
            )
        )

    def open(self, file: CameraFile) -> FileIO:
        return FileIO(self.folder / "DCIM" / file.name)

    def unchanged(self, file: CameraFile) -> bool:
        return (self.folder / "DCIM" / file.name).stat().st_mtime_ns == file.changed_ns

    def clear(self, files: Sequence[CameraFile]) -> Cleared:
        for one in files:
            (self.folder / "DCIM" / one.name).unlink()
        return Cleared(tuple(files))

    def free_bytes(self) -> int:
        return 10**9


def stands_in(slot: Path) -> bool:
    try:
        return (slot / "SHIELD.INF").is_file()
    except OSError:
        return True


def mark_of(slot: Path) -> SlotMark:
    try:
        about = (slot / "SHIELD.INF").stat()
    except OSError:
        return 0, 0
    return about.st_dev, about.st_ino


MAKE = Make(
    name="Shield",
    docked=Docked(may_stand_in=stands_in, mark_of=mark_of, driver=ShieldCamera),
    clock_measured=False,
    encrypts=False,
    set_up="/docks/",
    spec="docs/spec/dock-agent.md",
)
