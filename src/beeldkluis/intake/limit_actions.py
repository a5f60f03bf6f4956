"""How much one sender may begin: no token, however it came into wrong hands, fills the disk or the tables.

Counted under the lock that every step takes first, so that requests at once do not slip past each other. These are
technical rows, so there is no entry; that a limit was met is a finding, once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache

from beeldkluis.devices.actions import dock_actor
from beeldkluis.devices.models import Dock
from beeldkluis.findings.actions import raise_finding
from beeldkluis.intake import queries
from beeldkluis.intake.models import AxisContainer, AxisSystem, Upload
from beeldkluis.journal.actions import serialised
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.protocol.finding import Doubt
from beeldkluis.vault import actions as vault
from beeldkluis.vault.arrival import Arrival, room

RULE = "intake.automatic"
MINUTE = timedelta(minutes=1)
LEFT_ALONE = timedelta(minutes=10)  # no dock goes on after so long: it begins the file anew
WHOLE = 100
FULL = "De schijf voor opnames is vol. Camera's blijven vol tot er ruimte is; er gaat niets verloren."
DISK_FULL = Doubt(RULE, "disk-full", FULL)


class TooManyError(Exception):
    """This sender began too much. It may try again after `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again after {seconds} seconds")
        self.seconds = seconds


class NoSpaceError(Exception):
    """There is no room for this, or this sender has what one sender may have."""


@dataclass(frozen=True, slots=True)
class _No:
    """Why an upload does not begin, and what people are told; None: nothing."""

    error: TooManyError | NoSpaceError
    told: Doubt | None = None


def report_full(actor: Actor, *, now: datetime) -> None:
    """Somebody must make room; cameras stay full meanwhile. Told once, until it is settled."""
    _tell(DISK_FULL, actor, now)


def _tell(doubt: Doubt, actor: Actor, now: datetime) -> None:
    with serialised():  # ten at once are told of once
        raise_finding(**doubt._asdict(), recording=None, bodycam=None, actor=actor, now=now)


def begin(dock: Dock, *, length: int, metadata: dict[str, str], now: datetime) -> Upload:
    """A new upload of `length` bytes. TooManyError, NoSpaceError; then nothing was begun.

    Of its own uploads that were left alone for ten minutes a dock loses the oldest when it is at its limit: the camera still
    has the file, and a dock that crashed often is not shut out.
    """
    with serialised():
        refusal = _refusal(dock, length, now)
        if refusal is None:
            upload = Upload.objects.create(dock=dock, length=length, metadata=metadata, made_at=now, touched_at=now)
            Arrival.of(upload.pk).make()
            return upload
    if refusal.told is not None:
        _tell(refusal.told, dock_actor(dock), now)
    raise refusal.error


def _refusal(dock: Dock, length: int, now: datetime) -> _No | None:
    if not _may_ask_now(f"begun-{dock.pk}", settings.UPLOADS_A_MINUTE, now):
        return _No(TooManyError(60))
    under_way = list(queries.under_way(dock))
    while under_way and under_way[0].touched_at < now - LEFT_ALONE and len(under_way) >= settings.UPLOADS_UNFINISHED:
        _forget(under_way.pop(0))
    if len(under_way) >= settings.UPLOADS_UNFINISHED:
        text = f"Dockingstation {dock.name} begint steeds nieuwe aanleveringen zonder ze af te maken. Kijk het na."
        return _No(TooManyError(60), Doubt(RULE, f"dock-unfinished:{dock.name}", text))
    free = room()
    if length > free - queries.still_to_come(since=now - LEFT_ALONE):
        return _No(NoSpaceError(), DISK_FULL)
    announced, written = sum(one.length for one in under_way), sum(one.offset for one in under_way)
    if (announced + length) * WHOLE > (free + written) * settings.UPLOADS_SHARE:
        text = f"Dockingstation {dock.name} kondigt meer aan dan waar voor één dockingstation ruimte is. Kijk het na."
        return _No(NoSpaceError(), Doubt(RULE, f"dock-too-much:{dock.name}", text))
    return None


def _forget(upload: Upload) -> None:
    vault.discard_staged(Arrival.of(upload.pk).path)
    upload.delete()


def _may_ask_now(what: str, most: int, now: datetime) -> bool:
    """Count one more in this minute. False when it is one too many. Inside the caller's turn."""
    key = f"{what}-{int(now.timestamp()) // 60}"
    count = cache.get(key, 0) + 1
    cache.set(key, count, timeout=MINUTE.total_seconds())
    return bool(count <= most)


def may_tell(system: AxisSystem, *, new: bool, now: datetime) -> None:
    """May this camera system tell one thing more? `new`: a container that is not there yet. TooManyError when it may not."""
    with serialised():
        often = _may_ask_now(f"axis-{system.pk}", settings.AXIS_WRITES_A_MINUTE, now)
        full = new and often and _unfinished(system) >= settings.AXIS_CONTAINERS_UNFINISHED
    if full:
        text = f"Camerasysteem {system.name} begint steeds nieuwe opnames zonder ze af te maken. Kijk het na."
        doubt = Doubt(RULE, f"system-unfinished:{system.name}", text)
        _tell(doubt, Actor(ActorKind.CAMERA_SYSTEM, f"axis-{system.pk}"), now)
    if full or not often:
        raise TooManyError(60)


def _unfinished(system: AxisSystem) -> int:
    return AxisContainer.objects.filter(system=system, registered_at=None).count()


def drop_empty_containers(*, now: datetime) -> int:
    """Remove containers of camera systems into which nothing came for a week; at most 500 at a time. How many.

    Lists of users, devices and systems have something in them, and stay.
    """
    empty = AxisContainer.objects.filter(registered_at=None, touched_at__lt=now - timedelta(days=7), items=None)
    found = list(empty.values_list("pk", flat=True)[:500])
    AxisContainer.objects.filter(pk__in=found, items=None).delete()
    return len(found)
