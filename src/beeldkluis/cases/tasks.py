"""What the tick does for cases."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from beeldkluis.cases import queries
from beeldkluis.cases.letting_go_actions import end_withdrawn, let_go_of_rejected
from beeldkluis.cases.matching_actions import match_open_cases
from beeldkluis.cases.models import Case
from beeldkluis.documents.words import day
from beeldkluis.journal.actor import Actor
from beeldkluis.people.acknowledgement_actions import remind_once
from beeldkluis.people.models import Person
from beeldkluis.people.queries import active_with, team_manager
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.roles import Role

ACTOR = Actor.system("cases")
WEEK = timedelta(days=7)
SOON = """Deze verzoeken wachten op u. Log in en kijk bij Verzoeken.

{lines}
"""
LATE = """Over verzoek {reference} had op {day} een besluit moeten zijn. Log in en kijk bij Verzoeken.
"""


def hold_late_recordings(now: datetime) -> int:
    """Hold what was docked after the request that waits for it. Runs before the round that destroys; how many."""
    return match_open_cases(actor=ACTOR, now=now)


def let_go(now: datetime) -> int:
    """End what is held for withdrawn cases and for what does not belong to a case, once that took effect. How many ended."""
    return end_withdrawn(actor=ACTOR, now=now) + let_go_of_rejected(actor=ACTOR, now=now)


def remind_of_cases(now: datetime) -> int:
    """A mail each week of what must be decided within seven days, and one when a term is over. How many were queued."""
    waiting = queries.undecided()
    return _weekly(waiting, now) + _late(waiting, now)


def _weekly(waiting: Sequence[Case], now: datetime) -> int:
    until = queries.due_by_each(waiting, now)
    soon = [one for one in waiting if until[one.pk] <= now + WEEK]
    year, week, _day = timezone.localtime(now).isocalendar()
    sent = 0
    for person in _desks():
        lines = [f"{one.reference}: uiterlijk {day(until[one.pk])}" for one in soon if _is_of(one, person)]
        if lines:
            text = SOON.format(lines="\n".join(lines))
            sent += _remind(f"cases/{year}-{week}", "Verzoeken die deze week af moeten", text, person, now)
    return sent


def _late(waiting: Sequence[Case], now: datetime) -> int:
    sent, each, desks = 0, queries.due_by_each(waiting, now), _desks()
    for case in waiting:
        until = each[case.pk]
        if now > until:
            text = LATE.format(reference=case.reference, day=day(until))
            for person in desks:  # both: the one who decides, and the one who watches
                key = f"cases/late/{case.reference}/{until:%Y-%m-%d}"
                sent += _remind(key, f"Verzoek {case.reference} is te laat", text, person, now)
    return sent


def _remind(key: str, subject: str, text: str, person: Person, now: datetime) -> bool:
    return remind_once(f"{key}/{person.pseudonym}", to=person.email, subject=subject, text=text, actor=ACTOR, now=now)


def _desks() -> list[Person]:
    acting = team_manager()
    return [*active_with(Role.DPO), *([acting] if acting else [])]


def _is_of(case: Case, person: Person) -> bool:
    """Whose turn it is: judged by whoever acts as team manager, everything before that by the data protection officer."""
    return (case.state == CaseState.FORWARDED) == (person.role != Role.DPO)
