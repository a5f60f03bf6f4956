"""Reading whose views are waited for under a request for public records."""

from collections.abc import Sequence
from datetime import datetime

from beeldkluis.cases.models import Case, Suspension


def asked_of(case: Case) -> Suspension | None:
    """The third party whose views are waited for."""
    return Suspension.objects.filter(case=case, ended_at__isnull=True).exclude(third_party="").first()


def views_of(case: Case) -> Sequence[Suspension]:
    """Everybody whose views were asked, the first first."""
    return list(Suspension.objects.filter(case=case).exclude(third_party="").order_by("asked_at", "pk"))


def silent(now: datetime) -> Sequence[Suspension]:
    """Third parties whose time to give their views expired and has not been noted."""
    found = Suspension.objects.select_related("case").filter(ended_at__isnull=True, until__lt=now)
    return list(found.exclude(third_party="").order_by("until"))
