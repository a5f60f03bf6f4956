"""Write a package: a BagIt 1.0 bag (RFC 8493) in one ZIP, in one go, with memory that does not grow with the film.

Every file is hashed while it passes. What tells that the package is whole comes last (lists, seal, the ZIP's own table, the last
chunk of the age file), so a package that was broken off, or whose film is not what was taken in, never verifies.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

from beeldkluis.bag import words
from beeldkluis.bag.contents import Package
from beeldkluis.bag.evidence import EVIDENCE, custody_text, evidence
from beeldkluis.bag.frame import central, descriptor, ending, is_plain, local_header
from beeldkluis.bag.names import placed, plain
from beeldkluis.bag.verifier import source
from beeldkluis.bag.verify import BAGIT, CHECKPOINT, KIND, MANIFEST, PAPERS, SEAL, TAGMANIFEST
from beeldkluis.documents.words import ZONE
from beeldkluis.sealed import age, statement
from beeldkluis.sealed.note import Signer

VERIFIER, INSTRUCTIONS, VIEW = "controleer.py", "LEES-MIJ.txt", "bekijk.html"
Data = bytes | memoryview


class BagError(Exception):
    """No package was made; `reason` says why, in Dutch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The one thing that two people compare: the hash of the list of lists, in small hexadecimal digits and as eight words."""

    sha256: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around the footage: `view`, the page to watch it with, and `instructions`, how to check it all. `papers` makes
    the letter and the certificate once the fingerprint is known that they print: by file name, such as "brief.pdf".
    """

    view: bytes
    instructions: bytes
    papers: Callable[[Fingerprint], Mapping[str, bytes]]


