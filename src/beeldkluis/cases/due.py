"""What is due of cases and their letters."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from beeldkluis.cases import giving_queries, queries, records_queries, waiting_queries
from beeldkluis.cases.models import Case
from beeldkluis.documents.letters import KINDS
from beeldkluis.people.due import Due, can
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.letters import DECISIONS, SENDERS
from beeldkluis.protocol.roles import Role

WEEK = timedelta(days=7)
MOST = 50  # requests that are named; of more than that, how many


def undecided(person: Person, now: datetime) -> Iterator[Due]:
    """Requests that this person can pass on or decide."""
    wanted = {CaseState.RECEIVED: Act.FORWARD_CASE, CaseState.FORWARDED: Act.DECIDE_CASE}
    waiting = queries.undecided([state for state, act in wanted.items() if can(person, act)])
    first = list(waiting[:MOST])
    for case in first:
        late = case.decide_by < now
        when = f"{timezone.localtime(case.decide_by):%d-%m-%Y}"
        note = f"De termijn is op {when} verlopen." if late else f"Uiterlijk {when}."
        urgent = late or case.decide_by - now < WEEK
        yield Due(_wanted(case, person), note, f"/verzoeken/{case.reference}/", urgent=urgent)
    if len(first) == MOST and (more := waiting.count() - MOST):
        title = "Nog één verzoek wacht op u" if more == 1 else f"Nog {more} verzoeken wachten op u"
        yield Due(title, "Die hebben een latere termijn dan de verzoeken hierboven.", reverse("cases:list"))


def _wanted(case: Case, person: Person) -> str:
    if case.state == CaseState.FORWARDED:
        if case.about_team_manager and person.role == Role.TEAM_MANAGER:
            return f"Verzoek {case.reference} gaat over u: laat de plaatsvervanger waarnemen"
        return f"Besluit over verzoek {case.reference}"
    return (
        f"Vraag om aanvulling van {case.reference}" if queries.missing(case) else f"Zet door verzoek {case.reference}"
    )


def waiting(person: Person, now: datetime) -> Iterator[Due]:
    """What goes on, is given, looked at again or closed."""
    if can(person, Act.FORWARD_CASE):
        for case in waiting_queries.in_vain(now):
            note = "De verzoeker heeft niet op tijd geantwoord. Zet het verzoek door zoals het is."
            yield Due(f"Ga verder met verzoek {case.reference}", note, f"/verzoeken/{case.reference}/", urgent=True)
    if can(person, Act.DECIDE_CASE):
        for case in queries.closable(now):
            note = "Het besluit is definitief. Tot u de zaak sluit, blijven de beelden bewaard."
            yield Due(f"Sluit verzoek {case.reference}", note, _page(case))
        for one in records_queries.silent(now):
            note = "De tijd voor een zienswijze is voorbij. Leg vast wat er kwam; dan loopt de termijn weer."
            yield Due(f"Ga verder met Woo-verzoek {one.case.reference}", note, _page(one.case), urgent=True)
        for owed in giving_queries.all_owed():
            last = f"{timezone.localtime(owed.until - timedelta(seconds=1)):%d-%m-%Y}"
            late = now >= owed.until
            note = f"De termijn is op {last} verlopen." if late else f"Uiterlijk {last}."
            title = f"Geef de inzage bij verzoek {owed.case.reference}"
            yield Due(title, note, _page(owed.case), urgent=late or owed.until - now < WEEK)
        for case in queries.reviewable(now):
            note = "Kijk of de beelden nog nodig zijn. Zo niet, sluit dan de zaak."
            yield Due(f"Bekijk zaak {case.reference} opnieuw", note, _page(case), urgent=True)


def preservations(person: Person, now: datetime) -> Iterator[Due]:
    """Preservations that end by themselves soon, as no demand came."""
    if can(person, Act.DECIDE_CASE) or can(person, Act.FORWARD_CASE):
        for case, ends in waiting_queries.unasked(now, told=True):
            note = "Vraag de politie of er nog een vordering komt. Daarna worden de beelden niet meer bewaard."
            title = f"Bewaring {case.reference} eindigt vanzelf op {timezone.localtime(ends):%d-%m-%Y}"
            yield Due(title, note, _page(case), urgent=True)


def letters(person: Person, _now: datetime) -> Iterator[Due]:
    """Letters that are ready and were not sent."""
    for letter in queries.unsent():
        if Role(person.acting) in SENDERS[letter.kind]:
            reference = letter.case.reference
            address = reverse("cases:letter", args=[reference, letter.pk])
            title = f"Verstuur de brief bij {reference}: {KINDS[letter.kind].title.lower()}"
            yield Due(title, "De brief is klaar.", address, urgent=letter.kind in DECISIONS)


def _page(case: Case) -> str:
    return reverse("cases:case", args=[case.reference])
