"""The wire of the Axis body-worn interface (docs/spec/axis.md): names, headers and times. Pure."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

from beeldkluis.journal.text import clean

SYSTEM, USERS, DEVICES, REJECTED = "System", "Users", "Devices", "RejectedContent_"
RECORDING = re.compile(r"(?P<user>[^_/]+)_(?P<serial>[^_/]+)_(?P<moment>\d{8}T\d{6}Z)")
CAPABILITIES = json.dumps(
    {
        "Read": {},
        "Store": {
            "StoreUserIDKey": True,
            "StoreBookmarks": True,
            "StoreGNSSTrackRecording": True,
            "StoreRejectedContent": True,
            "StoreSignedVideo": True,
        },
        "StoreAndRead": {"StoreReadSystemID": True},
    },
    sort_keys=True,
).encode()
CAPABILITIES_MD5 = hashlib.md5(
    CAPABILITIES, usedforsecurity=False
).hexdigest()  # what the interface asks, as a check sum
FILM = {".mkv": "video/x-matroska", ".mp4": "video/mp4"}
KEY_TYPE = "application/vnd.axis.key+json"
TRACK_TYPE = "application/vnd.axis.track+json"
BOOKMARK_TYPE = "text/vnd.axis.bookmark"
LONGEST_NAME = 256
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)  # a camera that says it filmed before this lost its clock
AHEAD = timedelta(minutes=5)
_BEGINS = re.compile(r"\d{8}_\d{6}_")
_TRACK = re.compile(r"(?P<start>\d{8}_\d{6})_(?P<recording>[^_.]+)_.*gpstrail\.json")


def content_type(name: str) -> str:
    """What an object is, by its name."""
    if name.startswith("bookmark_"):
        return BOOKMARK_TYPE
    if name.endswith("_gpstrail.json"):
        return TRACK_TYPE
    if name.endswith(".key"):
        return KEY_TYPE
    return FILM.get(name[-4:].lower(), "application/octet-stream")


def is_encrypted(name: str) -> bool:
    """Film and tracks come encrypted on the camera; keys and bookmarks do not."""
    return content_type(name) not in (KEY_TYPE, BOOKMARK_TYPE)


def is_film(name: str) -> bool:
    """Film, or something that is not named at all; no key, track or bookmark."""
    return content_type(name) not in (KEY_TYPE, TRACK_TYPE, BOOKMARK_TYPE)


def begins(name: str) -> bool:
    """Is this film named by the moment at which it begins: `<date>_<time>_<recording id>`?"""
    return _BEGINS.match(name) is not None


def key_name(name: str) -> str:
    """The name of the key object that belongs to a film: `<start time>_<recording id>.key`."""
    return f"{name.rpartition('.')[0]}.key"


def has_key(name: str, names: Collection[str], metadata: Mapping[str, str]) -> bool:
    """Is the key object of this film or track among the `names`? A track's name carries more than its key's; the key of a
    track is named by the start of the recording, which its container tells, and which the track is named by as a rule.
    """
    if not (track := _TRACK.fullmatch(name)):
        return key_name(name) in names
    begun = moment(metadata, "starttime")
    starts = {track["start"], f"{begun:%Y%m%d_%H%M%S}" if begun else track["start"]}
    return any(f"{start}_{track['recording']}.key" in names for start in starts)


def metadata(headers: Mapping[str, str], kind: str) -> dict[str, str]:
    """X-<kind>-Meta-* headers as {"starttime": …}: small letters, percent signs undone, at most 1,000 characters each."""
    prefix = f"x-{kind}-meta-"
    return {
        name.lower().removeprefix(prefix): clean(unquote(value))[:1000]
        for name, value in headers.items()
        if name.lower().startswith(prefix)
    }


def moment(metadata: Mapping[str, str], name: str) -> datetime | None:
    """A time from metadata: RFC 3339 under "<name>iso", or seconds since 1970 under "<name>"; None when neither is one."""
    try:
        if iso := metadata.get(f"{name}iso"):
            found = datetime.fromisoformat(iso)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        return datetime.fromtimestamp(float(metadata[name]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None


def _possible(found: datetime | None, now: datetime) -> datetime | None:
    return found if found is not None and EARLIEST <= found <= now + AHEAD else None


def _named(name: str) -> datetime | None:
    """The time in a container's name; None when it has none, or one that no calendar knows."""
    if (found := RECORDING.fullmatch(name)) is None:
        return None
    try:
        return datetime.strptime(found["moment"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Times:
    """A recording's moments, UTC: with what was before activation, and what came after."""

    started_at: datetime
    activated_at: datetime
    ended_at: datetime


def times(name: str, metadata: Mapping[str, str], now: datetime) -> Times | None:
    """From the container's metadata, with its name as the last resort; None when nothing says when it was.

    A time before 2020 or ahead of `now` was told by a camera that lost its clock, and counts for nothing. Without a time
    of the end it is `now`: the term runs from the latest moment it can have been.
    """

    def said(one: str) -> datetime | None:
        return _possible(moment(metadata, one), now)

    activated = said("triggerontime") or _possible(_named(name), now)
    started = said("starttime") or activated
    ended = said("stoptime") or said("triggerofftime") or now
    if started is None or activated is None:
        return None
    started = min(started, ended)
    return Times(started, min(max(activated, started), ended), ended)


def is_complete(metadata: Mapping[str, str]) -> bool:
    """Does the system say that everything of this recording came?"""
    return metadata.get("status", "").strip().lower() == "complete"


def says_end(metadata: Mapping[str, str], now: datetime) -> bool:
    """Does it say when the recording ended, at a moment that can be?"""
    return any(_possible(moment(metadata, name), now) is not None for name in ("stoptime", "triggerofftime"))


def ahead(metadata: Mapping[str, str], now: datetime) -> datetime | None:
    """The latest moment that the system tells and that is yet to come; None when there is none."""
    names = ("starttime", "triggerontime", "triggerofftime", "stoptime")
    return max((one for name in names if (one := moment(metadata, name)) is not None and one > now), default=None)


def serial(name: str, metadata: Mapping[str, str]) -> str:
    """The camera's serial number, from the metadata or the name; empty when neither says."""
    found = RECORDING.fullmatch(name)
    return (metadata.get("bwcserialnumber") or (found["serial"] if found else ""))[:64]


def holds_film(container: str) -> bool:
    """Is this a container for a recording, ordinary or rejected?"""
    return container.startswith(REJECTED) or RECORDING.fullmatch(container) is not None
