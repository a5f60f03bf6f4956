"""The inside of a confined process: takes its limits, gives up what it does not need, and does one piece of work.

A program that `film/confined.py` starts calls `serve` and nothing else.
"""

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from beeldkluis.film.ends import Sink, Source
from beeldkluis.film.locked import lock_up
from beeldkluis.film.talk import DONE, FAILED, NOT_SAFE, send

NICE = 19  # whoever looks at a page goes first
OPEN_FILES = 64
THREADS = Path("/proc/self/task")
FAULTS = (ValueError, LookupError, MemoryError, OSError)  # what film that is none leads to, besides the library's own
Files = dict[str, FileIO]


@dataclass(frozen=True, slots=True)
class Room:
    """All that the work can reach: the film, its outputs in order, and the files that the parent lets it read, by name."""

    source: Source
    outputs: tuple[Sink, ...]
    files: Files


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One kind of work, from inside. `memory`: bytes of address space. `load` imports and reads what is needed while paths can
    still be opened and before any film is read; it starts no thread. `run` does the work and answers the report.

    What `run` raises of `faults` and FAULTS means that there is no result. The reason is its text where that is one of `reasons`,
    and else `otherwise`.
    """

    memory: int
    outputs: int
    load: Callable[[Files], None]
    run: Callable[[Room], dict[str, object]]
    faults: tuple[type[Exception], ...]
    reasons: tuple[str, ...]
    otherwise: str


def serve(work: Work) -> None:
    """Do the work that the parent asks. Arguments of the program: the film's size in bytes, the parent's process id, and the
    descriptors of the files that it may read, as JSON.
    """
    size, parent = int(sys.argv[1]), int(sys.argv[2])
    files = {name: FileIO(descriptor) for name, descriptor in json.loads(sys.argv[3]).items()}
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.nice(NICE)
    _limit(work.memory)
    work.load(files)
    if not _is_alone() or not lock_up(parent):
        send(answer, FAILED, 0, NOT_SAFE.encode())
        return
    outputs = tuple(Sink(answer, number) for number in range(work.outputs))
    room = Room(Source(size, answer, sys.stdin.buffer), outputs, files)
    _do(work, room, answer)


def _do(work: Work, room: Room, answer: BinaryIO) -> None:
    faults: tuple[type[Exception], ...] = (*work.faults, *FAULTS)
    try:
        report = work.run(room)
    except faults as error:
        reason = str(error) if str(error) in work.reasons else work.otherwise
        send(answer, FAILED, 0, reason.encode())
    else:
        send(answer, DONE, 0, json.dumps(report).encode())


def _limit(memory: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))


def _is_alone() -> bool:
    """Is this the only thread? What `lock_up` gives up, a thread that runs already would keep."""
    return len(list(THREADS.iterdir())) == 1
