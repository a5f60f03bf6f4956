"""The steps that people take for a copy in which others cannot be recognised (access-5, access-6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from uuid import UUID, uuid4

from beeldkluis.cases.about import about
from beeldkluis.cases.models import Case
from beeldkluis.cases.recording_queries import recordings_of
from beeldkluis.footage.models import Clip
from beeldkluis.jobs import actions as jobs
from beeldkluis.jobs.models import Job
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.rights import allowed
from beeldkluis.journal.text import is_whole
from beeldkluis.masking.codec import draft_bytes, read_draft
from beeldkluis.masking.draft import Draft, Mode
from beeldkluis.people.models import Person
from beeldkluis.protocol import redaction as rules
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.redaction import STEPS, RedactionState, RedactionStep
from beeldkluis.protocol.viewing import is_of_recording
from beeldkluis.protocol.watching import union
from beeldkluis.redaction import events, exemption_queries, queries
from beeldkluis.redaction.models import Approval, Exemption, Look, Redaction
from beeldkluis.redaction.reasons import ANALYSIS, RENDERING

FIRST = Draft(Mode.INVERTED)  # what nobody changed yet: everybody is covered


def _require_work(case: Case, person: Person) -> Case:
    """The case, locked, when this person may work on it now: case and role may have changed since the page."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    require(allowed(person.as_actor, Act.OPEN_RECORDING))
    require(queries.may_work(locked, Person.objects.get(pk=person.pk)))
    return locked


def _locked(one: Redaction) -> Redaction:
    return Redaction.objects.select_for_update(of=("self",)).select_related("case").get(pk=one.pk)


def go(one: Redaction, taken: RedactionStep) -> None:
    """Take a step of the table of states; Refused when it cannot be taken from here. The caller saves the row."""
    require(rules.may_step(taken, RedactionState(one.state)))
    one.state = STEPS[taken].to.value


def ask_analysis(
    case: Case, recording: UUID, clip: UUID, *, worker: str, sealed_file_key: bytes, person: Person, now: datetime
) -> Redaction:
    """Have a film searched for who and what must be covered, and lend its file key to the worker to whose key it was sealed in
    the browser. Asking again while that is being done changes nothing; after it failed, it goes on where it was.
    """
    with serialised():
        locked = _require_work(case, person)
        known = Redaction.objects.select_for_update(of=("self",)).filter(case=locked, clip=clip).first()
        if known is not None and known.state == RedactionState.ASKED and queries.is_worked_on(known):
            return known
        with step("redaction.ask_analysis", actor=person.as_actor, about=about(locked)) as record:
            require(is_of_recording(in_recording=_belongs(locked, recording, clip)))
            require(rules.is_free(elsewhere=queries.elsewhere(ANALYSIS, clip, known)))
            one = known or Redaction(case=locked, recording=recording, clip=clip, state=RedactionState.FAILED)
            if one.state == RedactionState.ASKED:
                one.state = RedactionState.FAILED  # its job is gone without a word
            go(one, RedactionStep.ASK)
            job = jobs.ask(
                ANALYSIS, object_id=clip, recording=recording, worker=worker, sealed_file_key=sealed_file_key,
                actor=person.as_actor, now=now,
            )  # fmt: skip
            one.version += 1
            one.changed_in, one.draft = one.version, draft_bytes(FIRST)
            one.job, one.object, one.reason, one.asked_at = job.pk, uuid4(), "", now
            one.save()
            assert job.lease is not None  # noqa: S101 - it was lent just now
            record(events.AnalysisAsked(recording=recording, case=locked.reference, clip=clip, lease=job.lease))
    return one


def _belongs(case: Case, recording: UUID, clip: UUID) -> bool:
    """Is it a film of a recording that belongs to this case and is still there?"""
    here = recording in {one.pk for one in recordings_of(case)}
    return here and Clip.objects.filter(recording=recording, object=clip).exists()


