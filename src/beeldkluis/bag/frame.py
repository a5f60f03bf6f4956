"""The one shape of a package: how its files may be called, and every byte of the ZIP that is not a file's own.

Stored, no dates, numbers of 64 bits only where they are needed: whoever knows the files knows the whole ZIP (APPNOTE.TXT 6.3.9).
This module goes along in every package, as part of the verifier: Python 3.8 and its standard library alone.
"""

from __future__ import annotations

import re
import struct

FULL = 0xFFFFFFFF  # a ZIP keeps a number that does not fit in 32 bits elsewhere
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9 _.()+,=@#&~-]{0,99}")
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9]) *(?:\..*)?")


class WrongError(Exception):
    """Something is not as it should be; the sentence says what, in Dutch."""


def is_plain(path: str) -> bool:
    """Is this a path that every system unpacks as it is, and inside the package?"""
    return len(path) <= 200 and all(
        _PART.fullmatch(one) and one[-1] not in ". " and not _RESERVED.fullmatch(one) for one in path.split("/")
    )


def shown(name: str) -> str:
    """A name that can do nothing to the screen."""
    return name if name.isascii() and name.isprintable() else ascii(name)[1:-1]


def local_header(name: str, size: int) -> bytes:
    """What stands before a file. Its hash and size follow behind it, because it is written in one go."""
    large, raw = size >= FULL, name.encode()
    extra = struct.pack("<HHQQ", 1, 16, 0, 0) if large else b""
    lengths = (FULL if large else 0,) * 2
    fixed = (b"PK\3\4", 45 if large else 20, 8, 0, 0, 33, 0, *lengths, len(raw), len(extra))
    return struct.pack("<4s5H3L2H", *fixed) + raw + extra


def descriptor(size: int, crc: int) -> bytes:
    """What stands behind a file."""
    return struct.pack("<4sLQQ" if size >= FULL else "<4sLLL", b"PK\7\10", crc, size, size)


def central(name: str, size: int, crc: int, offset: int) -> bytes:
    """A file's line in the table at the end."""
    raw, far = name.encode(), offset >= FULL
    numbers = [size, size] * (size >= FULL) + [offset] * far
    extra = struct.pack(f"<HH{len(numbers)}Q", 1, 8 * len(numbers), *numbers) if numbers else b""
    version, short = 45 if numbers else 20, min(size, FULL)
    fixed = (b"PK\1\2", 0x300 + version, version, 8, 0, 0, 33, crc, short, short, len(raw), len(extra), 0, 0, 0)
    return struct.pack("<4s6H3L5H2L", *fixed, 0o100644 << 16, min(offset, FULL)) + raw + extra


def ending(count: int, size: int, offset: int) -> bytes:
    """The end of the ZIP, behind a table of `count` lines in `size` bytes that begins at `offset`."""
    long, full = b"", (count, size, offset)
    if count >= 0xFFFF or max(size, offset) >= FULL:
        long = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 0x32D, 45, 0, 0, count, *full)
        long += struct.pack("<4sLQL", b"PK\6\7", 0, offset + size, 1)
    short = min(count, 0xFFFF)
    return long + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, short, short, min(size, FULL), min(offset, FULL), 0)
