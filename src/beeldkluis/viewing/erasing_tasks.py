"""The round that keeps the terms of what is known of people: a few cases at a time, a limited number a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from beeldkluis.cases import erasing_queries
from beeldkluis.cases.erasing_actions import erase_papers
from beeldkluis.cases.models import Case
from beeldkluis.governance.queries import in_force
from beeldkluis.journal import queries as journal
from beeldkluis.journal.actions import erase_details, serialised
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.scrub import scrub
from beeldkluis.people.acknowledgement_actions import remind_once
from beeldkluis.people.leaving_actions import erase_who_left
from beeldkluis.people.queries import active_with
from beeldkluis.protocol import personal
from beeldkluis.protocol.roles import Role
from beeldkluis.retention.clock_actions import clock_is_believed
from beeldkluis.viewing import erasing_actions
from beeldkluis.viewing.models import Viewing

ACTOR = Actor.system(personal.ERASER)
CASES_AT_ONCE = 5  # a minute: others wait for each step
DETAILS_AT_ONCE = 2_000
MONTH = timedelta(days=31)
UNCLEAN = "terms/unclean"  # something was erased and the database's files were not cleaned up since
LOOKED = "terms/looked"
HOUR = 3600
MAIL = """Zaken waarvan vorige maand de gegevens zijn gewist, omdat hun bewaartermijn voorbij was: {erased}.{which}
Zaken waarvoor dat de komende maand zo is: {soon}. Log in en kijk bij Verzoeken, Bewaartermijnen.
"""


@dataclass(slots=True)
class Erased:
    """What one round did: cases, papers, people who left, entries whose details went."""

    cases: int = 0
    papers: int = 0
    people: int = 0
    entries: int = 0


def erase_what_is_over(now: datetime) -> Erased:
    """Erase what is over. Repeatable, and stopped by a clock that jumped, as destruction is. Papers, people who left and old
    entries are looked for once an hour.
    """
    done = Erased()
    if not clock_is_believed(actor=Actor.system("retention"), now=now):
        return done
    done.cases = _cases(now)
    if cache.add(f"{LOOKED}/{now:%Y-%m-%dT%H}", value=True, timeout=HOUR):
        done.papers = _papers(now)
        done.people = erase_who_left(actor=ACTOR, now=now)
        done.entries = _old_entries(now)
        _tell(now)
    if done != Erased():
        cache.set(UNCLEAN, value=True, timeout=None)
    if cache.get(UNCLEAN) and scrub():
        cache.delete(UNCLEAN)
    return done


def _cases(now: datetime) -> int:
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    room = personal.room_today(erasing_queries.erased_since(midnight), in_force())
    found = erasing_queries.due(now, min(room, CASES_AT_ONCE))
    return sum(erasing_actions.erase(one, actor=ACTOR, now=now) for one in found if _may(one, now))


def _may(case: Case, now: datetime) -> bool:
    """Asked before the step, so that what has to wait a little longer is no refusal in the journal every minute."""
    viewings = Viewing.objects.filter(case=case, ended_at__isnull=True).count()
    until = erasing_queries.kept_until(case)
    return personal.may_erase(erasing_queries.running(case, viewings=viewings), until=until, now=now).allowed


def _papers(now: datetime) -> int:
    room = in_force().number("personal.pace", "cases")
    with serialised():  # of two processes one finds them
        cases = {one.case_id: one.case for one in erasing_queries.papers_due(now, room)}
        return sum(erase_papers(case, actor=ACTOR, now=now) for case in cases.values())


def _old_entries(now: datetime) -> int:
    """Details of entries whose own term expired, except those about a case that still keeps its data."""
    protocol, kept = in_force(), erasing_queries.unerased()
    attempts = personal.attempts_over_before(now, protocol)
    over = personal.oversight_over_before(now, protocol)
    with serialised():  # of two processes one finds them
        typed = journal.details_before(attempts, act="web.sign_in_failed", most=DETAILS_AT_ONCE)
        numbers = sorted({*typed, *journal.details_before(over, but=kept, most=DETAILS_AT_ONCE)})
        if numbers:
            erase_details(numbers, actor=ACTOR)
    return len(numbers)


def _tell(now: datetime) -> int:
    """A mail each month to the data protection officer: what went, and how much is coming. None when there is neither."""
    today = timezone.localtime(now)
    begin = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    key, sent = f"terms/{today:%Y-%m}", 0
    gone = [*erasing_queries.erased_between((begin - timedelta(days=1)).replace(day=1), begin)]
    soon = sum(one.soon for one in erasing_queries.coming(now, MONTH))
    if gone or soon:
        which = f" Dat waren: {', '.join(gone)}." if gone else ""
        text = MAIL.format(erased=len(gone), which=which, soon=soon)
        for person in active_with(Role.DPO):
            subject = "Bewaartermijnen van persoonsgegevens"
            to, each = person.email, f"{key}/{person.pseudonym}"
            sent += remind_once(each, to=to, subject=subject, text=text, actor=ACTOR, now=now)
    return sent
