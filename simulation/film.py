"""Cameras and their clocks, and the dock's door: real sealed objects go in, and are opened again with the team's key."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from beeldkluis.devices.models import Dock
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.intake.actions import accept
from beeldkluis.intake.models import Receipt, Upload
from beeldkluis.people.queries import current_recipients
from beeldkluis.protocol import local_clock
from beeldkluis.sealed import age
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.sealed.wrap import unwrap_header
from beeldkluis.vault.arrival import Arrival
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import SealedObject
from beeldkluis.vault.store import store_in_use
from simulation.law import ZONE

UNLIKELY = timedelta(weeks=4)  # a clock that nobody measured and that says this is not believed (I-48)


@dataclass(slots=True)
class Shot:
    """One event as it truly was, still on the camera: its parts one after another, and what the camera's clock is worth."""

    serial: str
    begun: datetime
    parts: list[timedelta]
    clock: str
    group: str

    @property
    def ended(self) -> datetime:
        """When the last part truly ended."""
        return self.begun + sum(self.parts, timedelta(0))


@dataclass(slots=True)
class Kept:
    """What somebody kept of one sealed object with an old backup: the header as it was wrapped, and what it opens."""

    object: UUID
    wrapped: bytes
    generation: int
    plain: bytes


@dataclass(slots=True)
class Told:
    """What the dock said of a shot: when, whether the clock was measured, and what it leaves in doubt."""

    begun: datetime
    ended: datetime
    measured: bool
    earlier: timedelta = timedelta(0)
    later: timedelta = timedelta(0)
    offset: timedelta | None = None


CLOCKS = (
    ("right",) * 12 + ("offset",) * 4 + ("slow measured",) + ("local",) * 2 + ("reset", "slow", "unmeasured", "ahead")
)


def told_by_dock(shot: Shot, at: datetime, rng: random.Random) -> Told:
    """What a dock makes of the camera's clock when it reads it `at` that moment."""
    if shot.clock == "local":
        return _by_local_time(shot, at)
    if shot.clock in {"right", "offset", "slow measured"}:
        return Told(shot.begun, shot.ended, measured=True)
    wrong = {
        "reset": datetime(2021, 1, 1, tzinfo=at.tzinfo) + timedelta(hours=rng.randrange(200)) - shot.begun,
        "slow": -timedelta(days=31),
        "unmeasured": timedelta(seconds=rng.randrange(-90, 90)),
        "ahead": timedelta(hours=rng.randrange(1, 40)),
    }[shot.clock]
    begun, ended = shot.begun + wrong, shot.ended + wrong
    if ended < at - UNLIKELY or ended > at + timedelta(days=1):
        return Told(at - (shot.ended - shot.begun), at, measured=False)  # then it counts as ended when it was read
    return Told(begun, ended, measured=False)


def _by_local_time(shot: Shot, at: datetime) -> Told:
    """The camera shows what stands on the wall; the dock measures the difference of now, and places the film by the zone."""
    begun, ended, now = (one.astimezone(ZONE).replace(tzinfo=UTC) for one in (shot.begun, shot.ended, at))
    offset = at - now
    said = local_clock.Said(begun, ended, shot.ended - shot.begun)
    placed = local_clock.place(said, offset=offset, now=at, latest=at + timedelta(minutes=5))
    if placed is None:
        return Told(begun + offset, ended + offset, measured=True, offset=offset)
    return Told(placed.started, placed.ended, measured=True, earlier=placed.earlier, later=placed.later, offset=offset)


