"""Is this a film that a player can open? Film from outside is hostile until shown otherwise, so it is looked at by a
process of its own (`beeldkluis.dock.container`), with limits, that gets the open file and nothing else. What that process
says is believed no further than it can be true.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

PATIENCE = 30  # seconds
UNKNOWN = "application/octet-stream"
LONGEST = 24 * 3600 * 1000  # milliseconds: no shift is longer
MOST = 4096  # bytes of an answer
NO_FILM = "Het bestand is geen leesbare film."
TOO_SLOW = "Het bestand was binnen de tijd niet te beoordelen."
NOT_JUDGED = "Het bestand was niet te beoordelen."
NO_PICTURES = "Er zit geen beeld in het bestand."
NO_LENGTH = "Het bestand zegt niet hoe lang het duurt."
UNREADABLE = "Er is geen beeld uit het bestand te lezen."
CUT_OFF = "Het bestand is afgebroken: het einde ontbreekt."
MAYBE_CUT = "Het einde van het bestand ontbreekt misschien."
REASONS = ("", NO_FILM, NO_PICTURES, UNREADABLE, CUT_OFF)  # all for which the other process may set a film apart
NOTES = ("", NO_LENGTH, MAYBE_CUT, NOT_JUDGED)  # and all that it may doubt of an ordinary one
TYPES = {
    "mov,mp4,m4a,3gp,3g2,mj2": "video/mp4",
    "matroska,webm": "video/x-matroska",
    "avi": "video/x-msvideo",
    "mpegts": "video/mp2t",
}
PROGRAM = (sys.executable, "-I", "-m", "beeldkluis.dock.container")


@dataclass(frozen=True, slots=True)
class Film:
    """What the container says. `reason` is why a player would not open it, in Dutch; empty when it would. `made` is the
    moment in the container's own metadata, RFC 3339 by the camera's clock; empty when there is none. `looked` is false where
    this machine cannot look safely: then nothing is known of it, which is no reason to set it apart. `note` is what stays in
    doubt of a film that is not set apart, a Dutch sentence: somebody looks at it.
    """

    duration_ms: int | None
    has_sound: bool | None
    content_type: str
    reason: str
    made: str = ""
    looked: bool = True
    note: str = ""

    @property
    def made_at(self) -> datetime | None:
        """`made` as a moment; None when it is none."""
        try:
            moment = datetime.fromisoformat(self.made)
        except ValueError:
            return None
        return moment if moment.tzinfo and moment.year >= 2000 else None


NOT_LOOKED = Film(None, None, UNKNOWN, "", looked=False)
SLOW = Film(None, None, UNKNOWN, "", note=TOO_SLOW)
DOUBTFUL = Film(None, None, UNKNOWN, "", note=NOT_JUDGED)


def look(descriptor: int) -> Film:
    """What the container in this open file says, asked of a child process with limits on memory and time. Never raises for
    what the file holds: a broken or strange one comes back with its reason. A process that somebody killed is asked once
    more: a machine that ran out of memory says nothing of a film. Nor does a look that took too long or fell over: such a film
    is not set apart, but noted.
    """
    told, ended = _ask(descriptor)
    if ended == -signal.SIGKILL:
        told, ended = _ask(descriptor)
    if ended is None or ended == -signal.SIGXCPU:
        return SLOW
    return _believed(told) if told or ended >= 0 else DOUBTFUL


def _ask(descriptor: int) -> tuple[bytes, int | None]:
    """One look: what was said, and how the process ended; None when it took too long."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [*PROGRAM, str(os.getpid())],
        stdin=descriptor,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "4"},
        cwd="/",
    )
    assert process.stdout is not None  # noqa: S101 - a pipe
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    watch = threading.Timer(PATIENCE, end)
    watch.start()
    try:
        told = process.stdout.read(MOST)  # more is no answer, and is not waited for
        if not told:
            process.wait()
    finally:
        watch.cancel()
        ended = process.poll() or 0
        process.kill()
        process.wait()
        process.stdout.close()
    return told, None if late.is_set() else ended


def _believed(told: bytes) -> Film:
    """The answer, when it is one that a film can have; it may come from a process that a film took over."""
    try:
        film = Film(**json.loads(told))
    except (ValueError, TypeError, RecursionError):
        return Film(None, None, UNKNOWN, NO_FILM)
    fits = (
        (film.duration_ms is None or (type(film.duration_ms) is int and 0 < film.duration_ms <= LONGEST))
        and (film.has_sound is None or type(film.has_sound) is bool)
        and film.content_type in (UNKNOWN, *TYPES.values())
        and film.reason in REASONS
        and film.note in NOTES
        and not (film.reason and film.note)
        and type(film.made) is str
        and (film.looked is True or film == NOT_LOOKED)
    )
    return film if fits else Film(None, None, UNKNOWN, NO_FILM)


def looks_safely() -> bool:
    """Can film be looked at on this machine? Asked with an empty file."""
    with Path(os.devnull).open("rb") as nothing:
        return look(nothing.fileno()).looked