class Writing:
    """One package on its way out. Go through `pieces` to the end, then ask for the `fingerprint`; `size` counts its bytes."""

    def __init__(self, package: Package, around: Around, signer: Signer) -> None:
        self._package, self._around, self._signer = package, around, signer
        self._base = package.name
        if plain(package.name) != package.name:
            raise BagError(f"{package.name} is geen naam voor een pakket.")
        self._clips = placed(package)
        self._hashes: dict[str, str] = {}
        self._table: list[bytes] = []
        self._fingerprint: Fingerprint | None = None
        self.size = 0

    @property
    def fingerprint(self) -> Fingerprint:
        """BagError before the package is whole."""
        if self._fingerprint is None:
            raise BagError("Het pakket is nog niet af.")
        return self._fingerprint

    def pieces(self) -> Iterator[Data]:
        """The ZIP. Each piece is only good until the next is asked for.

        BagError when a clip is not what was recorded at intake. What opening or reading a clip raises goes on.
        """
        with ThreadPoolExecutor(1) as hasher:
            for piece in self._all(hasher):
                self.size += len(piece)
                yield piece

    def _all(self, hasher: ThreadPoolExecutor) -> Iterator[Data]:
        for path, data in self._small().items():
            yield from self._file(path, len(data), [data], hasher)
        for one in self._clips:
            clip = one.clip
            yield from self._file(one.path, clip.size, clip.pieces(), hasher)
            if self._hashes[one.path] != clip.sha256:
                raise BagError(
                    f"{clip.name} van opname {one.recording.number} is niet wat bij het opslaan is vastgelegd: "
                    f"SHA-256 {self._hashes[one.path]} in plaats van {clip.sha256}."
                )
        payload = {path: one for path, one in self._hashes.items() if path.startswith("data/")}
        yield from self._file(MANIFEST, *_whole(listed(payload)), hasher)
        tags = {path: one for path, one in self._hashes.items() if path not in payload}
        yield from self._file(TAGMANIFEST, *_whole(listed(tags)), hasher)
        found = self._hashes[TAGMANIFEST]
        fingerprint = Fingerprint(found, words.eight_words(found))
        papers = {f"{PAPERS}{name}": data for name, data in self._around.papers(fingerprint).items()}
        for path, data in sorted(papers.items()):
            yield from self._file(path, *_whole(data), hasher)
        hashes = {path: self._hashes[path] for path in papers}
        yield from self._file(SEAL, *_whole(self._seal(found, hashes)), hasher)
        table = b"".join(self._table)
        yield table + ending(len(self._table), len(table), self.size)
        self._fingerprint = fingerprint

    def _file(self, path: str, size: int, pieces: Iterable[Data], hasher: ThreadPoolExecutor) -> Iterator[Data]:
        """One file, with what a ZIP has around it. BagError when it is longer or shorter than it should be."""
        if not is_plain(path) or path in self._hashes:
            raise BagError(f"{path} is geen naam die in een pakket mag staan.")
        name, begin, whole, crc, left = f"{self._base}/{path}", self.size, hashlib.sha256(), 0, size
        yield local_header(name, size)
        for piece in pieces:
            hashed = hasher.submit(whole.update, piece)  # beside the sum here and the cipher of whoever takes the piece
            crc, left = zlib.crc32(piece, crc), left - len(piece)
            try:
                yield piece
            finally:
                hashed.result()  # the piece is good no longer
            if left < 0:
                break
        if left:
            raise BagError(f"{path} is niet zo lang als is vastgelegd: {size} bytes.")
        yield descriptor(size, crc)
        self._hashes[path] = whole.hexdigest()
        self._table.append(central(name, size, crc, begin))

    def _small(self) -> dict[str, bytes]:
        """What goes before the film, by path."""
        package, journal = self._package, self._package.journal
        inside = {EVIDENCE: evidence(package, self._clips)}
        for one in package.recordings:
            inside[f"data/herkomst/{plain(one.number)}.txt"] = custody_text(one)
        inside |= {f"data/logboek/{proof.entry}.tlog-proof": proof.data for proof in journal.proofs}
        inside[CHECKPOINT] = journal.checkpoint
        count = len(inside) + len(self._clips)
        size = sum(map(len, inside.values())) + sum(one.clip.size for one in self._clips)
        beside = {
            "bagit.txt": BAGIT,
            "bag-info.txt": self._info(size, count),
            INSTRUCTIONS: self._around.instructions,
            VIEW: self._around.view,
            VERIFIER: source(),
        }
        return beside | inside

    def _info(self, size: int, count: int) -> bytes:
        package = self._package
        facts = (
            ("Source-Organization", f"Gemeente {package.municipality}, {package.desk}"),
            ("External-Identifier", package.name),
            ("Bagging-Date", f"{package.made_at.astimezone(ZONE):%Y-%m-%d}"),
            ("Payload-Oxum", f"{size}.{count}"),
            ("Bag-Count", f"{package.position} of {package.count}"),
            ("Signing-Key", self._signer.vkey),
            ("Journal-Key", package.journal.key),
        )
        return "".join(f"{label}: {' '.join(value.split())}\n" for label, value in facts).encode()

    def _seal(self, tagmanifest: str, papers: Mapping[str, str]) -> bytes:
        content = {
            "made_at": statement.write_time(self._package.made_at),
            "package": self._package.name,
            "papers": dict(papers),
            "tagmanifest_sha256": tagmanifest,
        }
        return statement.sign(KIND, content, self._signer).encode()


def listed(hashes: Mapping[str, str]) -> bytes:
    """A list as `sha256sum -c` reads it: sorted by path, a line each."""
    return "".join(f"{one}  {path}\n" for path, one in sorted(hashes.items())).encode()


def _whole(data: bytes) -> tuple[int, list[Data]]:
    return len(data), [data]


def seal_into(out: BinaryIO, writing: Writing, receiver: "age.Recipient | str", *, largest: int | None = None) -> int:
    """Write the package to `out` as an age file for the receiver's key, or for a passphrase that is told separately. How many
    bytes. `largest`: how many there may be.

    BagError when the package is not whole or gets too large (what was written then opens nowhere), and for a passphrase that is
    none.
    """
    if isinstance(receiver, str) and (not receiver or receiver.lower().startswith("age1")):
        raise BagError("Dit is geen wachtzin.")  # under the text of a public key anybody could open it
    file_key = age.new_file_key()
    if isinstance(receiver, age.Recipient):
        written = out.write(age.build_header(file_key, [receiver]))
    else:
        written = out.write(age.passphrase_header(file_key, receiver))
    for piece in age.Sealer(file_key).chunks(writing.pieces()):
        written += len(piece)
        if largest is not None and written > largest:
            raise BagError(f"Het pakket wordt groter dan de {largest} bytes die de ontvanger aanneemt.")
        out.write(piece)
    return written
