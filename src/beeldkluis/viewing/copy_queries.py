"""Reading viewing copies and the programs that make them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from beeldkluis.footage.models import Clip
from beeldkluis.vault.queries import lease_ended, lent_to
from beeldkluis.viewing.models import CopyWorker, Opening, ViewingCopy

GONE = timedelta(seconds=60)  # a worker that said nothing for so long is asked nothing new
LOST = timedelta(minutes=10)  # and for so long has stopped: putting an hour of film away takes a while
ASKED = ViewingCopy.State.ASKED


def worker(now: datetime) -> CopyWorker | None:
    """A worker that runs, the newest; None when there is none."""
    return CopyWorker.objects.filter(seen_at__gt=now - GONE).order_by("-seen_at").first()


def is_running(recipient: str, now: datetime) -> bool:
    """Does the worker with this key run?"""
    return CopyWorker.objects.filter(recipient=recipient, seen_at__gt=now - GONE).exists()


def copy_of(opening: Opening, clip: UUID) -> ViewingCopy | None:
    """The viewing copy of a clip of the recording that is open."""
    return ViewingCopy.objects.filter(recording=opening.recording, clip=clip).first()


def waiting() -> Sequence[ViewingCopy]:
    """Copies that were asked for and not made yet, the oldest first."""
    return list(ViewingCopy.objects.filter(state=ASKED).order_by("asked_at"))


def done_ms(one: ViewingCopy) -> int | None:
    """How many milliseconds of its film are done; None while nobody is at it."""
    return CopyWorker.objects.filter(copy=one.pk).values_list("done_ms", flat=True).first()


def is_lost(one: ViewingCopy, now: datetime) -> bool:
    """Can nobody make it any more? Its worker stopped, or the key that was lent for it was taken back."""
    if one.lease is None or lease_ended(one.lease):
        return True
    alive = CopyWorker.objects.filter(recipient=lent_to(one.lease), seen_at__gt=now - LOST)
    return one.asked_at < now - LOST and not alive.exists()


def told_length(one: ViewingCopy) -> timedelta | None:
    """How long its film says to be; None when it does not say."""
    told = Clip.objects.filter(object=one.clip).values_list("duration_ms", flat=True).first()
    return None if told is None else timedelta(milliseconds=told)
