"""How a viewing copy is made: decoded in the confined process, sealed, and made durable. The job does the rest."""

import hashlib
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from beeldkluis.film.confined import Patience
from beeldkluis.film.copying import Copy, CopyError, make_copy
from beeldkluis.footage.models import Recording
from beeldkluis.jobs.errors import JobError
from beeldkluis.jobs.kinds import JobKind
from beeldkluis.jobs.models import Job
from beeldkluis.jobs.work import Work
from beeldkluis.journal.actions import serialised
from beeldkluis.people.queries import current_recipients
from beeldkluis.protocol.access import Act
from beeldkluis.sealed.age import Recipient, Sealer, build_header, new_file_key
from beeldkluis.vault import actions as vault
from beeldkluis.vault.arrival import Arrival, has_room
from beeldkluis.vault.files import digest_from_disk, new_file, write_all
from beeldkluis.vault.queries import generation
from beeldkluis.viewing import copy_queries as queries
from beeldkluis.viewing.copy_actions import Made, end_copy, keep_copy
from beeldkluis.viewing.copy_reasons import NOT_NEEDED, REASONS, TASK
from beeldkluis.viewing.models import ViewingCopy

SILENCE = 600.0  # seconds without a piece from the process that decodes, which goes last on a busy machine
PACE, EXTRA = 4, timedelta(hours=1)  # making takes at most so many times the film, and this
UNKNOWN, LONGEST = timedelta(hours=12), timedelta(hours=24)  # the same where the film does not say, and for any film


def limit_of(job: Job) -> timedelta:
    """How long making this copy may take."""
    told = queries.told_length(job.object)
    return UNKNOWN if told is None else min(LONGEST, EXTRA + PACE * min(told, LONGEST))


def run(work: Work) -> Made:
    """Make the copy and put it away durably. JobError when it cannot be made."""
    recipients, one = current_recipients(), queries.copy_of_job(work.job.pk)
    if one is None:
        raise JobError(REASONS.changed)
    if not has_room(2 * work.size):
        raise JobError(REASONS.no_room)
    length = queries.told_length(one.clip)

    def look_up(made: int, done_ms: int) -> None:
        progress = timedelta(milliseconds=done_ms) / length if length else 0.0
        work.look_up(progress=min(progress, 1.0), written=made, still_to_come=made)

    patience = Patience(SILENCE, work.limit.total_seconds(), look_up)
    with tempfile.TemporaryFile(dir=settings.STAGING_FOLDER) as scratch:
        try:
            copy = make_copy(work.read, work.size, scratch, patience)
        except CopyError as error:
            raise JobError(error.reason) from error
        return Made(copy, _put_away(one, copy, recipients, work), recipients)


def _put_away(one: ViewingCopy, copy: Copy, recipients: tuple[str, ...], work: Work) -> vault.Prepared:
    """Seal the copy, and put it away durably."""
    path = Arrival.of(one.object).path
    vault.discard_staged(path)
    try:
        sealed_sha256 = _stage(copy, path, recipients, work)
        found = digest_from_disk(path)
        work.look_up()
        return vault.prepare(
            recording=one.recording,
            object_id=one.object,
            staged=path,
            sealed_sha256=sealed_sha256,
            read_back=found,
            generation=_generation(one),
            joins=True,
        )
    finally:
        vault.discard_staged(path)


def _stage(copy: Copy, path: Path, recipients: tuple[str, ...], work: Work) -> str:
    """Seal the copy in a file of its own; the SHA-256 of all of it."""
    file_key, digest, written = new_file_key(), hashlib.sha256(), 0
    header = build_header(file_key, [Recipient.parse(to) for to in recipients])
    with new_file(path) as descriptor:
        write_all(descriptor, header)
        digest.update(header)
        for sealed in Sealer(file_key).chunks(copy.pieces()):
            write_all(descriptor, sealed)
            digest.update(sealed)
            written += len(sealed)
            work.look_up(written=written)
    return digest.hexdigest()


def _generation(one: ViewingCopy) -> int:
    """Of the shred key that the copy shares, asked at the last moment and under the recording's lock. JobError when it is
    destroyed.
    """
    with serialised():
        recording = Recording.objects.select_for_update(of=("self",)).get(pk=one.recording)
        number = generation(one.recording)
        if number is None or recording.state == Recording.State.DESTROYED:
            raise JobError(NOT_NEEDED)
        return number


def discard(job: Job) -> None:
    """What a stopped worker left in the staging folder; the sweep takes the rest after a day."""
    one = queries.copy_of_job(job.pk)
    if one is not None:
        with suppress(OSError):
            vault.discard_staged(Arrival.of(one.object).path)


VIEWING_COPY = JobKind(
    name=TASK,
    asked_by=Act.OPEN_RECORDING,
    reasons=REASONS,
    limit=limit_of,
    is_as_asked=queries.is_as_asked,
    run=run,
    keep=keep_copy,
    ended=end_copy,
    discard=discard,
)
