"""Reading uploads and receipts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

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


def stale(before: datetime) -> Sequence[Upload]:
    """Uploads that nobody touched since `before` and that are not accepted."""
    open_states = (Upload.State.RECEIVING, Upload.State.COMPLETE, Upload.State.REFUSED)
    return list(Upload.objects.filter(touched_at__lt=before, state__in=open_states)[:500])
