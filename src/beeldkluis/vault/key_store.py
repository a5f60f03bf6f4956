"""Shred keys: one file of 4,096 bytes per recording, outside the database, the store and every backup.

A file of a whole block is never kept inside an inode, so overwriting it in place overwrites the key on the disk (ext4,
XFS; not on file systems that copy on write). A standby folder, on a second disk or host, takes part in every creation
and destruction before either is called done. Standby keys are destroyed first: as long as the first key is there, the
destruction has not happened, and a key that is only on the standby means that the first disk was lost.
"""

import hashlib
import os
import secrets
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from beeldkluis.vault.errors import KeyGoneError, KeyStoreError
from beeldkluis.vault.files import make_folder, new_file, sync_folder, write_all

__all__ = ["KEY_SIZE", "KeptKey", "KeyGoneError", "KeyStore", "KeyStoreError", "key_store_in_use"]

KEY_SIZE = 32  # bytes
FILE_SIZE = 4096  # bytes: one block
_MAGIC = b"beeldkluis shred key 1\n"
_NEW = ".new-"
SPARE = 16  # generations


@dataclass(frozen=True, slots=True)
class KeptKey:
    """One key file: whose it is, which generation, and when (UTC) it was made or last asked for by an intake."""

    recording: UUID
    generation: int
    touched_at: datetime


class KeyStore:
    """The shred keys below `folder`, with their copies below `standby`.

    A recording has one key. Only while its headers are being sealed anew it has two, told apart by `generation`.
    """

    def __init__(self, folder: Path, standby: Path | None = None) -> None:
        self._folder = folder
        self._standby = standby

    def create(self, recording: UUID, generation: int = 1) -> bytes:
        """The recording's key, made when there is none; durable in every place on return. KeyStoreError, OSError."""
        make_folder(self._folder)
        page = self._page(recording, generation) or _page(secrets.token_bytes(KEY_SIZE), recording, generation)
        page = _ensure(self._folder, _name(recording, generation), page)
        if self._standby:
            self._require_standby()
            if _ensure(self._standby, _name(recording, generation), page) != page:
                raise KeyStoreError(f"the standby has another key for {recording}")
        if _page(_key(page), recording, generation) != page:
            raise KeyGoneError(f"the shred key for {recording} is being destroyed, or damaged")
        os.utime(self._folder / _name(recording, generation))
        return _key(page)

    def get(self, recording: UUID, generation: int = 1) -> bytes:
        """The recording's key (32 bytes); KeyGoneError when there is none."""
        page = self._page(recording, generation)
        if page is None:
            raise KeyGoneError(f"no shred key for {recording}")
        return _key(page)

    def touch(self, recording: UUID, generation: int = 1) -> bytes:
        """The recording's key, and note that it was asked for; never made here. KeyGoneError when there is none, or it is just
        being destroyed.
        """
        key = self.get(recording, generation)
        try:
            os.utime(self._folder / _name(recording, generation))
        except FileNotFoundError:
            raise KeyGoneError(
                f"the shred key for {recording} is being destroyed, or stands in the standby alone"
            ) from None
        return key

    def exists(self, recording: UUID, generation: int = 1) -> bool:
        """Whether the key can still be read, here or on the standby."""
        return self._page(recording, generation) is not None

    def touched_at(self, recording: UUID, generation: int = 1) -> datetime:
        """When (UTC) an intake last made or asked for the key; KeyGoneError."""
        try:
            return _touched(self._folder / _name(recording, generation))
        except FileNotFoundError:
            raise KeyGoneError(f"no shred key for {recording}") from None

    def destroy(self, recording: UUID, highest: int | None = None) -> None:
        """Overwrite and remove the recording's key, in every place and generation. Repeatable; KeyStoreError. `highest`: the
        highest generation that any header of it has; then the names are known, and the folder, in which there are as many keys as
        recordings, is not read through.
        """
        self._require_standby()
        for folder in self._places():
            for path in _generations(folder, recording, highest):
                _destroy(path)

    def destroy_generation(self, recording: UUID, generation: int) -> None:
        """Overwrite and remove one generation of the key in every place. Repeatable."""
        self._require_standby()
        for folder in self._places():
            _destroy(folder / _name(recording, generation))

    def destroy_except(self, recording: UUID, kept: Collection[int]) -> None:
        """Overwrite and remove every generation of the recording's key but these, in every place. Repeatable."""
        self._require_standby()
        for folder in self._places():
            for path in folder.glob(f"{recording}.*"):
                if path.name not in {_name(recording, generation) for generation in kept}:
                    _destroy(path)

    def list(self, first: str = "") -> Iterator[KeptKey]:
        """Every key file in any place, damaged ones included, of recordings whose identifier begins so; without what is destroyed
        meanwhile.
        """
        seen: set[str] = set()
        for folder in self._places():
            for path in folder.glob(f"{first}*.*" if first else "[0-9a-f]*.*"):
                if path.name in seen:
                    continue
                try:
                    touched = _touched(path)
                except FileNotFoundError:
                    continue
                seen.add(path.name)
                recording, generation = path.name.split(".")
                yield KeptKey(UUID(recording), int(generation), touched)

    def forget_unfinished(self, before: datetime) -> int:
        """Remove what interrupted creations left behind before this moment; says how many."""
        count = 0
        for folder in self._places():
            for path in folder.glob(f"{_NEW}*"):
                try:
                    facts = path.stat()
                except FileNotFoundError:
                    continue  # its creation came to an end meanwhile
                if facts.st_mtime >= before.timestamp():
                    continue
                # With a second name it is a living key, stopped between link and unlink: only this name goes.
                if facts.st_nlink > 1:
                    path.unlink(missing_ok=True)
                else:
                    _destroy(path)
                count += 1
        return count

    def _places(self) -> tuple[Path, ...]:
        return (self._standby, self._folder) if self._standby else (self._folder,)

    def _require_standby(self) -> None:
        if self._standby and not self._standby.is_dir():
            raise KeyStoreError(f"the standby {self._standby} is away; a key is made and destroyed in both or not")

    def _page(self, recording: UUID, generation: int) -> bytes | None:
        for folder in reversed(self._places()):
            page = _read(folder / _name(recording, generation))
            if page and _page(_key(page), recording, generation) == page:
                return page
        return None


