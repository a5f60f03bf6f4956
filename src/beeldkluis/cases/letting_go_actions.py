"""When a case lets go of footage before it is closed: a request is withdrawn, and what does not belong to it.

Nobody lets go alone and at once: a withdrawal waits for the requester's silence, a rejected match for the decision to be final.
"""

from datetime import datetime

from beeldkluis.cases import events, letters, waiting_queries
from beeldkluis.cases.about import about
from beeldkluis.cases.actions import case_step, move_on, release, release_all, resume_clock
from beeldkluis.cases.letter_actions import make as make_letter
from beeldkluis.cases.models import Case
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.cases import CaseState, Step, rows
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.terms import may_withdraw

UNASKED_WORDS = "Er kwam geen vordering binnen de termijn."


def withdraw(case: Case, *, because: str, actor: Actor, now: datetime) -> Case:
    """The requester wants nothing any more. A letter confirms it; footage stays held until some days after that letter left
    (request.withdrawal). Reflection holds nothing, so it ends at once.
    """
    with case_step("withdraw", case, Step.WITHDRAW, actor) as (locked, record):
        require(may_withdraw(because=because))
        until, why = locked.decide_by + resume_clock(locked, now), because.strip()
        if rows(CaseKind(locked.kind), Step.WITHDRAW)[0].after is CaseState.CLOSED:
            move_on(locked, Step.WITHDRAW, decide_by=until, closed_at=now, closed_because=why)
            record(events.CaseClosed(case=locked.reference, released=0, because=why))
        else:
            days = in_force().number("request.withdrawal", "days")
            make_letter(locked, "withdrawn", letters.withdrawn(locked, now, days), actor=actor, now=now)
            move_on(locked, Step.WITHDRAW, decide_by=until, withdrawn_at=now, closed_because=why)
            record(events.CaseWithdrawn(case=locked.reference, because=why))
    return locked


def resume(case: Case, *, because: str, actor: Actor, now: datetime) -> Case:
    """The requester did not want to withdraw after all: the case goes on, and the days in between do not count."""
    with case_step("resume", case, Step.RESUME, actor) as (locked, record):
        require(may_withdraw(because=because))
        until = locked.decide_by + (now - (locked.withdrawn_at or now))
        move_on(locked, Step.RESUME, decide_by=until, withdrawn_at=None, closed_because="")
        record(events.CaseResumed(case=locked.reference, decide_by=until, because=because.strip()))
    return locked


def end_withdrawn(*, actor: Actor, now: datetime) -> int:
    """Close the cases whose withdrawal was confirmed long enough ago, and end what they hold. How many."""
    ended = 0
    for case, lapses in waiting_queries.withdrawn():
        if lapses is None or now < lapses:
            continue
        with serialised():
            locked = Case.objects.select_for_update().get(pk=case.pk)
            if locked.state != CaseState.WITHDRAWN:
                continue  # somebody took it up again meanwhile
            with step("cases.lapse", actor=actor, about=about(locked)) as record:
                released = release_all(locked, "cases.case_withdrawn", actor, now)
                move_on(locked, Step.LAPSE, closed_at=now)
                record(events.CaseLapsed(case=locked.reference, released=released))
            ended += 1
    return ended


def end_unasked(*, actor: Actor, now: datetime) -> int:
    """Close the preservations for which no demand came, and end what they hold (I-69). How many. A demand holds by itself."""
    ended = 0
    for case, _ends in waiting_queries.unasked(now):
        with serialised():
            locked = Case.objects.select_for_update().get(pk=case.pk)
            if locked.state != CaseState.FORWARDED:
                continue  # somebody closed it meanwhile
            with step("cases.lapse_unasked", actor=actor, about=about(locked)) as record:
                released = release_all(locked, "cases.preservation_ended", actor, now)
                move_on(locked, Step.LAPSE, final_at=now, closed_at=now, closed_because=UNASKED_WORDS)
                record(events.PreservationEnded(case=locked.reference, released=released))
            ended += 1
    return ended


def let_go_of_rejected(*, actor: Actor, now: datetime) -> int:
    """End the holds on what does not belong to a case whose decision is final now. How many ended."""
    ended = 0
    for case, recordings in waiting_queries.rejected_and_held(now):
        with step("cases.let_go", actor=actor, about=about(case)) as record:
            released = sum(release(case, one, "cases.match_rejected", actor, now) for one in recordings)
            record(events.RejectedLetGo(case=case.reference, released=released))
            ended += released
    return ended
