"""Fifty films that something happened to, the same ones each time: cut, flipped, and made to say what cannot be."""

import random
import struct
import zlib
from collections.abc import Callable, Iterator

SEED = 20_261_127
COUNT = 50


def damaged(film: bytes) -> list[tuple[str, bytes]]:
    """(what happened, bytes) for each, made from an MP4 that is whole and has its index at the front."""
    chance = random.Random(SEED)
    made = [*_cut(film, chance), *_flipped(film, chance), *_lying(film), *_strange(chance)]
    assert len(made) == COUNT, len(made)
    assert len({content for _name, content in made}) == COUNT
    return made


def _cut(film: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    for number in range(11):
        yield f"cut {number}", film[: chance.randrange(1, len(film))]


def _flipped(film: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    for number in range(14):
        changed = bytearray(film)
        index = film.index(b"mdat")  # half of them in the index alone, which is what a parser reads
        for _ in range(4 ** (number % 7)):
            bit = chance.randrange(8 * (index if number % 2 else len(film)))
            changed[bit // 8] ^= 1 << bit % 8
        yield f"flipped {number}", bytes(changed)


def _at(film: bytes, atom: bytes, offset: int, value: bytes) -> bytes:
    """The film with `value` so many bytes after the name of its first atom of this kind."""
    place = film.index(atom) + 4 + offset
    return film[:place] + value + film[place + len(value) :]


MOST = b"\xff\xff\xff\xff"


def _lying(film: bytes) -> Iterator[tuple[str, bytes]]:
    changes: dict[str, Callable[[], bytes]] = {
        "lasts for ever": lambda: _at(film, b"mvhd", 16, MOST),
        "has no unit of time": lambda: _at(film, b"mvhd", 12, bytes(4)),
        "pictures last for ever": lambda: _at(film, b"mdhd", 16, MOST),
        "pictures have no unit": lambda: _at(film, b"mdhd", 12, bytes(4)),
        "is 65,535 wide and high": lambda: _at(film, b"avc1", 24, MOST),
        "is nothing wide": lambda: _at(film, b"avc1", 24, bytes(4)),
        "has four thousand million samples": lambda: _at(film, b"stsz", 8, MOST),
        "its samples are as large as can be": lambda: _at(film, b"stsz", 12, MOST * 4),
        "its chunks lie beyond": lambda: _at(film, b"stco", 8, MOST * 2),
        "four thousand million chunks": lambda: _at(film, b"stco", 4, MOST),
        "four thousand million times": lambda: _at(film, b"stts", 4, MOST),
        "each picture lasts for ever": lambda: _at(film, b"stts", 12, MOST),
        "a giant index": lambda: _at(film, b"moov", -8, struct.pack(">I", 2**31 - 1)),
        "an index of nothing": lambda: _at(film, b"moov", -8, bytes(4)),
        "an index that is smaller than its head": lambda: _at(film, b"moov", -8, struct.pack(">I", 3)),
    }
    for name, change in changes.items():
        yield name, change()


def _atom(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def _nested(name: bytes, depth: int) -> bytes:
    """Boxes in boxes, made without copying them again and again."""
    return b"".join(struct.pack(">I", 8 * (depth - level)) + name for level in range(depth))


def _strange(chance: random.Random) -> Iterator[tuple[str, bytes]]:
    head = _atom(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
    bomb = zlib.compress(bytes(64 * 1024 * 1024), 9)
    packed = _atom(b"dcom", b"zlib") + _atom(b"cmvd", struct.pack(">I", 2**32 - 1) + bomb)
    yield "an index packed small that says to be 4 GiB", head + _atom(b"moov", _atom(b"cmov", packed))
    yield "boxes in boxes", head + _nested(b"moov", 20_000)
    yield "tracks in tracks", head + _atom(b"moov", _nested(b"trak", 50_000))
    yield "a box of 2^63 bytes", head + struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 2**63 - 1) + bytes(99)
    yield "a hundred thousand heads", head * 100_000
    yield "nothing but noughts", bytes(3_000_000)
    yield "noise", chance.randbytes(500_000)
    yield "nearly nothing", b"\0"
    yield (
        "a Matroska of unknown size",
        bytes.fromhex("1a45dfa3a34286810142f7810142f2810442f381084282886d6174726f736b61") + MOST * 99,
    )
    yield "an AVI that says to be large", b"RIFF" + MOST + b"AVI LIST" + MOST + b"hdrlavih" + MOST * 64
