"""Reading uploads and receipts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Sum
from django.db.models.functions import Coalesce

from beeldkluis.devices.models import Dock
from beeldkluis.intake.models import Receipt, Upload


def receipt_for(serial: str, source_sha256: str) -> Receipt | None:
    """The receipt given for this file of this camera."""
    return Receipt.objects.filter(serial=serial, source_sha256=source_sha256).first()


def docks_of(recording: UUID) -> set[UUID]:
    """The docks that delivered files of a recording."""
    clips = Receipt.objects.filter(recording=recording).values("clip")
    return set(Upload.objects.filter(pk__in=clips).values_list("dock_id", flat=True))


def upload(upload_id: UUID, dock: Dock) -> Upload | None:
    """The dock's own upload."""
    return Upload.objects.filter(pk=upload_id, dock=dock).first()


UNDER_WAY = (Upload.State.RECEIVING, Upload.State.COMPLETE)


def under_way(dock: Dock) -> Sequence[Upload]:
    """The dock's uploads that were begun and not closed, the one left alone longest first."""
    return list(Upload.objects.filter(dock=dock, state__in=UNDER_WAY).order_by("touched_at"))


def still_to_come(since: datetime) -> int:
    """Bytes that uploads announced and that have not arrived; those count that something came for after `since`."""
    alive = Upload.objects.filter(state=Upload.State.RECEIVING, touched_at__gte=since)
    return int(alive.aggregate(total=Coalesce(Sum("length") - Sum("offset"), 0))["total"])


def stale(before: datetime) -> Sequence[Upload]:
    """Uploads that nobody touched since `before` and that are not accepted."""
    open_states = (Upload.State.RECEIVING, Upload.State.COMPLETE, Upload.State.REFUSED)
    return list(Upload.objects.filter(touched_at__lt=before, state__in=open_states)[:500])
