"""An analysis, a part of one and a draft as bytes, and back. The same content is always the same bytes (masking.canonical).

Bytes that are not exactly what writing their content gives are refused with ValueError. The size in bytes is limited before
anything is read, counts before any track or box is built.
"""

from dataclasses import astuple
from itertools import pairwise
from math import isfinite

from beeldkluis.masking.analysis import Analysis, Hit, Speech, Track
from beeldkluis.masking.boxes import Found, Kind
from beeldkluis.masking.canonical import (
    box_from,
    box_list,
    boxes_from,
    boxes_text,
    bytes_from,
    bytes_text,
    doubles_from,
    doubles_text,
    dump,
    just,
    listed,
    load,
    numbers,
    record,
    share,
    steps,
    stretches,
    text,
    whole,
    yes_or_no,
)
from beeldkluis.masking.draft import DRAWN, Change, Draft, Key, Mode
from beeldkluis.masking.geometry import Move
from beeldkluis.masking.part import Part

ANALYSIS, PART, DRAFT = "beeldkluis.nl/analysis/1", "beeldkluis.nl/analysis-part/1", "beeldkluis.nl/redaction-draft/1"
ANALYSIS_BYTES, PART_BYTES, DRAFT_BYTES = 256 * 1024**2, 64 * 1024**2, 4 * 1024**2
FRAMES = 24 * 3600 * 60  # pictures: a day at sixty a second
DAY_MS, DAY_US = 24 * 3600 * 1000, 24 * 3600 * 1_000_000
TRACKS, STRETCHES, FOUND, LEVELS = 100_000, 100_000, 1_000, 16 * 1024**2
CHANGES, KEYS, PLACES = 10_000, 10_000, 20_000
REASON, NAME = 1_000, 120  # characters
PIXELS = 16_384  # of width and height


def analysis_bytes(analysis: Analysis) -> bytes:
    """An analysis as bytes."""
    return dump(
        {
            "borders": analysis.borders,
            "dark": analysis.dark,
            "duration_ms": analysis.duration_ms,
            "faint": [[frame, _found_record(found)] for frame, found in analysis.faint],
            "format": ANALYSIS,
            "height": analysis.height,
            "level_ms": analysis.level_ms,
            "levels": bytes_text(analysis.levels),
            "models": analysis.models,
            "speech": [(one.begin_ms, one.end_ms) for one in analysis.speech],
            "times_us": analysis.times_us,
            "tracks": [_track_record(track) for track in analysis.tracks],
            "width": analysis.width,
        }
    )


def read_analysis(data: bytes) -> Analysis:
    """The analysis that bytes hold."""
    names = "borders dark duration_ms faint format height level_ms levels models speech times_us tracks width"
    fields = record(load(data, ANALYSIS_BYTES), names)
    times = numbers(fields["times_us"], FRAMES, 0, DAY_US)
    last = max(0, len(times) - 1)
    analysis = Analysis(
        width=whole(fields["width"], 1, PIXELS),
        height=whole(fields["height"], 1, PIXELS),
        times_us=times,
        duration_ms=whole(fields["duration_ms"], 0, DAY_MS),
        borders=numbers(fields["borders"], len(times), 0, last),
        tracks=tuple(_track(one, len(times)) for one in listed(fields["tracks"], TRACKS)),
        speech=tuple(Speech(*one) for one in stretches(fields["speech"], STRETCHES, DAY_MS)),
        levels=bytes_from(fields["levels"], LEVELS),
        level_ms=whole(fields["level_ms"], 1, DAY_MS),
        models=tuple(_model(one) for one in listed(fields["models"], 100)),
        faint=tuple(_faint(one, last) for one in listed(fields["faint"], STRETCHES)),
        dark=stretches(fields["dark"], STRETCHES, last),
    )
    if len({track.number for track in analysis.tracks}) != len(analysis.tracks):
        raise ValueError("two tracks of one number")
    _check(analysis_bytes(analysis), data)
    return analysis


def _check(written: bytes, data: bytes) -> None:
    if written != data:
        raise ValueError("not the bytes that its content gives")


def _track_record(track: Track) -> dict[str, object]:
    return {
        "covers": boxes_text(track.covers),
        "first": track.first,
        "hit_boxes": boxes_text(hit.box for hit in track.hits),
        "hit_frames": [hit.frame for hit in track.hits],
        "hit_scores": [steps(hit.score) for hit in track.hits],
        "kind": track.kind,
        "number": track.number,
        "unsure": track.unsure,
    }


def _track(value: object, frames: int) -> Track:
    fields = record(value, "covers first hit_boxes hit_frames hit_scores kind number unsure")
    found_in = numbers(fields["hit_frames"], frames, 0, max(0, frames - 1))
    boxes = boxes_from(fields["hit_boxes"], len(found_in))
    scores = [share(one) for one in listed(fields["hit_scores"], len(found_in))]
    if not len(found_in) == len(boxes) == len(scores):
        raise ValueError("hits without a box or a score")
    track = Track(
        number=whole(fields["number"], 1, 1_000_000_000),
        kind=Kind(text(fields["kind"], NAME)),
        hits=tuple(Hit(*one) for one in zip(found_in, boxes, scores, strict=True)),
        first=whole(fields["first"], 0, max(0, frames - 1)),
        covers=boxes_from(fields["covers"], frames),
        unsure=stretches(fields["unsure"], STRETCHES, max(0, frames - 1)),
    )
    if not track.covers or track.last >= frames or track.number in DRAWN:
        raise ValueError("a track outside its film, or of a number that is a person's")
    if any(later <= earlier for (_, earlier), (later, _) in pairwise(track.unsure)):
        raise ValueError("unsure stretches out of order")
    return track


