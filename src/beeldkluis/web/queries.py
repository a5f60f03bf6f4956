"""Reading for the pages around signing in."""

from collections.abc import Sequence
from datetime import datetime

from beeldkluis.people.models import Person
from beeldkluis.sealed.token import hash_token
from beeldkluis.web.models import OneTimeLink


def is_empty() -> bool:
    """Has nobody been added yet?"""
    return not Person.objects.exists()


def invited(token: str, *, now: datetime) -> Person | None:
    """Whose invitation this is, while it can still be used."""
    link = (
        OneTimeLink.objects.select_related("person")
        .filter(
            kind=OneTimeLink.Kind.INVITATION,
            token_hash=hash_token(token),
            used_at=None,
            withdrawn_at=None,
            expires_at__gt=now,
            person__is_active=True,
        )
        .first()
    )
    return link.person if link else None


def staff() -> Sequence[Person]:
    """Everybody with an account, those who left last."""
    return list(Person.objects.order_by("-is_active", "name"))


def person(pk: int) -> Person | None:
    """One person with an account."""
    return Person.objects.filter(pk=pk).first()
