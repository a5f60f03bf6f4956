"""Looks at the film on standard input, within limits, and writes one line of JSON. Only `beeldkluis.dock.look` starts it.

Before it reads a byte it has given up files, network and other processes (`beeldkluis.film.locked`); on a machine where
neither part of that holds it does not read at all.
"""

import json
import resource
import sys
from dataclasses import asdict
from io import FileIO
from typing import Any

import av

from beeldkluis.dock.look import (
    CUT_OFF,
    LONGEST,
    NO_FILM,
    NO_LENGTH,
    NO_PICTURES,
    NOT_LOOKED,
    TYPES,
    UNKNOWN,
    UNREADABLE,
    Film,
)
from beeldkluis.film.locked import lock_up
from beeldkluis.film.parts import load_everything

MEMORY = 2 * 1024**3  # bytes of address space
PROCESSOR = 20  # seconds
SLACK = 500  # milliseconds that pictures may end before they are said to
SOME = 50  # packets that are decoded to see that there are pictures at all
PIECE = 1024 * 1024  # bytes read at once
# A playlist that calls itself .mp4 may not make us open other files or addresses.
ONLY = {"protocol_whitelist": "", "format_whitelist": ",".join([*TYPES, "mov", "matroska"])}


def inspect(source: FileIO) -> Film:
    """What the film in this open file says of itself. av.FFmpegError, ValueError, LookupError, MemoryError or OSError for what
    is no film.
    """
    source.seek(0)
    with av.open(source, "r", metadata_errors="ignore", options=ONLY, buffer_size=PIECE) as film:
        content_type = TYPES.get(film.format.name, UNKNOWN)
        sound, made = bool(film.streams.audio), film.metadata.get("creation_time", "")
        if not film.streams.video:
            return Film(_length(film), sound, content_type, NO_PICTURES, made)
        film.streams.video[0].thread_type = "NONE"
        pictures = _pictures(film)
        duration = _length(film) or _walk(film, 0)
        if not 0 < duration <= LONGEST:
            return Film(None, sound, content_type, NO_LENGTH, made)
        reason = "" if pictures else UNREADABLE
        return Film(duration, sound, content_type, reason or _tail(film, duration), made)


def _length(film: Any) -> int | None:
    """Milliseconds, when the container says so."""
    return film.duration * 1000 // av.time_base if film.duration else None


def _pictures(film: Any) -> int:
    found = 0
    for number, packet in enumerate(film.demux(video=0)):
        found += len(packet.decode())
        if found or number > SOME:
            break
    return found


def _walk(film: Any, start_ms: int) -> int:
    """The end of the last picture, in milliseconds, found by walking through the film from about `start_ms` on."""
    film.seek(start_ms * av.time_base // 1000, backward=True)
    last = 0.0
    for packet in film.demux(video=0):
        if packet.pts is not None and packet.time_base is not None:
            last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base) * 1000)
    return round(last)


def _tail(film: Any, duration_ms: int) -> str:
    """A film that was cut off promises more than it holds: look for its last picture. How long the pictures last is known
    exactly in some containers; in others the sound may go on for longer.
    """
    pictures = film.streams.video[0]
    exact = pictures.duration is not None and pictures.time_base is not None
    promised = min(duration_ms, round(float(pictures.duration * pictures.time_base) * 1000)) if exact else duration_ms
    allowed = SLACK if exact else max(2 * SLACK, duration_ms // 10)
    whole = _walk(film, promised - promised // 10) >= promised - allowed
    return "" if whole else CUT_OFF


def give_up(parent: int) -> bool:
    """Limits first, then everything that looking does not need; not to be had back. Whether it may look: false on a machine
    where files stay open to it.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR + 1))  # SIGXCPU, which is no kill
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    return bool(lock_up(parent))


def main() -> None:
    """Inspect standard input within the limits; argument: the process id of the parent."""
    av.logging.set_level(None)
    source = FileIO(sys.stdin.fileno(), closefd=False)
    load_everything()
    answer = NOT_LOOKED
    if give_up(int(sys.argv[1])):
        try:
            answer = inspect(source)
        except (av.FFmpegError, ValueError, LookupError, MemoryError, OSError):
            answer = Film(None, None, UNKNOWN, NO_FILM)
    sys.stdout.write(json.dumps(asdict(answer)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
