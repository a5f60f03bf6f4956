"""The steps of the cases room. Which step may be taken when and by whom stands in protocol.cases."""

from collections.abc import Mapping
from datetime import datetime
from typing import Required, TypedDict, Unpack
from uuid import UUID

from django.utils import timezone

from beeldkluis.cases import events, queries
from beeldkluis.cases.models import Case, CaseRecording, Decision
from beeldkluis.footage import actions as footage
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol import cases as rules
from beeldkluis.protocol.cases import CaseKind, CaseState, Step
from beeldkluis.protocol.retention import review_at

ON_REQUEST = "retention.hold-on-request"
UNTIL_RESOLVED = "retention.hold-until-resolved"


class Asked(TypedDict, total=False):
    """What a request says of itself; everything but the name may still be missing."""

    received_by_channel: Required[str]  # "letter", "email" or "form"
    requester_name: Required[str]
    requester_address: str
    requester_place: str
    requester_organisation: str
    requester_phone: str
    requester_email: str
    demonstrable_interest: str
    moment_from: datetime | None
    moment_until: datetime | None
    place: str


def receive(
    *, kind: str, received_at: datetime | None = None, actor: Actor, now: datetime, **asked: Unpack[Asked]
) -> Case:
    """Register a request (access-1, access-2), also an incomplete one, and hold everything around its moment (work-12).

    `received_at` is when it reached the municipality; the four weeks count from there. Refused for kinds that this
    version does not handle, for anybody but the data protection officer, and for a receipt in the future.
    """
    with step("cases.receive", actor=actor) as record:
        wanted, received = CaseKind(kind), received_at or now
        require(rules.may_step(kind=wanted, state=CaseState.NEW, step=Step.RECEIVE, role=actor.role))
        require(rules.may_have_come_in(received_at=received, now=now))
        case = Case.objects.create(
            reference=queries.next_reference(timezone.localtime(now).year),
            kind=wanted.value,
            state=rules.state_after(wanted, CaseState.NEW, Step.RECEIVE).value,
            received_at=received,
            decide_by=rules.decide_by(received, in_force()),
            received_from=queries.person(actor),
            **asked,
        )
        record(
            events.CaseReceived(
                case=case.reference,
                kind=case.kind,
                channel=case.received_by_channel,
                received_at=received,
                decide_by=case.decide_by,
                missing=queries.missing(case),
                requester_name=case.requester_name,
            )
        )
        _match(case, actor, now)
    return case


