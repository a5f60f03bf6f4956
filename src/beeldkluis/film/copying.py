"""A viewing copy of one film: H.264 in MP4, which every browser plays, made by a confined process.

Plain pictures pass through pipes and memory only. What is made waits sealed, under a key that nobody keeps, until it is
whole: an MP4 writes its length at its start when it is done.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from beeldkluis.film.confined import ConfinedError, Kind, Patience, Read, Written, confined
from beeldkluis.film.talk import LONGEST, REASONS
from beeldkluis.sealed.age import PayloadReader, Sealer, new_file_key

HEAD = 65_536  # bytes of the copy that are written last, and so wait in memory
BIGGEST = 64 * 1024**3  # bytes of a copy: more than ten hours at the highest rate
BROKEN = "Het maken van de kijkkopie is halverwege gestopt."
SLOW = "Het maken van de kijkkopie duurde te lang."
TOO_BIG = "De kijkkopie wordt te groot."
COPYING = Kind(
    program=("-m", "beeldkluis.film.copier"),
    outputs=1,
    largest=BIGGEST,
    broken=BROKEN,
    slow=SLOW,
    too_big=TOO_BIG,
    reasons=REASONS,
)


class CopyError(Exception):
    """No copy of this film can be made; `reason` says why, in Dutch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that is whole. `pieces` gives its bytes in order, once it is asked; `size` is how many. `skipped` says how many
    packets of the film could not be decoded, `jumps` how often its clock was set anew on the way.
    """

    duration_ms: int
    has_sound: bool
    skipped: int
    jumps: int
    size: int
    pieces: Callable[[], Iterator[bytes]]


def make_copy(read: Read, size: int, scratch: BinaryIO, patience: Patience) -> Copy:
    """Copy the film of `size` bytes that `read(start, stop)` gives. `scratch` is an empty file of our own, open for reading and
    writing: only sealed bytes go there.

    CopyError for a film that is none, and when it takes too long, grows too big, or the process dies. What `read` and
    `patience.look_up` raise goes on.
    """
    key, made = new_file_key(), _Made()
    try:
        with confined(COPYING, read, size, patience) as process:
            scratch.writelines(Sealer(key).chunks(made.tail(process.written())))
        report = process.report()
    except ConfinedError as error:
        raise CopyError(error.reason) from error
    scratch.flush()
    return _whole(report, made.end, lambda: _pieces(made, key, scratch))


def _whole(report: dict[str, object], size: int, pieces: Callable[[], Iterator[bytes]]) -> Copy:
    """What the process reports, as far as it can be so. CopyError when it cannot."""
    length, skipped, jumps = (_count(report.get(name)) for name in ("duration_ms", "skipped", "jumps"))
    if length > 2000 * LONGEST or "has_sound" not in report:
        raise CopyError(BROKEN)
    return Copy(length, report["has_sound"] is True, skipped, jumps, size, pieces)


def _count(reported: object) -> int:
    if type(reported) is not int or reported < 0:
        raise CopyError(BROKEN)
    return reported


def _pieces(made: "_Made", key: bytes, scratch: BinaryIO) -> Iterator[bytes]:
    yield bytes(made.head[: min(HEAD, made.end)])
    if made.end > HEAD:
        length = scratch.seek(0, 2)

        def fetch(offset: int, count: int) -> bytes:
            scratch.seek(offset)
            return scratch.read(count)

        reader = PayloadReader(fetch, length, key)
        yield from reader.read(0, reader.size)


class _Made:
    """What the process made of the copy: keeps the head, and gives the tail on in order."""

    def __init__(self) -> None:
        self.head, self.end = bytearray(HEAD), 0

    def tail(self, written: Iterable[Written]) -> Iterator[bytes]:
        """The bytes after the head, in order. The head may be written again and again; after it everything comes in order."""
        for one in written:
            in_head = max(0, min(len(one.data), HEAD - one.place))
            if in_head:
                self.head[one.place : one.place + in_head] = one.data[:in_head]
                self.end = max(self.end, one.place + in_head)
            if rest := one.data[in_head:]:
                if one.place + in_head != self.end:
                    raise CopyError(BROKEN)
                self.end += len(rest)
                yield rest
