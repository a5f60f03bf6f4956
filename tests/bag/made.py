"""Packages for tests: made by the program's own writer, of film that is drawn from a number, with a real journal beside them."""

import hashlib
import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from beeldkluis.bag import view
from beeldkluis.bag.contents import (
    Clip,
    CustodyLine,
    Gap,
    Journal,
    JournalProof,
    Marker,
    OwnSeal,
    Package,
    Recording,
)
from beeldkluis.bag.instructions import instructions
from beeldkluis.bag.tlog_proof import tlog_proof
from beeldkluis.bag.writing import Around, Fingerprint, Writing
from beeldkluis.sealed import merkle
from beeldkluis.sealed.note import Signer
from beeldkluis.sealed.tlog import checkpoint_text

MADE = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
SIGNER = Signer("westerkwartier.nl/bodycams", bytes(range(32)))
LEAVES = tuple(b'{"act":"intake.clip_accepted","n":%d}' % number for number in range(13))


def film(number: int, size: int) -> bytes:
    """Bytes that are always the same for one number."""
    return random.Random(number).randbytes(size)


def clip(name: str = "0001.MP4", data: bytes = b"film", **facts: object) -> Clip:
    """A clip of these bytes, as it was taken in."""
    made = Clip(
        name=name,
        pieces=lambda: [data],
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        starts_at=MADE - timedelta(days=9),
        clock_error_ms=1500,
        duration_ms=90_000,
        frames=2250,
        pre_event_ms=30_000,
    )
    return replace(made, **facts)  # type: ignore[arg-type] - a test names what it changes


def journal(leaves: tuple[bytes, ...] = LEAVES, proved: tuple[int, ...] = (3, 12)) -> Journal:
    """A journal of these entries, its checkpoint, and the proofs of some of them."""
    tree, nodes = merkle.Growing(), dict[tuple[int, int], bytes]()
    for leaf in leaves:
        nodes |= {(level, index): one for level, index, one in tree.add(merkle.leaf_hash(leaf))}
    note = SIGNER.sign(checkpoint_text(SIGNER.name, tree.size, tree.root()))
    proofs = tuple(
        JournalProof(
            entry=one,
            data=tlog_proof(one, leaves[one], merkle.inclusion(one, tree.size, lambda *at: nodes[at]), note),
        )
        for one in proved
    )
    return Journal(key=SIGNER.vkey, checkpoint=note.encode(), proofs=proofs)


def recording(*clips: Clip, number: str = "R-000012") -> Recording:
    """A recording with these clips, and a gap."""
    begin = MADE - timedelta(days=9)
    return Recording(
        number=number,
        bodycam="BC-0007",
        clips=clips,
        custody=(
            CustodyLine(at=begin + timedelta(hours=3), what="Uitgelezen en opgeslagen", by="dockingstation 2", entry=3),
            CustodyLine(at=MADE, what="Overhandigd op vordering", by="teammanager VJZ", entry=12),
        ),
        gaps=(
            Gap(
                starts_at=begin + timedelta(seconds=90),
                ends_at=begin + timedelta(seconds=95),
                why="De handhaver zette de camera uit.",
            ),
        ),
    )


def package(*clips: Clip, **facts: object) -> Package:
    """A package with one recording."""
    made = Package(
        name="VS-2026-000004",
        municipality="Westerkwartier",
        desk="teammanager Veiligheid en Juridische zaken, loket bodycams",
        receiver="Politie Noord-Nederland",
        ground="Vordering artikel 126nda Sv, kenmerk PL0100-2026123456",
        made_at=MADE,
        recordings=(
            recording(
                *(
                    clips
                    or (
                        clip(
                            markers=(Marker(at_ms=45_000, words="Duw"),),
                            own_seals=(OwnSeal(name="C2PA", is_present=False),),
                        ),
                    )
                )
            ),
        ),
        journal=journal(),
    )
    return replace(made, **facts)  # type: ignore[arg-type] - a test names what it changes


def papers(fingerprint: Fingerprint) -> dict[str, bytes]:
    """Papers that print the words."""
    return {"brief.pdf": f"%PDF-1.7 brief {fingerprint.words}".encode(), "verklaring.pdf": fingerprint.sha256.encode()}


def around(of: Package) -> Around:
    """The page to watch with and the instructions, as they go along."""
    return Around(view=view.page(of), instructions=instructions(of), papers=papers)


def write(of: Package, path: Path) -> Fingerprint:
    """The package as a ZIP at `path`."""
    writing = Writing(of, around(of), SIGNER)
    with path.open("wb") as out:
        out.writelines(writing.pieces())
    return writing.fingerprint


def run(command: list[str | Path], folder: Path) -> "subprocess.CompletedProcess[str]":
    """A program of the machine in a folder, with nothing of ours in its surroundings."""
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


PYTHON = Path(sys.base_prefix) / "bin" / "python3"
