"""What a confined process has for files: the film to read, and its outputs to write. Both are pipes to its parent."""

from io import SEEK_CUR, SEEK_END, SEEK_SET
from typing import BinaryIO

from beeldkluis.film.talk import FAR, GIVE, READ, WRITE, TalkError, hear, send

AHEAD = 1024 * 1024  # bytes asked of the parent at once
PIECE = 1024 * 1024  # bytes given to the parent at once


class Source:
    """The film as a file that can be read and searched; its bytes come from the parent."""

    name = ""  # PyAV looks for one

    def __init__(self, size: int, ask: BinaryIO, answers: BinaryIO) -> None:
        self.size, self._ask, self._answers = size, ask, answers
        self._at, self._from, self._held = 0, 0, b""

    def read(self, length: int = -1) -> bytes:
        """Up to `length` bytes from here; empty at the end."""
        length = min(AHEAD, self.size - self._at if length < 0 else min(length, self.size - self._at))
        if length <= 0:
            return b""
        start = self._at - self._from
        if not 0 <= start < len(self._held):
            self._fetch()
            start = 0
        piece = self._held[start : start + length]
        self._at += len(piece)
        return piece

    def _fetch(self) -> None:
        send(self._ask, READ, self._at, wanted=min(AHEAD, self.size - self._at))
        piece = hear(self._answers)
        if piece.what != GIVE or not piece.data:
            raise TalkError("the parent gave nothing")
        self._from, self._held = self._at, piece.data

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a place; where that is."""
        self._at = max(0, {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self.size}[whence] + offset)
        return self._at

    def tell(self) -> int:
        """Where we are."""
        return self._at


class Sink:
    """One output, as a file that can be written and searched; its bytes go to the parent, which takes them in order only.

    The index of an MP4 comes last and has its lengths filled in afterwards, at every level of it: `hold` keeps what comes
    from then on here, until `release`. That is some 40 MB for ten hours with sound.
    """

    name = "copy.mp4"

    def __init__(self, out: BinaryIO, number: int = 0) -> None:
        self._out, self._number, self._at, self._end = out, number, 0, 0
        self._held: bytearray | None = None
        self._from = 0  # where in the output the held bytes begin

    def write(self, data: bytes) -> int:
        """All of it."""
        data = bytes(data)
        if self._held is not None and self._at >= self._from:
            start = self._at - self._from
            self._held[start : start + len(data)] = data
        else:
            self._send(data)
        self._at += len(data)
        self._end = max(self._end, self._at)
        return len(data)

    def _send(self, data: bytes | bytearray) -> None:
        for start in range(0, len(data), PIECE):
            send(self._out, WRITE, self._at + start, bytes(data[start : start + PIECE]), output=self._number)

    def say_how_far(self, milliseconds: int) -> None:
        """How much of the film has been done."""
        send(self._out, FAR, milliseconds)

    def hold(self) -> None:
        """From here on bytes may be written over: keep them."""
        self._held, self._from = bytearray(), self._end

    def release(self) -> None:
        """Give what was kept, all at once."""
        held, self._held = self._held, None
        if held is not None:
            self._at = self._from
            self._send(held)
            self._at = self._end

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a place; where that is."""
        self._at = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._end}[whence] + offset
        return self._at

    def tell(self) -> int:
        """Where we are."""
        return self._at
