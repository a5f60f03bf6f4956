"""Access that was granted is owed until it was given, or the requester did not come or want it any more (request.give-access)."""

from datetime import datetime

from beeldkluis.cases import giving_events as events
from beeldkluis.cases import giving_queries as queries
from beeldkluis.cases.actions import case_step, move_on
from beeldkluis.cases.models import Case, Giving
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.cases import Step
from beeldkluis.protocol.giving import Ended, may_end
from beeldkluis.protocol.verdict import Refused


def owe(case: Case, until: datetime, now: datetime) -> Giving:
    """From here access is owed until then. Within the step that grants it."""
    return Giving.objects.create(case=case, since=now, until=until)


def revise(case: Case, now: datetime) -> None:
    """The decision is taken anew: what was owed under the old one is not any more. Within the step that revises."""
    for one in Giving.objects.filter(case=case, ended_at__isnull=True):
        one.ended_at, one.how = now, Ended.REVISED.value
        one.save(update_fields=["ended_at", "how"])


def note_given(case: Case, *, how: str, note: str = "", actor: Actor, now: datetime) -> Giving:
    """Write down how access was given, or why it is not owed any more. Refused when none is owed, and for somebody who did not
    come without having been invited.
    """
    with case_step("give", case, Step.GIVE, actor) as (locked, record):
        owed = Giving.objects.filter(case=locked, ended_at__isnull=True).first()
        verdict = may_end(owed=owed is not None, how=how, note=note, invited=queries.was_invited(locked))
        if owed is None or not verdict.allowed:
            raise Refused(verdict)
        owed.ended_at, owed.how, owed.note = now, how, note.strip()
        owed.save(update_fields=["ended_at", "how", "note"])
        move_on(locked, Step.GIVE)
        record(
            events.AccessEnded(
                case=locked.reference, how=how, until=owed.until, in_time=now < owed.until, note=owed.note
            )
        )
    return owed
