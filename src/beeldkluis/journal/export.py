"""The journal as plain files (C2SP tlog-tiles): entry bundles, hash tiles and the newest checkpoint.

Written a tile at a time, so memory does not grow with the journal. The erasable details go into `details.jsonl` beside it,
only when asked for: they are not part of the published format, and hold names.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from beeldkluis.journal.models import Checkpoint, Detail, Entry, Node
from beeldkluis.sealed.tlog import TILE_HEIGHT, TILE_WIDTH, bundle, tile_path


def export(folder: Path, checkpoint: Checkpoint, *, details: bool) -> int:
    """Write the journal up to `checkpoint` into an empty folder. How many entries. FileExistsError when it is in use."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is niet leeg")
    for index, entries in _batches(checkpoint.size):
        _write(folder / tile_path("entries", index, len(entries)), bundle(entries))
    level, width = 0, checkpoint.size
    while width:
        for index in range(-(-width // TILE_WIDTH)):
            hashes = _tile(level, index, min(TILE_WIDTH, width - index * TILE_WIDTH))
            _write(folder / tile_path(level, index, len(hashes)), b"".join(hashes))
        level, width = level + 1, width // TILE_WIDTH
    if details:
        _write_details(folder / "details.jsonl", checkpoint.size)
    (folder / "checkpoint").write_text(checkpoint.note, encoding="utf-8")
    return checkpoint.size


def _batches(size: int) -> Iterator[tuple[int, list[bytes]]]:
    for start in range(0, size, TILE_WIDTH):
        stop = min(start + TILE_WIDTH, size)
        found = (
            Entry.objects.filter(number__gte=start, number__lt=stop).order_by("number").values_list("data", flat=True)
        )
        yield start // TILE_WIDTH, [bytes(one) for one in found]


def _tile(level: int, index: int, width: int) -> list[bytes]:
    """The hashes of a tile: at tile level L each is the root of 256**L entries."""
    first = index * TILE_WIDTH
    rows = Node.objects.filter(level=level * TILE_HEIGHT, index__gte=first, index__lt=first + width).order_by("index")
    return [bytes(one) for one in rows.values_list("hash", flat=True)]


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _write_details(path: Path, size: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for one in Detail.objects.filter(entry__lt=size).order_by("entry").iterator(1000):
            line = {"n": one.entry_id, "salt": bytes(one.salt).hex(), "payload": bytes(one.payload).decode()}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
