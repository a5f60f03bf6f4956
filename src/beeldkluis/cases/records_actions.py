"""Steps that a law asks for: whose views are asked on making footage public (Woo 4.4(3)), and which law holds (I-61)."""

from collections.abc import Sequence
from datetime import datetime

from beeldkluis.cases import law_letters, queries
from beeldkluis.cases import records_events as events
from beeldkluis.cases.actions import case_step, move_on, resume_clock
from beeldkluis.cases.letter_actions import make as make_letter
from beeldkluis.cases.models import Case, Suspension
from beeldkluis.cases.records_queries import asked_of
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.cases import Step
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.laws import may_change_regime, may_consult, may_hear, moved, views_until
from beeldkluis.protocol.legal import Regime
from beeldkluis.protocol.verdict import Refused


def consult(case: Case, *, third_party: Sequence[str], email: str = "", actor: Actor, now: datetime) -> Suspension:
    """Ask a third party for its views: a letter to that party, which does not name the requester, and one to the requester that
    the term stands still (Woo 4.4(3), Awb 4:8). Refused without a name, while another party is asked, and when the term is over.
    """
    with case_step("consult", case, Step.CONSULT, actor) as (locked, record):
        lines = [line.strip() for line in third_party if line.strip()]
        waiting = Suspension.objects.filter(case=locked, ended_at__isnull=True).exists()
        require(may_consult(third_party=lines, waiting=waiting, until=locked.decide_by, now=now))
        until = views_until(now, in_force())
        pause = Suspension.objects.create(case=locked, asked_at=now, until=until, third_party=lines[0][:200])
        words = law_letters.views(locked, until)
        make_letter(locked, "views", words, recipient=lines, email=email, actor=actor, now=now)
        make_letter(locked, "views_asked", law_letters.views_asked(locked, now, until), actor=actor, now=now)
        move_on(locked, Step.CONSULT)
        record(events.ViewsAsked(case=locked.reference, until=until, third_party="\n".join(lines)))
    return pause


def hear(case: Case, *, views: str, actor: Actor, now: datetime) -> Case:
    """Write down what the third party said; nothing when its time is over and nothing came. The term goes on and the requester
    reads the new day (Woo 4.4(4)). Refused when nobody was asked, and before the time is over when nothing came.
    """
    with case_step("hear", case, Step.HEAR, actor) as (locked, record):
        pause = asked_of(locked)
        verdict = may_hear(views=views, asked_until=pause.until if pause else None, now=now)
        if pause is None or not verdict.allowed:
            raise Refused(verdict)
        until = locked.decide_by + resume_clock(locked, now)
        pause.refresh_from_db()
        pause.views = views.strip()
        pause.save(update_fields=["views"])
        move_on(locked, Step.HEAR, decide_by=until)
        make_letter(locked, "views_over", law_letters.views_over(locked), actor=actor, now=now)
        record(events.ViewsHeard(case=locked.reference, came=bool(views.strip()), decide_by=until, views=views.strip()))
    return locked


def set_law(case: Case, *, regime: str, because: str, actor: Actor, now: datetime) -> Case:
    """Another law holds for this case: its term and its grounds. The requester reads which, why and the new day."""
    with case_step("set_law", case, Step.SET_LAW, actor) as (locked, record):
        old, new, kind = Regime(locked.regime), Regime(regime), CaseKind(locked.kind)
        require(may_change_regime(old=old, new=new, because=because))
        extended = locked.extended_at is not None
        until = moved(
            locked.decide_by, locked.received_at, in_force(), old=(kind, old, extended), new=(kind, new, extended)
        )
        move_on(locked, Step.SET_LAW, regime=new.value, regime_because=because.strip(), decide_by=until)
        until = queries.due_by(locked, now)
        make_letter(locked, "law", law_letters.law(locked, until), actor=actor, now=now)
        record(
            events.LawSet(case=locked.reference, regime=new.value, decide_by=locked.decide_by, because=because.strip())
        )
    return locked
