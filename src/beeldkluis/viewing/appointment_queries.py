"""Reading rooms and appointments."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from beeldkluis.cases.models import Case
from beeldkluis.protocol.cases import CaseState
from beeldkluis.viewing.models import Appointment, Room

DAY_BEFORE = timedelta(days=1)
LONGEST = timedelta(hours=4)  # no appointment takes longer: appointment_forms


def appointment(case: Case) -> Appointment | None:
    """The appointment of a case that was not cancelled; also one of which the moment must still be chosen."""
    found = Appointment.objects.select_related("room", "case", "made_by")
    return found.filter(case=case, cancelled_at__isnull=True).first()


def appointments_without_ground(now: datetime) -> Sequence[Appointment]:
    """Appointments still to come of cases that are not granted (any more)."""
    standing = Appointment.objects.select_related("case").filter(cancelled_at__isnull=True).exclude(at__lte=now)
    return list(standing.exclude(case__state=CaseState.GRANTED.value))


def tomorrows(now: datetime) -> Sequence[Appointment]:
    """Appointments within a day from now."""
    standing = Appointment.objects.select_related("case", "room", "made_by").filter(cancelled_at__isnull=True)
    return list(standing.filter(at__gt=now, at__lte=now + DAY_BEFORE))


def proposed(appointment: Appointment) -> list[datetime]:
    """The moments that were offered."""
    return [moment for one in appointment.proposed if (moment := parse_datetime(one)) is not None]


def others(besides: UUID | None, now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """When the appointments that stand begin and end, and those that are offered, without one of them. Of the past none."""
    standing = Appointment.objects.filter(cancelled_at__isnull=True)
    if besides is not None:
        standing = standing.exclude(pk=besides)
    found = []
    for one in standing.filter(Q(at__isnull=True) | Q(at__gt=now - LONGEST)):
        lasts = timedelta(minutes=one.minutes)
        found += [(at, at + lasts) for at in ([one.at] if one.at else proposed(one))]
    return tuple(span for span in found if span[1] > now)


def rooms() -> Sequence[Room]:
    """The rooms in use, by name."""
    return list(Room.objects.filter(retired_at__isnull=True).order_by("name"))


def room(pk: int) -> Room | None:
    """One room."""
    return Room.objects.filter(pk=pk).first()


def is_in_use(wanted: Room) -> bool:
    """Is this room used for viewing now?"""
    return Room.objects.filter(pk=wanted.pk, retired_at__isnull=True).exists()
