"""The steps of judging: extend, decide, reopen, invite, look again, close."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from beeldkluis.cases import events, giving_actions, giving_queries, letters, queries
from beeldkluis.cases.actions import case_step, move_on, release_all
from beeldkluis.cases.letter_actions import make as make_letter
from beeldkluis.cases.models import Case, Decision, Letter
from beeldkluis.findings.actions import close_findings
from beeldkluis.footage import actions as footage
from beeldkluis.footage.queries import holds_of, live_holds
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require
from beeldkluis.journal.actor import Actor
from beeldkluis.people.municipality_queries import contact
from beeldkluis.protocol import terms
from beeldkluis.protocol.cases import REQUESTS, WEIGHED, CaseState, Step
from beeldkluis.protocol.deciding import CONSIDERATIONS, Outcome, Words, may_decide, may_reopen
from beeldkluis.protocol.holding import may_look_again
from beeldkluis.protocol.kinds import ON_REQUEST, UNTIL_RESOLVED, CaseKind
from beeldkluis.protocol.laws import last_moment, moved
from beeldkluis.protocol.legal import Regime, may_decide_here
from beeldkluis.protocol.letters import letter_kind


def extend(case: Case, *, because: str, actor: Actor, now: datetime) -> Case:
    """Take longer, once and with the reason; the requester gets a letter (GDPR art. 12(3), Wpg 25, Woo 4.4(2))."""
    with case_step("extend", case, Step.EXTEND, actor) as (locked, record):
        extended = locked.extended_at is not None
        require(terms.may_extend(because=because, extended=extended, until=locked.decide_by, now=now))
        kind, regime, old = CaseKind(locked.kind), Regime(locked.regime), locked.decide_by
        was, longer = (kind, regime, False), (kind, regime, True)
        new = moved(old, locked.received_at, in_force(), old=was, new=longer)
        move_on(locked, Step.EXTEND, decide_by=new, extended_at=now, extended_because=because.strip())
        make_letter(locked, "extension", letters.extension(locked, old, new, because.strip()), actor=actor, now=now)
        record(events.CaseExtended(case=locked.reference, decide_by=new, because=because.strip()))
    return locked


def decide(case: Case, words: Words, *, actor: Actor, now: datetime) -> Decision:
    """Decide (access-3, access-4). A no leaves the holds as they are until it is final; a yes holds what belongs to the case
    until the incident is resolved, and tells each officer concerned. The letter is made, and leaves when somebody sends it.
    """
    with case_step("decide", case, words.outcome.step, actor) as (locked, record):
        require(may_decide_here(contact().get("objection", ())))
        require(may_decide(CaseKind(locked.kind), words, queries.deciding(locked, now)))
        owed = _owed(
            locked, words, now
        )  # before there is a decision: a term that ran before counts from its own beginning
        decision = _keep(locked, words, actor, now)
        in_time = now <= locked.decide_by
        told = letters.decision(locked, words, decision.decided_by, give_until=owed)
        make_letter(locked, letter_kind(CaseKind(locked.kind), words.outcome), told, actor=actor, now=now)
        if words.outcome is Outcome.GRANTED:
            _granted(locked, actor, now)
        move_on(locked, words.outcome.step)
        answered = tuple(one for one in CONSIDERATIONS if decision.considerations[one])
        record(
            events.CaseDecided(
                case=locked.reference,
                outcome=words.outcome.value,
                in_time=in_time,
                answered=answered,
                exception=words.exception,
                form=decision.form,
                choices=dict(words.choices),
                grounds=words.grounds.strip(),
            )
        )
    return decision


def _owed(case: Case, words: Words, now: datetime) -> datetime | None:
    """By when a filmed person must see what is granted now."""
    if words.outcome is not Outcome.GRANTED or not CaseKind(case.kind).facts.by_right:
        return None
    return giving_actions.owe(case, giving_queries.until(case), now).until


def _keep(case: Case, words: Words, actor: Actor, now: datetime) -> Decision:
    return Decision.objects.create(
        case=case,
        outcome=words.outcome.value,
        grounds=words.grounds.strip(),
        considerations={one: words.considerations.get(one, "").strip() for one in CONSIDERATIONS},
        exception=words.exception if words.outcome is Outcome.REFUSED else "",
        not_by_covering=words.not_by_covering.strip(),
        form=words.form if words.outcome is Outcome.GRANTED else "",
        choices=dict(words.choices),
        decided_at=now,
        decided_by=queries.person(actor),
    )


def _granted(case: Case, actor: Actor, now: datetime) -> None:
    told: set[int] = set()
    for one in queries.found(case):
        if one.link.confirmed_at is None or one.recording.destroyed_at is not None:
            continue
        hold_under(case, one.recording.pk, UNTIL_RESOLVED, actor, now)
        officer = one.recording.officer
        if officer is not None and officer.pk not in told and case.kind in REQUESTS:
            told.add(officer.pk)
            words = letters.officer_notice(one.recording)
            lines = letters.officer_lines(officer)
            make_letter(case, "officer_notice", words, recipient=lines, email=officer.email, actor=actor, now=now)


def hold_under(case: Case, recording: UUID, rule: str, actor: Actor, now: datetime) -> None:
    """Hold for this reason instead of another of this case. The new hold comes before the old one goes, so that there is no
    moment without.
    """
    footage.place_hold(recording, rule=rule, case=case.reference, actor=actor, now=now)
    for hold in live_holds(recording):
        if hold.case == case.reference and hold.rule != rule:
            footage.release_hold(hold, because=rule, actor=actor, now=now)


def back_to_judgement(case: Case, *, actor: Actor, now: datetime) -> None:
    """What belongs to the case waits for a new decision again."""
    giving_actions.revise(case, now)
    for hold in holds_of(case.reference):
        hold_under(case, hold.recording_id, ON_REQUEST, actor, now)


def reopen(case: Case, *, actor: Actor, now: datetime) -> Case:
    """There was no footage, and now there is: decide anew."""
    with case_step("reopen", case, Step.REOPEN, actor) as (locked, record):
        require(may_reopen(found=len(queries.links(locked))))
        move_on(
            locked, Step.REOPEN, decide_by=last_moment(CaseKind(locked.kind), Regime(locked.regime), now, in_force())
        )
        close_findings(
            rule="request.no-footage",
            recording=None,
            keys=[locked.reference],
            because="De zaak is heropend.",
            actor=actor,
            now=now,
        )
        record(events.CaseReopened(case=locked.reference))
    return locked


def invite(
    case: Case, kind: str, words: Mapping[str, Any], *, calendar: bytes | None = None, actor: Actor, now: datetime
) -> Letter:
    """A letter to the requester about coming to see: a proposal, an invitation, that it is moved, or that it is cancelled
    (access-5). The appointment itself stands in the package appointments.
    """
    with case_step("invite", case, Step.INVITE, actor) as (locked, record):
        made = make_letter(locked, kind, words, calendar=calendar, actor=actor, now=now)
        record(events.RequesterInvited(case=locked.reference, letter_kind=kind))
    return made


def look_again(case: Case, *, because: str, actor: Actor, now: datetime) -> Case:
    """Somebody looked whether footage must still be kept for this case, and it must (I-05)."""
    with case_step("look_again", case, Step.REVIEW, actor) as (locked, record):
        require(may_look_again(because=because))
        for hold in holds_of(locked.reference):
            footage.review_hold(hold, actor=actor, now=now)
        record(events.CaseReviewed(case=locked.reference, because=because.strip()))
    return locked


def close(case: Case, *, because: str, actor: Actor, now: datetime) -> Case:
    """End the case and all its holds: the decision is final, or the incident is resolved (work-12, access-7).
    What is past its term is destroyed in the next round.
    """
    with case_step("close", case, Step.CLOSE, actor) as (locked, record):
        state = CaseState(locked.state)
        require(
            terms.may_close(
                kind=CaseKind(locked.kind),
                state=state,
                final=queries.is_final(locked, now),
                resolved=bool(because.strip()),
                open_complaints=queries.open_complaints(locked),
                owed=giving_queries.owed(locked) is not None,
            )
        )
        if locked.kind in WEIGHED:
            words = letters.closing(locked, outcome=state.dutch, now=now)
            make_letter(locked, "closing", words, actor=actor, now=now)
        released = release_all(locked, "cases.case_closed", actor, now)
        move_on(locked, Step.CLOSE, final_at=now, closed_at=now, closed_because=because.strip())
        record(events.CaseClosed(case=locked.reference, released=released, because=because.strip()))
    return locked
