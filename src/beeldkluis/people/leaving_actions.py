"""Erasing what is known of people who left, in two parts: how to reach them soon, their names with the term of the journal."""

from datetime import datetime

from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.people import leaving_queries as queries
from beeldkluis.people.leaving_events import NameErased, ReachErased
from beeldkluis.people.models import Acknowledgement, FormerAddress, Officer, OfficerNotice, Person
from beeldkluis.protocol.personal import left_before

AT_ONCE = 10


def erase_who_left(*, actor: Actor, now: datetime) -> int:
    """Erase personal data whose term expired, of a limited number of people per call; the next call goes on. How many steps."""
    reach, name = left_before(now, in_force())
    with serialised():  # of two processes one finds them
        officers = queries.officers_to_reach_no_more(reach, AT_ONCE)
        for officer in officers:
            _forget_reach_of_officer(officer, reach, actor)
        people = queries.people_to_reach_no_more(reach, AT_ONCE)
        for person in people:
            _forget_reach_of_person(person, actor)
        nameless = queries.officers_to_name_no_more(name, AT_ONCE)
        for officer in nameless:
            _forget_name_of_officer(officer, name, actor)
        accounts = queries.people_to_name_no_more(name, AT_ONCE)
        for person in accounts:
            _forget_name_of_person(person, actor)
    return len(officers) + len(people) + len(nameless) + len(accounts)


def _forget_reach_of_officer(officer: Officer, before: datetime, actor: Actor) -> None:
    with step("people.erase_reach", actor=actor) as record:
        Officer.objects.filter(pk=officer.pk, until__lte=before).update(email="", code_hash="")
        FormerAddress.objects.filter(officer=officer).delete()
        OfficerNotice.objects.filter(officer=officer).update(text="")
        record(ReachErased(whose=str(officer.pseudonym)))


def _forget_reach_of_person(person: Person, actor: Actor) -> None:
    """The account stays closed: who comes back gets a new one. Nothing that was sealed with the own phrase is of use any more."""
    with step("people.erase_reach", actor=actor) as record:
        address = f"{person.pseudonym}@{queries.GONE}"
        Person.objects.filter(pk=person.pk, is_active=False).update(email=address)
        record(ReachErased(whose=str(person.pseudonym)))


def _forget_name_of_officer(officer: Officer, before: datetime, actor: Actor) -> None:
    with step("people.erase_name", actor=actor) as record:
        Officer.objects.filter(pk=officer.pk, until__lte=before).update(name="")
        Acknowledgement.objects.filter(officer=officer).update(scan=None, scan_type="")
        record(NameErased(whose=str(officer.pseudonym)))


def _forget_name_of_person(person: Person, actor: Actor) -> None:
    with step("people.erase_name", actor=actor) as record:
        Person.objects.filter(pk=person.pk, is_active=False).update(name=queries.NAMELESS)
        Acknowledgement.objects.filter(person=person).update(scan=None, scan_type="")
        record(NameErased(whose=str(person.pseudonym)))
