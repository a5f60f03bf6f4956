"""Reading viewing copies and the programs that make them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from beeldkluis.viewing.models import CopyWorker, Opening, ViewingCopy

GONE = timedelta(seconds=60)  # a worker that said nothing for so long is asked nothing new
LOST = timedelta(minutes=10)  # and for so long has stopped: putting an hour of film away takes a while
ASKED = ViewingCopy.State.ASKED


def worker(now: datetime) -> CopyWorker | None:
    """A worker that runs, the newest; None when there is none."""
    return CopyWorker.objects.filter(seen_at__gt=now - GONE).order_by("-seen_at").first()


def copy_of(opening: Opening, clip: UUID) -> ViewingCopy | None:
    """The viewing copy of a clip of the recording that is open."""
    return ViewingCopy.objects.filter(recording=opening.recording, clip=clip).first()


def waiting() -> Sequence[ViewingCopy]:
    """Copies that were asked for and not made yet, the oldest first."""
    return list(ViewingCopy.objects.filter(state=ASKED).order_by("asked_at"))
