"""Cuts a part out of film from outside, on key frames, without encoding it anew. Only `beeldkluis.film.cutting` has it started.

Every packet of the part stands in the result byte for byte; only the container around them is new.
"""

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import av

from beeldkluis.film.ends import Source
from beeldkluis.film.inside import Files, Room, Work, serve
from beeldkluis.film.parts import load_everything
from beeldkluis.film.reading import FORMATS
from beeldkluis.film.talk import NO_FILM, NO_PICTURE, NOT_SAFE

MEMORY = 1024**3  # bytes of address space
KINDS = {"mov": "mp4", "matroska": "matroska", "mpegts": "mpegts"}  # how each container is written again
NO_KIND = "Uit dit soort bestand kan geen deel worden geknipt."
NO_PART = "In dit deel van de film staat geen beeld."
REASONS = (NO_FILM, NO_PICTURE, NO_KIND, NO_PART, NOT_SAFE)


def _opened(source: Source) -> Any:
    source.seek(0)
    return av.open(source, "r", metadata_errors="ignore", options=FORMATS)


def _pictures(film: Any) -> Any:
    found = film.streams.best("video")
    if found is None:
        raise ValueError(NO_PICTURE)
    return found


def _packets(film: Any, streams: list[Any]) -> Iterator[Any]:
    """All that can be read, each with a time to decode it: a film that was cut off is one up to there.

    Matroska keeps no times to decode at, and the first few are not known until a later one is: those are counted back from it.
    """
    waiting: list[Any] = []
    with suppress(av.FFmpegError):
        for packet in film.demux(streams):
            if packet.pts is None or not packet.size:
                continue
            if packet.stream.type == "audio":
                packet.dts = packet.pts if packet.dts is None else packet.dts
                yield packet
                continue
            waiting.append(packet)
            if packet.dts is not None:
                yield from _timed(waiting)
                waiting = []
    yield from _timed(waiting)


def _timed(packets: list[Any]) -> list[Any]:
    """Packets in a row, of which only the last may have a time to decode it."""
    for before, packet in zip(reversed(packets[:-1]), reversed(packets[1:]), strict=True):
        if packet.dts is None:
            packet.dts = min(one.pts for one in packets)
        before.dts = packet.dts - max(1, before.duration or 1)
    if len(packets) == 1 and packets[0].dts is None:
        packets[0].dts = packets[0].pts
    return packets


def bounds(source: Source, start_ms: int, stop_ms: int) -> tuple[int, int | None]:
    """The key frames around the part, as times of the pictures' own clock: the last one before it, and the first one behind it
    (None: the film ends before).
    """
    with _opened(source) as film:
        shown = _pictures(film)
        begin = shown.start_time or 0
        keys = sorted(one.pts for one in _packets(film, [shown]) if one.is_keyframe)
        per_ms = 1 / (1000 * shown.time_base)
    before = [one for one in keys if one - begin <= start_ms * per_ms] or keys[
        :1
    ]  # a film may begin between key frames
    behind = [one for one in keys if one - begin >= stop_ms * per_ms]
    if not before or before[-1] in behind:
        raise ValueError(NO_PART)
    return before[-1], behind[0] if behind else None


def cut(room: Room, start_ms: int, stop_ms: int) -> dict[str, object]:
    """Write the part. Where it begins and ends in milliseconds of the film, and how many pictures it has."""
    (sink,) = room.outputs
    first, last = bounds(room.source, start_ms, stop_ms)
    with _opened(room.source) as film:
        shown = _pictures(film)
        heard = film.streams.best("audio")
        kind = KINDS.get(film.format.name.split(",")[0])
        if kind is None:
            raise ValueError(NO_KIND)
        with av.open(sink, "w", format=kind) as made:
            tracks = {one.index: made.add_stream_from_template(one) for one in (shown, heard) if one is not None}
            pictures, ends = 0, first
            for packet in _within(film, [one for one in (shown, heard) if one is not None], shown, first, last):
                if packet.stream.index == shown.index:
                    pictures, ends = pictures + 1, max(ends, packet.pts + (packet.duration or 0))
                back = round(first * shown.time_base / packet.time_base)
                packet.pts, packet.dts = packet.pts - back, packet.dts - back
                packet.stream = tracks[packet.stream.index]
                made.mux(packet)
            begin = shown.start_time or 0
            milliseconds = [round(1000 * (at - begin) * shown.time_base) for at in (first, ends)]
            if milliseconds[1] <= start_ms:
                raise ValueError(NO_PART)
            sink.hold()
        sink.release()
    return {"from_ms": milliseconds[0], "to_ms": milliseconds[1], "pictures": pictures}


def _within(film: Any, streams: list[Any], shown: Any, first: int, last: int | None) -> Iterator[Any]:
    """The packets of the part, as they stand in the film: pictures from the first key frame to before the last, and the sound of
    that time. Pictures that are shown before the first key frame need what is not there and are left out.
    """
    begun = over = False
    for packet in _packets(film, streams):
        if packet.stream.index == shown.index:
            begun = begun or (packet.is_keyframe and packet.pts == first)
            over = over or (packet.is_keyframe and packet.pts == last)
            if begun and not over and packet.pts >= first:
                yield packet
        else:
            at = packet.pts * packet.time_base / shown.time_base
            if first <= at and (last is None or at < last):
                yield packet


def load(_files: Files) -> None:
    """All of the library, which says nothing of its own."""
    load_everything()
    av.logging.set_level(None)


def cutting(start_ms: int, stop_ms: int) -> Work:
    """The work for one part, which is the only output."""
    return Work(
        memory=MEMORY,
        outputs=1,
        load=load,
        run=lambda room: cut(room, start_ms, stop_ms),
        faults=(av.FFmpegError,),
        reasons=REASONS,
        otherwise=NO_FILM,
    )


if __name__ == "__main__":
    last = int(sys.argv.pop(2))
    serve(cutting(int(sys.argv.pop(1)), last))
