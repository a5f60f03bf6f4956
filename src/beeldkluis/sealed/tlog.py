"""Checkpoints and tiles of a transparency log (C2SP tlog-checkpoint.md, tlog-tiles.md): plain texts and files."""

import base64
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.note import Verifier

TILE_WIDTH = 256  # hashes in a full tile, entries in a full bundle
TILE_HEIGHT = 8  # levels of the tree in a tile


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """The log's name, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The text that is signed."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def read_checkpoint(note: str, vkey: str) -> CheckpointFacts:
    """The facts of a signed checkpoint. SealError for a wrong signature or shape."""
    lines = Verifier.parse(vkey).verify(note).split("\n")
    if len(lines) < 4 or not lines[0] or not lines[1].isascii() or not lines[1].isdecimal():
        raise SealError("this is no checkpoint")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except ValueError as error:
        raise SealError("the checkpoint's root is no base64") from error
    if len(root) != 32 or lines[1] != str(int(lines[1])):
        raise SealError("the checkpoint's root or size has the wrong shape")
    return CheckpointFacts(lines[0], int(lines[1]), root)


def tile_path(level: int | str, index: int, width: int) -> str:
    """Where a tile lies, as tlog-tiles names it; level "entries" for entry bundles; a partial tile says its width."""
    text = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        text = f"x{index % 1000:03d}/{text}"
    return f"tile/{level}/{text}" + ("" if width == TILE_WIDTH else f".p/{width}")


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries one after another, each behind its length in two bytes. SealError for one over 65,535 bytes."""
    if any(len(entry) > 0xFFFF for entry in entries):
        raise SealError("an entry is too long for a bundle")
    return b"".join(struct.pack(">H", len(entry)) + entry for entry in entries)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle. SealError when it is cut."""
    entries, at = [], 0
    while at < len(data):
        if at + 2 > len(data):
            raise SealError("an entry bundle is cut")
        (length,) = struct.unpack_from(">H", data, at)
        at += 2
        if at + length > len(data):
            raise SealError("an entry bundle is cut")
        entries.append(data[at : at + length])
        at += length
    return entries
