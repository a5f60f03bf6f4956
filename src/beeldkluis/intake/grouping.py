"""Which recording a file from a dock belongs to: its camera and number name it, its moments decide (protocol.recording)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import QuerySet

from beeldkluis.devices.models import Bodycam
from beeldkluis.devices.queries import bodycam_by_serial, officer_at
from beeldkluis.footage import queries as footage
from beeldkluis.footage.models import Recording
from beeldkluis.intake import queries
from beeldkluis.intake.models import Receipt
from beeldkluis.protocol.recording import NEAR, Beside, Moments, belongs, by_receipt
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.vault.queries import is_shredded


def first_choice(serial: str, group: str) -> UUID:
    """The recording that files of this camera with this group make, as long as nothing speaks against it. No serial number
    can be taken for another one with a group, nor for a container of an Axis system (`axis/…`).
    """
    camera = serial.replace("%", "%25").replace("/", "%2F")
    return uuid5(NAMESPACE_URL, f"beeldkluis:{'%61xis' if camera == 'axis' else camera}/{group}")


def recording_for(dock: UUID, manifest: Manifest, now: datetime) -> UUID:
    """The same file always belongs to the same recording, also after a crash half-way. A file joins the recording of its number
    that it lies closest to. One that fits none begins a recording of its own: after its recording was destroyed, from another
    dock, of another time or another officer. What is there stays as it is.
    """
    first, told = first_choice(manifest.serial, manifest.group), _moments(manifest)
    near = sorted(_near(dock, manifest), key=lambda one: (_gap(told, one), one.number))
    bodycam = bodycam_by_serial(manifest.serial) if near else None
    for known in near:
        if queries.docks_of(known.pk) == {dock} and _fits(known, manifest, bodycam, now) and not is_shredded(known.pk):
            return known.pk
    fresh = footage.get(first) is None and not is_shredded(first)
    return first if fresh else uuid5(first, manifest.source_sha256)


def namesakes(manifest: Manifest, dock: UUID, made: UUID) -> list[Recording]:
    """Other recordings that are there of this camera under this number, by number."""
    return list(_numbered(dock, manifest).exclude(pk=made).order_by("number"))


def _numbered(dock: UUID, manifest: Manifest) -> QuerySet[Recording]:
    first = first_choice(manifest.serial, manifest.group)
    told = Receipt.objects.filter(serial=manifest.serial, group=manifest.group).values_list("recording", flat=True)
    before = [first, uuid5(first, f"dock/{dock}")]  # of an older program, which kept no numbers with its receipts
    return footage.there_of(manifest.serial, {*told, *before})


def _near(dock: UUID, manifest: Manifest) -> Sequence[Recording]:
    """Nothing that lies further away than a day can be part of it."""
    found = _numbered(dock, manifest).select_related("bodycam")
    return list(found.filter(started_at__lte=manifest.ended_at + NEAR, ended_at__gte=manifest.started_at - NEAR))


def _moments(of: Manifest | Recording) -> Moments:
    return Moments(of.started_at, of.activated_at, of.ended_at)


def _gap(moments: Moments, known: Recording) -> timedelta:
    return max(moments.started_at - known.ended_at, known.started_at - moments.ended_at, timedelta(0))


def _fits(known: Recording, manifest: Manifest, bodycam: Bodycam | None, now: datetime) -> bool:
    told = _moments(manifest)
    clips = footage.clips(known.pk)
    taken = [one.position for one in clips] or [manifest.position]
    later = told.started_at >= known.started_at
    lengths = [one.duration_ms or 0 for one in clips] + [manifest.duration_ms or 0]
    worn = officer_at(bodycam, by_receipt(told, received_at=now).activated_at).officer
    beside = Beside(
        places=manifest.position - max(taken) if later else min(taken) - manifest.position,
        longest=timedelta(milliseconds=max(lengths)),
        same_wearer=worn == officer_at(known.bodycam, known.activated_at).officer,
        emptied=not Receipt.objects.filter(recording=known.pk, wiped_reported_at__isnull=True).exists(),
    )
    return belongs(
        told,
        known=_moments(known),
        received_at=known.received_at,
        now=now,
        clock_known=manifest.clock_offset_ms is not None,
        beside=beside,
    ).allowed
