"""What a film carries of its maker's own seals: found or not. Nothing is added, taken away or judged.

- Axis Signed Video: SEI messages of user data (type 5 of H.264 and H.265) with the UUID that spells "Signed Video...0", and in
  AV1 the same UUID in metadata (github.com/AxisCommunications/signed-video-framework).
- C2PA: a box `uuid` with the extended type of C2PA 2.1, section A.5, among the outer boxes of an MP4.

Whether they are valid we cannot tell: that takes the maker's certificates and programs. We say so instead of guessing.
"""

import struct
from collections.abc import Callable, Iterator

from beeldkluis.bag.contents import OwnSeal

Read = Callable[[int, int], bytes]
AXIS, C2PA = "Axis Signed Video", "C2PA"
AXIS_UUID = b"Signed Video...0"
C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
NOT_CHECKED = "Of het zegel geldig is, hebben wij niet gecontroleerd."
_WINDOW = 1 << 20  # bytes looked through at once
_BEFORE = 1024  # bytes of a length that may stand before a UUID
_MOST_BOXES = 100_000
_USER_DATA, _AV1_METADATA = 5, 24


def own_seals(read: Read, size: int) -> tuple[OwnSeal, ...]:
    """The seals that we know, each with whether the film of `size` bytes that `read(start, stop)` gives has it."""
    found = ((AXIS, _has_axis(read, size)), (C2PA, C2PA_UUID in _outer_uuids(read, size)))
    return tuple(OwnSeal(name=name, is_present=there, remark=NOT_CHECKED if there else "") for name, there in found)


def _has_axis(read: Read, size: int) -> bool:
    held = b""
    for start in range(0, size, _WINDOW):
        held = held[-_BEFORE - len(AXIS_UUID) :] + read(start, min(start + _WINDOW, size))
        at = held.find(AXIS_UUID)
        while at >= 0:
            if _is_message(held, at):
                return True
            at = held.find(AXIS_UUID, at + 1)
    return False


def _is_message(data: bytes, at: int) -> bool:
    """Is the UUID at this place the head of a message, and not words somebody filmed or typed? A type stands before it, with a
    length between them in SEI: bytes of 255 and one that ends it.
    """
    if at and data[at - 1] == _AV1_METADATA:
        return True
    at -= 2
    while at >= 0 and data[at] == 0xFF:
        at -= 1
    return at >= 0 and data[at] == _USER_DATA


def _outer_uuids(read: Read, size: int) -> Iterator[bytes]:
    """The extended types of the outer boxes of an MP4 (ISO 14496-12, section 4.2), as far as it is one."""
    at = 0
    for _ in range(_MOST_BOXES):
        head = read(at, min(at + 32, size))
        if len(head) < 8 or not head[4:8].isascii():
            return
        length, skip = struct.unpack(">L", head[:4])[0], 8
        if length == 1 and len(head) >= 16:
            length, skip = struct.unpack(">Q", head[8:16])[0], 16
        if head[4:8] == b"uuid":
            yield head[skip : skip + 16]
        if length < skip:  # 0: to the end of the file
            return
        at += length
        if at >= size:
            return
