"""The steps of a viewing copy: asked for as a job with a lent key, and kept with its recording or written down as failed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from beeldkluis.cases.about import of
from beeldkluis.cases.models import Case
from beeldkluis.film.copying import Copy
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.jobs import actions as jobs
from beeldkluis.jobs.errors import JobError
from beeldkluis.jobs.impostor_actions import report_impostors
from beeldkluis.jobs.models import Job
from beeldkluis.jobs.queries import open_job
from beeldkluis.journal.actions import serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.people.queries import current_recipients
from beeldkluis.protocol.verdict import require
from beeldkluis.protocol.viewing import is_of_recording
from beeldkluis.vault import actions as vault
from beeldkluis.vault.errors import GoneError, KeyAwayError, KeyStoreError
from beeldkluis.viewing import copy_events as events
from beeldkluis.viewing import copy_queries as queries
from beeldkluis.viewing.copy_reasons import NEW_KEYS, NOT_NEEDED, REASONS, TASK
from beeldkluis.viewing.models import Opening, ViewingCopy

State = ViewingCopy.State


@dataclass(frozen=True, slots=True)
class Made:
    """A copy that is sealed and durable, for the recipients in force when it was begun."""

    copy: Copy
    prepared: vault.Prepared
    recipients: tuple[str, ...]


def ask(
    opening: Opening, clip: UUID, *, worker: str, sealed_file_key: bytes, actor: Actor, now: datetime
) -> ViewingCopy:
    """Ask for a copy of one clip of the recording that is open, and lend its file key to the worker to whose key it was sealed in
    the browser: an act of its own. Asking again while one is being made changes nothing. Refused without a worker.
    """
    case = Case.objects.get(reference=opening.case)
    report_impostors(actor=Actor.system("copies"), now=now)
    with serialised():
        known = ViewingCopy.objects.select_for_update().filter(clip=clip).first()
        if known is not None and (known.state == State.MADE or _is_waited_for(known)):
            return known
        with step("viewing.ask_copy", actor=actor, about=of(case.reference, case.kind)) as record:
            _belongs(opening, clip)
            job = jobs.ask(
                TASK, object_id=clip, recording=opening.recording, worker=worker, sealed_file_key=sealed_file_key,
                actor=actor, now=now,
            )  # fmt: skip
            made = known or ViewingCopy(recording=opening.recording, clip=clip)
            made.state, made.job, made.reason = State.ASKED, job.pk, ""
            made.object, made.case, made.asked_at = uuid4(), case.reference, now
            made.save()
            assert job.lease is not None  # noqa: S101 - it was lent just now
            record(events.CopyAsked(recording=opening.recording, case=case.reference, clip=clip, lease=job.lease))
    return made


def _is_waited_for(copy: ViewingCopy) -> bool:
    """Does a job still wait or run for this copy? One that was asked of a job that is gone may be asked again."""
    return copy.state == State.ASKED and open_job(TASK, copy.clip) is not None


def _belongs(opening: Opening, clip: UUID) -> None:
    require(is_of_recording(in_recording=Clip.objects.filter(recording=opening.recording, object=clip).exists()))


def keep_copy(job: Job, made: Made, *, actor: Actor, now: datetime) -> events.CopyMade:  # noqa: ARG001 - by whom is in the step
    """Enter the copy with its recording, within the step in which its job is done. JobError when the recording is gone, or the
    keys are others since it was begun.
    """
    one = ViewingCopy.objects.select_for_update().get(job=job.pk)
    if not queries.is_as_asked(job) or one.object != made.prepared.object_id:
        raise JobError(REASONS.changed)  # the rows were changed while it was made: the journal says only what is so
    recording = Recording.objects.select_for_update(of=("self",)).get(pk=one.recording)
    if one.state != State.ASKED or recording.state == Recording.State.DESTROYED:
        raise JobError(NOT_NEEDED)
    if made.recipients != current_recipients():
        raise JobError(NEW_KEYS)
    _admit(made.prepared, now)
    one.state, one.made_at, one.reason = State.MADE, now, _remark(made.copy)
    one.save(update_fields=["state", "made_at", "reason"])
    return events.CopyMade(
        recording=one.recording,
        case=one.case,
        clip=one.clip,
        object=one.object,
        sealed_sha256=made.prepared.sealed_sha256,
        duration_ms=made.copy.duration_ms,
        skipped=made.copy.skipped,
        jumps=made.copy.jumps,
    )


def _admit(prepared: vault.Prepared, now: datetime) -> None:
    try:
        vault.admit(prepared, inner_kind="plain", now=now)
    except GoneError as error:
        raise JobError(NOT_NEEDED) from error
    except KeyAwayError:
        raise
    except KeyStoreError as error:  # sealed anew since, or too slow
        raise JobError(NEW_KEYS) from error


def _remark(copy: Copy) -> str:
    """What whoever looks must know of the film behind this copy; empty when there is nothing."""
    told = []
    if copy.skipped:
        told.append("Een deel van het bestand is beschadigd en staat niet in de kijkkopie.")
    if copy.jumps:
        told.append("De klok van het bestand verspringt. De kijkkopie loopt daar door.")
    return " ".join(told)


def end_copy(job: Job, *, actor: Actor, now: datetime) -> events.CopyFailed:  # noqa: ARG001 - when and by whom is in the step
    """No copy this time, and why, within the step in which its job failed or was cancelled."""
    one = ViewingCopy.objects.select_for_update().filter(job=job.pk).first()
    if one is None:  # somebody changed the rows
        return events.CopyFailed(recording=job.recording, clip=job.object, reason=job.reason)
    one.state, one.reason = State.FAILED, job.reason
    one.save(update_fields=["state", "reason"])
    return events.CopyFailed(recording=one.recording, case=one.case, clip=one.clip, reason=one.reason)
