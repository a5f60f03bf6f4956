"""Check a package of footage that was handed over, with Python 3.8 or later and nothing else: no network, no program of ours.

    python3 -I controleer.py [PACKAGE.zip or folder] [--sleutel KEY] [--woorden "eight words"]

The package is a BagIt 1.0 bag (RFC 8493). Stricter than BagIt: no file beside the lists, hashes in small hexadecimal digits,
lists sorted, plain names only, a ZIP of exactly one shape, and a signature over the hash of `tagmanifest-sha256.txt`. That hash,
as eight words, is what two people compare: through the lists it holds every byte, also the keys that sign.

Exit code: 0 when everything is as it was handed over, 1 when something is not (each thing is named), 2 when asked wrongly.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

from beeldkluis.bag.frame import WrongError, is_plain, shown
from beeldkluis.bag.opened import Folder, Zipped
from beeldkluis.bag.proof import check_proof, signed_text

TAGMANIFEST, MANIFEST, SEAL, KIND = "tagmanifest-sha256.txt", "manifest-sha256.txt", "zegel.txt", "beeldkluis.nl/bag/v1"
BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAPERS = "papieren/"  # they say the eight words themselves, so the seal has their hashes and the lists do not
CHECKPOINT = "data/logboek/controlepunt.txt"
PROOFS = re.compile(r"data/logboek/(?:[^/]+\.tlog-proof|controlepunt\.txt)")
LONGEST_LIST, LONGEST_NOTE = 1 << 26, 1 << 20  # bytes
WORDS = ""  # in the file that goes along: the list of words.txt, one behind the other
_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)\n")  # of one line: searching all of a hostile text takes days


def words_of(sha256: str, words: tuple[str, ...]) -> str:
    """The first 88 bits of a hash as eight words of a list of 2,048, eleven bits a word."""
    bits = int(sha256, 16) >> 256 - 88
    return " ".join(words[bits >> 11 * place & 2047] for place in range(7, -1, -1))


class Check:
    """Everything about one package. `wrong` names each thing that is not as it was handed over; `proofs` counts the lines of the
    journal that were proved. `key`: whose signature to ask for; empty: of the key that the package itself names.
    """

    def __init__(self, package: Zipped | Folder, key: str = "") -> None:
        self.package, self.proofs = package, 0
        self.wrong: list[str] = []
        self.found = {name: self._digest(name) for name in package.names()}
        low = Counter(name.lower() for name in self.found)
        self.wrong += [
            f"{shown(name)}: zo mag een bestand in een pakket niet heten"
            for name in self.found
            if not is_plain(name) or low[name.lower()] > 1
        ]
        lines = self._small("bag-info.txt").decode("utf-8", "replace").split("\n")
        info = dict(one.split(": ", 1) for one in lines if ": " in one)
        self.signer, self.is_own_key = key or info.get("Signing-Key", ""), not key
        self.name = info.get("External-Identifier", "")
        if not is_plain(self.name):
            self.wrong.append(f"bag-info.txt noemt geen naam voor een pakket: {shown(self.name)}")
        if isinstance(package, Zipped) and package.base != self.name:
            self.wrong.append(f"de map in de ZIP heet {shown(package.base)} en het pakket {shown(self.name)}")
        if self._small("bagit.txt") != BAGIT:
            self.wrong.append("bagit.txt is niet zoals BagIt 1.0 vraagt")
        listed = {**self._list(TAGMANIFEST, inside=False), **self._list(MANIFEST, inside=True)}
        self._compare({**listed, **self._sealed()})
        self._prove(info.get("Journal-Key", ""))
        self.wrong += dict.fromkeys(package.wrong)

    def _digest(self, name: str) -> str:
        whole = hashlib.sha256()
        try:
            for piece in self.package.pieces(name):
                whole.update(piece)
        except OSError:
            self.wrong.append(f"{shown(name)} is niet te lezen")
        return whole.hexdigest()

    def _small(self, name: str, longest: int = LONGEST_NOTE) -> bytes:
        """A whole file; nothing when it is not there or is longer."""
        data = bytearray()
        for piece in self.package.pieces(name) if self.found.get(name) else ():
            data += piece
            if len(data) > longest:
                return b""
        return bytes(data)

    def _list(self, name: str, *, inside: bool) -> dict[str, str]:
        """The paths of a list with their hashes."""
        found: dict[str, str] = {}
        wrong, before = False, ""
        for raw in BytesIO(self._small(name, LONGEST_LIST)):
            line = _LINE.fullmatch(raw.decode("ascii", "replace"))
            path = line[2] if line else ""
            wrong |= path <= before or path.startswith("data/") != inside or path.startswith(PAPERS)
            if line:
                found[path], before = line[1], path
        if wrong or not all(map(is_plain, found)):
            self.wrong.append(f"{name} is geen lijst zoals die hoort te zijn")
        return found

    def _sealed(self) -> dict[str, str]:
        """What the seal says of the list of lists and of the papers; empty when it does not hold."""
        try:
            return read_seal(signed_text(self._small(SEAL), self.signer, alone=True))
        except WrongError as error:
            self.wrong.append(f"{SEAL} geldt niet: {error}" if SEAL in self.found else f"ontbreekt: {SEAL}")
            return {}

    def _compare(self, asked: dict[str, str]) -> None:
        held = TAGMANIFEST in asked  # does the seal hold?
        loose = [one for one in self.found if not held and (one == TAGMANIFEST or one.startswith(PAPERS))]
        self.wrong += [f"niet te controleren zonder {SEAL}: {shown(one)}" for one in loose]
        gone: dict[str, list[str]] = {}  # by hash
        for path, one in reversed(list(asked.items())):
            if path not in self.found:
                gone.setdefault(one, []).append(path)
        for path in [one for one in self.found if one not in asked and one not in (SEAL, *loose)]:
            was = gone[self.found[path]].pop() if gone.get(self.found[path]) else ""
            self.wrong.append(f"hernoemd: {shown(was)} heet nu {shown(path)}" if was else f"toegevoegd: {shown(path)}")
        self.wrong += [
            f"ontbreekt: {shown(path)}" for path in sorted(path for paths in gone.values() for path in paths)
        ]
        other = {path: self.found[path] for path, one in asked.items() if self.found.get(path, one) != one}
        like = {one: path for path, one in asked.items()}
        traded = {(asked[path], one): path for path, one in other.items()}
        told = []
        for path, one in other.items():
            twin = traded.get((one, asked[path]), "")
            first, second = sorted((path, twin))
            origin = f" heeft de inhoud van {shown(like[one])}" if one in like else ""
            told.append(
                f"verwisseld: {shown(first)} en {shown(second)}" if twin else f"veranderd: {shown(path)}{origin}"
            )
        self.wrong += dict.fromkeys(told)

    def _prove(self, key: str) -> None:
        checkpoint = self._small(CHECKPOINT)
        for name in sorted(filter(PROOFS.fullmatch, self.found)):
            try:
                if name == CHECKPOINT:
                    signed_text(checkpoint, key, alone=False)
                else:
                    proof = self._small(name)
                    number, _size = check_proof(proof, key)
                    if proof.partition(b"\n\n")[2] != checkpoint:
                        raise WrongError("het bewijs is van een ander controlepunt")
                    if name != f"data/logboek/{number}.tlog-proof":
                        raise WrongError(f"dit is het bewijs van regel {number}")
                    self.proofs += 1
            except WrongError as error:
                self.wrong.append(f"{shown(name)}: {error}")


def read_seal(text: str) -> dict[str, str]:
    """The hashes of the papers and of the list of lists that a signed text vouches for. WrongError for another text, and when it
    speaks of more: the eight words hold the lists and not the seal, so whoever can sign could else put other film under the
    words of a package that was handed over.
    """
    kind, _, line = text.partition("\n")
    if kind != KIND:
        raise WrongError("dit is een andere ondertekende tekst")
    try:
        content = json.loads(line)
        papers, found = {**content["papers"]}, str(content["tagmanifest_sha256"])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise WrongError("de inhoud is niet te lezen") from None
    if not all(path.startswith(PAPERS) for path in papers):
        raise WrongError("het noemt een bestand dat in een lijst hoort")
    return {TAGMANIFEST: found, **{path: str(one) for path, one in papers.items()}}


def report(check: Check, typed: str = "") -> list[str]:
    """What a person reads, in Dutch. `typed`: the eight words of the letter."""
    found = check.found.get(TAGMANIFEST)
    words = (
        words_of(found, tuple((WORDS or Path(__file__).with_name("words.txt").read_text("ascii")).split()))
        if found
        else "-"
    )
    if typed and " ".join(re.findall("[a-z]+", typed.lower())) != words:
        check.wrong.append("de acht woorden zijn niet die van dit pakket: het is een ander pakket")
    lines = [f"Pakket: {shown(check.name)}", f"Acht woorden: {words}", f"SHA-256: {found or '-'}"]
    if check.wrong:
        return [*lines, f"NIET IN ORDE, {len(check.wrong)} keer:", *(f"- {one}" for one in check.wrong)]
    return [
        *lines,
        f"Alles klopt: {len(check.found)} bestanden, {check.proofs} regels van het logboek.",
        f"Ondertekend met: {shown(check.signer)}{' (die sleutel noemt het pakket zelf)' if check.is_own_key else ''}",
        "Zijn de acht woorden die van de brief op papier? Dan is dit wat is overhandigd.",
    ]


def main(given: list[str] | None = None) -> int:
    """See the top of this file."""
    asked = argparse.ArgumentParser(description="Controleer een pakket met beelden. Alleen lezen: er verandert niets.")
    asked.add_argument(
        "pakket", nargs="?", type=Path, default=Path(__file__).parent, help="de ZIP, of de map waarin die is uitgepakt"
    )
    asked.add_argument("--sleutel", default="", help="de sleutel van de gemeente, van haar website")
    asked.add_argument("--woorden", default="", help="de acht woorden van de brief")
    choice = asked.parse_args(given)
    try:
        package = Folder(choice.pakket) if choice.pakket.is_dir() else Zipped(choice.pakket)
    except WrongError as error:
        sys.stdout.write(f"NIET TE CONTROLEREN: {error}.\n")
        return 1
    except OSError:
        sys.stdout.write(f"NIET TE CONTROLEREN: {shown(str(choice.pakket))} is er niet, of is niet te lezen.\n")
        return 2
    check = Check(package, choice.sleutel)
    sys.stdout.write("\n".join(report(check, choice.woorden)) + "\n")
    return 1 if check.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
