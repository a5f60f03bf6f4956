"""A worker: a program with a key in its memory alone, that does the jobs whose file key was lent to it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import sleep
from typing import Any

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections

from beeldkluis.jobs import actions, queries
from beeldkluis.jobs.errors import JobError, OverError, StoppedError
from beeldkluis.jobs.kinds import JobKind, find_kind
from beeldkluis.jobs.lent_key import Read, read_lent_key, source_of
from beeldkluis.jobs.models import Job
from beeldkluis.jobs.work import Work
from beeldkluis.journal.actor import Actor
from beeldkluis.sealed.age import Identity, SealError, open_bytes
from beeldkluis.sealed.derived import derived_file_key
from beeldkluis.vault.arrival import DURABLE_EVERY, has_room
from beeldkluis.vault.errors import GoneError, KeyAwayError, StoreError

EVERY = 2.0  # seconds between two looks for jobs
BEAT = timedelta(seconds=5)
EXTRA = timedelta(hours=1)  # what putting away may take beside the work
RETRIES = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds between two attempts at reading while the database is away
log = structlog.get_logger(__name__)


def serve(
    identity: Identity,
    *,
    actor: Actor,
    time: Callable[[], datetime],
    stop: threading.Event,
    warn: Callable[[str], None],
) -> None:
    """Do jobs until `stop` is set, then give back what was lent. `warn` is told when the database does not answer."""
    while not stop.is_set():
        with _warning(warn):
            actions.beat(identity, now=time())
            work(identity, actor=actor, time=time, stopping=stop.is_set)
        close_old_connections()
        stop.wait(EVERY)
    with _warning(warn):
        actions.give_back(identity, actor=actor, now=time())


@contextmanager
def _warning(warn: Callable[[str], None]) -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        warn(f"De database antwoordt niet: {error}")


def work(
    identity: Identity, *, actor: Actor, time: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False
) -> int:
    """Do every job whose key was lent to this worker. How many were tried; each ends as done, failed or cancelled, unless the
    database is away (OperationalError, InterfaceError): then it waits for another try of this worker.
    """
    tried, recipient = 0, str(identity.recipient)
    for job in queries.jobs_of(recipient):
        if stopping():
            break
        kind = find_kind(job.kind)
        if kind is None:
            actions.fail(job, actions.UNKNOWN, actor=actor, now=time())
            continue
        limit = kind.limit(job)
        until = time() + limit + EXTRA
        try:
            sealed = actions.claim(job, recipient, until=until, actor=actor, now=time())
        except GoneError:
            continue  # another worker's, or too late
        tried += 1
        _try(_Attempt(identity, actor, time, stopping, kind, job, limit), sealed)
    return tried


def _try(attempt: "_Attempt", sealed: bytes) -> None:
    job, reasons = attempt.job, attempt.kind.reasons
    try:
        attempt.carry_out(sealed)
    except OverError:
        job.refresh_from_db()
        attempt.kind.discard(job)
        return
    except StoppedError:
        reason = reasons.stopped
    except JobError as error:
        reason = error.reason
    except GoneError:
        reason = reasons.not_needed
    except (KeyAwayError, StoreError):  # not here now: that is another answer than gone
        log.exception("a place is away", job=str(job.pk))
        reason = reasons.away
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("the job does not work", job=str(job.pk))
        reason = reasons.broken.format(error=type(error).__name__)
    else:
        return
    actions.fail(job, reason, actor=attempt.actor, now=attempt.time())


@dataclass(slots=True)
class _Attempt:
    """One attempt at one job, and how it looks up from its work now and then."""

    identity: Identity
    actor: Actor
    time: Callable[[], datetime]
    stopping: Callable[[], bool]
    kind: JobKind[Any]
    job: Job
    limit: timedelta
    began: datetime = field(init=False)
    beat_at: datetime | None = None
    progress: float = 0.0
    first: tuple[datetime, float] | None = (
        None  # when progress was first told, and how much: earlier attempts count in it
    )
    room_at: int = 0

    def __post_init__(self) -> None:
        """The work begins now."""
        self.began = self.time()

    def carry_out(self, sealed: bytes) -> None:
        """Open the lent key, do the work, and keep what was made."""
        reasons = self.kind.reasons
        try:
            key = read_lent_key(open_bytes(sealed, [self.identity]))
            named = (key.recording, key.object) == (self.job.recording, self.job.object)
            if not named or not queries.is_lent_for(self.job) or not self.kind.is_as_asked(self.job):
                raise JobError(reasons.changed)
            read, size = source_of(key)
        except SealError as error:
            raise JobError(reasons.no_key) from error
        self.job.refresh_from_db()
        made = self.kind.run(
            Work(
                job=self.job,
                read=patient(read),
                size=size,
                limit=self.limit,
                look_up=self.look_up,
                keep_part=self.keep_part,
                derived_key=partial(derived_file_key, key.file_key),
            )
        )
        actions.finish(self.kind, self.job, made, actor=self.actor, now=self.time())

    def look_up(self, *, progress: float | None = None, written: int = 0, still_to_come: int = 0) -> None:
        """See jobs.work.LookUp."""
        if self.stopping():
            raise StoppedError
        now = self.time()
        if progress is not None:
            self.progress, self.first = progress, self.first or (now, progress)
        if now > self.began + self.limit + EXTRA:
            raise JobError(self.kind.reasons.too_slow)
        if self.beat_at is None or now - self.beat_at > BEAT:
            self._beat(now)
        if not self.room_at <= written < self.room_at + DURABLE_EVERY:
            self.room_at = written
            if not has_room(DURABLE_EVERY + still_to_come):
                raise JobError(self.kind.reasons.no_room)

    def _beat(self, now: datetime) -> None:
        self.beat_at = now
        try:
            actions.beat(self.identity, now=now, job=self.job.pk, progress=self.progress, left=self._seconds_left(now))
            still = queries.is_still(self.job)
        except DatabaseError:
            log.warning("a heartbeat was missed")
            close_old_connections()
            return
        if not still:
            raise OverError

    def _seconds_left(self, now: datetime) -> int | None:
        """By how fast it went in this attempt; None while that says nothing."""
        since, had = self.first or (now, 0.0)
        done, spent = self.progress - had, (now - since).total_seconds()
        return round(spent * (1.0 - self.progress) / done) if done > 0 else None

    def keep_part(self, part: int, keep: Callable[[], None]) -> None:
        """See jobs.work.KeepPart."""
        actions.keep_part(self.job, part, keep, actor=self.actor)
        self.job.parts_done = part


def patient(read: Read) -> Read:
    """Reads as `read`, and waits a minute for a database that is away: hours of work may hang on it."""

    def reading(start: int, stop: int) -> bytes:
        for wait in RETRIES:
            try:
                return read(start, stop)
            except (OperationalError, InterfaceError):
                log.warning("the database is away")
                close_old_connections()
                sleep(wait)
        return read(start, stop)

    return reading
