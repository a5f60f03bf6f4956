"""Files that must survive a power cut: what is written is synchronised, and so is the folder that names it."""

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

PIECE = 1024 * 1024  # bytes held in memory while copying or hashing


def sync_folder(folder: Path) -> None:
    """Make the names in this folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder that only we may enter, durably, with whatever stands above it."""
    if folder.is_dir():
        return
    if not folder.parent.is_dir():
        make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write every byte: one write call may take less than it was given."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


@contextmanager
def new_file(path: Path) -> Iterator[int]:
    """A descriptor on a new file that only we may read; it is synchronised at the end. FileExistsError."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        yield descriptor
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest(path: Path, start: int = 0) -> str:
    """SHA-256 of a file from byte `start`, hexadecimal; lets other threads work meanwhile."""
    with path.open("rb", buffering=0) as file:
        file.seek(start)
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_from_disk(path: Path, start: int = 0, before: bytes = b"") -> str:
    """SHA-256 of `before` and then of a synchronised file from byte `start`, hexadecimal.

    The bytes come as the disk gives them back, as far as the system lets go of its cached copy.
    """
    with path.open("rb", buffering=0) as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        file.seek(start)
        return hashlib.file_digest(file, lambda: hashlib.sha256(before)).hexdigest()


def overwrite_start(path: Path, data: bytes) -> None:
    """Put `data` over the first bytes of a file, in place and durably, so that what stood there is gone from the disk."""
    descriptor = os.open(path, os.O_WRONLY)  # not truncated, so no new blocks
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, data: bytes) -> None:
    """Give the file this content, durably and all at once: whoever looks finds the old content or the new."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with new_file(unfinished) as descriptor:
            write_all(descriptor, data)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


def written_before(age: timedelta) -> datetime:
    """The moment `age` ago by the clock that dates files, which is not the clock that a demonstration may let run."""
    return datetime.fromtimestamp(time.time(), UTC) - age
