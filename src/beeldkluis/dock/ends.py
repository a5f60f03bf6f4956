"""Does a file stop before the end that it promises itself? Read from the sizes of its outermost parts, without a decoder.

Sources: ISO/IEC 14496-12 section 4.2 (boxes), RFC 8794 section 6 (EBML sizes), RIFF as AVI uses it. Pure but for reading.
"""

import struct
from io import FileIO

MANY = 200_000  # boxes: more than a day in pieces of a second
FILM = (b"moov", b"mdat", b"moof")  # boxes without which something of the film is missing
EBML, SEGMENT = bytes.fromhex("1a45dfa3"), bytes.fromhex("18538067")
NO_END = 0xFFFFFFFF


def stops_early(source: FileIO, length: int) -> bool | None:
    """True when a part of the film is promised beyond `length` bytes, false when everything promised is there, None when the
    file does not say. The place in the file is not kept.
    """
    source.seek(0)
    head = source.read(12)
    if head[:4] == EBML:
        return _segment(source, length)
    if head[:4] == b"RIFF":
        return _riff(source, length)
    return _boxes(source, length) if _is_name(head[4:8]) else None


def _is_name(name: bytes) -> bool:
    return len(name) == 4 and all(0x20 <= one < 0x7F for one in name)


def _boxes(source: FileIO, length: int) -> bool | None:
    """What follows the film and is no box, as some cameras leave it behind, does not count."""
    at = 0
    for _ in range(MANY):
        source.seek(at)
        head = source.read(16)
        if len(head) < 8 or not _is_name(head[4:8]):
            return False
        size, name = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1 and len(head) == 16:
            size = int.from_bytes(head[8:], "big")
        if size < 8:  # 0: up to the end, wherever that was to be
            return None
        if at + size > length:
            return name in FILM
        at += size
    return None


def _number(source: FileIO) -> int | None:
    """An EBML size at this place: its length stands in the leading zeros of its first byte. None when it is open."""
    first = source.read(1)
    if not first or not first[0]:
        return None
    more = 8 - first[0].bit_length()
    value = int.from_bytes(bytes([first[0] & (0xFF >> (more + 1))]) + source.read(more), "big")
    return None if value == 2 ** (7 * (more + 1)) - 1 else value


def _segment(source: FileIO, length: int) -> bool | None:
    source.seek(4)
    header = _number(source)
    if header is None or header > length:
        return None
    source.seek(header, 1)
    if source.read(4) != SEGMENT:
        return None
    size = _number(source)
    return None if size is None else source.tell() + size > length


def _riff(source: FileIO, length: int) -> bool | None:
    """A large AVI goes on in more of them, one after another."""
    at = 0
    while at + 12 <= length:
        source.seek(at)
        name, size = struct.unpack("<4sI", source.read(8))
        if name != b"RIFF":
            return False
        if size in (0, NO_END):
            return None
        if at + 8 + size > length:
            return True
        at += 8 + size + size % 2
    return False
