"""What the daily check still has to do."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from beeldkluis.footage.models import Recording
from beeldkluis.viewing.models import HeaderCheck


def _untried() -> QuerySet[Recording]:
    return Recording.objects.exclude(state=Recording.State.DESTROYED).filter(openable__isnull=True)


def unanswered() -> QuerySet[HeaderCheck]:
    """Recordings whose headers were given and of which no outcome came, and that nobody gave a reason for yet."""
    return HeaderCheck.objects.filter(reported_at__isnull=True, again=False, recording__in=_untried().values("pk"))


def to_give(most: int) -> Sequence[UUID]:
    """Recordings whose headers may be given now, oldest first."""
    waiting = HeaderCheck.objects.filter(reported_at__isnull=True, again=False)
    found = _untried().exclude(pk__in=waiting.values("recording")).order_by("received_at")
    return list(found.values_list("pk", flat=True)[:most])
