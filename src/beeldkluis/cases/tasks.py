"""What the tick does for cases."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from beeldkluis.cases import queries, waiting_queries
from beeldkluis.cases.giving_tasks import remind_of_access
from beeldkluis.cases.letting_go_actions import end_unasked, end_withdrawn, let_go_of_rejected
from beeldkluis.cases.matching_actions import match_open_cases
from beeldkluis.cases.models import Case
from beeldkluis.documents.words import day
from beeldkluis.journal.actor import Actor
from beeldkluis.people.acknowledgement_actions import Mail, remind_each
from beeldkluis.people.models import Person
from beeldkluis.people.queries import active_with, team_manager
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.laws import has_penalty
from beeldkluis.protocol.roles import Role

ACTOR = Actor.system("cases")
WEEK = timedelta(days=7)
Until = Mapping[UUID, datetime]  # by case: the last moment to decide
SOON = """Deze verzoeken wachten op u. Log in en kijk bij Verzoeken.

{lines}
"""
LATE = """Over verzoek {reference} had op {day} een besluit moeten zijn. Log in en kijk bij Verzoeken.
"""


UNSENT = """Over verzoek {reference} is besloten, maar de brief is niet weg. De verzoeker had hem op {day} moeten hebben.
Zolang de brief er ligt, begint de termijn voor bezwaar niet. Log in en kijk bij Verzoeken.
"""
DEFAULT = """Over verzoek {reference} kwam een ingebrekestelling binnen. Verstuur het besluit uiterlijk op {day}. Daarna kan de
gemeente een dwangsom moeten betalen (artikel 4:17 Awb). Log in en kijk bij Verzoeken.
"""
DEFAULT_RECORDS = """Over Woo-verzoek {reference} kwam een ingebrekestelling binnen. Verstuur het besluit uiterlijk op {day}.
Daarna kan de verzoeker in beroep gaan bij de rechter. Een dwangsom is er niet (artikel 8.2 Woo). Log in en kijk bij Verzoeken.
"""


def hold_late_recordings(now: datetime) -> int:
    """Hold what was docked after the request that waits for it. Runs before the round that destroys; how many."""
    return match_open_cases(actor=ACTOR, now=now)


def let_go(now: datetime) -> int:
    """End what is held for withdrawn cases, for preservations without a demand and for what does not belong to a case, once that
    took effect. How many ended.
    """
    ended = end_withdrawn(actor=ACTOR, now=now) + end_unasked(actor=ACTOR, now=now)
    return ended + let_go_of_rejected(actor=ACTOR, now=now)


def remind_of_cases(now: datetime) -> int:
    """A mail each week of what must be decided and sent within seven days, one when a term is over, one for a notice of
    default, and of access that is owed. The term ends with notice of the decision: one that nobody sends waits like one that
    nobody takes. How many were queued.
    """
    waiting, desks = [*queries.undecided(), *queries.untold()], _desks()
    until = queries.due_by_each(waiting, now)
    mails = [*_weekly(waiting, until, desks, now), *_late(waiting, until, desks, now), *_defaults(desks)]
    return remind_each(mails, actor=ACTOR, now=now) + remind_of_access(now)


def _weekly(waiting: Sequence[Case], until: Until, desks: Sequence[Person], now: datetime) -> Iterator[Mail]:
    soon = [one for one in waiting if until[one.pk] <= now + WEEK]
    year, week, _day = timezone.localtime(now).isocalendar()
    for person in desks:
        lines = [f"{one.reference}: uiterlijk {day(until[one.pk])}" for one in soon if _is_of(one, person)]
        if lines:
            text = SOON.format(lines="\n".join(lines))
            yield _mail(f"cases/{year}-{week}", "Verzoeken die deze week af moeten", text, person)


def _late(waiting: Sequence[Case], until: Until, desks: Sequence[Person], now: datetime) -> Iterator[Mail]:
    for case in waiting:
        last = until[case.pk]
        if now > last:
            words = LATE if case.state in queries.UNDECIDED else UNSENT
            text = words.format(reference=case.reference, day=day(last))
            for person in desks:  # both: the one who decides, and the one who watches
                key = f"cases/late/{case.reference}/{last:%Y-%m-%d}"
                yield _mail(key, f"Verzoek {case.reference} is te laat", text, person)


def _defaults(desks: Sequence[Person]) -> Iterator[Mail]:
    for case, ends in waiting_queries.in_default():
        words = DEFAULT if has_penalty(CaseKind(case.kind)) else DEFAULT_RECORDS
        text = words.format(reference=case.reference, day=day(ends - timedelta(seconds=1)))
        for person in desks:
            key = f"cases/default/{case.reference}/{ends:%Y-%m-%d}"
            yield _mail(key, f"Ingebrekestelling over verzoek {case.reference}", text, person)


def _mail(key: str, subject: str, text: str, person: Person) -> Mail:
    return Mail(key=f"{key}/{person.pseudonym}", to=person.email, subject=subject, text=text)


def _desks() -> list[Person]:
    acting = team_manager()
    return [*active_with(Role.DPO), *([acting] if acting else [])]


def _is_of(case: Case, person: Person) -> bool:
    """Whose turn it is: everything before judging is the data protection officer's, judging and its letter are of whoever acts
    as team manager.
    """
    return (case.state in {CaseState.RECEIVED, CaseState.AWAITING}) == (person.role == Role.DPO)
