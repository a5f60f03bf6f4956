"""`evidence.json` and the custody extract: the facts of a package for a machine and for a person."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from beeldkluis.bag.contents import Clip, Package, Recording
from beeldkluis.bag.names import Placed
from beeldkluis.documents.words import ZONE
from beeldkluis.sealed.statement import write_time

EVIDENCE = "data/evidence.json"
VERSION = 1
_CLIP = ("size", "sha256", "duration_ms", "frames", "clock_error_ms", "pre_event_ms", "pre_event_has_sound")


def evidence(package: Package, clips: tuple[Placed, ...]) -> bytes:
    """The facts as JSON (docs/spec/bag.md, section 5): sorted keys, times in UTC, milliseconds."""
    content = {
        "version": VERSION,
        "package": package.name,
        "municipality": package.municipality,
        "desk": package.desk,
        "receiver": package.receiver,
        "ground": package.ground,
        "made_at": package.made_at,
        "position": package.position,
        "count": package.count,
        "all_clips": [asdict(one) for one in package.all_clips],
        "recordings": [_recording(one, clips) for one in package.recordings],
    }
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False, default=_written)
    return (text + "\n").encode()


def _written(value: object) -> str:
    if isinstance(value, datetime):
        return write_time(value)
    raise TypeError(f"{type(value).__name__} is no fact of a package")


def _recording(recording: Recording, clips: tuple[Placed, ...]) -> dict[str, Any]:
    return {
        "number": recording.number,
        "bodycam": recording.bodycam,
        "clips": [_clip(one.clip, one.path) for one in clips if one.recording is recording],
        "gaps": [asdict(one) for one in recording.gaps],
        "custody": [asdict(one) for one in recording.custody],
    }


def _clip(clip: Clip, path: str) -> dict[str, Any]:
    facts = {name: getattr(clip, name) for name in _CLIP}
    return facts | {
        "path": path,
        "camera_name": clip.name.encode("utf-8", "backslashreplace").decode(),
        "is_renamed": path.rpartition("/")[2] != clip.name,
        "starts_at": clip.starts_at,
        "markers": [asdict(one) for one in clip.markers],
        "own_seals": [asdict(one) for one in clip.own_seals],
        "part_of": None if clip.part_of is None else asdict(clip.part_of),
    }


def custody_text(recording: Recording) -> bytes:
    """The custody extract of one recording, a line each, for people."""
    lines = [f"Herkomst van opname {recording.number}, bodycam {recording.bodycam}", ""]
    for one in sorted(recording.custody, key=lambda line: line.at):
        entry = "" if one.entry is None else f" (logboek, regel {one.entry})"
        lines.append(f"{one.at.astimezone(ZONE):%d-%m-%Y %H:%M:%S}  {_one_line(one.what)} - {_one_line(one.by)}{entry}")
    return ("\r\n".join(lines) + "\r\n").encode("utf-8", "backslashreplace")


def _one_line(text: str) -> str:
    return " ".join(text.split())
