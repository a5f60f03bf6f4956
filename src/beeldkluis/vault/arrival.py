"""A file that is still arriving: bytes are added at the end, and count only once they are durable."""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from beeldkluis.vault.files import make_folder, sync_folder, write_all

ARRIVING = 128 * 1024  # bytes taken in at once: they stay in the processor's own memory
LOOK_EVERY = 1024 * 1024  # bytes between two looks at how much is free: what is announced is not always what comes
DURABLE_EVERY = 64 * 1024 * 1024  # bytes between two synchronisations of a long upload
RESERVE = 256 * 1024 * 1024  # bytes that stay free, so that the database can always say what happened


class BusyError(Exception):
    """Somebody else is adding to this file right now."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One arriving file in the staging folder, named by its upload."""

    path: Path

    @classmethod
    def of(cls, upload: UUID) -> "Arrival":
        """The file of this upload."""
        return cls(Path(settings.STAGING_FOLDER) / str(upload))

    def make(self) -> None:
        """An empty file, durably. OSError when the disk is full."""
        make_folder(self.path.parent)
        os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        sync_folder(self.path.parent)

    def add(self, read: Callable[[int], bytes], offset: int, length: int, durable: Callable[[int], None]) -> int:
        """Add what `read` gives, `length` bytes at most, from `offset` on; what stood there after a crash is overwritten.

        `durable` is told the new end after each synchronisation, also of a piece that was cut off, and before an OSError
        (disk full up to the reserve) goes on. Answers the end. BusyError when somebody else is at it.
        """
        with self._alone() as descriptor:
            os.ftruncate(descriptor, offset)
            os.lseek(descriptor, offset, os.SEEK_SET)
            end, synced, looked, left = offset, offset, offset, length
            _keep_reserve(descriptor)
            try:
                while left and (piece := read(min(ARRIVING, left))):
                    write_all(descriptor, piece)
                    end, left = end + len(piece), left - len(piece)
                    if end - looked >= LOOK_EVERY:
                        looked = end
                        _keep_reserve(descriptor)
                    if end - synced >= DURABLE_EVERY:
                        os.fdatasync(descriptor)
                        synced = end
                        durable(end)
            finally:
                os.fdatasync(descriptor)
                if end > synced:
                    durable(end)
            return end

    @contextmanager
    def _alone(self) -> Iterator[int]:
        descriptor = os.open(self.path, os.O_WRONLY)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise BusyError(str(self.path.name)) from error
            yield descriptor
        finally:
            os.close(descriptor)


def _keep_reserve(descriptor: int) -> None:
    """ENOSPC when what is free is the reserve: however many send at once, the database can still write."""
    disk = os.fstatvfs(descriptor)
    if disk.f_bavail * disk.f_frsize < RESERVE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def room() -> int:
    """Bytes that may still arrive, with a reserve left."""
    make_folder(Path(settings.STAGING_FOLDER))
    return max(0, shutil.disk_usage(settings.STAGING_FOLDER).free - RESERVE)


def has_room(size: int) -> bool:
    """Is there room for a file of `size` bytes, with a reserve left?"""
    return room() >= size