def save_draft(one: Redaction, data: bytes, *, known: int, person: Person, now: datetime) -> Redaction:
    """Save what somebody made of it, from version `known` on. Refused when another saved meanwhile: nothing is overwritten. Once
    the picture or the sound changes, no copy of before is shown any more.

    ValueError for bytes that are no draft, and for a reason that no page can show.
    """
    new = read_draft(data)
    if not all(is_whole(change.reason, lines=True) for change in new.changes):
        raise ValueError("control characters in a reason")
    with step("redaction.save_draft", actor=person.as_actor, about=about(one.case)) as record:
        _require_work(one.case, person)
        locked = _locked(one)
        require(is_of_recording(in_recording=_belongs(locked.case, locked.recording, locked.clip)))
        require(rules.may_save(version=locked.version, known=known))
        old = queries.draft_of(locked)
        require(rules.may_step(RedactionStep.SAVE, RedactionState(locked.state)))
        locked.version += 1
        locked.draft, locked.changed_by, locked.changed_at = data, person, now
        if replace(old, checked=()) != replace(new, checked=()):
            locked.changed_in = locked.version
            go(locked, RedactionStep.SAVE)
        locked.save()
        _log(locked, exemption_queries.between(old, new), person, now)
        record(
            events.DraftSaved(
                recording=locked.recording, case=locked.case.reference, clip=locked.clip, version=locked.version,
                changed_in=locked.changed_in, freed=queries.freed(new), sha256=sha256(data).hexdigest(),
            )
        )  # fmt: skip
    return locked


def _log(one: Redaction, lines: Sequence[exemption_queries.Line], person: Person, now: datetime) -> None:
    """All at once: a draft may have thousands of changes, and every other step waits meanwhile."""
    Exemption.objects.bulk_create(
        Exemption(
            redaction=one, version=one.version, track=line.track, what=line.what.value, begin_ms=begin, end_ms=end,
            reason=line.reason, person=person, at=now,
        )
        for line in lines
        for begin, end in [exemption_queries.moments(line, one)]
    )  # fmt: skip


def choose_use(one: Redaction, *, leaves: bool, person: Person, now: datetime) -> None:  # noqa: ARG001 - the entry has it
    """Say whether the copy is given away or stays in the room. Not once it was checked: whoever did knew for what."""
    with step("redaction.choose_use", actor=person.as_actor, about=about(one.case)) as record:
        _require_work(one.case, person)
        locked = _locked(one)
        require(rules.may_choose(RedactionState(locked.state)))
        locked.leaves = leaves
        locked.save(update_fields=["leaves"])
        told = "ja" if leaves else "nee"
        record(events.UseChosen(recording=locked.recording, case=locked.case.reference, clip=locked.clip, leaves=told))


def ask_rendering(
    one: Redaction, *, known: int, worker: str, sealed_file_key: bytes, person: Person, now: datetime
) -> Redaction:
    """Have the copy made of version `known`, which is what the person saw; the film's file key is lent for it, as above."""
    with serialised():
        case = _require_work(one.case, person)
        locked = _locked(one)
        if locked.state == RedactionState.RENDERING and queries.is_worked_on(locked):
            return locked
        with step("redaction.ask_rendering", actor=person.as_actor, about=about(case)) as record:
            require(rules.may_save(version=locked.version, known=known))
            require(queries.may_render(locked))
            require(rules.is_free(elsewhere=queries.elsewhere(RENDERING, locked.clip, locked)))
            if locked.state == RedactionState.RENDERING:
                locked.state = RedactionState.DRAFTED  # its job is gone without a word
            go(locked, RedactionStep.RENDER)
            job = jobs.ask(
                RENDERING, object_id=locked.clip, recording=locked.recording, worker=worker,
                sealed_file_key=sealed_file_key, actor=person.as_actor, now=now,
            )  # fmt: skip
            locked.job, locked.object, locked.reason, locked.asked_at = job.pk, uuid4(), "", now
            locked.save()
            assert job.lease is not None  # noqa: S101 - it was lent just now
            record(
                events.CopyAsked(
                    recording=locked.recording, case=case.reference, clip=locked.clip, version=locked.changed_in,
                    lease=job.lease,
                )
            )  # fmt: skip
    return locked


def cancel(one: Redaction, *, person: Person, now: datetime) -> bool:
    """Stop the job that is at it; what was reviewed stays. False when it was over already."""
    require(queries.may_work(one.case, person))
    job = Job.objects.filter(pk=one.job).first() if one.job is not None else None
    return job is not None and jobs.cancel(job, actor=person.as_actor, now=now)


