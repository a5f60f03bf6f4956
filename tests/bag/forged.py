"""Packages as somebody else would make them: of any files, in a ZIP of our shape, and with lists and seal of one's own."""

import hashlib
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from beeldkluis.bag.frame import central, descriptor, ending, local_header
from beeldkluis.sealed import statement
from beeldkluis.sealed.note import Signer
from tests.bag import made

BASE = "VS-2026-000004"


def files_of(path: Path) -> dict[str, bytes]:
    """What lies in a package, by path."""
    with zipfile.ZipFile(path) as opened:
        return {one.partition("/")[2]: opened.read(one) for one in opened.namelist()}


def zipped(files: Mapping[str, bytes], base: str = BASE) -> tuple[bytes, list[tuple[int, str]]]:
    """A ZIP of our shape, and where each file's part of it begins."""
    out, table, begins = BytesIO(), b"", list[tuple[int, str]]()
    for path, data in files.items():
        name, begin, crc = f"{base}/{path}", out.tell(), zlib.crc32(data)
        begins.append((begin, path))
        out.write(local_header(name, len(data)) + data + descriptor(len(data), crc))
        table += central(name, len(data), crc, begin)
    place = out.tell()
    out.write(table + ending(len(files), len(table), place))
    return out.getvalue(), [*begins, (place, "")]


def listed_anew(
    files: Mapping[str, bytes], *, signer: Signer = made.SIGNER, kind: str = "beeldkluis.nl/bag/v1"
) -> dict[str, bytes]:
    """The files with lists and a seal that fit them, as somebody with the signing key would make them."""
    found = {path: data for path, data in files.items() if path not in {"tagmanifest-sha256.txt", "zegel.txt"}}
    found["manifest-sha256.txt"] = lines({path: one for path, one in found.items() if path.startswith("data/")})
    return sealed(found, signer=signer, kind=kind)


def sealed(
    files: Mapping[str, bytes], *, signer: Signer = made.SIGNER, kind: str = "beeldkluis.nl/bag/v1"
) -> dict[str, bytes]:
    """The files with a list of lists and a seal that fit them."""
    found = {path: data for path, data in files.items() if path not in {"tagmanifest-sha256.txt", "zegel.txt"}}
    tags = {path: one for path, one in found.items() if not path.startswith(("data/", "papieren/"))}
    return resealed({**found, "tagmanifest-sha256.txt": lines(tags)}, signer=signer, kind=kind)


def resealed(
    files: Mapping[str, bytes],
    *,
    signer: Signer = made.SIGNER,
    kind: str = "beeldkluis.nl/bag/v1",
    also: Mapping[str, object] | None = None,
) -> dict[str, bytes]:
    """The files with a seal over the list of lists that is there. `also`: what it says of files that are no papers."""
    papers = {path: hashlib.sha256(one).hexdigest() for path, one in files.items() if path.startswith("papieren/")}
    content = {
        "papers": {**papers, **(also or {})},
        "tagmanifest_sha256": hashlib.sha256(files["tagmanifest-sha256.txt"]).hexdigest(),
    }
    return {**files, "zegel.txt": statement.sign(kind, content, signer).encode()}


def lines(files: Mapping[str, bytes]) -> bytes:
    """A list of these files."""
    return "".join(f"{hashlib.sha256(one).hexdigest()}  {path}\n" for path, one in sorted(files.items())).encode()
