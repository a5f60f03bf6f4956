"""A small kind of work in a confined process, for tests: Python started by `film/confined.py` runs this file.

The film is a JSON object: `do` names what to do, `path` a file that it has no right to. Output 0 gets the film backwards, output
1 what the file `words` says.
"""

import json
import mmap
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from beeldkluis.film.inside import Files, Room, Work, serve
from beeldkluis.film.talk import WRITE, send


def could(path: str, own: int) -> list[str]:
    """What of all this the process can do."""
    tries: dict[str, Callable[[], object]] = {
        "read": lambda: os.open(path, os.O_RDONLY),
        "make": lambda: os.open(path + "2", os.O_WRONLY | os.O_CREAT),
        "write": lambda: os.write(own, b"x"),
        "write in memory": lambda: mmap.mmap(own, 1, access=mmap.ACCESS_WRITE),
        "lengthen": lambda: os.ftruncate(own, 1),
        "open again": lambda: os.open(f"/proc/self/fd/{own}", os.O_RDWR),
        "list": lambda: list(Path("/").iterdir()),
        "remove": Path(path).unlink,
        "socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "fork": os.fork,
        "signal": lambda: os.kill(os.getppid(), 0),
        "start": lambda: os.execv("/bin/true", ["true"]),  # noqa: S606 - it cannot be started
    }
    return [name for name, attempt in tries.items() if succeeds(attempt)]


def succeeds(attempt: Callable[[], object]) -> bool:
    """Does the kernel let this be done?"""
    try:
        attempt()
    except OSError:
        return False
    return True


def run(room: Room) -> dict[str, object]:
    """What the film asks for."""
    film = b""
    while piece := room.source.read():
        film += piece
    asked = json.loads(film)
    backwards, words = room.outputs
    known = room.files["words"]
    if asked["do"] == "fail":
        raise ValueError(asked["reason"])
    if asked["do"] == "sleep":
        time.sleep(60)
    if asked["do"] == "third output":
        send(backwards._out, WRITE, 0, b"x", output=2)  # as a process that was taken over would
    if asked["do"] == "take memory":
        return {"taken": len(bytearray(2 * 1024**3))}
    if asked["do"] == "report a list":
        return []  # type: ignore[return-value] - what is no report
    backwards.write(film[::-1])
    words.write(known.read())
    return {"could": could(asked["path"], known.fileno()) if asked["do"] == "escape" else None, "files": [*room.files]}


def load_with_a_thread(_files: Files) -> None:
    """A thread that would keep what the process gives up after it."""
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()


if __name__ == "__main__":
    serve(
        Work(
            memory=1024**3,
            outputs=2,
            load=load_with_a_thread if sys.argv.pop(1) == "with-thread" else lambda _files: None,
            run=run,
            faults=(),
            reasons=("Dit mag gezegd worden.",),
            otherwise="Het lukte niet.",
        )
    )