def report_look(
    one: Redaction, spans: Sequence[tuple[int, int, bool]], *, version: int, person: Person, now: datetime
) -> bool:
    """Keep which stretches somebody played of the copy, in milliseconds, and whether the sound was on. False, and nothing is
    kept, when the picture or the sound changed since or the copy is not made yet: the film with boxes drawn over it is not it.
    """
    told = [
        (first, last, heard)
        for heard in (False, True)
        for first, last in union((start, end) for start, end, sound in spans if sound is heard)
    ]
    with serialised():
        _require_work(one.case, person)
        locked = _locked(one)
        if version != locked.changed_in or not told or queries.rendering_of(locked) is None:
            return False
        with step("redaction.report_look", actor=person.as_actor, about=about(locked.case)) as record:
            for start, end, heard in told:
                Look.objects.create(
                    redaction=locked, version=version, person=person, start_ms=start, end_ms=end, heard=heard,
                    reported_at=now,
                )  # fmt: skip
                record(
                    events.StretchReviewed(
                        recording=locked.recording, case=locked.case.reference, clip=locked.clip, version=version,
                        start_ms=start, end_ms=end, heard=heard,
                    )
                )  # fmt: skip
    return True


def check(one: Redaction, *, person: Person, now: datetime) -> None:
    """Call the copy good. Refused with what is missing while this person did not see and hear all of it."""
    with step("redaction.check", actor=person.as_actor, about=about(one.case)) as record:
        _require_work(one.case, person)
        locked = _locked(one)
        require(rules.may_step(RedactionStep.CHECK, RedactionState(locked.state)))
        require(rules.may_check(queries.reviewed(locked, person)))
        made = locked.renderings.get(version=locked.changed_in)
        go(locked, RedactionStep.CHECK)
        locked.save(update_fields=["state"])
        Approval.objects.create(rendering=made, step=Approval.Step.CHECKED, person=person, at=now)
        record(
            events.CopyChecked(
                recording=locked.recording, case=locked.case.reference, clip=locked.clip, version=made.version,
                object=made.object,
            )
        )  # fmt: skip


def approve(one: Redaction, *, person: Person, now: datetime) -> None:
    """Let the copy be shown. A copy that leaves the house needs another person than who checked it, who looked at all of it."""
    with step("redaction.approve", actor=person.as_actor, about=about(one.case)) as record:
        _require_work(one.case, person)
        locked = _locked(one)
        require(rules.may_step(RedactionStep.APPROVE, RedactionState(locked.state)))
        require(queries.may_approve(locked, person))
        made = locked.renderings.get(version=locked.changed_in)
        first = queries.checked_by(made)
        same = first is None or first.person_id == person.pk
        go(locked, RedactionStep.APPROVE)
        locked.save(update_fields=["state"])
        Approval.objects.create(rendering=made, step=Approval.Step.APPROVED, person=person, at=now)
        record(
            events.CopyApproved(
                recording=locked.recording, case=locked.case.reference, clip=locked.clip, version=made.version,
                object=made.object, second=not same,
            )
        )  # fmt: skip


def withdraw(one: Redaction, *, person: Person, now: datetime) -> None:  # noqa: ARG001 - the entry has the moment
    """The copy is not used any more, and is not shown. Its sealed file goes with its recording."""
    with step("redaction.withdraw", actor=person.as_actor, about=about(one.case)) as record:
        _require_work(one.case, person)
        locked = _locked(one)
        go(locked, RedactionStep.WITHDRAW)
        locked.save(update_fields=["state"])
        record(events.RedactionWithdrawn(recording=locked.recording, case=locked.case.reference, clip=locked.clip))


# What a person takes by a name, on the page of the copy and on the screen where it is reviewed. To stop is `cancel`.
BY_NAME: Mapping[str, Callable[..., None]] = {
    "check": check,
    "approve": approve,
    "withdraw": withdraw,
    "leaves": partial(choose_use, leaves=True),
    "stays": partial(choose_use, leaves=False),
}
