"""A viewing copy of one film: H.264 in MP4, which every browser plays, made by a process of its own with limits.

Plain pictures pass through pipes and memory only. What is made waits sealed, under a key that nobody keeps, until it is
whole: an MP4 writes its length at its start when it is done.
"""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO

from beeldkluis.film.talk import DONE, FAILED, GIVE, LARGEST, READ, WRITE, TalkError, hear, send
from beeldkluis.sealed.age import PayloadReader, Sealer, SealError, new_file_key

HEAD = 65_536  # bytes of the copy that are written last, and so wait in memory
BROKEN = "Het maken van de kijkkopie is halverwege gestopt."
SLOW = "Het maken van de kijkkopie duurde te lang."
Piece = tuple[bytes, int, int, bytes]


class CopyError(Exception):
    """No copy of this film can be made; `reason` says why, in Dutch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that is whole. `pieces` gives its bytes in order, once it is asked; `size` is how many."""

    duration_ms: int
    has_sound: bool
    size: int
    pieces: Callable[[], Iterator[bytes]]


def make_copy(read: Callable[[int, int], bytes], size: int, scratch: BinaryIO, *, patience: float) -> Copy:
    """Copy the film of `size` bytes that `read(start, stop)` gives. `scratch` is an empty file of our own, open for reading and
    writing: only sealed bytes go there. `patience`: seconds without a sign of the other process.

    CopyError for a film that is none, and when it takes too long or the process dies. What `read` raises goes on.
    """
    key = new_file_key()
    with _child(size) as process:
        made = _Made(process, read, size, patience)
        try:
            scratch.writelines(Sealer(key).chunks(made.tail()))
        finally:
            made.over.set()
        scratch.flush()
    told = json.loads(made.told)
    return Copy(int(told["duration_ms"]), bool(told["has_sound"]), made.end, lambda: _pieces(made, key, scratch))


def _pieces(made: "_Made", key: bytes, scratch: BinaryIO) -> Iterator[bytes]:
    yield bytes(made.head[: min(HEAD, made.end)])
    if made.end > HEAD:
        length = scratch.seek(0, 2)

        def fetch(offset: int, count: int) -> bytes:
            scratch.seek(offset)
            return scratch.read(count)

        reader = PayloadReader(fetch, length, key)
        yield from reader.read(0, reader.size)


@contextmanager
def _child(size: int) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-I", "-m", "beeldkluis.film.copier", str(size)]
    process = subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


class _Made:
    """What the child makes: answers its questions, keeps the head, and gives the tail on in order."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", read: Callable[[int, int], bytes], size: int, patience: float
    ) -> None:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101 - likewise
        self._to, self._from, self._read, self._size, self._patience = (
            process.stdin,
            process.stdout,
            read,
            size,
            patience,
        )
        self._heard: queue.Queue[Piece | None] = queue.Queue(maxsize=8)
        self.head, self.end, self.told = bytearray(HEAD), 0, b""
        self.over, self._kill = threading.Event(), process.kill

    def tail(self) -> Iterator[bytes]:
        """The bytes after the head, in order, until the child is done."""
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            what, place, length, data = self._next()
            if what == READ:
                self._give(place, length)
            elif what == WRITE:
                yield from self._take(place, data)
            elif what == DONE:
                self.told = data
                return
            else:
                raise CopyError(data.decode(errors="replace") if what == FAILED else BROKEN)

    def _listen(self) -> None:
        """A thread of its own, so that waiting can end."""
        with suppress(TalkError, OSError, ValueError):
            while not self.over.is_set():
                self._tell(hear(self._from))
        self._tell(None)

    def _tell(self, piece: Piece | None) -> None:
        while not self.over.is_set():
            with suppress(queue.Full):
                self._heard.put(piece, timeout=1)
                return

    def _next(self) -> Piece:
        try:
            piece = self._heard.get(timeout=self._patience)
        except queue.Empty as error:
            raise CopyError(SLOW) from error
        if piece is None:
            raise CopyError(BROKEN)
        return piece

    def _give(self, place: int, length: int) -> None:
        stop = min(place + min(length, LARGEST), self._size)
        try:
            data = self._read(place, stop) if place < stop else b""
        except SealError as error:
            raise CopyError("De opname is beschadigd: het zegel klopt niet.") from error
        watch = threading.Timer(self._patience, self._kill)  # who does not listen would keep us waiting for ever
        watch.start()
        try:
            send(self._to, GIVE, place, data)
        except OSError as error:
            raise CopyError(BROKEN if watch.is_alive() else SLOW) from error
        finally:
            watch.cancel()

    def _take(self, place: int, data: bytes) -> Iterator[bytes]:
        """The head may be written again and again; after it everything comes in order."""
        in_head = max(0, min(len(data), HEAD - place))
        if in_head:
            self.head[place : place + in_head] = data[:in_head]
            self.end = max(self.end, place + in_head)
        if rest := data[in_head:]:
            if place + in_head != self.end:
                raise CopyError(BROKEN)
            self.end += len(rest)
            yield rest
