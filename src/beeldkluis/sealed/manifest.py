"""What a dock says of one file, signed with the dock's key (docs/spec/receipt-and-manifest.md)."""

import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from beeldkluis.sealed import statement
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.note import Signer

KIND = "beeldkluis.nl/manifest/v1"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_STRANGE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")  # what no database and no screen can hold
_LARGEST = 2**63 - 1
_LAST_YEAR = 9000  # a term is added to it
_TIMES = ("started_at", "activated_at", "ended_at")
_DOUBT = ("may_begin_earlier_ms", "may_end_later_ms")
_UNLESS_TOLD: dict[str, Any] = {
    **dict.fromkeys(_DOUBT, 0),
    "note": "",
}  # left out where it is this, as docks always did
MOST_DOUBT_MS = 3 * 3_600_000  # no clock of any zone jumps further
_LONGEST = {
    "serial": 64,
    "slot": 120,
    "volume_id": 120,
    "name": 200,
    "content_type": 60,
    "group": 100,
    "quarantine_reason": 500,
    "note": 500,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One file as the dock read and sealed it.

    Times are UTC by corrected clock (camera time plus `clock_offset_ms`); hashes are SHA-256 in hexadecimal, of the file
    on the camera and of the whole sealed object; sizes are bytes. Files of one camera with the same `group` are clips of one
    recording, in order of `position`. `may_begin_earlier_ms` and `may_end_later_ms` are not 0 where a camera that keeps local
    time leaves the hour in doubt. `quarantine_reason` is empty for film that a player can open; `note` is what stays in doubt of
    film that is not set apart. What is 0 or empty of these three stays out of the signed note.
    """

    upload: UUID
    serial: str
    slot: str
    volume_id: str
    name: str
    content_type: str
    source_sha256: str
    source_size: int
    sealed_sha256: str
    sealed_size: int
    started_at: datetime
    activated_at: datetime
    ended_at: datetime
    duration_ms: int | None
    has_sound: bool | None
    pre_event_ms: int
    clock_offset_ms: int | None
    recipients: tuple[str, ...]
    quarantine_reason: str
    group: str
    position: int
    may_begin_earlier_ms: int = 0
    may_end_later_ms: int = 0
    note: str = ""

    def sign(self, signer: Signer) -> str:
        """The signed note."""
        content: dict[str, Any] = asdict(self) | {"upload": str(self.upload), "recipients": list(self.recipients)}
        content |= {name: statement.write_time(content[name]) for name in _TIMES}
        content = {name: value for name, value in content.items() if value or name not in _UNLESS_TOLD}
        return statement.sign(KIND, content, signer)

    @classmethod
    def verify(cls, text: str, vkey: str) -> "Manifest":
        """The manifest. SealError for a wrong signature, a missing field, or one of the wrong shape."""
        content = _UNLESS_TOLD | statement.verify(KIND, text, vkey)
        if content.keys() != {one.name for one in fields(cls)}:
            raise SealError("the manifest has missing or unknown fields")
        named = content["recipients"]
        if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
            raise SealError("the manifest's recipients are no list of texts")
        _check_shapes(content)
        if any(content[name] > MOST_DOUBT_MS for name in _DOUBT):
            raise SealError("the manifest leaves more in doubt than clocks can jump")
        content |= {name: statement.read_time(content[name]) for name in _TIMES}
        try:
            content |= {"upload": UUID(content["upload"]), "recipients": tuple(content["recipients"])}
        except (ValueError, TypeError, AttributeError) as error:
            raise SealError("the manifest names no upload or no recipients") from error
        if not content["started_at"] <= content["activated_at"] <= content["ended_at"]:
            raise SealError("the manifest's times are not in order")
        if content["ended_at"].year > _LAST_YEAR:
            raise SealError("the manifest's times lie beyond any term")
        return cls(**content)


def _check_shapes(content: dict[str, Any]) -> None:
    for name in ("source_sha256", "sealed_sha256"):
        if not isinstance(content[name], str) or not _SHA256.fullmatch(content[name]):
            raise SealError(f"the manifest's {name} is no SHA-256")
    for name in ("source_size", "sealed_size", "pre_event_ms", "position", *_DOUBT):
        if type(content[name]) is not int or not 0 <= content[name] <= _LARGEST:
            raise SealError(f"the manifest's {name} is no whole number from zero to 2^63 - 1")
    for name, kind in (("duration_ms", int), ("clock_offset_ms", int), ("has_sound", bool)):
        if content[name] is not None and (type(content[name]) is not kind or abs(content[name]) > _LARGEST):
            raise SealError(f"the manifest's {name} has the wrong shape")
    for name, longest in _LONGEST.items():
        if not isinstance(content[name], str) or len(content[name]) > longest or _STRANGE.search(content[name]):
            raise SealError(f"the manifest's {name} is no text of at most {longest} characters")
    if not content["serial"] or not content["group"]:
        raise SealError("the manifest names no camera or no group")
