"""Looks at the film on standard input, within limits, and writes one line of JSON. Only `beeldkluis.dock.look` starts it.

Before it reads a byte it has given up files, network and other processes (`beeldkluis.film.locked`); on a machine where
neither part of that holds it does not read at all.
"""

import json
import os
import re
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from io import FileIO
from typing import Any

import av
from av.stream import Disposition

from beeldkluis.dock.ends import stops_early
from beeldkluis.dock.look import (
    CUT_OFF,
    LONGEST,
    MAYBE_CUT,
    NO_FILM,
    NO_LENGTH,
    NO_PICTURES,
    NOT_JUDGED,
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
LAST = 60_000  # milliseconds before the end from which its end is looked for
PATIENT = 15  # seconds for looking; what was not found out by then is a doubt
STILL = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image
LASTS = re.compile(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)")  # as Matroska tells it of a track
PIECE = 1024 * 1024  # bytes read at once
# A playlist that calls itself .mp4 may not make us open other files or addresses.
ONLY = {"protocol_whitelist": "", "format_whitelist": ",".join([*TYPES, "mov", "matroska"])}


def opened(source: FileIO) -> Any:
    """The film from its beginning, as a container that must be closed. av.FFmpegError for what is no film."""
    source.seek(0)
    return av.open(source, "r", metadata_errors="ignore", options=ONLY, buffer_size=PIECE)


def inspect(source: FileIO) -> Film:
    """What the film in this open file says of itself. av.FFmpegError, ValueError, LookupError, MemoryError or OSError for what
    is no film.

    It is set apart (`reason`) only for what is certain: no pictures, none that can be read, or an end that the file promises
    and that is not there. What stays in doubt is a `note`, and an ordinary recording.
    """
    until = time.monotonic() + PATIENT
    early = stops_early(source, source.seek(0, os.SEEK_END))
    with opened(source) as film:
        content_type, made = TYPES.get(film.format.name, UNKNOWN), film.metadata.get("creation_time", "")
        told = Film(_possible(_length(film)), bool(film.streams.audio), content_type, "", made)
        lasts = {one.index: _lasts(one) for one in _tracks(film)}
    if not lasts:
        return replace(told, reason=NO_PICTURES)
    try:
        shown, sure = _shown(source, list(lasts), until)
    except MemoryError:  # that decoding takes more than there is here says little of the film
        shown, sure = None, False
    if shown is None:
        return replace(told, reason=UNREADABLE) if sure else replace(told, note=NOT_JUDGED)
    if told.duration_ms is None:
        ends = _walk(source, shown, 0, until)
        told = replace(told, duration_ms=_possible(ends.pictures) if ends.sure else None)  # rather none than too short
    if told.duration_ms is None:
        return replace(told, note=NO_LENGTH)
    return told if early is False else _with_end(source, shown, told, lasts[shown], until, promised=bool(early))


def _possible(length: int | None) -> int | None:
    return length if length is not None and 0 < length <= LONGEST else None


def _length(film: Any) -> int | None:
    """Milliseconds, when the container says so."""
    return film.duration * 1000 // av.time_base if film.duration else None


def _tracks(film: Any) -> list[Any]:
    """The tracks that may be the film, the likeliest first. A cover is none, nor is a picture beside the film that stands in a
    track of its own, wherever it stands.
    """
    moving = [one for one in film.streams.video if not one.disposition & STILL]
    best = film.streams.best("video")
    longer = [one for one in moving if one.frames != 1] or moving
    return sorted(longer, key=lambda one: (best is None or one.index != best.index, one.index))


def _lasts(track: Any) -> int:
    """How long the pictures themselves last, in milliseconds, where the container says so; 0 where it does not. Another track
    may go on for longer.
    """
    if track.duration and track.time_base is not None:
        return round(float(track.duration * track.time_base) * 1000)
    if found := LASTS.fullmatch(track.metadata.get("DURATION", "")):
        hours, minutes, seconds = found.groups()
        return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
    return 0


def _shown(source: FileIO, tracks: Sequence[int], until: float) -> tuple[int | None, bool]:
    """The first of these tracks that gives a picture; or none, and whether that is certain.

    Film may begin anywhere between two key pictures, and those may lie far apart: it is read on until there is a picture. What
    does not decode is left out, as a player does.
    """
    sure = True
    for index in tracks:
        with opened(source) as film:
            track = film.streams[index]
            if track.codec_context is None:  # nothing here decodes it; a player may
                sure = False
                continue
            track.thread_type = "NONE"
            for packet in _packets(film, track):
                if _decodes(packet):
                    return index, True
                if time.monotonic() > until:
                    return None, False
    return None, sure


def _packets(film: Any, *tracks: Any) -> Iterator[Any]:
    """Up to where the file can be read no further."""
    with suppress(av.FFmpegError):
        yield from film.demux(*tracks)


def _decodes(packet: Any) -> bool:
    try:
        return bool(packet.decode())
    except MemoryError:
        raise
    except av.FFmpegError:
        return False


@dataclass(slots=True)
class _Ends:
    """Where the pictures and where anything at all was seen last, in milliseconds; `sure` is false when there was no time to
    look at everything.
    """

    pictures: int = 0
    anything: int = 0
    sure: bool = True


def _walk(source: FileIO, shown: int, start_ms: int, until: float) -> _Ends:
    """The last moments, found by walking through the film from about `start_ms` on; from its beginning where nothing can be
    looked up.
    """
    with opened(source) as film:
        try:
            if start_ms:
                film.seek(start_ms * av.time_base // 1000, backward=True)
            return _last(film, shown, until)
        except av.FFmpegError:
            if not start_ms:
                raise
    return _walk(source, shown, 0, until)


def _last(film: Any, shown: int, until: float) -> _Ends:
    begin, found = max((film.start_time or 0) / av.time_base, 0.0), _Ends()
    for packet in _packets(film):
        if packet.pts is not None and packet.time_base is not None:
            end = round((float((packet.pts + (packet.duration or 0)) * packet.time_base) - begin) * 1000)
            found.anything = max(found.anything, end)
            if packet.stream.index == shown:
                found.pictures = max(found.pictures, end)
        if time.monotonic() > until:
            found.sure = False
            break
    return found


def _with_end(source: FileIO, shown: int, told: Film, lasts: int, until: float, *, promised: bool) -> Film:
    """Is the last of it there? Asked where the file promises more bytes than it has (`promised`), or does not say: then pictures
    that stop long before their end are only a doubt. Film in pieces is whole up to its last piece.
    """
    length = told.duration_ms or 0
    wanted = min(length, lasts) if lasts else length
    allowed = SLACK if lasts else max(2 * SLACK, length // 10)
    ends = _walk(source, shown, max(wanted - wanted // 10, wanted - LAST, 0), until)
    there = (ends.pictures if lasts else ends.anything) >= wanted - allowed
    if not there and ends.sure:
        return replace(told, reason=CUT_OFF) if promised else replace(told, note=MAYBE_CUT)
    return replace(told, note=MAYBE_CUT) if promised else told


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
