"""Work on film from outside, done by a process that can reach nothing: no file, no network, no other process.

This is the parent's side: it starts the process, answers what it asks, holds it to its limits, and kills it at the end. Plain
film passes through two pipes and memory only. What runs in the process uses `film/inside.py`.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from beeldkluis.film.talk import DONE, FAILED, FAR, GIVE, LARGEST, LONGEST, READ, WRITE, Piece, TalkError, hear, send
from beeldkluis.sealed.age import SealError

LOOK_UP = 1.0  # seconds between two looks at whether to go on, when nothing comes
DAMAGED = "De opname is beschadigd: het zegel klopt niet."
Read = Callable[[int, int], bytes]


class ConfinedError(Exception):
    """The process ended without a result; `reason` says why, in Dutch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of work. `program` is what Python runs: `-m` and a module, or a file; it calls `inside.serve`. `outputs`: how many
    outputs it writes, and `largest` how many bytes each may have.

    The sentences, in Dutch, that people read when it ends without a result: `broken`, `slow`, `too_big`, and `reasons`, which
    are all that the process itself may give. Any other that it gives is not believed and becomes `broken`.
    """

    program: tuple[str, ...]
    outputs: int
    largest: int
    broken: str
    slow: str
    too_big: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the work may take, in seconds: `silence` without a sign of the process, `altogether` from beginning to end.
    `look_up` is called at every piece, and every second without one, with the bytes written so far and the milliseconds of film
    that are done; what it raises ends the work.
    """

    silence: float
    altogether: float
    look_up: Callable[[int, int], None] = lambda _written, _done: None


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes that the process wrote at `place` of output number `output`, counted from 0."""

    output: int
    place: int
    data: bytes


@contextmanager
def confined(
    kind: Kind, read: Read, size: int, patience: Patience, *, may_read: Mapping[str, Path] | None = None
) -> Iterator["Confined"]:
    """The process at work on the film of `size` bytes that `read(start, stop)` gives; killed at the end of the block.

    `may_read`: files of our own that it may read, by the name that it knows them by, and no others. It gets them open for
    reading: no path can be opened in it. OSError when one cannot be opened here.
    """
    with _opened(may_read or {}) as files, _child(kind, size, files) as process:
        work = Confined(process, kind, read, size, patience)
        try:
            yield work
        finally:
            work.stop()


@contextmanager
def _opened(may_read: Mapping[str, Path]) -> Iterator[dict[str, int]]:
    files: dict[str, int] = {}
    try:
        for name, path in may_read.items():
            files[name] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        yield files
    finally:
        for descriptor in files.values():
            os.close(descriptor)


@contextmanager
def _child(kind: Kind, size: int, files: Mapping[str, int]) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-I", *kind.program, str(size), str(os.getpid()), json.dumps(dict(files))]
    process = subprocess.Popen(  # noqa: S603 - our own program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=tuple(files.values()),
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


class Confined:
    """The process under way. Go through `written` to its end, then ask for the `report`."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", kind: Kind, read: Read, size: int, patience: Patience
    ) -> None:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101 - likewise
        self._to, self._from = process.stdin, process.stdout
        self._kind, self._read, self._size = kind, read, size
        self._patience, self._until = patience, time.monotonic() + patience.altogether
        self._heard: queue.Queue[Piece | None] = queue.Queue(maxsize=8)
        self._over, self._kill = threading.Event(), process.kill
        self._ends, self._done_ms, self._report = [0] * kind.outputs, 0, b""

    def written(self) -> Iterator[Written]:
        """What the process writes, in the order in which it does, until it says that it is done.

        ConfinedError when it gives a reason why there is no result, takes too long, writes too much or dies. What `read` and
        `look_up` raise goes on.
        """
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            piece = self._next()
            if piece.what == READ:
                self._give(piece.place, piece.length)
            elif piece.what == WRITE:
                yield self._checked(piece)
            elif piece.what == FAR:
                self._done_ms = min(piece.place, 1000 * LONGEST)
            elif piece.what == DONE:
                self._report = piece.data
                return
            else:
                raise ConfinedError(self._reason(piece.data) if piece.what == FAILED else self._kind.broken)

    def report(self) -> dict[str, object]:
        """What the process says of its result. Only its shape is checked here. ConfinedError when it is no JSON object."""
        try:
            report = json.loads(self._report)
        except (ValueError, RecursionError) as error:
            raise ConfinedError(self._kind.broken) from error
        if not isinstance(report, dict):
            raise ConfinedError(self._kind.broken)
        return report

    def stop(self) -> None:
        """Listen no longer."""
        self._over.set()

    def _listen(self) -> None:
        """A thread of its own, so that waiting can end."""
        with suppress(TalkError, OSError, ValueError):
            while not self._over.is_set():
                self._pass_on(hear(self._from))
        self._pass_on(None)

    def _pass_on(self, piece: Piece | None) -> None:
        while not self._over.is_set():
            with suppress(queue.Full):
                self._heard.put(piece, timeout=1)
                return

    def _next(self) -> Piece:
        silent = time.monotonic() + self._patience.silence
        while True:
            now = time.monotonic()
            if now > min(silent, self._until):
                raise ConfinedError(self._kind.slow)
            self._patience.look_up(sum(self._ends), self._done_ms)
            with suppress(queue.Empty):
                piece = self._heard.get(timeout=min(LOOK_UP, self._patience.silence))
                if piece is None:
                    raise ConfinedError(self._kind.broken)
                return piece

    def _give(self, place: int, length: int) -> None:
        stop = min(place + min(length, LARGEST), self._size)
        try:
            data = self._read(place, stop) if place < stop else b""
        except SealError as error:
            raise ConfinedError(DAMAGED) from error
        watch = threading.Timer(
            self._patience.silence, self._kill
        )  # who does not listen would keep us waiting for ever
        watch.start()
        try:
            send(self._to, GIVE, place, data)
        except OSError as error:
            raise ConfinedError(self._kind.broken if watch.is_alive() else self._kind.slow) from error
        finally:
            watch.cancel()

    def _checked(self, piece: Piece) -> Written:
        """To an output that there is, and no more than it may have."""
        if piece.output >= self._kind.outputs:
            raise ConfinedError(self._kind.broken)
        end = piece.place + len(piece.data)
        if end > self._kind.largest:
            raise ConfinedError(self._kind.too_big)
        self._ends[piece.output] = max(self._ends[piece.output], end)
        return Written(piece.output, piece.place, piece.data)

    def _reason(self, data: bytes) -> str:
        """One of the sentences that we know: nothing that film from outside made up comes on a page."""
        reason = data.decode(errors="replace")
        return reason if reason in self._kind.reasons else self._kind.broken