def _locked(case: Case, move: Step, actor: Actor) -> Case:
    """The case as it is now, when this step may be taken; its row stays locked until the step is done."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    require(
        rules.may_step(kind=CaseKind(locked.kind), state=CaseState(locked.state), step=move, role=actor.role),
    )
    return locked


def _move(case: Case, move: Step, **changed: object) -> None:
    """Go where the table says, together with what changed beside it."""
    case.state = rules.state_after(CaseKind(case.kind), CaseState(case.state), move).value
    for name, value in changed.items():
        setattr(case, name, value)
    case.save(update_fields=["state", *changed])


def _match(case: Case, actor: Actor, now: datetime) -> int:
    """Hold and note every recording around the moment of the request that the case does not know yet; how many."""
    found = queries.unmatched(case)
    for recording in found:
        CaseRecording.objects.create(case=case, recording=recording.pk, matched_at=now)
        with step("cases.match", actor=actor) as record:
            footage.place_hold(recording.pk, rule=ON_REQUEST, case=case.reference, review_at=None, actor=actor, now=now)
            record(events.RecordingMatched(recording=recording.pk, case=case.reference))
    return len(found)


def match_open_cases(*, actor: Actor, now: datetime) -> int:
    """Hold what came in later than the request that waits for it: a camera may be docked days afterwards. Asked before
    every round of destruction; how many recordings were held.
    """
    held = 0
    for case in queries.open_cases():
        if queries.unmatched(case):
            with step("cases.match_late", actor=actor) as record:
                locked = Case.objects.select_for_update().get(pk=case.pk)
                matched = _match(locked, actor, now)
                record(events.LateRecordingsHeld(case=case.reference, recordings=matched))
                held += matched
    return held


def complete_fields(case: Case, *, fields: Mapping[str, object], actor: Actor, now: datetime) -> Case:
    """Fill in what the requester gave afterwards (access-2). Only fields of a request count; a new moment holds more,
    and nothing that was held is let go.
    """
    with step("cases.complete", actor=actor) as record:
        locked = _locked(case, Step.COMPLETE, actor)
        changed = {
            name: value for name, value in fields.items() if name in queries.FIELDS and getattr(locked, name) != value
        }
        _move(locked, Step.COMPLETE, **changed)
        missing = queries.missing(locked)
        record(events.CaseCompleted(case=locked.reference, changed=tuple(sorted(changed)), missing=missing))
        _match(locked, actor, now)
    return locked


def forward(case: Case, *, actor: Actor, now: datetime) -> Case:
    """Pass a complete request on to the team manager (access-1)."""
    with step("cases.forward", actor=actor) as record:
        locked = _locked(case, Step.FORWARD, actor)
        facts = {name: getattr(locked, name) for name in queries.FIELDS}
        require(rules.may_forward(CaseKind(locked.kind), facts))
        _move(locked, Step.FORWARD, forwarded_at=now)
        record(events.CaseForwarded(case=locked.reference))
    return locked


def link_recording(case: Case, recording: UUID, *, actor: Actor, now: datetime) -> CaseRecording:
    """Say that a recording belongs to the case: one found by time, or another one. It is held from here at the latest.
    Recording.DoesNotExist for an unknown one, Refused when it is destroyed.
    """
    with step("cases.link", actor=actor) as record:
        locked = _locked(case, Step.LINK, actor)
        known = Recording.objects.get(pk=recording)
        footage.place_hold(known.pk, rule=ON_REQUEST, case=locked.reference, review_at=None, actor=actor, now=now)
        tie, _new = CaseRecording.objects.update_or_create(
            case=locked,
            recording=known.pk,
            defaults={"confirmed_at": now, "rejected_at": None},
            create_defaults={"matched_at": now, "confirmed_at": now},
        )
        record(events.RecordingLinked(recording=known.pk, case=locked.reference))
    return tie


def reject_match(case: Case, recording: UUID, *, actor: Actor, now: datetime) -> CaseRecording:
    """Say that a recording does not belong to the case, which ends this case's hold on it.
    CaseRecording.DoesNotExist when it was never found for the case.
    """
    with step("cases.reject_match", actor=actor) as record:
        locked = _locked(case, Step.LINK, actor)
        tie = CaseRecording.objects.select_for_update().get(case=locked, recording=recording)
        tie.confirmed_at, tie.rejected_at = None, now
        tie.save(update_fields=["confirmed_at", "rejected_at"])
        _release(locked, recording, "cases.match_rejected", actor, now)
        record(events.MatchRejected(recording=recording, case=locked.reference))
    return tie


def decide(
    case: Case, *, granted: bool, grounds: str, considerations: Mapping[str, str], actor: Actor, now: datetime
) -> Decision:
    """Grant or refuse (access-3, access-4). A refusal leaves the holds as they are until it is final; a grant holds what
    belongs to the case until the incident is resolved.
    """
    with step("cases.decide", actor=actor) as record:
        move = Step.GRANT if granted else Step.REFUSE
        locked = _locked(case, move, actor)
        ties = queries.links(locked)
        confirmed = [tie.recording for tie in ties if tie.confirmed_at is not None]
        require(rules.may_decide(granting=granted, confirmed=len(confirmed), unsorted=len(ties) - len(confirmed)))
        if granted:
            require(rules.may_grant(grounds=grounds, considerations=considerations))
        else:
            require(rules.may_refuse(grounds=grounds))
        written = {letter: considerations.get(letter, "").strip() for letter in rules.CONSIDERATIONS}
        decision = Decision.objects.create(
            case=locked,
            granted=granted,
            grounds=grounds.strip(),
            considerations=written,
            decided_at=now,
            decided_by=queries.person(actor),
        )
        for recording in confirmed if granted else ():
            _hold_until_resolved(locked, recording, actor, now)
        in_time = now <= locked.decide_by
        _move(locked, move)
        record(
            events.CaseDecided(
                case=locked.reference,
                granted=granted,
                in_time=in_time,
                answered=tuple(letter for letter, answer in written.items() if answer),
                grounds=grounds.strip(),
            )
        )
    return decision


def _hold_until_resolved(case: Case, recording: UUID, actor: Actor, now: datetime) -> None:
    """The new hold comes before the old one goes, so that there is no moment without."""
    again = review_at(protocol=in_force(), now=now)
    footage.place_hold(recording, rule=UNTIL_RESOLVED, case=case.reference, review_at=again, actor=actor, now=now)
    for hold in live_holds(recording):
        if hold.case == case.reference and hold.rule == ON_REQUEST:
            footage.release_hold(hold, because=UNTIL_RESOLVED, actor=actor, now=now)


def register_objection(case: Case, *, received_at: datetime, actor: Actor, now: datetime) -> Case:
    """The requester objects (access-7): the holds stay, and the team manager decides anew."""
    with step("cases.object", actor=actor) as record:
        locked = _locked(case, Step.OBJECT, actor)
        require(rules.may_have_come_in(received_at=received_at, now=now))
        _move(locked, Step.OBJECT)
        record(events.ObjectionRegistered(case=locked.reference, received_at=received_at))
    return locked


def close(case: Case, *, because: str, actor: Actor, now: datetime) -> Case:
    """End the case and all its holds: the refusal is final, or the incident is resolved (work-12, access-7).
    What is past its term is destroyed in the next round.
    """
    with step("cases.close", actor=actor) as record:
        locked = _locked(case, Step.CLOSE, actor)
        decision = queries.last_decision(locked)
        state, decided_at = CaseState(locked.state), decision.decided_at if decision else None
        final = rules.is_final(state=state, decided_at=decided_at, protocol=in_force(), now=now)
        require(rules.may_close(state=state, final=final, resolved=bool(because.strip())))
        held = CaseRecording.objects.filter(case=locked).values_list("recording", flat=True)
        released = sum(_release(locked, recording, "cases.case_closed", actor, now) for recording in held)
        _move(locked, Step.CLOSE, final_at=now, closed_at=now)
        record(events.CaseClosed(case=locked.reference, released=released, because=because.strip()))
    return locked


def _release(case: Case, recording: UUID, because: str, actor: Actor, now: datetime) -> int:
    """End this case's holds on a recording; another case's holds are not ours to end. How many ended."""
    ours = [hold for hold in live_holds(recording) if hold.case == case.reference]
    for hold in ours:
        footage.release_hold(hold, because=because, actor=actor, now=now)
    return len(ours)
