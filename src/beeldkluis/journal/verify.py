"""Check an exported journal without the server, the database or any right to footage. Needs no Django.

`python -m beeldkluis.journal.verify FOLDER VERIFIER-KEY [--kept FILE ...]`, or `beeldkluis journal verify`. FILE holds a
checkpoint that was kept: the note itself, or a mail with it.
"""

import argparse
import base64
import email
import email.policy
import hashlib
import hmac
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.merkle import appended, leaf_hash, root
from beeldkluis.sealed.tlog import TILE_HEIGHT, TILE_WIDTH, CheckpointFacts, read_checkpoint, tile_path, unbundle


class NotTrueError(Exception):
    """The journal is not what its checkpoint says. The sentence says where."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found to be true: the log's name, how many entries, the root, how many details were there and fit, how many
    are not there (0 without a file of them: then nothing is known), and the sizes of the kept checkpoints that fit.
    """

    origin: str
    entries: int
    root: bytes
    details: int
    erased: int = 0
    kept: tuple[int, ...] = ()


def notes_in(text: str) -> list[str]:
    """Every signed checkpoint in a text: a note as it is, or a mail around it, quoted or with other line ends."""
    lines = [line.lstrip("> ").rstrip() for line in text.splitlines()]
    found = []
    for at, line in enumerate(lines):
        if line.startswith("\u2014 ") and at >= 4 and not lines[at - 1]:
            begin = at - 2
            while begin > 0 and lines[begin - 1]:
                begin -= 1
            if not lines[begin + 1].isdecimal():
                continue  # somebody's name below a letter
            found.append("\n".join([*lines[begin:at], line]) + "\n")
    return found


def verify(folder: Path, vkey: str, kept: Sequence[str] = ()) -> Verified:
    """Check every leaf, every hash tile, the checkpoint's signature, that each `kept` checkpoint is its beginning, and
    every detail. NotTrueError for the first thing that does not fit.
    """
    try:
        facts = read_checkpoint((folder / "checkpoint").read_text(encoding="utf-8"), vkey)
        before = [read_checkpoint(note, vkey) for note in kept]
    except (OSError, SealError, UnicodeDecodeError) as error:
        raise NotTrueError(f"het controlepunt klopt niet: {error}") from error
    nodes: dict[tuple[int, int], bytes] = {}
    details = _Details(folder / "details.jsonl")
    for number, leaf in enumerate(_entries(folder, facts.size)):
        details.hold(number, _leaf(leaf, number))
        for level, index, hashed in appended(number, leaf_hash(leaf), lambda level, index: nodes[level, index]):
            nodes[level, index] = hashed
    _check_roots(nodes, facts, before)
    details.finish(facts.size)
    _check_tiles(folder, facts.size, nodes)
    sizes = tuple(one.size for one in before)
    return Verified(facts.origin, facts.size, facts.root, details.fitting, len(details.erased), sizes)


def _check_roots(nodes: dict[tuple[int, int], bytes], facts: CheckpointFacts, kept: Sequence[CheckpointFacts]) -> None:
    def get(level: int, index: int) -> bytes:
        return nodes[level, index]

    if root(facts.size, get) != facts.root:
        raise NotTrueError("de regels geven een andere wortel dan het controlepunt")
    for one in kept:
        if one.origin != facts.origin:
            raise NotTrueError("het bewaarde controlepunt is van een ander logboek")
        if one.size > facts.size:
            raise NotTrueError(
                f"het bewaarde controlepunt telt {one.size} regels en dit logboek {facts.size}: er zijn regels weggehaald, "
                "of deze uitvoer is van eerder"
            )
        if root(one.size, get) != one.root:
            raise NotTrueError(
                f"het verleden is herschreven: de eerste {one.size} regels zijn niet meer wat ze bij het bewaarde "
                "controlepunt waren"
            )


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


