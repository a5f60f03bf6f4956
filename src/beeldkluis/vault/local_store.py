"""The embedded store: one file a payload, below one folder.

A file begins with a preamble: 32 bytes that say at which byte the payload starts, then whatever up to there. So a staged
upload on the same disk becomes a payload without being copied, once its header has been overwritten.

Writing: a new file under `unfinished/`, synchronised, read back and hashed, linked to its own name (a link never
replaces anything), and the folder synchronised. Whoever finds a file under its own name finds all of it.
"""

import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from beeldkluis.vault.errors import ChecksumError, ConflictError, MissingError, StoreError
from beeldkluis.vault.files import PIECE, digest, digest_from_disk, make_folder, new_file, sync_folder, write_all
from beeldkluis.vault.places import read_mark, write_mark
from beeldkluis.vault.store import KEY, Source, Stored

PREAMBLE = 32  # bytes
_FURTHEST = 9_999_999
_PREAMBLE = re.compile(rb"beeldkluis payload 1 at (\d{7})\n")
_READ_PIECE = 256 * 1024
_NO_LINK = {errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK}  # another disk, or one without second names
_UNFINISHED = "unfinished"  # longer than the two letters of a payload's folder, so it can never be one


class LocalStore:
    """Payloads in files below `folder` (see beeldkluis.vault.store.Store)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key")
        return self._folder / key[:2] / key

    def put(self, key: str, source: Source, sha256: str) -> None:
        """Write, synchronise, read back, link, synchronise the folder. Create-only."""
        path = self._path(key)
        if path.exists():
            self._same_or_conflict(path, sha256)
            return
        make_folder(path.parent)
        make_folder(self._folder / _UNFINISHED)
        unfinished = self._folder / _UNFINISHED / f"{key}.{secrets.token_hex(8)}"
        try:
            with new_file(unfinished) as descriptor:
                write_all(descriptor, preamble(PREAMBLE))
                _copy(source, descriptor)
            if (found := digest_from_disk(unfinished, PREAMBLE)) != sha256:
                raise ChecksumError(f"{key}: {found} was read back, {sha256} was promised")
            try:
                os.link(unfinished, path)
            except FileExistsError:
                self._same_or_conflict(path, sha256)
        finally:
            unfinished.unlink(missing_ok=True)
        sync_folder(path.parent)

    def _same_or_conflict(self, path: Path, sha256: str) -> None:
        if digest(path, _start(path)) != sha256:
            raise ConflictError(f"{path.name} is there already with other bytes")
        sync_folder(path.parent)  # whoever linked it may have been stopped before this

    def adopt(self, key: str, path: Path, start: int) -> bool:
        """Give the file a second name in the store when it lies on the same disk; its preamble must stand in it."""
        if _start(path) != start:
            raise ValueError(f"{path.name} has no preamble for a payload at byte {start}")
        place = self._path(key)
        make_folder(place.parent)
        try:
            os.link(path, place)
        except FileExistsError:
            if not place.samefile(path):
                self._same_or_conflict(place, digest(path, start))
        except OSError as error:
            if error.errno in _NO_LINK:
                return False
            raise
        place.chmod(0o600)
        sync_folder(place.parent)
        return True

    def read(self, key: str, first: int, last_exclusive: int) -> Iterator[bytes]:
        """The bytes from `first` up to `last_exclusive`, at most 256 KiB at a time."""
        size = self.size(key)
        if not 0 <= first <= last_exclusive <= size:
            raise ValueError(f"{first}-{last_exclusive} lies outside {key} of {size} bytes")
        path = self._path(key)
        start = _start(path)
        return _pieces(path, start + first, start + last_exclusive)

    def size(self, key: str) -> int:
        """The number of bytes under `key`; MissingError."""
        try:
            path = self._path(key)
            return path.stat().st_size - _start(path)
        except FileNotFoundError:
            raise MissingError(key) from None

    def delete_all_versions(self, key: str) -> None:
        """Remove the file and any unfinished copy of it, durably."""
        path = self._path(key)
        for unfinished in (self._folder / _UNFINISHED).glob(f"{key}.*"):
            unfinished.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)

    def listing(self, first: str = "") -> Iterator[Stored]:
        """Every payload whose key begins with `first` (a character or none); without what is removed meanwhile."""
        for path, written in _dated(self._folder.glob(f"{first}?/*" if first else "??/*")):
            yield Stored(path.name, written)

    def forget_unfinished(self, before: datetime) -> int:
        """Remove unfinished files that were last written before this moment."""
        old = [path for path, written in _dated((self._folder / _UNFINISHED).glob("*")) if written < before]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def mark(self) -> bytes | None:
        """The content of the mark's file below the folder."""
        found = read_mark(self._folder)
        return found.text() if found else None

    def set_mark(self, content: bytes) -> None:
        """Write the mark's file, durably."""
        make_folder(self._folder)
        write_mark(self._folder, content)


def preamble(start: int) -> bytes:
    """The first `start` bytes (32 or more) of a file whose payload begins there: its preamble and zeros."""
    if not PREAMBLE <= start <= _FURTHEST:
        raise ValueError(f"no payload begins at byte {start}")
    return (b"beeldkluis payload 1 at %07d\n" % start).ljust(start, b"\0")


def _start(path: Path) -> int:
    with path.open("rb", buffering=0) as file:
        found = _PREAMBLE.fullmatch(file.read(PREAMBLE))
    if not found:
        raise StoreError(f"{path.name} is no payload of this store")
    return int(found[1])


def _dated(paths: Iterable[Path]) -> Iterator[tuple[Path, datetime]]:
    """Each file that is still there with when it was written: others put and remove while a folder is listed."""
    for path in paths:
        try:
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:
            continue
        yield path, written


def _copy(source: Source, descriptor: int) -> None:
    if not hasattr(source, "readinto"):
        for piece in source:
            write_all(descriptor, piece)
        return
    buffer = memoryview(bytearray(PIECE))
    while count := source.readinto(buffer):
        write_all(descriptor, buffer[:count])


def _pieces(path: Path, first: int, last_exclusive: int) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        file.seek(first)
        left = last_exclusive - first
        while left and (piece := file.read(min(_READ_PIECE, left))):
            left -= len(piece)
            yield piece
