"""Reading an arriving file back from its disk while the rest of it still arrives."""

import hashlib
import os
import queue
import threading
from contextlib import suppress
from pathlib import Path
from typing import Self

_BUFFER = 256 * 1024  # bytes


class ReadBack:
    """SHA-256 of a file from its first byte, as the disk gives it back: within it, a thread follows what is durable.

    Afterwards `sha256` is the hash of everything that was reached, hexadecimal; empty when nothing was, or when the disk
    did not give it back.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ends: queue.Queue[int | None] = queue.Queue()
        self._thread = threading.Thread(target=self._follow, name="read-back", daemon=True)
        self.sha256 = ""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.put(None)
        self._thread.join()

    def reached(self, end: int) -> None:
        """The first `end` bytes are durable, and do not change any more."""
        self._ends.put(end)

    def _follow(self) -> None:
        digest, at = hashlib.sha256(), 0
        view = memoryview(bytearray(_BUFFER))
        with suppress(OSError), self._path.open("rb", buffering=0) as file:
            while (end := self._ends.get()) is not None:
                # so that the bytes come from the disk, as far as the system lets go of its cached copy
                os.posix_fadvise(file.fileno(), at, end - at, os.POSIX_FADV_DONTNEED)
                while at < end:
                    if not (count := file.readinto(view[: end - at])):
                        return
                    digest.update(view[:count])
                    at += count
            self.sha256 = digest.hexdigest() if at else ""