@dataclass(slots=True)
class Door:
    """A dock that delivers through the program's own steps, with the keys of the team beside it."""

    dock: Dock
    team: list[age.Identity]  # the key of the team now is the last one
    kept: dict[UUID, list[Kept]] = field(default_factory=dict)

    def deliver(self, shot: Shot, part: int, told: Told, now: datetime) -> UUID:
        """One part of a shot; the recording that it belongs to. The same bytes each time: a dock may come again."""
        plain = f"{shot.serial} {shot.group} {shot.begun.isoformat()} {part}".encode()
        before = sum(shot.parts[:part], timedelta(0))
        begun = told.begun + before
        upload = Upload.objects.create(
            dock=self.dock, length=1, state=Upload.State.COMPLETE, made_at=now, touched_at=now
        )
        path = Arrival.of(upload.pk).path
        path.parent.mkdir(parents=True, exist_ok=True)
        recipients = [age.Recipient.parse(one) for one in current_recipients()]
        sealed = age.seal_bytes(plain, recipients)
        path.write_bytes(sealed)
        said: dict[str, Any] = {
            "upload": upload.pk, "serial": shot.serial, "slot": "1", "volume_id": shot.serial, "name": f"{part}.mp4",
            "content_type": "video/mp4", "source_sha256": hashlib.sha256(plain).hexdigest(), "source_size": len(plain),
            "sealed_sha256": hashlib.sha256(sealed).hexdigest(), "sealed_size": len(sealed), "started_at": begun,
            "activated_at": begun, "ended_at": begun + shot.parts[part], "duration_ms": _ms(shot.parts[part]),
            "has_sound": True, "pre_event_ms": 0, "clock_offset_ms": self._offset(shot, told) if told.measured else None,
            "recipients": current_recipients(), "quarantine_reason": "", "group": shot.group, "position": part,
            "may_begin_earlier_ms": _ms(told.earlier), "may_end_later_ms": _ms(told.later),
        }  # fmt: skip
        manifest = Manifest(**said)
        accept(upload, manifest, now=now)
        receipt = Receipt.objects.get(serial=shot.serial, source_sha256=said["source_sha256"])
        self._keep(receipt.recording, receipt.clip, plain)
        return receipt.recording

    def _offset(self, shot: Shot, told: Told) -> int:
        if told.offset is not None:
            return _ms(told.offset)
        return {"offset": 37_000, "slow measured": _ms(timedelta(days=31))}.get(shot.clock, 0)

    def _keep(self, recording: UUID, object_id: UUID, plain: bytes) -> None:
        row = SealedObject.objects.get(pk=object_id)
        known = self.kept.setdefault(recording, [])
        known[:] = [one for one in known if one.object != object_id]
        known.append(Kept(object_id, bytes(row.wrapped_header or b""), row.key_generation, plain))

    def opens(self, recording: UUID) -> bool:
        """Does everything of it open with the team's key, byte for byte?"""
        clips = set(Clip.objects.filter(recording=recording).values_list("object", flat=True))
        kept = [one for one in self.kept[recording] if one.object in clips]
        return bool(kept) and len(kept) == len(clips) and all(self._opens_now(one, recording) for one in kept)

    def _opens_now(self, one: Kept, recording: UUID) -> bool:
        row = SealedObject.objects.filter(pk=one.object).first()
        if row is None or row.wrapped_header is None:
            return False
        try:
            key = key_store_in_use().get(recording, row.key_generation)
            header = unwrap_header(key, bytes(row.wrapped_header), recording, one.object)
            file_key = age.open_header(header, self.team[-1:])
            payload = b"".join(store_in_use().read(str(one.object), 0, row.payload_size))
            reader = age.PayloadReader(lambda at, length: payload[at : at + length], len(payload), file_key)
            return b"".join(reader.read(0, reader.size)) == one.plain
        except Exception:  # whatever it is, it does not open
            return False

    def revived(self, recording: UUID) -> bool:
        """Of a destroyed recording: is there a key that unwraps the header that somebody kept in an old backup?"""
        for one in self.kept.get(recording, ()):
            try:
                key = key_store_in_use().get(recording, one.generation)
                age.open_header(unwrap_header(key, one.wrapped, recording, one.object), self.team)
            except Exception:  # noqa: S112 - no key, or none that fits: as it must be
                continue
            return True
        return False


def _ms(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)


def gone_of(ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Which of these the program says to be destroyed, and since when."""
    rows = Recording.objects.filter(pk__in=ids, destroyed_at__isnull=False)
    return {pk: at for pk, at in rows.values_list("pk", "destroyed_at") if at is not None}
