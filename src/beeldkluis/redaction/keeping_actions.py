"""What a job made for a copy is put away with its recording, or written down as failed, within the step that ends the job."""

from dataclasses import dataclass
from datetime import datetime

from beeldkluis.footage.models import Recording
from beeldkluis.jobs.errors import JobError
from beeldkluis.jobs.models import Job
from beeldkluis.journal.actor import Actor
from beeldkluis.people.queries import current_recipients
from beeldkluis.protocol.redaction import RedactionState, RedactionStep
from beeldkluis.redaction import events, queries
from beeldkluis.redaction.actions import go
from beeldkluis.redaction.models import Redaction, Rendering
from beeldkluis.redaction.reasons import CHANGED, NEW_KEYS, NOT_NEEDED
from beeldkluis.vault import actions as vault
from beeldkluis.vault.errors import GoneError, KeyAwayError, KeyStoreError
from beeldkluis.vault.parts import discard_parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found in a film, sealed and durable, for the recipients in force when it was begun. `models`: SHA-256 of each."""

    prepared: vault.Prepared
    recipients: tuple[str, ...]
    frames: int
    duration_ms: int
    tracks: int
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A copy of one version that is sealed and durable. `doubts`: places where the program is unsure."""

    prepared: vault.Prepared
    recipients: tuple[str, ...]
    version: int
    plain_sha256: str
    size: int
    duration_ms: int
    doubts: tuple[str, ...]


def keep_analysis(job: Job, made: Found, *, actor: Actor, now: datetime) -> events.AnalysisMade:  # noqa: ARG001 - in the step
    """Enter what was found with its recording. JobError when the recording is gone, or the keys are others since it was begun."""
    one = _as_asked(job, made.prepared, RedactionState.ASKED)
    _admit(made.prepared, made.recipients, now)
    go(one, RedactionStep.FIND)
    one.analysis, one.reason = one.object, ""
    one.frames, one.duration_ms, one.tracks = made.frames, made.duration_ms, made.tracks
    one.save(update_fields=["state", "analysis", "reason", "frames", "duration_ms", "tracks"])
    discard_parts(one.pk)  # were this taken back, the next attempt would make them anew
    return events.AnalysisMade(
        recording=one.recording, case=one.case.reference, clip=one.clip, object=one.object,
        sealed_sha256=made.prepared.sealed_sha256, duration_ms=made.duration_ms, frames=made.frames,
        tracks=made.tracks, models=made.models,
    )  # fmt: skip


def keep_copy(job: Job, made: Rendered, *, actor: Actor, now: datetime) -> events.CopyRendered:  # noqa: ARG001 - in the step
    """Enter the copy with its recording. JobError as above, and when what it was made of changed since."""
    one = _as_asked(job, made.prepared, RedactionState.RENDERING)
    if made.version != one.changed_in:
        raise JobError(CHANGED)
    _admit(made.prepared, made.recipients, now)
    go(one, RedactionStep.KEEP)
    one.reason = ""
    one.save(update_fields=["state", "reason"])
    Rendering.objects.create(
        redaction=one, version=made.version, object=one.object, sealed_sha256=made.prepared.sealed_sha256,
        plain_sha256=made.plain_sha256, size=made.size, duration_ms=made.duration_ms, doubts=list(made.doubts),
        made_at=now,
    )  # fmt: skip
    return events.CopyRendered(
        recording=one.recording, case=one.case.reference, clip=one.clip, version=made.version, object=one.object,
        sealed_sha256=made.prepared.sealed_sha256, plain_sha256=made.plain_sha256, duration_ms=made.duration_ms,
    )  # fmt: skip


def _as_asked(job: Job, prepared: vault.Prepared, state: RedactionState) -> Redaction:
    """The row that the job works on, locked, with its recording; JobError when either is not what was asked any more."""
    one = Redaction.objects.select_for_update(of=("self",)).select_related("case").filter(job=job.pk).first()
    if one is None or one.state != state or not queries.is_as_asked(job) or one.object != prepared.object_id:
        raise JobError(CHANGED)
    recording = Recording.objects.select_for_update(of=("self",)).get(pk=one.recording)
    if recording.state == Recording.State.DESTROYED:
        raise JobError(NOT_NEEDED)
    return one


def _admit(prepared: vault.Prepared, recipients: tuple[str, ...], now: datetime) -> None:
    if recipients != current_recipients():
        raise JobError(NEW_KEYS)
    try:
        vault.admit(prepared, inner_kind="plain", now=now)
    except GoneError as error:
        raise JobError(NOT_NEEDED) from error
    except KeyAwayError:
        raise
    except KeyStoreError as error:  # sealed anew since, or too slow
        raise JobError(NEW_KEYS) from error


def end_analysis(job: Job, *, actor: Actor, now: datetime) -> events.AnalysisFailed:  # noqa: ARG001 - in the step
    """Nothing was found this time, and why."""
    one = _ended(job, RedactionState.ASKED, RedactionStep.FAIL)
    case = one.case.reference if one is not None else ""
    return events.AnalysisFailed(recording=job.recording, case=case, clip=job.object, reason=job.reason)


def end_rendering(job: Job, *, actor: Actor, now: datetime) -> events.CopyLost:  # noqa: ARG001 - in the step
    """No copy this time, and why; what people reviewed stays."""
    one = _ended(job, RedactionState.RENDERING, RedactionStep.LOSE)
    case = one.case.reference if one is not None else ""
    return events.CopyLost(recording=job.recording, case=case, clip=job.object, reason=job.reason)


def _ended(job: Job, state: RedactionState, taken: RedactionStep) -> Redaction | None:
    one = Redaction.objects.select_for_update(of=("self",)).select_related("case").filter(job=job.pk).first()
    if one is not None and one.state == state:  # somebody may have changed the rows
        go(one, taken)
        one.reason = job.reason
        one.save(update_fields=["state", "reason"])
    return one
