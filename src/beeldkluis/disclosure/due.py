"""What is due of demands."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from beeldkluis.cases.queries import is_titular
from beeldkluis.disclosure import queries
from beeldkluis.people.due import Due, can
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.cases import may_judge


def demands(person: Person, now: datetime) -> Iterator[Due]:
    """Demands by word of mouth that must come in writing."""
    if not can(person, Act.WRITE_DEMAND):
        return
    titular = is_titular(person.as_actor)
    for one, until in queries.unconfirmed():
        if not may_judge(about_team_manager=one.case.about_team_manager, titular=titular).allowed:
            continue
        by = f"{timezone.localtime(until):%d-%m-%Y %H:%M}"
        note = f"Moet er zijn voor {by}." if now <= until else f"Had er moeten zijn voor {by}. Verstrek niets meer."
        address = reverse("disclosure:demand", args=[one.case.reference])
        yield Due(f"Vraag de vordering op schrift bij {one.case.reference}", note, address, urgent=True)
