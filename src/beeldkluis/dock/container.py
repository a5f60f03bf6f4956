"""Is this a film that a player can open? Asked in a process of its own, with limits, because film from outside is hostile
until shown otherwise. Run as `python -m beeldkluis.dock.container PATH`: one JSON line on standard output.
"""

import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av

MEMORY = 2 * 1024**3  # bytes of address space
PROCESSOR = 20  # seconds
PATIENCE = 30  # seconds
LONGEST = 24 * 3600 * 1000  # milliseconds: no shift is longer
SOME = 50  # packets that are decoded to see that there are pictures at all


@dataclass(frozen=True, slots=True)
class Film:
    """What the container says. `reason` is why a player would not open it, in Dutch; empty when it would."""

    duration_ms: int | None
    has_sound: bool | None
    content_type: str
    reason: str


TYPES = {"mov,mp4,m4a,3gp,3g2,mj2": "video/mp4", "matroska,webm": "video/x-matroska", "avi": "video/x-msvideo"}
UNKNOWN = "application/octet-stream"


def look(path: Path) -> Film:
    """What the container at `path` says, asked of a child process with limits on memory and time. Never raises for what
    the file holds: a broken or strange one comes back with its reason.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module on one path
            [sys.executable, "-m", "beeldkluis.dock.container", str(path)],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return Film(**json.loads(done.stdout.decode().strip().splitlines()[-1]))
    except subprocess.TimeoutExpired:
        return Film(None, None, UNKNOWN, "Het bestand was binnen de tijd niet te beoordelen.")
    except (ValueError, IndexError, TypeError):
        return Film(None, None, UNKNOWN, "Het bestand is geen leesbare film.")


def _inspect(path: str) -> Film:
    with av.open(path, metadata_errors="ignore") as film:
        content_type = TYPES.get(film.format.name, UNKNOWN)
        duration = film.duration * 1000 // av.time_base if film.duration else None
        sound = bool(film.streams.audio)
        if not film.streams.video:
            return Film(duration, sound, content_type, "Er zit geen beeld in het bestand.")
        if duration is None or not 0 < duration <= LONGEST:
            return Film(None, sound, content_type, "Het bestand zegt niet hoe lang het duurt.")
        pictures = _pictures(film)
        reason = "" if pictures else "Er is geen beeld uit het bestand te lezen."
        if content_type == UNKNOWN:
            reason = "Dit soort bestand is niet bekend."
        return Film(duration, sound, content_type, reason or _tail(film, duration))


def _pictures(film: Any) -> int:
    found = 0
    for number, packet in enumerate(film.demux(video=0)):
        found += len(packet.decode())
        if found or number > SOME:
            break
    return found


def _tail(film: Any, duration_ms: int) -> str:
    """A film that was cut off promises more than it holds: look for a packet in its last tenth."""
    film.seek(int(duration_ms * av.time_base // 1000 * 0.9), backward=True)
    last = 0.0
    for packet in film.demux(video=0):
        if packet.pts is not None and packet.time_base is not None:
            last = max(last, float(packet.pts * packet.time_base) * 1000)
    allowed = max(2000, duration_ms * 0.1)
    return "" if last >= duration_ms - allowed else "Het bestand is afgebroken: het einde ontbreekt."


def main() -> None:
    """Inspect the path in the first argument within the limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer = _inspect(sys.argv[1])
    except (av.FFmpegError, ValueError, MemoryError, OSError):
        answer = Film(None, None, UNKNOWN, "Het bestand is geen leesbare film.")
    sys.stdout.write(json.dumps(asdict(answer)) + "\n")


if __name__ == "__main__":
    main()
