"""One place of the key store as files: keys of a block each, and the tombstones that take their place. All durable on return."""

import hashlib
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from beeldkluis.vault import tombstones
from beeldkluis.vault.files import make_folder, new_file, sync_folder, write_all, write_whole
from beeldkluis.vault.tombstones import Tombstone

KEY_SIZE = 32  # bytes
FILE_SIZE = 4096  # bytes: one block
GONE = "gone"  # the folder of tombstones in each place, by the first two letters of the recording
NEW = ".new-"
_MAGIC = b"beeldkluis shred key 1\n"


def copy_keys(source: Path, target: Path) -> int:
    """Every key and tombstone of one place that another lacks; how many keys. Durable on return."""
    count = 0
    for path in source.glob("[0-9a-f]*.*"):
        if is_key(path):
            ensure(target, path.name, path.read_bytes())
            count += 1
    for path in (source / GONE).glob("??/*"):
        if (stone := tombstones.parse(read(path), UUID(path.name))) and not (
            target / gone_name(stone.recording)
        ).exists():
            put_away(target, Tombstone(stone.recording, stone.at, stone.entry, held_key=False))
    return count


def key_name(recording: UUID, generation: int) -> str:
    """The name of a key's file."""
    return f"{recording}.{generation}"


def gone_name(recording: UUID) -> Path:
    """Where in a place the tombstone of a recording stands."""
    return Path(GONE, str(recording)[:2], str(recording))


def generation_of(path: Path) -> int:
    """The generation that a key's file is named for."""
    return int(path.name.partition(".")[2])


def is_key(path: Path) -> bool:
    """Does a whole key of the recording it is named for stand in this file?"""
    page = read(path)
    return page is not None and page_of(key_of(page), UUID(path.name.partition(".")[0]), generation_of(path)) == page


def touched(path: Path) -> datetime:
    """When (UTC) the file was last made or asked for. FileNotFoundError."""
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def page_of(key: bytes, recording: UUID, generation: int) -> bytes:
    """The block of a key: what it is, the key, a check over both and its name."""
    body = _MAGIC + key
    check = hashlib.sha256(body + key_name(recording, generation).encode()).digest()
    return (body + check).ljust(FILE_SIZE, b"\0")


def key_of(page: bytes) -> bytes:
    """The key (32 bytes) that stands in a block; whether it is one says `page_of`."""
    return page[len(_MAGIC) : len(_MAGIC) + KEY_SIZE]


def read(path: Path) -> bytes | None:
    """The whole file; None when there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def ensure(folder: Path, name: str, page: bytes) -> bytes:
    """Put `page` under `name` unless something stands there; answer what stands there, durable either way."""
    path = folder / name
    if not path.exists():
        unfinished = folder / f"{NEW}{secrets.token_hex(8)}"
        try:
            with new_file(unfinished) as descriptor:
                write_all(descriptor, page)
            os.link(unfinished, path)
        except FileExistsError:
            if unfinished.stat().st_nlink == 1:
                destroy(unfinished)  # another process was first; this key was never used
        finally:
            unfinished.unlink(missing_ok=True)
    sync_folder(folder)
    return path.read_bytes()


def entomb(folder: Path, path: Path, stone: Tombstone) -> None:
    """Write the tombstone over the key, in its own block and at once, and put it among the others."""
    page = stone.text()
    _overwrite(path, page + secrets.token_bytes(FILE_SIZE - len(page)))
    place = folder / gone_name(stone.recording)
    make_folder(place.parent)
    path.replace(place)
    sync_folder(place.parent)
    sync_folder(folder)


def put_away(folder: Path, stone: Tombstone) -> None:
    """A tombstone in a place that held no key, after the other place's key went."""
    path = folder / gone_name(stone.recording)
    make_folder(path.parent)
    write_whole(path, stone.text().ljust(FILE_SIZE, b"\0"))


def destroy(path: Path) -> None:
    """Overwrite a key and remove its name. Quiet when there is none."""
    if _overwrite(path, secrets.token_bytes(FILE_SIZE)):
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def _overwrite(path: Path, page: bytes) -> bool:
    """Put these bytes over a file's block. False when there is no such file."""
    try:
        descriptor = os.open(path, os.O_WRONLY)  # in place: not truncated, so no new blocks
    except FileNotFoundError:
        return False
    try:
        write_all(descriptor, page)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return True