class _Details:
    """The erasable details beside the export, held against what the leaves promise. Without their file nothing is known."""

    def __init__(self, path: Path) -> None:
        self.there = _read_details(path) if path.exists() else None
        self.fitting = 0
        self.missing: set[int] = set()
        self.erased: set[int] = set()  # said by entries of that act

    def hold(self, number: int, content: dict[str, object]) -> None:
        """The next entry. NotTrueError when its details are not what it promised."""
        facts = content.get("facts")
        if content.get("act") == "journal.details_erased" and isinstance(facts, dict):
            told = facts.get("entries")
            self.erased.update(one for one in (told if isinstance(told, list) else ()) if isinstance(one, int))
        if self.there is None:
            return
        promised = content.get("details")
        if number not in self.there:
            if promised is not None:
                self.missing.add(number)
            return
        salt, payload = self.there.pop(number)
        found = hashlib.sha256(salt + payload).hexdigest()
        if not isinstance(promised, str) or not hmac.compare_digest(found, promised):
            raise NotTrueError(f"de bijzonderheden van regel {number} zijn veranderd")
        self.fitting += 1

    def finish(self, size: int) -> None:
        """After the last entry. NotTrueError for details that are gone and were not erased, or that no entry has."""
        if self.there:
            raise NotTrueError(f"er staan bijzonderheden bij regel {min(self.there)}, en er zijn {size} regels")
        if gone := self.missing - self.erased:
            raise NotTrueError(
                f"de bijzonderheden van regel {min(gone)} zijn weg, en geen regel zegt dat ze zijn gewist"
            )
        self.erased &= self.missing


def _read_details(path: Path) -> dict[int, tuple[bytes, bytes]]:
    found = {}
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                one = json.loads(line)
                found[int(one["n"])] = (bytes.fromhex(one["salt"]), str(one["payload"]).encode())
    except (ValueError, KeyError, TypeError) as error:
        raise NotTrueError(f"{path.name}: regel {len(found) + 1} is niet te lezen") from error
    return found


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


def read_kept(paths: Sequence[Path]) -> list[str]:
    """The checkpoints in these files. NotTrueError for a file without one."""
    found: list[str] = []
    for path in paths:
        try:
            notes = notes_in(_text_of(path.read_bytes()))
        except (OSError, UnicodeDecodeError, LookupError) as error:
            raise NotTrueError(f"{path} is niet te lezen") from error
        if not notes:
            raise NotTrueError(f"in {path} staat geen controlepunt")
        found += notes
    return found


def _text_of(data: bytes) -> str:
    """The words of a file: a text, or a mail as a mail program saves it."""
    mail = email.message_from_bytes(data, policy=email.policy.default)
    body = mail.get_body(("plain",)) if "from" in mail and "content-type" in mail else None
    return str(body.get_content()) if body is not None else data.decode("utf-8")


def main() -> int:
    """Exit code 0 when everything is true, 1 with the reason when not, 2 when asked wrongly."""
    parser = argparse.ArgumentParser(prog="verify", description="Controleer een uitgevoerd logboek.")
    parser.add_argument("map", type=Path)
    parser.add_argument("sleutel")
    parser.add_argument("eerder", type=Path, nargs="?", help="een controlepunt dat u bewaarde")
    parser.add_argument(
        "--kept", type=Path, action="append", default=[], help="een controlepunt of mail die u bewaarde"
    )
    asked = parser.parse_args()
    try:
        kept = read_kept([*asked.kept, *([asked.eerder] if asked.eerder else [])])
        found = verify(asked.map, asked.sleutel, kept)
    except NotTrueError as error:
        sys.stderr.write(f"NIET WAAR: {error}\n")
        return 1
    sys.stdout.write(told(found) + "\n")
    return 0


def told(found: Verified) -> str:
    """What was found, in a few lines."""
    erased = f", {found.erased} gewist door een regel die dat zegt" if found.erased else ""
    kept = "".join(
        f"\nHet bewaarde controlepunt over {size} regels past: wat daarvoor stond, is niet herschreven."
        for size in found.kept
    )
    return (
        f"Het logboek {found.origin} is waar: {found.entries} regels, {found.details} met bijzonderheden die kloppen{erased}.\n"
        f"Wortel: {base64.b64encode(found.root).decode()}{kept}"
    )


if __name__ == "__main__":
    sys.exit(main())
