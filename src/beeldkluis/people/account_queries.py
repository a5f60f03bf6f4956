"""Reading accounts that wait: what was asked, since when somebody's access is known, who must hear of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from beeldkluis.governance.queries import in_force
from beeldkluis.people import queries
from beeldkluis.people.models import AccountChange, Person, Running, TeamKey
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.accounts import (
    LINKED,
    Change,
    Second,
    Waited,
    may_carry_out,
    may_confirm,
    may_see_change,
    waiting_time,
)
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict

_WAITING = {"done_at": None, "stopped_at": None}


def _all() -> QuerySet[AccountChange]:
    return AccountChange.objects.select_related("person", "asked_by", "confirmed_by", "stopped_by")


def waiting() -> Sequence[AccountChange]:
    """Everything that waits for a second person or for time, oldest first."""
    return list(_all().filter(**_WAITING).order_by("asked_at", "pk"))


def change(pk: int) -> AccountChange | None:
    """One change."""
    return _all().filter(pk=pk).first()


def change_of_stop_link(hashed: str) -> AccountChange | None:
    """The change that the link in a mail can stop."""
    return _all().filter(stop_hash=hashed).first()


def newest_of(person: Person) -> AccountChange | None:
    """What was asked last for this person."""
    return _all().filter(person=person).order_by("-pk").first()


def newest_of_all() -> Sequence[AccountChange]:
    """What was asked last for each person, in one query."""
    newest = AccountChange.objects.filter(person=OuterRef("person")).order_by("-pk").values("pk")[:1]
    return list(_all().filter(pk=Subquery(newest)))


def waiting_to_come_in(person: Person) -> AccountChange | None:
    """The waiting addition of this person, when there is one."""
    return _all().filter(person=person, kind=Change.ADD.value, **_WAITING).first()


def was_in_use(person: Person) -> bool:
    """Did this account ever work? One that the program itself added, at the first set-up, did from the start."""
    additions = AccountChange.objects.filter(person=person, kind=Change.ADD.value)
    if additions.exists():
        return additions.filter(done_at__isnull=False, stopped_at=None).exists()
    return person.is_active or person.last_login is not None or person.has_usable_password()


def known_since(person: Person) -> datetime | None:
    """When this person came in by the newest door that was opened for the account; None when that was the first set-up."""
    found = AccountChange.objects.filter(
        person=person, kind__in=[one.value for one in LINKED], done_at__isnull=False, stopped_at=None
    )
    moments = [used or done for used, done in found.values_list("used_at", "done_at")]
    return max((one for one in moments if one), default=None)


def others_in_use(person: Person) -> int:
    """How many people with the same role have an account beside this one."""
    return Person.objects.filter(role=person.role, is_active=True).exclude(pk=person.pk).count()


def has_keys() -> bool:
    """Is there anything to protect: was the key ceremony held?"""
    return queries.active_key(TeamKey.Kind.TEAM) is not None


def ran() -> int:
    """How long the machine ran in all, in seconds, at the last look."""
    found = Running.objects.filter(pk=1).first()
    return found.total if found else 0


def waited(change: AccountChange, *, now: datetime) -> Waited:
    """How long this change waits, by the clock and by how long the machine ran."""
    return Waited(now - change.asked_at, timedelta(seconds=ran() - change.ran_at))


def wait_of(kind: Change) -> timedelta:
    """How long such a change waits without a second person."""
    return waiting_time(kind, keys=has_keys(), protocol=in_force())


def verdict(change: AccountChange, *, now: datetime) -> Verdict:
    """May it be carried out now?"""
    return may_carry_out(
        change=Change(change.kind),
        role=Role(change.person.role),
        confirmed=change.confirmed_at is not None,
        sheet=change.with_sheet,
        keys=has_keys(),
        waited=waited(change, now=now),
        protocol=in_force(),
    )


def second(change: AccountChange, person: Person) -> Second:
    """What the rule must know of somebody who would confirm."""
    return Second(
        role=Role(person.role) if person.is_active else Role.OFFICER,
        is_subject=person.pk == change.person.pk,
        asked=change.asked_by is not None and person.pk == change.asked_by.pk,
        known_since=known_since(person),
    )


def may_confirm_now(change: AccountChange, person: Person, *, now: datetime) -> Verdict:
    """May this person be the second one now?"""
    return may_confirm(
        change=Change(change.kind),
        role=Role(change.person.role),
        is_open=is_open(change, now=now) and change.confirmed_at is None,
        second=second(change, person),
        protocol=in_force(),
        now=now,
    )


def is_open(change: AccountChange, *, now: datetime) -> bool:
    """Does it wait?"""
    return change.done_at is None and change.stopped_at is None and now < change.expires_at


def is_stoppable(change: AccountChange, *, now: datetime) -> bool:
    """Can it still be stopped: it waits, or its link works, nobody used it and nothing newer took its place?"""
    if change.stopped_at is not None or change.used_at is not None or now >= change.expires_at:
        return False
    newest = AccountChange.objects.filter(person=change.person).order_by("-pk").values_list("pk", flat=True).first()
    return change.done_at is None or (by_link(change) and newest == change.pk)


def by_link(change: AccountChange) -> bool:
    """Does somebody come in by a link that this made?"""
    return Change(change.kind) in LINKED


def who_hears(change: AccountChange) -> list[Person]:
    """Whom it is about, who watches, and the team manager; of acting in an emergency and of a restoration everybody."""
    if Change(change.kind) in (Change.DEPUTISE, Change.RESTORE):
        return [*Person.objects.filter(is_active=True).order_by("pk")]
    manager = queries.titular_team_manager()
    heard = [change.person, *queries.active_with(Role.DPO), *([manager] if manager and manager.is_active else [])]
    return [*{one.pk: one for one in heard}.values()]


def may_see(change: AccountChange, person: Person) -> Verdict:
    """May this person see this change? Whom it is about, who may confirm it, and who manages accounts."""
    if (own := may_see_change(is_subject=person.pk == change.person.pk)).allowed:
        return own
    confirms = may(Role(person.role), Act.CONFIRM_ACCOUNT)
    return confirms if confirms.allowed else may(Role(person.acting), Act.MANAGE_PEOPLE)
