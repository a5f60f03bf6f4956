"""Reading messages that leave the house."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from beeldkluis.outbox.models import Outgoing

AT_ONCE = 50
STUCK_AFTER = 5  # tries: half an hour of silence


def _waiting() -> QuerySet[Outgoing]:
    return Outgoing.objects.filter(sent_at__isnull=True, withdrawn_at__isnull=True)


def due(now: datetime) -> Sequence[Outgoing]:
    """Messages to be tried now, the longest waiting first."""
    return list(_waiting().filter(next_try_at__lte=now).order_by("next_try_at")[:AT_ONCE])


def waiting() -> Sequence[Outgoing]:
    """Everything that has not left yet, oldest first."""
    return list(_waiting().order_by("queued_at"))


def stuck() -> Sequence[Outgoing]:
    """What was tried often and did not leave."""
    return list(_waiting().filter(tries__gte=STUCK_AFTER).order_by("queued_at"))


def stuck_for_watchers() -> int:
    """How many of the messages that must leave were tried often and did not."""
    return _waiting().filter(tries__gte=STUCK_AFTER, must_leave=True).count()


def message(pk: int) -> Outgoing | None:
    """One message."""
    return Outgoing.objects.filter(pk=pk).first()
