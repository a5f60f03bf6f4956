"""Reading viewing copies and the programs that make them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from beeldkluis.footage.models import Clip
from beeldkluis.journal.signer import signer
from beeldkluis.sealed import statement
from beeldkluis.sealed.errors import SealError
from beeldkluis.vault.queries import lease_ended, lent_object, lent_to
from beeldkluis.viewing.models import CopyWorker, Opening, ViewingCopy

GONE = timedelta(seconds=60)  # a worker that said nothing for so long is asked nothing new
LOST = timedelta(minutes=10)  # and for so long has stopped: putting an hour of film away takes a while
ASKED = ViewingCopy.State.ASKED
KIND = "beeldkluis.nl/copy-worker/v1"
MOST = 50  # rows that are looked at: no installation has so many workers


def sign_of_life(recipient: str, now: datetime) -> str:
    """What a worker signs: that the program with this key, which can read the vault's signing key, runs now."""
    return statement.sign(KIND, {"worker": recipient, "seen_at": statement.write_time(now)}, signer())


def signed_at(row: CopyWorker) -> datetime | None:
    """When the worker of this row last signed that it runs; None when nobody who holds the vault's key ever said so."""
    try:
        told = statement.verify(KIND, row.said, signer().vkey)
        return statement.read_time(told["seen_at"]) if told["worker"] == row.recipient else None
    except (SealError, KeyError):
        return None


def _runs(row: CopyWorker, now: datetime, within: timedelta = GONE) -> bool:
    """By its own signature, so that an old sign of life that is put back counts for nothing."""
    signed = signed_at(row)
    return signed is not None and now - within < signed < now + GONE


def worker(now: datetime) -> CopyWorker | None:
    """A worker that runs and that signed so, the newest; None when there is none."""
    found = CopyWorker.objects.filter(seen_at__gt=now - GONE).order_by("-seen_at")[:MOST]
    return next((one for one in found if _runs(one, now)), None)


def is_running(recipient: str, now: datetime, within: timedelta = GONE) -> bool:
    """Does the worker with this key run, by what it signed?"""
    row = CopyWorker.objects.filter(recipient=recipient).first()
    return row is not None and _runs(row, now, within)


def impostors() -> Sequence[CopyWorker]:
    """Rows of workers that are not what the vault's key signed: put in, changed, or put back by somebody who writes in the
    database.
    """
    found = ((one, signed_at(one)) for one in CopyWorker.objects.order_by("-seen_at")[:MOST])
    return [one for one, signed in found if signed is None or abs(one.seen_at - signed) >= timedelta(seconds=1)]


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
    return one.asked_at < now - LOST and not is_running(lent_to(one.lease), now, LOST)


def is_of_its_recording(one: ViewingCopy) -> bool:
    """Do clip, sealed object and lent key still belong to the recording of this copy? Rows can be changed behind our back."""
    clip = Clip.objects.filter(object=one.clip, recording=one.recording).exists()
    return clip and one.lease is not None and lent_object(one.lease) == (one.clip, one.recording)


def told_length(one: ViewingCopy) -> timedelta | None:
    """How long its film says to be; None when it does not say."""
    told = Clip.objects.filter(object=one.clip).values_list("duration_ms", flat=True).first()
    return None if told is None else timedelta(milliseconds=told)
