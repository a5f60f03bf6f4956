"""A small kind of job of the tests' own: counts the bytes of an object in four parts, each kept on the disk."""

import fcntl
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from beeldkluis.jobs.errors import JobError
from beeldkluis.jobs.kinds import JobKind
from beeldkluis.jobs.models import Job
from beeldkluis.jobs.reasons import Reasons
from beeldkluis.jobs.work import Work
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.events import Event
from beeldkluis.protocol.access import Act
from beeldkluis.vault.events import LeftoverRemoved

PARTS = 4
PLACE = "tests.jobs.counting.COUNTING"
WORDS = Reasons(
    no_worker="Er is geen teller.", stopped="De teller is gestopt.", too_late="Te laat.", too_slow="Te langzaam.",
    no_room="Geen ruimte.", not_needed="Niet nodig.", changed="Veranderd.", away="Even weg.", no_key="Geen sleutel.",
    cancelled="Op verzoek gestopt.", broken="Het tellen is mislukt ({error}).",
)  # fmt: skip
ending: list[type[Exception]] = []  # what goes wrong when a job is ended
between: list[Callable[[int], object]] = []  # what a test lets happen before a part is kept
after: list[Callable[[], object]] = []  # what a test lets happen when all is counted, before the result is kept


def folder_of(job: Job) -> Path:
    """By object: the next attempt finds what the one before kept."""
    return Path(settings.STAGING_FOLDER) / "counted" / str(job.object)


def parts_of(job: Job) -> list[int]:
    return sorted(int(one.name) for one in folder_of(job).iterdir() if one.name.isdigit())


def note(job: Job, word: str) -> None:
    folder_of(job).mkdir(parents=True, exist_ok=True)
    with (folder_of(job) / "notes").open("a") as notes:
        notes.write(f"{word}\n")


def notes_of(job: Job) -> list[str]:
    return (folder_of(job) / "notes").read_text().split()


def run(work: Work) -> int:
    """The number of bytes. Notes which parts it counted, and whether another was counting at the same time."""
    folder = folder_of(work.job)
    note(work.job, "begun")
    with (folder / "alone").open("w") as alone:
        try:
            fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            note(work.job, "twice")
            raise JobError("twice") from None
        for part in range(work.job.parts_done + 1, PARTS + 1):
            _count(work, folder, part)
    for happens in after:
        happens()
    return sum(int((folder / str(part)).read_text()) for part in range(1, PARTS + 1))


def _count(work: Work, folder: Path, part: int) -> None:
    start, stop = (work.size * number // PARTS for number in (part - 1, part))
    note(work.job, f"counted-{part}")
    with (folder / str(part)).open("w") as kept:
        kept.write(str(len(work.read(start, stop))))
        kept.flush()
        os.fsync(kept.fileno())
    for happens in between:
        happens(part)
    work.look_up(progress=part / PARTS)
    note(work.job, f"went-on-{part}")
    work.keep_part(part, lambda: note(work.job, f"kept-{part}"))


def keep(job: Job, made: int, *, actor: Actor, now: datetime) -> Event:
    note(job, f"made-{made}")
    return LeftoverRemoved(recording=job.recording, kind="counted", name=str(made))


def ended(job: Job, *, actor: Actor, now: datetime) -> Event:
    for error in ending:
        raise error
    return LeftoverRemoved(recording=job.recording, kind=f"count-{job.state}", name=job.reason)


def discard(job: Job) -> None:
    """What was counted for a job that somebody cancelled; of one that failed it stays."""
    note(job, "discarded")
    if job.state == Job.State.CANCELLED:
        for part in range(1, PARTS + 1):
            (folder_of(job) / str(part)).unlink(missing_ok=True)


def known(job: Job) -> bool:
    return job.object != UUID(int=0)


COUNTING = JobKind(
    name="tests-counting",
    asked_by=Act.OPEN_RECORDING,
    reasons=WORDS,
    limit=lambda _job: timedelta(hours=1),
    is_as_asked=known,
    run=run,
    keep=keep,
    ended=ended,
    discard=discard,
)
