"""Reading rooms and appointments."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from beeldkluis.appointments.models import Appointment, Room
from beeldkluis.cases import recording_queries
from beeldkluis.cases.models import Case, Letter
from beeldkluis.people.models import Officer
from beeldkluis.protocol.cases import CaseState

DAY_BEFORE = timedelta(days=1)
LONGEST = timedelta(hours=4)  # no appointment takes longer: AppointmentForm


def _not_cancelled() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("room", "case", "made_by").filter(cancelled_at__isnull=True)


def appointment(case: Case) -> Appointment | None:
    """The newest appointment of a case that was not cancelled, also one that is over and one without a moment yet."""
    return _not_cancelled().filter(case=case).order_by("-made_at").first()


def standing(case: Case, now: datetime) -> Appointment | None:
    """The appointment of a case that still stands: not cancelled, and its end is to come."""
    found = appointment(case)
    return None if found is None or is_over(found, now) else found


def end(appointment: Appointment) -> datetime:
    """When an appointment ends. A proposal ends when its last moment begins: there is nothing left to choose then."""
    if appointment.at is not None:
        return appointment.at + timedelta(minutes=appointment.minutes)
    return max(proposed(appointment), default=appointment.made_at)


def is_over(appointment: Appointment, now: datetime) -> bool:
    """Is its time past? The clock answers, so that nothing needs to be written down first."""
    return appointment.over_at is not None or end(appointment) <= now


def to_note_as_over(now: datetime) -> Sequence[Appointment]:
    """Appointments of which the end is past and that was not noted yet."""
    return [one for one in _not_cancelled().filter(over_at__isnull=True) if is_over(one, now)]


def appointments_without_ground(now: datetime) -> Sequence[Appointment]:
    """Appointments still to come of cases that are not granted (any more)."""
    found = _not_cancelled().filter(over_at__isnull=True).exclude(at__lte=now)
    return [one for one in found.exclude(case__state=CaseState.GRANTED.value) if not is_over(one, now)]


def tomorrows(now: datetime) -> Sequence[Appointment]:
    """Appointments within a day from now."""
    return list(_not_cancelled().filter(at__gt=now, at__lte=now + DAY_BEFORE))


def proposed(appointment: Appointment) -> list[datetime]:
    """The moments that were offered."""
    return [moment for one in appointment.proposed if (moment := parse_datetime(one)) is not None]


def place_of(appointment: Appointment) -> str:
    """Room and address in a line."""
    return f"{appointment.room.name}, {appointment.room.address}"


def letter_left(appointment: Appointment) -> bool:
    """Was the requester's letter sent: with the moments to choose from, or with the moment as it stands now?"""
    kinds, at = ["proposal"], appointment.made_at
    if appointment.at is not None:
        kinds, at = ["invitation", "moved"], appointment.told_at or appointment.made_at
    made = Letter.objects.filter(case=appointment.case, kind__in=kinds, made_at=at)
    return made.exclude(how="").exists()


def hears(appointment: Appointment) -> bool:
    """Must the requester hear when it does not go on? Not of moments that were never sent."""
    return appointment.at is not None or letter_left(appointment)


def officers_of(appointment: Appointment) -> Sequence[Officer]:
    """The officers in service whose cameras it is about, each once. Who left is asked for nothing any more. That it does not go
    on, they hear also when the footage is gone by then.
    """
    recordings = recording_queries.linked if appointment.cancelled_at is not None else recording_queries.recordings_of
    found = {one.officer.pk: one.officer for one in recordings(appointment.case) if one.officer}
    return [one for one in found.values() if one.until is None]


def others(besides: UUID | None, now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """When the appointments that stand begin and end, and those that are offered, without one of them. Of the past none."""
    found = []
    for one in _not_cancelled().filter(Q(at__isnull=True) | Q(at__gt=now - LONGEST), over_at__isnull=True):
        if one.pk != besides:
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


def standing_by_room(now: datetime) -> Mapping[int, int]:
    """How many appointments and proposals stand in a room, by its number; rooms without any are left out."""
    return Counter(one.room_id for one in _not_cancelled().filter(over_at__isnull=True) if not is_over(one, now))