def _found_record(found: Found) -> list[object]:
    return [*box_list(found.box), found.kind, steps(found.score)]


def _found(value: object) -> Found:
    *four, kind, score = fields = listed(value, 6)
    if len(fields) != 6:
        raise ValueError("not what a detector found")
    return Found(box_from(four), Kind(text(kind, NAME)), share(score))


def _faint(value: object, last: int) -> tuple[int, Found]:
    frame, found = just(value, 2)
    return whole(frame, 0, last), _found(found)


def _model(value: object) -> tuple[str, str]:
    name, digest = (text(one, NAME) for one in just(value, 2))
    return name, digest


def part_bytes(part: Part) -> bytes:
    """A part of an analysis as bytes."""
    return dump(
        {
            "begin": part.begin,
            "borders": part.borders,
            "format": PART,
            "found": [[frame, [_found_record(one) for one in found]] for frame, found in part.found],
            "light": bytes_text(part.light),
            "moves": doubles_text(number for move in part.moves for number in astuple(move)),
            "times_us": part.times_us,
        }
    )


def read_part(data: bytes) -> Part:
    """The part that bytes hold."""
    fields = record(load(data, PART_BYTES), "begin borders format found light moves times_us")
    times = numbers(fields["times_us"], FRAMES, 0, DAY_US)
    six = doubles_from(fields["moves"], 6 * len(times))
    if len(six) != 6 * len(times) or not all(isfinite(one) for one in six):
        raise ValueError("moves that are none")
    begin = whole(fields["begin"], 0, FRAMES)
    last = begin + max(0, len(times) - 1)
    part = Part(
        begin=begin,
        times_us=times,
        moves=tuple(Move(*six[at : at + 6]) for at in range(0, len(six), 6)),
        borders=numbers(fields["borders"], len(times), begin, last),
        light=bytes_from(fields["light"], len(times)),
        found=tuple(_looked_at(one, begin, last) for one in listed(fields["found"], len(times))),
    )
    if len(part.light) != len(times):
        raise ValueError("pictures without their light")
    if any(later <= earlier for (earlier, _), (later, _) in pairwise(part.found)):
        raise ValueError("pictures that were looked at out of order")
    _check(part_bytes(part), data)
    return part


def _looked_at(value: object, first: int, last: int) -> tuple[int, tuple[Found, ...]]:
    frame, found = just(value, 2)
    return whole(frame, first, last), tuple(_found(one) for one in listed(found, FOUND))


def draft_bytes(draft: Draft) -> bytes:
    """A draft as bytes."""
    return dump(
        {
            "audible": draft.audible,
            "changes": [_change_record(change) for change in draft.changes],
            "checked": draft.checked,
            "format": DRAFT,
            "mode": draft.mode,
        }
    )


def read_draft(data: bytes) -> Draft:
    """The draft that bytes hold."""
    fields = record(load(data, DRAFT_BYTES), "audible changes checked format mode")
    draft = Draft(
        mode=Mode(text(fields["mode"], NAME)),
        changes=tuple(_change(one) for one in listed(fields["changes"], CHANGES)),
        audible=stretches(fields["audible"], STRETCHES, DAY_MS),
        checked=tuple(text(one, NAME) for one in listed(fields["checked"], PLACES)),
    )
    _check(draft_bytes(draft), data)
    return draft


def _change_record(change: Change) -> dict[str, object]:
    return {
        "begin": change.begin,
        "end": change.end,
        "free": change.free,
        "joined": change.joined,
        "keys": [{"box": key.box and box_list(key.box), "frame": key.frame} for key in change.keys],
        "reason": change.reason,
        "removed": change.removed,
        "track": change.track,
    }


def _change(value: object) -> Change:
    fields = record(value, "begin end free joined keys reason removed track")
    change = Change(
        track=_number(fields["track"]),
        begin=None if fields["begin"] is None else whole(fields["begin"], 0, FRAMES),
        end=None if fields["end"] is None else whole(fields["end"], 0, FRAMES),
        free=yes_or_no(fields["free"]),
        keys=tuple(_key(one) for one in listed(fields["keys"], KEYS)),
        joined=tuple(_number(one) for one in listed(fields["joined"], TRACKS)),
        removed=yes_or_no(fields["removed"]),
        reason=text(fields["reason"], REASON),
    )
    if change.end is not None and change.end < (change.begin or 0):
        raise ValueError("a change that ends before it begins")
    if any(later.frame <= earlier.frame for earlier, later in pairwise(change.keys)):
        raise ValueError("keys out of order")
    if change.free and change.removed:
        raise ValueError("both free and removed")
    return change


def _number(value: object) -> int:
    return whole(value, 1, 1_000_000_000)


def _key(value: object) -> Key:
    fields = record(value, "box frame")
    return Key(whole(fields["frame"], 0, FRAMES), None if fields["box"] is None else box_from(fields["box"]))
