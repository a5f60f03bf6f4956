"""What is due of viewings."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from beeldkluis.footage import queries as footage
from beeldkluis.people.due import Due, can
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act
from beeldkluis.viewing import queries


def unchecked(person: Person, _now: datetime) -> Iterator[Due]:
    """New recordings of which nobody tried whether they open."""
    if can(person, Act.REPORT_OPENABLE) and (waiting := footage.count_unchecked()):
        note = f"{waiting} nog niet gecontroleerd. Er worden geen beelden opgehaald."
        yield Due("Controleer of nieuwe opnames opengaan", note, reverse("viewing:check"))


def reports(person: Person, _now: datetime) -> Iterator[Due]:
    """Viewings of which the report is still to be made."""
    if can(person, Act.OPEN_RECORDING):
        for viewing in queries.unreported(person):
            note = "Opmerkingen, en of er een kopie is meegegeven."
            title = f"Maak het verslag van de inzage bij {viewing.case.reference}"
            yield Due(title, note, reverse("viewing:report", args=[viewing.pk]))
