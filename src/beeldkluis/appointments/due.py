"""What is due of appointments."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from beeldkluis.appointments import queries
from beeldkluis.people.due import Due, can
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act


def tomorrows(person: Person, now: datetime) -> Iterator[Due]:
    """Tomorrow's appointments."""
    if can(person, Act.OPEN_RECORDING):
        for one in queries.tomorrows(now):
            when = f"{timezone.localtime(one.at):%d-%m-%Y %H:%M}, {one.room}" if one.at else ""
            address = reverse("appointments:appointment", args=[one.case.reference])
            yield Due(f"Inzage bij {one.case.reference}", when, address)
