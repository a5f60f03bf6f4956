"""A viewing copy of one film: H.264 in MP4, which every browser plays, made by a process of its own with limits.

Plain pictures pass through pipes and memory only. What is made waits sealed, under a key that nobody keeps, until it is
whole: an MP4 writes its length at its start when it is done.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO

from beeldkluis.film.talk import DONE, FAILED, FAR, GIVE, LARGEST, LONGEST, READ, REASONS, WRITE, TalkError, hear, send
from beeldkluis.sealed.age import PayloadReader, Sealer, SealError, new_file_key

HEAD = 65_536  # bytes of the copy that are written last, and so wait in memory
BIGGEST = 64 * 1024**3  # bytes of a copy: more than ten hours at the highest rate
LOOK_UP = 1.0  # seconds between two looks at whether to go on, when nothing comes
BROKEN = "Het maken van de kijkkopie is halverwege gestopt."
SLOW = "Het maken van de kijkkopie duurde te lang."
TOO_BIG = "De kijkkopie wordt te groot."
DAMAGED = "De opname is beschadigd: het zegel klopt niet."
Piece = tuple[bytes, int, int, bytes]


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


@dataclass(frozen=True, slots=True)
class Patience:
    """How long making may take, in seconds: `silence` without a sign of the other process, `altogether` from beginning to end.
    `look_up` is called at every piece, and every second without one, with the bytes made so far and the milliseconds of film that
    are done; what it raises ends it.
    """

    silence: float
    altogether: float
    look_up: Callable[[int, int], None] = lambda _made, _done: None


def make_copy(read: Callable[[int, int], bytes], size: int, scratch: BinaryIO, patience: Patience) -> Copy:
    """Copy the film of `size` bytes that `read(start, stop)` gives. `scratch` is an empty file of our own, open for reading and
    writing: only sealed bytes go there.

    CopyError for a film that is none, and when it takes too long, grows too big, or the process dies. What `read` and `look_up`
    raise goes on.
    """
    key = new_file_key()
    with _child(size) as process:
        made = _Made(process, read, size, patience)
        try:
            scratch.writelines(Sealer(key).chunks(made.tail()))
        finally:
            made.over.set()
        scratch.flush()
    return _whole(made, lambda: _pieces(made, key, scratch))


def _whole(made: "_Made", pieces: Callable[[], Iterator[bytes]]) -> Copy:
    """What the process told, as far as it can be so. CopyError when it cannot."""
    try:
        told = json.loads(made.told)
        length, skipped, jumps = (told[name] for name in ("duration_ms", "skipped", "jumps"))
        if not all(type(one) is int and one >= 0 for one in (length, skipped, jumps)) or length > 2000 * LONGEST:
            raise ValueError("no numbers")
        return Copy(length, told["has_sound"] is True, skipped, jumps, made.end, pieces)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CopyError(BROKEN) from error


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
    command = [sys.executable, "-I", "-m", "beeldkluis.film.copier", str(size), str(os.getpid())]
    process = subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "4"},  # else each thread takes 64 MiB of its address space
        cwd="/",
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
        self, process: "subprocess.Popen[bytes]", read: Callable[[int, int], bytes], size: int, patience: Patience
    ) -> None:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101 - likewise
        self._to, self._from, self._read, self._size = process.stdin, process.stdout, read, size
        self._patience, self._until = patience, time.monotonic() + patience.altogether
        self._heard: queue.Queue[Piece | None] = queue.Queue(maxsize=8)
        self.head, self.end, self.told, self.done_ms = bytearray(HEAD), 0, b"", 0
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
            elif what == FAR:
                self.done_ms = min(place, 1000 * LONGEST)
            elif what == DONE:
                self.told = data
                return
            else:
                raise CopyError(_reason(data) if what == FAILED else BROKEN)

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
        silent = time.monotonic() + self._patience.silence
        while True:
            now = time.monotonic()
            if now > min(silent, self._until):
                raise CopyError(SLOW)
            self._patience.look_up(self.end, self.done_ms)
            with suppress(queue.Empty):
                piece = self._heard.get(timeout=min(LOOK_UP, self._patience.silence))
                if piece is None:
                    raise CopyError(BROKEN)
                return piece

    def _give(self, place: int, length: int) -> None:
        stop = min(place + min(length, LARGEST), self._size)
        try:
            data = self._read(place, stop) if place < stop else b""
        except SealError as error:
            raise CopyError(DAMAGED) from error
        watch = threading.Timer(
            self._patience.silence, self._kill
        )  # who does not listen would keep us waiting for ever
        watch.start()
        try:
            send(self._to, GIVE, place, data)
        except OSError as error:
            raise CopyError(BROKEN if watch.is_alive() else SLOW) from error
        finally:
            watch.cancel()

    def _take(self, place: int, data: bytes) -> Iterator[bytes]:
        """The head may be written again and again; after it everything comes in order."""
        if place + len(data) > BIGGEST:
            raise CopyError(TOO_BIG)
        in_head = max(0, min(len(data), HEAD - place))
        if in_head:
            self.head[place : place + in_head] = data[:in_head]
            self.end = max(self.end, place + in_head)
        if rest := data[in_head:]:
            if place + in_head != self.end:
                raise CopyError(BROKEN)
            self.end += len(rest)
            yield rest


def _reason(data: bytes) -> str:
    """One of the sentences that we know: nothing that film from outside made up comes on a page."""
    said = data.decode(errors="replace")
    return said if said in REASONS else BROKEN
