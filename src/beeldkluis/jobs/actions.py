"""The steps of a job: asked with a lent key, claimed by the worker that has it, kept by parts, and ended."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from beeldkluis.jobs import events, queries
from beeldkluis.jobs.errors import OverError
from beeldkluis.jobs.kinds import JobKind, find_kind, kind_of
from beeldkluis.jobs.models import Heartbeat, Job, Worker
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.protocol.lending import may_lend
from beeldkluis.sealed.age import Identity
from beeldkluis.vault import actions as vault
from beeldkluis.vault.errors import GoneError

MOST = 300  # letters of a reason
UNKNOWN = "Deze server kent dit soort werk niet."
State = Job.State
log = structlog.get_logger(__name__)


def ask(
    kind_name: str,
    *,
    object_id: UUID,
    recording: UUID,
    worker: str,
    sealed_file_key: bytes,
    actor: Actor,
    now: datetime,
) -> Job:
    """Ask for a job, and lend the object's file key to the worker to whose key it was sealed in the browser. Within the caller's
    step, which says what was asked; the lease has an entry of its own. Asking again while one waits or runs changes nothing;
    after one that failed, it goes on after the parts that were kept.

    Refused without a worker that runs. SealError or ValueError for what is no sealed key, GoneError for an object that is gone.
    """
    kind = kind_of(kind_name)
    require(allowed(actor, kind.asked_by))
    with serialised():
        if (known := queries.open_job(kind.name, object_id)) is not None:
            return known
        require(may_lend(runs=queries.is_running(worker, now), no_worker=kind.reasons.no_worker))
        lease = vault.grant_lease(
            object_id=object_id, sealed_file_key=sealed_file_key, worker=worker, task=kind.name,
            expires_at=now + kind.waits, actor=actor, now=now,
        )  # fmt: skip
        last = queries.last_job(kind.name, object_id)
        return Job.objects.create(
            kind=kind.name, object=object_id, recording=recording, lease=lease.pk, asked_at=now,
            attempt=last.attempt + 1 if last is not None else 1, parts_done=queries.parts_left_by(last),
        )  # fmt: skip


def claim(job: Job, worker: str, *, until: datetime, actor: Actor, now: datetime) -> bytes:
    """This worker takes the job; the file key as it was sealed for it. Also the same worker again, when the database was away.
    GoneError when it is another worker's, or over.
    """
    with step("jobs.claim", actor=actor) as record:
        locked = _mine(job)
        if locked is None or locked.lease is None:
            raise GoneError(f"job {job.pk} is over")
        sealed = vault.take_lease(lease_id=locked.lease, worker=worker, actor=actor, now=now, expires_at=until)
        locked.state, locked.started_at = State.RUNNING, now
        locked.save(update_fields=["state", "started_at"])
        record(events.JobClaimed(recording=job.recording, job=job.pk, kind=job.kind, parts_done=locked.parts_done))
    return sealed


def beat(
    identity: Identity, *, now: datetime, job: UUID | None = None, progress: float = 0.0, left: int | None = None
) -> None:
    """This worker runs, and is so far with this job. No entry: see journal.guard."""
    recipient = str(identity.recipient)
    told = {"seen_at": now, "said": queries.heartbeat_note(recipient, now)}
    Worker.objects.update_or_create(recipient=recipient, defaults=told, create_defaults=told | {"begun_at": now})
    Worker.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
    if job is not None:
        far = {"at": now, "progress": min(max(progress, 0.0), 1.0), "seconds_left": left}
        Heartbeat.objects.update_or_create(job_id=job, defaults=far)


def keep_part(job: Job, part: int, keep: Callable[[], None], *, actor: Actor) -> None:
    """This part is durable: the next attempt goes on after it. OverError when the job is no longer ours."""
    with step("jobs.keep_part", actor=actor) as record:
        locked = _ours(job)
        if part != locked.parts_done + 1:
            raise ValueError(f"part {part} after {locked.parts_done}")
        keep()
        locked.parts_done = part
        locked.save(update_fields=["parts_done"])
        record(events.PartKept(recording=job.recording, job=job.pk, kind=job.kind, part=part))


def finish(kind: JobKind[Any], job: Job, made: object, *, actor: Actor, now: datetime) -> None:
    """The job is done, its kind keeps what was made, and the lent key goes. OverError when the job is no longer ours.

    What comes after the lease's time and before the key was taken back counts: it is sealed already, the key goes with it, and
    the journal says that its time was over. After that nothing counts.
    """
    with step("jobs.finish", actor=actor) as record:
        locked = _ours(job)
        event = kind.keep(locked, made, actor=actor, now=now)
        _end(locked, State.DONE, "", actor=actor, now=now)
        record(event)


def fail(job: Job, reason: str, *, actor: Actor, now: datetime) -> bool:
    """The job does not work, and why; the lent key goes, and what a stopped worker left behind. False when it was done, ended or
    taken back since it was read: then nothing changes.
    """
    return _give_up(job, State.FAILED, reason, actor=actor, now=now)


def cancel(job: Job, *, actor: Actor, now: datetime) -> bool:
    """Nobody wants it any more; a worker that is at it stops within a few seconds. What was kept of it does not count for another
    attempt. False when it was over already. Refused for whoever may not ask for this kind of job either.
    """
    return _give_up(job, State.CANCELLED, kind_of(job.kind).reasons.cancelled, actor=actor, now=now)


def _give_up(job: Job, state: Job.State, reason: str, *, actor: Actor, now: datetime) -> bool:
    kind = find_kind(job.kind)
    with serialised():
        locked = _mine(job)
        if locked is None:
            return False
        with step("jobs.give_up", actor=actor) as record:
            if state is State.CANCELLED and kind is not None:
                require(allowed(actor, kind.asked_by))
            _end(locked, state, reason[:MOST] if kind is not None else UNKNOWN, actor=actor, now=now)
            record(kind.ended(locked, actor=actor, now=now) if kind is not None else _unknown(locked))
    if kind is not None:
        kind.discard(locked)
    return True


def _unknown(job: Job) -> events.UnknownEnded:
    return events.UnknownEnded(recording=job.recording, job=job.pk, kind=job.kind)


def _end(locked: Job, state: Job.State, reason: str, *, actor: Actor, now: datetime) -> None:
    if locked.lease is not None:
        with suppress(GoneError):  # over already
            vault.end_lease(lease_id=locked.lease, actor=actor, now=now)
    locked.state, locked.lease, locked.ended_at, locked.reason = state, None, now, reason
    locked.save(update_fields=["state", "lease", "ended_at", "reason"])


def _mine(job: Job) -> Job | None:
    """The row, locked, as long as it is the same request that `job` was read as: what comes of another says nothing of it."""
    with serialised():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        return locked if locked.state in queries.OPEN and locked.lease == job.lease else None


def _ours(job: Job) -> Job:
    locked = _mine(job)
    if locked is None or not queries.has_key(locked):
        raise OverError
    return locked


def expire(*, actor: Actor, now: datetime) -> int:
    """Fail the jobs whose worker stopped, which took its key with it, or whose lent key waited too long; they may be asked again.
    How many jobs that were. One that cannot be ended keeps no other from it: its error is raised when all were tried.
    """
    lost = [one for one in queries.open_jobs() if queries.is_lost(one, now)]
    errors: list[Exception] = []
    for one in lost:
        try:
            fail(one, _why_lost(one), actor=actor, now=now)
        except Exception as error:
            log.exception("a lost job does not end", job=str(one.pk))
            errors.append(error)
    if errors:
        raise errors[0]
    return len(lost)


def _why_lost(job: Job) -> str:
    kind = find_kind(job.kind)
    if kind is None:
        return UNKNOWN
    return kind.reasons.stopped if queries.worker_of(job) else kind.reasons.too_late


def give_back(identity: Identity, *, actor: Actor, now: datetime) -> int:
    """This worker stops, and its key with it: what was lent to it may be asked of another at once. How many jobs that were."""
    mine = queries.jobs_of(str(identity.recipient))
    for one in mine:
        kind = find_kind(one.kind)
        fail(one, kind.reasons.stopped if kind is not None else UNKNOWN, actor=actor, now=now)
    Worker.objects.filter(recipient=str(identity.recipient)).delete()
    return len(mine)
