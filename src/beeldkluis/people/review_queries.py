"""Reading reviews of rights: what is due, and the list that is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import Length

from beeldkluis.governance.queries import in_force
from beeldkluis.people.models import Officer, Person, RightsReview
from beeldkluis.protocol.review import due_at
from beeldkluis.protocol.roles import Role


@dataclass(frozen=True, slots=True)
class Review:
    """A kind of review: when it was done last, and when the next is due."""

    kind: str
    dutch: str
    last: RightsReview | None
    due_at: datetime


def reviews() -> list[Review]:
    """Both kinds. They begin to run with the first account; none before there is one."""
    began = Person.objects.order_by("added_at").values_list("added_at", flat=True).first()
    if began is None:
        return []
    found = []
    for kind in RightsReview.Kind:
        last = RightsReview.objects.filter(kind=kind).select_related("reviewer").order_by("-reviewed_at").first()
        due = due_at(kind=kind.value, last=last.reviewed_at if last else None, began=began, protocol=in_force())
        found.append(Review(kind.value, str(kind.label), last, due))
    return found


def overdue(now: datetime) -> list[Review]:
    """The reviews that should have been done by now."""
    return [one for one in reviews() if one.due_at <= now]


def list_of_rights() -> list[dict[str, Any]]:
    """Who has what, as it is kept with a review: accounts by pseudonym, role and state; officers in service."""
    accounts = [
        {"who": str(one.pseudonym), "role": one.role, "acting": one.acting, "open": one.is_active}
        for one in Person.objects.order_by("added_at")
    ]
    officers = [
        {"who": str(one.pseudonym), "role": Role.OFFICER.value, "code": bool(one.code_hash), "open": True}
        for one in Officer.objects.filter(until__isnull=True).order_by(Length("number"), "number")
    ]
    return [*accounts, *officers]


def past() -> Sequence[RightsReview]:
    """Reviews that were done, the newest first."""
    return list(RightsReview.objects.select_related("reviewer").order_by("-reviewed_at")[:40])
