"""One step ahead: while one piece is sent, the next is read and sealed in a thread of its own."""

import queue
import threading
from collections.abc import Generator, Iterator

DEPTH = 2  # pieces that may wait


def ahead(pieces: Iterator[memoryview], largest: int) -> Generator[memoryview, None, None]:
    """The same pieces, made ahead in a thread. Each is good until the next is asked for; none is over `largest` bytes.

    What the thread raises is raised here. Close it: then the thread has ended.
    """
    free: queue.Queue[bytearray | None] = queue.Queue()
    ready: queue.Queue[tuple[bytearray, int] | Exception | None] = queue.Queue()
    for _ in range(DEPTH + 1):
        free.put(bytearray(largest))
    thread = threading.Thread(target=_work, args=(pieces, free, ready), name="ahead", daemon=True)
    thread.start()
    try:
        while (made := ready.get()) is not None:
            if isinstance(made, Exception):
                raise made
            buffer, size = made
            yield memoryview(buffer)[:size]
            free.put(buffer)
    finally:
        free.put(None)
        thread.join()


def _work(
    pieces: Iterator[memoryview],
    free: "queue.Queue[bytearray | None]",
    ready: "queue.Queue[tuple[bytearray, int] | Exception | None]",
) -> None:
    try:
        for piece in pieces:
            buffer = free.get()
            if buffer is None:
                return
            if len(piece) > len(buffer):
                raise ValueError("a piece is larger than the largest one")
            buffer[: len(piece)] = piece
            ready.put((buffer, len(piece)))
        ready.put(None)
    except Exception as error:  # noqa: BLE001 - whatever it is belongs to whoever asks for the pieces
        ready.put(error)
