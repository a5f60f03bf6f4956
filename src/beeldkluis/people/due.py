"""What is due: the form of an item, and the items of people, their keys and their signatures. The start page collects them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from beeldkluis.governance import queries as governance
from beeldkluis.outbox import queries as outbox
from beeldkluis.people import account_queries, account_words, notice_queries, queries, review_queries
from beeldkluis.people import acknowledgement_queries as acknowledgements
from beeldkluis.people.models import Person, TeamKey
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.roles import Role


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do: what, why or until when, and where."""

    title: str
    note: str
    address: str
    urgent: bool = False


def can(person: Person, act: Act) -> bool:
    """May this person do this, in the role in which they act now?"""
    return may(Role(person.acting), act).allowed


def notices(person: Person, _now: datetime) -> Iterator[Due]:
    """What this person was told and did not look at yet; and what whoever watches would have been mailed."""
    if (count := notice_queries.count_unseen(person)) and (newest := notice_queries.newest_unseen(person)):
        title = "U moet één ding weten" if count == 1 else f"U moet {count} dingen weten"
        yield Due(title, newest.subject, reverse("people:notices"), urgent=True)
    if person.role == Role.DPO and (stuck := outbox.stuck_for_watchers()):
        title = (
            "Een e-mail voor wie toeziet komt niet aan"
            if stuck == 1
            else f"{stuck} e-mails voor wie toeziet komen niet aan"
        )
        note = "Ze staan wel op het overzicht van wie het aangaat. Vraag de beheerder naar de mailserver."
        yield Due(title, note, reverse("people:notices"), urgent=True)


def accounts(person: Person, now: datetime) -> Iterator[Due]:
    """Changes of accounts that this person can stop."""
    for one in account_queries.waiting():
        if account_queries.may_see(one, person).allowed and account_queries.is_open(one, now=now):
            note = f"{one.person.name}: {account_words.state(one)}."
            address = reverse("people:account-change", args=[one.pk])
            yield Due(f"Kijk of dit klopt: {one.get_kind_display()}", note, address, urgent=True)


def keys(person: Person, _now: datetime) -> Iterator[Due]:
    """The keys that nobody made yet."""
    if can(person, Act.HOLD_KEY_CEREMONY) and queries.active_key(TeamKey.Kind.TEAM) is None:
        note = "Zonder sleutels kan geen dockingstation opnames verzegelen."
        yield Due("Maak de sleutels van het team", note, "/sleutels/", urgent=True)


def succession(person: Person, _now: datetime) -> Iterator[Due]:
    """A handover of the keys, and a deputy who stands in."""
    yield from _handover(person)
    running = queries.running_deputation()
    if running is not None and (can(person, Act.END_DEPUTATION) or can(person, Act.REVIEW_RIGHTS)):
        until = f"{timezone.localtime(running.until):%d-%m-%Y %H:%M}"
        address = reverse("people:deputation") if can(person, Act.END_DEPUTATION) else "/logboek/"
        title = (
            "Een plaatsvervanger neemt waar in een noodgeval" if running.emergency else "Een plaatsvervanger neemt waar"
        )
        yield Due(title, f"{running.deputy.name}, tot {until}.", address, urgent=running.emergency)


def _handover(person: Person) -> Iterator[Due]:
    """Everybody who can stop a handover sees it for as long as it lasts."""
    plan, running = queries.running_plan(), queries.running_handover()
    if plan is None or not can(person, Act.SEE_HANDOVER):
        return
    title, address = "De teamsleutel wordt overgedragen", reverse("people:handover")
    note = f"Door {plan.giver.name} aan {plan.receiver.name}. Klopt dit niet? Stop het dan."
    if running is not None and plan.receiver_id == person.pk and queries.count_to_check(running, most=1):
        title, address = "Controleer de nieuwe sleutel", reverse("people:handover-check")
        note = f"{plan.giver.name} heeft opnames opnieuw verzegeld voor u."
    elif running is not None and plan.giver_id == person.pk and running.sealed_at is None:
        title, note = "Maak de overdracht van de sleutels af", "Ga verder waar u was."
    elif plan.agreed_at is None and person.pk not in (plan.giver_id, plan.receiver_id):
        title = "Kijk of u akkoord gaat met een overdracht van de teamsleutel"
    yield Due(title, note, address, urgent=True)


def signatures(person: Person, _now: datetime) -> Iterator[Due]:
    """Signing for the protocol: one's own, and how many others have still to."""
    version = acknowledgements.owed_by_person(person)
    if version is not None:
        title = f"Teken voor versie {version.number} van het protocol"
        yield Due(title, "Lees het protocol en de werkinstructie, en teken.", reverse("people:sign"), urgent=True)
    current = governance.current()
    if not can(person, Act.READ_ACKNOWLEDGEMENTS) or current is None or not current.sections:
        return
    if gaps := acknowledgements.gaps(current):
        title = "Eén mens moet nog tekenen" if len(gaps) == 1 else f"{len(gaps)} mensen moeten nog tekenen"
        yield Due(title, f"Voor versie {current.number} van het protocol.", reverse("people:register"))


def reviews(person: Person, now: datetime) -> Iterator[Due]:
    """Reviews of who may do what that were not done in time."""
    if can(person, Act.REVIEW_RIGHTS):
        for one in review_queries.overdue(now):
            note = f"Had op {timezone.localtime(one.due_at):%d-%m-%Y} gedaan moeten zijn."
            yield Due(f"Controleer wie wat mag, per {one.dutch}", note, reverse("people:rights"), urgent=True)
