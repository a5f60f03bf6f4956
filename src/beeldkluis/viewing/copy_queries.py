"""Reading viewing copies."""

from datetime import timedelta
from uuid import UUID

from beeldkluis.footage.models import Clip
from beeldkluis.jobs.models import Job
from beeldkluis.jobs.queries import progress_of
from beeldkluis.viewing.models import Opening, ViewingCopy

MOST_MS = 366 * 24 * 3_600_000  # of a film: what says to be longer than a year says nothing


def copy_of(opening: Opening, clip: UUID) -> ViewingCopy | None:
    """The viewing copy of a clip of the recording that is open."""
    return ViewingCopy.objects.filter(recording=opening.recording, clip=clip).first()


def copy_of_job(job: UUID) -> ViewingCopy | None:
    """The viewing copy that this job makes; None when it was asked of another job since."""
    return ViewingCopy.objects.filter(job=job).first()


def progress(copy: ViewingCopy) -> float | None:
    """How much of its film is done, 0 to 1; None while nobody is at it."""
    found = progress_of(copy.job) if copy.job is not None else None
    return None if found is None else found.progress


def is_as_asked(job: Job) -> bool:
    """Do copy and clip still belong to the object and recording of this job? Rows can be changed behind our back."""
    one = ViewingCopy.objects.filter(job=job.pk, clip=job.object, recording=job.recording).exists()
    return one and Clip.objects.filter(object=job.object, recording=job.recording).exists()


def told_length(clip: UUID) -> timedelta | None:
    """How long this film says to be; None when it does not say."""
    told = Clip.objects.filter(object=clip).values_list("duration_ms", flat=True).first()
    return None if told is None else timedelta(milliseconds=min(told, MOST_MS))
