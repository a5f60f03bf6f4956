"""Objection, appeal and complaint (access-7): registered with their dates and outcome. While one runs, footage stays; when the
case was closed already, what is still there is held again. A notice of default is registered and has no outcome.
"""

from datetime import datetime

from beeldkluis.cases import events, queries
from beeldkluis.cases.about import about
from beeldkluis.cases.actions import case_step, match, move_on, release_all
from beeldkluis.cases.decision_actions import back_to_judgement
from beeldkluis.cases.models import Case, Remedy
from beeldkluis.footage import actions as footage
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people.queries import team_manager
from beeldkluis.protocol.cases import CaseState, Step
from beeldkluis.protocol.kinds import ON_REQUEST, CaseKind
from beeldkluis.protocol.laws import last_moment
from beeldkluis.protocol.legal import Regime
from beeldkluis.protocol.remedies import may_complain, may_settle
from beeldkluis.protocol.requests import may_have_come_in

STEPS = {
    Remedy.Kind.OBJECTION: Step.OBJECT,
    Remedy.Kind.APPEAL: Step.APPEAL,
    Remedy.Kind.COMPLAINT: Step.COMPLAIN,
    Remedy.Kind.DEFAULT: Step.DEFAULT,
}
AGAIN = """Over zaak {reference}, die gesloten was, is een {kind} binnengekomen. De zaak is weer open.
Opnames die er nog zijn en weer bewaard worden: {held}. Opnames die al vernietigd zijn: {gone}.
"""


def register(case: Case, *, kind: str, received_at: datetime, where: str, actor: Actor, now: datetime) -> Remedy:
    """Register what came in; the holds stay, and a closed case holds again what is still there. Also when it is late: whether it
    is too late is decided by whoever handles it. An appeal before there is a decision is against not deciding in time (Awb 6:2)
    and stops nobody from deciding.
    """
    move = STEPS[Remedy.Kind(kind)]
    with case_step(move.value, case, move, actor) as (locked, record):
        require(may_have_come_in(received_at=received_at, now=now))
        state, decided = CaseState(locked.state), queries.decided_state(locked)
        if move is Step.COMPLAIN:
            require(may_complain(closed=state is CaseState.CLOSED, decided=decided is not None))
        undecided = move is Step.APPEAL and state in queries.UNDECIDED
        made = Remedy.objects.create(
            case=locked, kind=kind, received_at=received_at, where=where.strip(), undecided=undecided
        )
        if state is CaseState.CLOSED:
            move_on(locked, move, decided=decided, final_at=None, closed_at=None, closed_because="")
            _hold_again(locked, made, actor, now)
        else:
            move_on(locked, move)
        record(
            events.RemedyRegistered(case=locked.reference, remedy=made.pk, remedy_kind=kind, received_at=received_at)
        )
    return made


def _hold_again(case: Case, remedy: Remedy, actor: Actor, now: datetime) -> None:
    """Hold what the case asked for and is still there, and tell the team manager what that is."""
    with step("cases.hold_again", actor=actor, about=about(case)) as record:
        found = queries.found(case)
        for one in found:
            if one.asks:
                footage.place_hold(one.recording.pk, rule=ON_REQUEST, case=case.reference, actor=actor, now=now)
        held = sum(one.asks for one in found) + match(case, actor=actor, now=now)
        gone = sum(not one.asks for one in found)
        record(events.HeldAgain(case=case.reference, recordings=held, destroyed=gone))
    if (judge := team_manager()) is not None:
        kind = remedy.get_kind_display()
        text = AGAIN.format(reference=case.reference, kind=kind, held=held, gone=gone)
        queue_mail(
            to=judge.email, subject=f"Een {kind} in een gesloten zaak", text=text, actor=actor, now=now, must_leave=True
        )


def settle(remedy: Remedy, *, outcome: str, at: datetime, note: str, actor: Actor, now: datetime) -> Remedy:
    """The outcome of an objection, an appeal or a complaint. An objection or appeal that is upheld reopens the decision; the
    four weeks begin anew. Otherwise the case is again as it was decided, and the term to go further runs from here; one that
    was closed without a decision is closed again. What runs beside the decision moves nothing.
    """
    if remedy.kind == Remedy.Kind.DEFAULT:
        move = Step.DEFAULT
    elif remedy.kind == Remedy.Kind.COMPLAINT or remedy.undecided:
        move = Step.COMPLAIN
    else:
        move = Step.UPHOLD if outcome == Remedy.Outcome.UPHELD else Step.DISMISS
    with case_step("settle", remedy.case, move, actor) as (locked, record):
        known = Remedy.objects.select_for_update().get(pk=remedy.pk)
        require(
            may_settle(
                default=move is Step.DEFAULT,
                settled=known.settled_at is not None,
                known_outcome=outcome in Remedy.Outcome.values,
                received_at=known.received_at,
                at=at,
                now=now,
            )
        )
        known.outcome, known.settled_at, known.note = outcome, at, note.strip()
        known.save(update_fields=["outcome", "settled_at", "note"])
        _go_on(locked, move, at, actor, now)
        record(
            events.RemedySettled(case=locked.reference, remedy=known.pk, remedy_kind=known.kind, outcome=outcome, at=at)
        )
    return known


def _go_on(case: Case, move: Step, at: datetime, actor: Actor, now: datetime) -> None:
    changed: dict[str, datetime] = {}
    decided = queries.decided_state(case) or CaseState.CLOSED
    if move is Step.UPHOLD:
        changed["decide_by"] = last_moment(CaseKind(case.kind), Regime(case.regime), at, in_force())
        back_to_judgement(case, actor=actor, now=now)
    elif move is Step.DISMISS and decided is CaseState.CLOSED:
        changed["closed_at"] = now
        release_all(case, "cases.remedy_settled", actor, now)
    move_on(case, move, decided=decided, **changed)
