"""Film that a confined process makes, while it waits to be whole: sealed on the disk, under a key that nobody keeps.

An MP4 writes its length at its start when it is done, so its head waits in memory.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from beeldkluis.film.confined import ConfinedError, Written
from beeldkluis.sealed.age import PayloadReader, Sealer, new_file_key

HEAD = 65_536  # bytes that are written last


class Kept:
    """One output. `scratch` is an empty file of our own, open for reading and writing: only sealed bytes go there. `broken` is
    the sentence for what a process writes that can be no film.
    """

    def __init__(self, scratch: BinaryIO, broken: str) -> None:
        self._scratch, self._broken, self._key = scratch, broken, new_file_key()
        self._head = bytearray(HEAD)
        self._reader: PayloadReader | None = None
        self.size = 0

    def keep(self, written: Iterable[Written]) -> None:
        """All that the process writes. ConfinedError for what does not come in order."""
        self._scratch.writelines(Sealer(self._key).chunks(self._tail(written)))
        self._scratch.flush()

    def _tail(self, written: Iterable[Written]) -> Iterator[bytes]:
        """The bytes after the head, in order. The head may be written again and again; after it everything comes in order."""
        for one in written:
            in_head = max(0, min(len(one.data), HEAD - one.place))
            if in_head:
                self._head[one.place : one.place + in_head] = one.data[:in_head]
                self.size = max(self.size, one.place + in_head)
            if rest := one.data[in_head:]:
                if one.place + in_head != self.size:
                    raise ConfinedError(self._broken)
                self.size += len(rest)
                yield rest

    def pieces(self) -> Iterator[bytes]:
        """All bytes, in order."""
        yield bytes(self._head[: min(HEAD, self.size)])
        if self.size > HEAD:
            reader = self._tail_reader()
            yield from reader.read(0, reader.size)

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from `start` to `stop`, as far as there are."""
        stop = min(stop, self.size)
        head = bytes(self._head[start : min(stop, HEAD)])
        return head + (b"".join(self._tail_reader().read(max(0, start - HEAD), stop - HEAD)) if stop > HEAD else b"")

    def _tail_reader(self) -> PayloadReader:
        if self._reader is None:
            self._reader = PayloadReader(self._fetch, self._scratch.seek(0, 2), self._key)
        return self._reader

    def _fetch(self, offset: int, count: int) -> bytes:
        self._scratch.seek(offset)
        return self._scratch.read(count)
