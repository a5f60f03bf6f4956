"""Reading copies in which others cannot be recognised."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef

from beeldkluis.cases.models import Case, CaseRecording
from beeldkluis.cases.queries import is_titular
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.jobs.models import Heartbeat, Job
from beeldkluis.jobs.queries import open_job, progress_of
from beeldkluis.masking.codec import read_draft
from beeldkluis.masking.draft import Draft, Mode
from beeldkluis.people.models import Person
from beeldkluis.protocol import redaction as rules
from beeldkluis.protocol.access import CaseFacts, may_look
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.redaction import RedactionState, Reviewed
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict
from beeldkluis.redaction.models import Approval, Look, Redaction, Rendering

MOST = 50  # copies that are named, or emptied, at once
MOST_MS = 366 * 24 * 3_600_000  # of a film: what says to be longer than a year says nothing
Step = Approval.Step


def may_work(case: Case, person: Person) -> Verdict:
    """May this person work on the copies of this case? Whoever may open its footage for it (protocol.access)."""
    return _may_work(case, person, titular=is_titular(person.as_actor), protocol=in_force())


def _may_work(case: Case, person: Person, *, titular: bool, protocol: Protocol) -> Verdict:
    facts = CaseFacts(case.reference, CaseKind(case.kind), CaseState(case.state), case.about_team_manager)
    return may_look(
        role=Role(person.acting) if person.is_active else None, purpose=Purpose.REDACT, case=facts, titular=titular,
        protocol=protocol,
    )  # fmt: skip


def redaction_of(case: Case, clip: UUID) -> Redaction | None:
    """The copy of this film under this case, however far it is."""
    return Redaction.objects.select_related("case", "changed_by").filter(case=case, clip=clip).first()


def redactions_of(case: Case) -> Mapping[UUID, Redaction]:
    """Film -> its copy under this case."""
    return {one.clip: one for one in Redaction.objects.select_related("case").filter(case=case)}


def of_job(job: UUID) -> Redaction | None:
    """What this job works on; None when it was asked of another job since."""
    return Redaction.objects.select_related("case").filter(job=job).first()


def is_as_asked(job: Job) -> bool:
    """Do film and recording still belong to what was asked of this job? Rows can be changed behind our back."""
    mine = Redaction.objects.filter(job=job.pk, clip=job.object, recording=job.recording).exists()
    return mine and Clip.objects.filter(object=job.object, recording=job.recording).exists()


def is_worked_on(one: Redaction) -> bool:
    """Does a job wait or run for it?"""
    return one.job is not None and Job.objects.filter(pk=one.job, state__in=("waiting", "running")).exists()


def elsewhere(kind: str, clip: UUID, one: Redaction | None) -> str:
    """The case for which another job of this kind is busy with this film; empty when there is none."""
    job = open_job(kind, clip)
    if job is None or (one is not None and one.job == job.pk):
        return ""
    other = of_job(job.pk)
    return other.case.reference if other is not None else "onbekend"


def progress(one: Redaction) -> Heartbeat | None:
    """How far its job is; None while nobody is at it."""
    return progress_of(one.job) if one.job is not None else None


def draft_of(one: Redaction) -> Draft:
    """What people made of it; ValueError when the row was changed into what is none."""
    return read_draft(bytes(one.draft)) if one.draft else Draft(Mode.INVERTED)


def freed(draft: Draft) -> int:
    """How many stretches of a track are freed."""
    return sum(one.free and not one.removed for one in draft.changes)


def may_render(one: Redaction) -> Verdict:
    """May the copy be made of what its draft says now? ValueError as above."""
    draft = draft_of(one)
    return rules.may_render(inverted=draft.mode is Mode.INVERTED, freed=freed(draft) > 0)


def rendering_of(one: Redaction) -> Rendering | None:
    """The copy of what it says now; None while that is not made, or when it was changed since."""
    return one.renderings.filter(version=one.changed_in).first()


def approved(case: str, recording: UUID) -> Mapping[UUID, UUID]:
    """Film -> the sealed object of its approved copy, of this case and no other. Asked at every piece of film, so in one
    question.
    """
    found = Rendering.objects.filter(
        redaction__case__reference=case,
        redaction__recording=recording,
        redaction__state=RedactionState.APPROVED,
        version=F("redaction__changed_in"),
        approvals__step=Step.APPROVED,
    )
    return dict(found.values_list("redaction__clip", "object"))


def approved_of(case: str, recordings: Sequence[UUID]) -> frozenset[UUID]:
    """Of these recordings those with an approved copy under this case."""
    found = Rendering.objects.filter(
        redaction__case__reference=case,
        redaction__recording__in=recordings,
        redaction__state=RedactionState.APPROVED,
        version=F("redaction__changed_in"),
        approvals__step=Step.APPROVED,
    )
    return frozenset(found.values_list("redaction__recording", flat=True))


def copies_ever(case: str, recording: UUID) -> Sequence[tuple[UUID, UUID]]:
    """Film and sealed object of every copy that was made under this case, also of before a change."""
    found = Rendering.objects.filter(redaction__case__reference=case, redaction__recording=recording)
    return list(found.values_list("redaction__clip", "object"))


def to_check(case: str, recording: UUID) -> Mapping[UUID, Rendering]:
    """Film -> the copy of what its draft says now, approved or not yet, under this case."""
    found = Rendering.objects.filter(
        redaction__case__reference=case, redaction__recording=recording, version=F("redaction__changed_in")
    )
    usable = found.exclude(redaction__state=RedactionState.WITHDRAWN).select_related("redaction")
    return {one.redaction.clip: one for one in usable}


def reviewed(one: Redaction, person: Person) -> Reviewed:
    """What this person saw and heard of the copy of what it says now, and what that copy asks."""
    draft, made = draft_of(one), rendering_of(one)
    looks = Look.objects.filter(redaction=one, version=one.changed_in, person=person)
    of_it = looks.filter(reported_at__gte=made.made_at) if made is not None else looks.none()
    told = [(look.start_ms, look.end_ms, look.heard) for look in of_it]
    return Reviewed(
        duration_ms=made.duration_ms if made is not None else one.duration_ms,
        played=tuple((start, end) for start, end, _ in told),
        heard=tuple((start, end) for start, end, heard in told if heard),
        audible=draft.audible,
        unchecked=len(set(made.doubts) - set(draft.checked)) if made is not None else 0,
        inverted=draft.mode is Mode.INVERTED,
        freed=freed(draft) > 0,
        made=made is not None,
    )


def waiting(states: Sequence[RedactionState]) -> Sequence[Redaction]:
    """Copies of granted requests in these states, of films that are still there and still belong to the case: few, as each is of
    a request that somebody works on.
    """
    belongs = CaseRecording.objects.filter(
        case=OuterRef("case"), recording=OuterRef("recording"), rejected_at=None, confirmed_at__isnull=False
    )
    here = Recording.objects.filter(pk=OuterRef("recording")).exclude(state=Recording.State.DESTROYED)
    found = Redaction.objects.select_related("case").filter(state__in=states, case__state=CaseState.GRANTED.value)
    return list(found.filter(Exists(belongs), Exists(here)).order_by("asked_at")[:MOST])


def waiting_for(person: Person, states: Sequence[RedactionState]) -> Sequence[Redaction]:
    """Of `waiting` what this person may work on: a case about whoever looks is another's. As many questions for 50 as for one."""
    titular, protocol = is_titular(person.as_actor), in_force()
    return [one for one in waiting(states) if _may_work(one.case, person, titular=titular, protocol=protocol).allowed]


def drafts_of_destroyed() -> Sequence[Redaction]:
    """Copies of films that are destroyed, of which it still stands what people drew."""
    gone = Recording.objects.filter(pk=OuterRef("recording"), state=Recording.State.DESTROYED)
    found = Redaction.objects.select_related("case").filter(Exists(gone)).exclude(draft=b"")
    return list(found.order_by("pk")[:MOST])


def may_approve(one: Redaction, person: Person) -> Verdict:
    """May this person approve the copy that somebody checked?"""
    first = checked_by(made) if (made := rendering_of(one)) is not None else None
    return rules.may_approve(
        leaves=one.leaves, same=first is None or first.person_id == person.pk, reviewed=reviewed(one, person),
        protocol=in_force(),
    )  # fmt: skip


def checked_by(rendering: Rendering) -> Approval | None:
    """Who checked it first."""
    return rendering.approvals.select_related("person").filter(step=Step.CHECKED).first()


def told_length(clip: UUID) -> timedelta | None:
    """How long this film says to be; None when it does not say."""
    told = Clip.objects.filter(object=clip).values_list("duration_ms", flat=True).first()
    return None if told is None else timedelta(milliseconds=min(told, MOST_MS))
