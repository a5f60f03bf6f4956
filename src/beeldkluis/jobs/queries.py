"""Reading jobs and the workers that do them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from beeldkluis.jobs.models import Heartbeat, Job, Worker
from beeldkluis.journal.signer import signer
from beeldkluis.sealed import statement
from beeldkluis.sealed.errors import SealError
from beeldkluis.vault.queries import lease_ended, lent_object, lent_to

GONE = timedelta(seconds=60)  # a worker without a heartbeat for so long is asked nothing new
LOST = timedelta(minutes=10)  # and for so long has stopped: putting an hour of film away takes a while
OPEN = (Job.State.WAITING, Job.State.RUNNING)
KIND = "beeldkluis.nl/copy-worker/v1"  # of the signed note; its name is from when there were only viewing copies
MOST = 50  # rows that are looked at: no installation has so many workers


def heartbeat_note(recipient: str, now: datetime) -> str:
    """What a worker signs: that the program with this key, which can read the vault's signing key, runs now."""
    return statement.sign(KIND, {"worker": recipient, "seen_at": statement.write_time(now)}, signer())


def signed_at(row: Worker) -> datetime | None:
    """When the worker of this row last signed that it runs; None when nobody who holds the vault's key ever said so."""
    try:
        told = statement.verify(KIND, row.said, signer().vkey)
        return statement.read_time(told["seen_at"]) if told["worker"] == row.recipient else None
    except (SealError, KeyError):
        return None


def _runs(row: Worker, now: datetime, within: timedelta = GONE) -> bool:
    """By its own signature, so that an old heartbeat that is put back counts for nothing."""
    signed = signed_at(row)
    return signed is not None and now - within < signed < now + GONE


def worker(now: datetime) -> Worker | None:
    """A worker that runs and that signed so, the newest; None when there is none."""
    found = Worker.objects.filter(seen_at__gt=now - GONE).order_by("-seen_at")[:MOST]
    return next((one for one in found if _runs(one, now)), None)


def is_running(recipient: str, now: datetime, within: timedelta = GONE) -> bool:
    """Does the worker with this key run, by what it signed?"""
    row = Worker.objects.filter(recipient=recipient).first()
    return row is not None and _runs(row, now, within)


def impostors() -> Sequence[Worker]:
    """Rows of workers that are not what the vault's key signed: put in, changed, or put back by somebody who writes in the
    database.
    """
    found = ((one, signed_at(one)) for one in Worker.objects.order_by("-seen_at")[:MOST])
    return [one for one, signed in found if signed is None or abs(one.seen_at - signed) >= timedelta(seconds=1)]


def open_jobs() -> Sequence[Job]:
    """Jobs that wait or run, the oldest first."""
    return list(Job.objects.filter(state__in=OPEN).order_by("asked_at"))


def jobs_of(recipient: str) -> Sequence[Job]:
    """Those whose key was lent to this worker."""
    return [one for one in open_jobs() if worker_of(one) == recipient]


def worker_of(job: Job) -> str:
    """The recipient of the worker that has its lent key; empty when that was taken back."""
    return lent_to(job.lease) if job.lease is not None else ""


def open_job(kind: str, object_id: UUID) -> Job | None:
    """The job of this kind that waits or runs for this object."""
    return Job.objects.filter(kind=kind, object=object_id, state__in=OPEN).first()


def last_job(kind: str, object_id: UUID) -> Job | None:
    """The last attempt of this kind at this object, by its number: a clock may have been wrong."""
    return Job.objects.filter(kind=kind, object=object_id).order_by("-attempt").first()


def parts_left_by(last: Job | None) -> int:
    """How many parts the attempt before kept: none when that one was done or cancelled, or there was none."""
    return last.parts_done if last is not None and last.state == Job.State.FAILED else 0


def progress_of(job_id: UUID) -> Heartbeat | None:
    """How far the job is; None while nobody is at it."""
    return Heartbeat.objects.filter(job=job_id, job__state=Job.State.RUNNING).first()


def is_still(job: Job) -> bool:
    """Is this still the job, under the same lent key, as it was read?"""
    return Job.objects.filter(pk=job.pk, lease=job.lease, state__in=OPEN).exists()


def has_key(job: Job) -> bool:
    """Is a key still lent for it? Until somebody takes it back: when its time is over, the tick does."""
    return job.lease is not None and not lease_ended(job.lease)


def is_lost(job: Job, now: datetime) -> bool:
    """Can nobody do it any more? Its worker stopped, or the key that was lent for it was taken back."""
    if job.lease is None or not has_key(job):
        return True
    return job.asked_at < now - LOST and not is_running(lent_to(job.lease), now, LOST)


def is_lent_for(job: Job) -> bool:
    """Is the lent key still of the object and recording of this job? Rows can be changed behind our back."""
    return job.lease is not None and lent_object(job.lease) == (job.object, job.recording)
