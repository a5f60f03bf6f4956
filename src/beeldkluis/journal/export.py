"""The journal as plain files (C2SP tlog-tiles): entry bundles, hash tiles and the newest checkpoint.

Only what is true leaves: every entry is held against what this server remembers of it, every hash is computed anew, and the
root must be the checkpoint's. Written a tile at a time, so memory does not grow with the journal. The erasable details go into
`details.jsonl` beside it, only when asked for: they are not part of the published format, and hold names.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from beeldkluis.journal import anchor
from beeldkluis.journal.events import detail_hash
from beeldkluis.journal.leaves import (
    CHANGED,
    DETAILS_CHANGED,
    DETAILS_EXTRA,
    DETAILS_GONE,
    MISSES,
    Leaf,
    LeafError,
    read,
)
from beeldkluis.journal.models import Checkpoint, Detail, Entry
from beeldkluis.journal.remembered import MISSING, Remembered
from beeldkluis.sealed.merkle import Growing
from beeldkluis.sealed.tlog import TILE_HEIGHT, TILE_WIDTH, bundle, tile_path


class NotTrueHereError(Exception):
    """The journal in the database is not what was written; the sentence says where. What was exported has no checkpoint."""


def export(folder: Path, checkpoint: Checkpoint, memory: Remembered, *, details: bool) -> int:
    """Write the journal up to `checkpoint` into an empty folder. How many entries. FileExistsError when it is in use.

    NotTrueHereError at the first entry, detail or root that is not what was written; then no checkpoint is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is niet leeg")
    memory.catch_up(limit=checkpoint.size)
    tree, tiles = Growing(), _Tiles(folder)
    for start in range(0, checkpoint.size, TILE_WIDTH):
        entries = _entries(start, min(start + TILE_WIDTH, checkpoint.size), memory)
        for _data, leaf in entries:
            tiles.add(tree.add(leaf.hash))
        data = [data for data, _leaf in entries]
        _write(folder / tile_path("entries", start // TILE_WIDTH, len(data)), bundle(data))
    tiles.finish()
    if not anchor.signed(checkpoint.note, tree.size, tree.root()):
        raise NotTrueHereError(f"De eerste {checkpoint.size} regels zijn niet wat het controlepunt zegt.")
    if details:
        with (folder / "details.jsonl").open("w", encoding="utf-8") as file:
            _write_details(file, checkpoint.size, memory)
    (folder / "checkpoint").write_text(checkpoint.note, encoding="utf-8")
    return checkpoint.size


def _entries(start: int, stop: int, memory: Remembered) -> list[tuple[bytes, Leaf]]:
    rows = Entry.objects.filter(number__gte=start, number__lt=stop).values_list("number", "data")
    there, known = {number: bytes(data) for number, data in rows}, memory.between(start, stop)
    found = []
    for number in range(start, stop):
        if number not in there:
            raise NotTrueHereError(MISSES.format(number))
        try:
            leaf = read(there[number])
        except LeafError as error:
            raise NotTrueHereError(CHANGED.format(number)) from error
        before = known[number].hash if number in known else MISSING
        if leaf.number != number or before not in (leaf.hash, MISSING):
            raise NotTrueHereError(CHANGED.format(number))
        found.append((there[number], leaf))
    return found


class _Tiles:
    """Writes each hash tile as soon as it is full: at tile level L each hash is the root of 256**L entries."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.begun: dict[int, tuple[int, list[bytes]]] = {}  # by tile level: which tile, and its hashes so far

    def add(self, made: Iterable[tuple[int, int, bytes]]) -> None:
        """Take the nodes that an entry finished."""
        for level, index, hashed in made:
            if level % TILE_HEIGHT == 0:
                tile, hashes = self.begun.get(level // TILE_HEIGHT, (index // TILE_WIDTH, []))
                hashes.append(hashed)
                self.begun[level // TILE_HEIGHT] = (tile, hashes)
                if len(hashes) == TILE_WIDTH:
                    self._write(level // TILE_HEIGHT)

    def finish(self) -> None:
        """Write the tiles that are not full."""
        for level in list(self.begun):
            self._write(level)

    def _write(self, level: int) -> None:
        tile, hashes = self.begun.pop(level)
        _write(self.folder / tile_path(level, tile, len(hashes)), b"".join(hashes))


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _write_details(file: TextIO, size: int, memory: Remembered) -> None:
    for start in range(0, size, TILE_WIDTH):
        stop = min(start + TILE_WIDTH, size)
        there = {one.entry_id: one for one in Detail.objects.filter(entry__gte=start, entry__lt=stop)}
        erased = memory.erased_between(start, stop)
        for _data, leaf in _entries(start, stop, memory):
            one = there.get(leaf.number)
            if one is None:
                if leaf.details is not None and leaf.number not in erased:
                    raise NotTrueHereError(DETAILS_GONE.format(leaf.number))
                continue
            salt, payload = bytes(one.salt), bytes(one.payload)
            if leaf.details is None:
                raise NotTrueHereError(DETAILS_EXTRA.format(leaf.number))
            if detail_hash(salt, payload) != leaf.details:
                raise NotTrueHereError(DETAILS_CHANGED.format(leaf.number))
            line = {"n": leaf.number, "salt": salt.hex(), "payload": payload.decode()}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
