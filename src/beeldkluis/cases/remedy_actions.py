"""Objection, appeal and complaint (access-7): registered with their dates and outcome. While one runs, footage stays."""

from datetime import datetime

from beeldkluis.cases import events, queries
from beeldkluis.cases.actions import case_step, move_on
from beeldkluis.cases.decision_actions import back_to_judgement
from beeldkluis.cases.models import Case, Remedy
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol import terms
from beeldkluis.protocol.cases import Step
from beeldkluis.protocol.requests import may_have_come_in
from beeldkluis.protocol.verdict import Refused, Verdict

STEPS = {Remedy.Kind.OBJECTION: Step.OBJECT, Remedy.Kind.APPEAL: Step.APPEAL, Remedy.Kind.COMPLAINT: Step.COMPLAIN}


def register(case: Case, *, kind: str, received_at: datetime, where: str, actor: Actor, now: datetime) -> Remedy:
    """Register an objection, an appeal or a complaint; the holds stay. Also a late one: whether it is too late is decided by
    whoever handles it.
    """
    move = STEPS[Remedy.Kind(kind)]
    with case_step(move.value, case, move, actor) as (locked, record):
        require(may_have_come_in(received_at=received_at, now=now))
        made = Remedy.objects.create(case=locked, kind=kind, received_at=received_at, where=where.strip())
        move_on(locked, move)
        record(
            events.RemedyRegistered(case=locked.reference, remedy=made.pk, remedy_kind=kind, received_at=received_at)
        )
    return made


def settle(remedy: Remedy, *, outcome: str, at: datetime, note: str, actor: Actor, now: datetime) -> Remedy:
    """The outcome of an objection, an appeal or a complaint. An objection or appeal that is upheld reopens the decision; the
    four weeks begin anew. Otherwise the case is again as it was decided, and the term to go further runs from here.
    """
    upheld = outcome == Remedy.Outcome.UPHELD
    complaint = remedy.kind == Remedy.Kind.COMPLAINT
    move = Step.COMPLAIN if complaint else Step.UPHOLD if upheld else Step.DISMISS
    with case_step("settle", remedy.case, move, actor) as (locked, record):
        known = Remedy.objects.select_for_update().get(pk=remedy.pk)
        if known.settled_at is not None:
            raise _refused("Hiervan staat de uitkomst er al.")
        if outcome not in Remedy.Outcome.values or not known.received_at <= at <= now:
            raise _refused("Kies een uitkomst, en een datum na de ontvangst.")
        known.outcome, known.settled_at, known.note = outcome, at, note.strip()
        known.save(update_fields=["outcome", "settled_at", "note"])
        changed = {}
        if move is Step.UPHOLD:
            changed["decide_by"] = terms.decide_by(at, in_force())
            back_to_judgement(locked, actor=actor, now=now)
        move_on(locked, move, decided=queries.decided_state(locked), **changed)
        record(
            events.RemedySettled(case=locked.reference, remedy=known.pk, remedy_kind=known.kind, outcome=outcome, at=at)
        )
    return known


def _refused(reason: str) -> Refused:
    return Refused(Verdict(allowed=False, rule="request.objection", reason=reason))
