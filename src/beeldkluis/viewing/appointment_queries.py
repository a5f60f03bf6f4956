"""Reading rooms and appointments."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from beeldkluis.cases.models import Case
from beeldkluis.protocol.cases import CaseState
from beeldkluis.viewing.models import Appointment, Room

DAY_BEFORE = timedelta(days=1)


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


def rooms() -> Sequence[Room]:
    """The rooms in use, by name."""
    return list(Room.objects.filter(retired_at__isnull=True).order_by("name"))


def room(pk: int) -> Room | None:
    """One room."""
    return Room.objects.filter(pk=pk).first()


def is_in_use(wanted: Room) -> bool:
    """Is this room used for viewing now?"""
    return Room.objects.filter(pk=wanted.pk, retired_at__isnull=True).exists()
