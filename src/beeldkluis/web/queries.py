"""Reading for the pages around signing in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from beeldkluis.people import account_queries, account_words
from beeldkluis.people.models import AccountChange, Person
from beeldkluis.protocol.accounts import Change
from beeldkluis.sealed.token import hash_token
from beeldkluis.web.models import OneTimeLink


def is_empty() -> bool:
    """Has nobody been added yet?"""
    return not Person.objects.exists()


def invited(token: str, *, now: datetime) -> OneTimeLink | None:
    """The invitation of this token, while it can still be used, now or once its change is done (`why_not_yet`)."""
    link = (
        OneTimeLink.objects.select_related("person", "change__person", "change__asked_by")
        .filter(
            kind=OneTimeLink.Kind.INVITATION,
            token_hash=hash_token(token),
            used_at=None,
            withdrawn_at=None,
            expires_at__gt=now,
        )
        .first()
    )
    waits = link is not None and link.change is not None and link.change.done_at is None
    return link if link and link.person and (link.person.is_active or waits or why_not_yet(link)) else None


def why_not_yet(link: OneTimeLink) -> str:
    """Why this invitation opens nothing now, in words; empty when it does."""
    change = link.change
    if change is None or (change.done_at is not None and change.stopped_at is None and change.used_at is None):
        return ""
    return account_words.not_yet(change)


@dataclass(frozen=True, slots=True)
class Member:
    """A line of the list of people: somebody, what was asked last, whether that waits, and how it stands in words."""

    person: Person
    change: AccountChange | None
    waits: bool
    can_come_in: bool  # in use, or to be asked for once more

    @property
    def state(self) -> str:
        """How the newest change stands."""
        return account_words.state(self.change) if self.change else ""


def staff() -> Sequence[Member]:
    """Everybody with an account, those who left last, each with what was asked last."""
    newest = {one.person.pk: one for one in account_queries.newest_of_all()}
    return [_member(one, newest.get(one.pk)) for one in Person.objects.order_by("-is_active", "name")]


def _member(person: Person, change: AccountChange | None) -> Member:
    waits = change is not None and change.done_at is None and change.stopped_at is None
    stopped = change is not None and change.kind == Change.ADD.value and change.stopped_at is not None
    return Member(person, change, waits, person.is_active or waits or stopped)


def person_with(email: str) -> Person | None:
    """The person who signs in with this address."""
    return Person.objects.filter(email__iexact=email.strip()).first()


def person(pk: int) -> Person | None:
    """One person with an account."""
    return Person.objects.filter(pk=pk).first()
