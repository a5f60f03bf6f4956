"""Reading what somebody was told and has not seen."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from beeldkluis.people.models import Notice, Person
from beeldkluis.protocol.roles import Role


def _for(person: Person) -> QuerySet[Notice]:
    own = Q(receiver=person)
    return Notice.objects.filter(own | Q(receiver=None) if person.role == Role.DPO.value else own)


def unseen(person: Person) -> Sequence[Notice]:
    """What this person was told and has not seen yet, newest first."""
    return list(_for(person).filter(seen_at__isnull=True).order_by("-made_at", "-pk"))


def count_unseen(person: Person) -> int:
    """How many there are."""
    return _for(person).filter(seen_at__isnull=True).count()


def newest_unseen(person: Person) -> Notice | None:
    """The newest of them."""
    return _for(person).filter(seen_at__isnull=True).order_by("-made_at", "-pk").first()


def notice(pk: int) -> Notice | None:
    """One notice."""
    return Notice.objects.filter(pk=pk).first()


def is_for(notice: Notice, person: Person) -> bool:
    """Was it for this person?"""
    return _for(person).filter(pk=notice.pk).exists()
