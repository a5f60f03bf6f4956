"""Check an exported journal without the server, the database or any right to footage. Needs no Django.

`python -m beeldkluis.journal.verify FOLDER VERIFIER-KEY [EARLIER-CHECKPOINT]`, or `beeldkluis journal verify`.
"""

import base64
import hashlib
import hmac
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.merkle import appended, leaf_hash, root
from beeldkluis.sealed.tlog import TILE_HEIGHT, TILE_WIDTH, CheckpointFacts, read_checkpoint, tile_path, unbundle

HASH = 32


class NotTrueError(Exception):
    """The journal is not what its checkpoint says. The sentence says where."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found to be true: the log's name, how many entries, the root, and how many details were there and fit."""

    origin: str
    entries: int
    root: bytes
    details: int


def verify(folder: Path, vkey: str, earlier: str = "") -> Verified:
    """Check every leaf, every hash tile, the checkpoint's signature, that an `earlier` checkpoint is its beginning, and
    every detail that is still there. NotTrueError for the first thing that does not fit.
    """
    try:
        facts = read_checkpoint((folder / "checkpoint").read_text(encoding="utf-8"), vkey)
        before = read_checkpoint(earlier, vkey) if earlier else None
    except (OSError, SealError, UnicodeDecodeError) as error:
        raise NotTrueError(f"het controlepunt klopt niet: {error}") from error
    nodes: dict[tuple[int, int], bytes] = {}
    promised = _details(folder / "details.jsonl")
    fitting = 0
    for number, leaf in enumerate(_entries(folder, facts.size)):
        content = _leaf(leaf, number)
        fitting += _detail_fits(number, content.get("details"), promised)
        for level, index, hashed in appended(number, leaf_hash(leaf), lambda level, index: nodes[level, index]):
            nodes[level, index] = hashed
    _check_roots(nodes, facts, before)
    _check_tiles(folder, facts.size, nodes)
    return Verified(facts.origin, facts.size, facts.root, fitting)


def _check_roots(nodes: dict[tuple[int, int], bytes], facts: CheckpointFacts, before: CheckpointFacts | None) -> None:
    def get(level: int, index: int) -> bytes:
        return nodes[level, index]

    if root(facts.size, get) != facts.root:
        raise NotTrueError("de regels geven een andere wortel dan het controlepunt")
    if before is None:
        return
    if before.origin != facts.origin or before.size > facts.size:
        raise NotTrueError("het eerdere controlepunt is van een ander of een langer logboek")
    if root(before.size, get) != before.root:
        raise NotTrueError(f"de eerste {before.size} regels zijn niet meer wat ze bij het eerdere controlepunt waren")


def _entries(folder: Path, size: int) -> Iterator[bytes]:
    for start in range(0, size, TILE_WIDTH):
        width = min(TILE_WIDTH, size - start)
        path = folder / tile_path("entries", start // TILE_WIDTH, width)
        try:
            entries = unbundle(path.read_bytes())
        except (OSError, SealError) as error:
            raise NotTrueError(f"{path.name}: regels {start} en verder ontbreken of zijn afgebroken") from error
        if len(entries) != width:
            raise NotTrueError(f"{path.name}: {len(entries)} regels waar er {width} horen te staan")
        yield from entries


def _leaf(leaf: bytes, number: int) -> dict[str, object]:
    try:
        content = json.loads(leaf)
    except ValueError as error:
        raise NotTrueError(f"regel {number} is niet leesbaar") from error
    if not isinstance(content, dict) or content.get("n") != number:
        raise NotTrueError(f"regel {number} draagt een ander nummer")
    return content


def _details(path: Path) -> dict[int, tuple[bytes, bytes]]:
    if not path.exists():
        return {}
    found = {}
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                one = json.loads(line)
                found[int(one["n"])] = (bytes.fromhex(one["salt"]), str(one["payload"]).encode())
    except (ValueError, KeyError, TypeError) as error:
        raise NotTrueError(f"{path.name}: regel {len(found) + 1} is niet te lezen") from error
    return found


def _detail_fits(number: int, promised: object, details: dict[int, tuple[bytes, bytes]]) -> int:
    """1 when the detail is there and is what the leaf promised; 0 when it was erased or left out."""
    if number not in details:
        return 0
    salt, payload = details[number]
    if not isinstance(promised, str) or not hmac.compare_digest(hashlib.sha256(salt + payload).hexdigest(), promised):
        raise NotTrueError(f"de bijzonderheden van regel {number} zijn veranderd")
    return 1


def _check_tiles(folder: Path, size: int, nodes: dict[tuple[int, int], bytes]) -> None:
    level, width = 0, size
    while width:
        for index in range(-(-width // TILE_WIDTH)):
            count = min(TILE_WIDTH, width - index * TILE_WIDTH)
            path = folder / tile_path(level, index, count)
            first = index * TILE_WIDTH
            expected = b"".join(nodes[level * TILE_HEIGHT, first + at] for at in range(count))
            if not path.exists() or path.read_bytes() != expected:
                raise NotTrueError(f"{path.relative_to(folder)}: de hashes kloppen niet met de regels")
        level, width = level + 1, width // TILE_WIDTH


def main() -> int:
    """Exit code 0 when everything is true, 1 with the reason when not, 2 when asked wrongly."""
    if len(sys.argv) not in (3, 4):
        sys.stderr.write("gebruik: verify MAP SLEUTEL [EERDER-CONTROLEPUNT]\n")
        return 2
    earlier = Path(sys.argv[3]).read_text(encoding="utf-8") if len(sys.argv) == 4 else ""
    try:
        found = verify(Path(sys.argv[1]), sys.argv[2], earlier)
    except NotTrueError as error:
        sys.stderr.write(f"NIET WAAR: {error}\n")
        return 1
    sys.stdout.write(told(found) + "\n")
    return 0


def told(found: Verified) -> str:
    """What was found, in a few lines."""
    return (
        f"Het logboek {found.origin} is waar: {found.entries} regels, {found.details} met bijzonderheden die kloppen.\n"
        f"Wortel: {base64.b64encode(found.root).decode()}"
    )


if __name__ == "__main__":
    sys.exit(main())