def key_store_in_use() -> KeyStore:
    """The key store of this installation."""
    standby = settings.KEY_STANDBY_FOLDER
    return KeyStore(Path(settings.KEY_FOLDER), Path(standby) if standby else None)


def _name(recording: UUID, generation: int) -> str:
    return f"{recording}.{generation}"


def _generations(folder: Path, recording: UUID, highest: int | None) -> Iterable[Path]:
    if highest is None:
        return folder.glob(f"{recording}.*")
    # One above is made before its header is written; the rest costs next to nothing and leaves no room for a mistake in that.
    return (folder / _name(recording, generation) for generation in range(1, highest + SPARE + 1))


def _touched(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _page(key: bytes, recording: UUID, generation: int) -> bytes:
    body = _MAGIC + key
    check = hashlib.sha256(body + _name(recording, generation).encode()).digest()
    return (body + check).ljust(FILE_SIZE, b"\0")


def _key(page: bytes) -> bytes:
    return page[len(_MAGIC) : len(_MAGIC) + KEY_SIZE]


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _ensure(folder: Path, name: str, page: bytes) -> bytes:
    """Put `page` under `name` unless something stands there; answer what stands there, durable either way."""
    path = folder / name
    if not path.exists():
        unfinished = folder / f"{_NEW}{secrets.token_hex(8)}"
        try:
            with new_file(unfinished) as descriptor:
                write_all(descriptor, page)
            os.link(unfinished, path)
        except FileExistsError:
            if unfinished.stat().st_nlink == 1:
                _destroy(unfinished)  # another process was first; this key was never used
        finally:
            unfinished.unlink(missing_ok=True)
    sync_folder(folder)
    return path.read_bytes()


def _destroy(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY)  # in place: not truncated, so no new blocks
    except FileNotFoundError:
        return
    try:
        write_all(descriptor, secrets.token_bytes(FILE_SIZE))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink(missing_ok=True)
    sync_folder(path.parent)
