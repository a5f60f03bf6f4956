"""The public test vectors for age (C2SP CCTV, from the npm package cctv-age): made by others, and each must end as they say."""

import hashlib
import io
import json
import subprocess
import zlib
from dataclasses import dataclass
from functools import cache

import pytest
from tests.house.source import PACKAGE

from beeldkluis.sealed import age, header, keys, passphrase
from beeldkluis.sealed.errors import SealError

FRONTEND = PACKAGE.parents[1] / "frontend"
VECTORS = FRONTEND / "node_modules" / "cctv-age" / "index.js"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not VECTORS.exists(), reason="the front end's packages are not installed; make test installs them"
    ),
]
READ = """
import * as vectors from "./node_modules/cctv-age/index.js";
console.log(JSON.stringify(Object.fromEntries(Object.entries(vectors).map(([n, b]) => [n, Buffer.from(b).toString("latin1")]))));
"""
ARMOURED = "armor"  # the vault takes no armour: a sealed object is bytes
FEWEST = 105


@dataclass
class Vector:
    """What a vector says of itself, and its file."""

    told: dict[str, list[str]]
    file: bytes

    def one(self, name: str) -> str:
        return self.told.get(name, [""])[0]


@cache
def vectors() -> dict[str, Vector]:
    done = subprocess.run(
        ["node", "--input-type=module", "-e", READ], cwd=FRONTEND, capture_output=True, text=True, check=True
    )
    found = {}
    for name, text in json.loads(done.stdout).items():
        head, _, body = text.encode("latin1").partition(b"\n\n")
        told: dict[str, list[str]] = {}
        for line in head.decode().splitlines():
            key, _, value = line.partition(": ")
            told.setdefault(key, []).append(value)
        vector = Vector(told, zlib.decompress(body) if told.get("compressed") == ["zlib"] else body)
        if not name.startswith(ARMOURED) and vector.one("armored") != "yes":
            found[name] = vector
    return found


def file_key_of(vector: Vector, head: bytes) -> bytes:
    if phrase := vector.one("passphrase"):
        return passphrase.open_scrypt(header.parse(head), phrase)
    return keys.open_header(head, [keys.Identity.parse(one) for one in vector.told["identity"]])


def opened(vector: Vector) -> tuple[str, bytes]:
    """How opening ends, and every byte that was given out before it did."""
    source = io.BytesIO(vector.file)
    try:
        head = age.read_header(source)
        file_key = file_key_of(vector, head)
    except SealError:
        return "header", b""
    assert not vector.one("file key") or file_key.hex() == vector.one("file key")
    payload, given = source.read(), b""
    if len(payload) < 16:
        with pytest.raises(SealError):
            age.plain_length(len(payload))
        return "header", b""  # the vectors count a missing nonce to the header
    try:
        reader = age.PayloadReader(lambda at, length: payload[at : at + length], len(payload), file_key)
        for piece in reader.read(0, reader.size):
            given += piece
    except SealError:
        return "payload", given
    return "success", given


def ends_as_told(vector: Vector) -> bool:
    how, given = opened(vector)
    expected = vector.one("expect")
    if expected == "success":
        return how == "success" and hashlib.sha256(given).hexdigest() == vector.one("payload")
    # We check the end of the payload before we give out its beginning, so less may come out than elsewhere, never more.
    return how == ("payload" if expected == "payload failure" else "header")


def test_every_public_vector_ends_as_it_says() -> None:
    found = vectors()
    wrong = [name for name, vector in sorted(found.items()) if not ends_as_told(vector)]
    assert len(found) >= FEWEST
    assert wrong == []
