"""What is due of keeping and destroying."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from beeldkluis.footage import queries as footage
from beeldkluis.governance.queries import in_force
from beeldkluis.people.due import Due, can
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.retention import announced_until
from beeldkluis.retention import queries


def brakes(person: Person, _now: datetime) -> Iterator[Due]:
    """Rounds that were stopped and wait for this person."""
    if can(person, Act.CONFIRM_DESTRUCTION):
        for brake in queries.waiting_brakes():
            if str(person.pseudonym) not in queries.confirmed_by(brake):
                address = reverse("retention:brake", args=[brake.pk])
                yield Due("Kijk een gestopte vernietiging na", brake.because, address, urgent=True)


def coming(person: Person, now: datetime) -> Iterator[Due]:
    """What will be destroyed soon."""
    if can(person, Act.READ_RECORDINGS):
        soon = footage.due_soon(now, announced_until(protocol=in_force(), now=now))
        if (first := soon.first()) is not None:
            note = f"De eerste op {timezone.localtime(first.due_at):%d-%m-%Y %H:%M}. U hoeft niets te doen."
            one = "opname wordt" if (count := soon.count()) == 1 else "opnames worden"
            yield Due(f"{count} {one} binnenkort vernietigd", note, reverse("retention:overview"))
