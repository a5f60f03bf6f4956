"""What a kind of job is, and which kinds there are: the setting JOB_KINDS names them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from django.conf import settings
from django.utils.module_loading import import_string

from beeldkluis.jobs.models import Job
from beeldkluis.jobs.reasons import Reasons
from beeldkluis.jobs.work import Work
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.events import Event
from beeldkluis.protocol.access import Act

Result = TypeVar("Result")
Kept_contra = TypeVar("Kept_contra", contravariant=True)


class Keep(Protocol[Kept_contra]):
    """Puts away what was made, within the transaction in which the job is done; what the journal says of it. JobError when it
    cannot be kept.
    """

    def __call__(self, job: Job, made: Kept_contra, *, actor: Actor, now: datetime) -> Event:
        """Keep it."""


class Ended(Protocol):
    """Changes the kind's own rows and tells whoever must know that the job failed or was cancelled, within its transaction; what
    the journal says of it. `job` has its state and reason.
    """

    def __call__(self, job: Job, *, actor: Actor, now: datetime) -> Event:
        """Write it down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind(Generic[Result]):
    """One kind of job. `run` does the work in the worker's memory, outside any transaction, and may take hours; `keep` and
    `ended` write what came of it. `limit` is how long a run may take, `waits` how long a lent key waits for its turn.

    `discard` gets the job in the state in which it ended, and may be asked twice. The parts of a failed one stay, because the
    next attempt goes on after them, and that attempt may be running already.
    """

    name: str  # also the task of its leases
    asked_by: Act
    reasons: Reasons
    limit: Callable[[Job], timedelta]
    is_as_asked: Callable[[Job], bool]  # do the kind's own rows still say what was asked?
    run: Callable[[Work], Result]
    keep: Keep[Result]
    ended: Ended
    discard: Callable[[Job], None]  # takes away the files that a job which ended left behind; see below
    waits: timedelta = timedelta(hours=6)


def kinds() -> tuple[JobKind[Any], ...]:
    """Every kind of job that this installation knows."""
    return tuple(import_string(place) for place in settings.JOB_KINDS)


def find_kind(name: str) -> JobKind[Any] | None:
    """The kind with this name; None when no package offers it, such as for a row of a program that is gone."""
    return next((one for one in kinds() if one.name == name), None)


def kind_of(name: str) -> JobKind[Any]:
    """The kind with this name. LookupError when no package offers it."""
    found = find_kind(name)
    if found is None:
        raise LookupError(f"no kind of job is called {name}")
    return found
