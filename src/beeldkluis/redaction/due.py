"""What is due of copies in which others cannot be recognised."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from beeldkluis.people.due import Due, can
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.redaction import RedactionState
from beeldkluis.redaction import queries

NOTES = {
    RedactionState.ANALYSED: "Het zoeken is klaar. Geef de verzoeker vrij en kijk na of alle anderen bedekt zijn.",
    RedactionState.RENDERED: "De kopie is gemaakt. Controleer haar helemaal.",
    RedactionState.CHECKED: "De kopie is gecontroleerd. Keur haar goed, of laat een ander kijken.",
    RedactionState.FAILED: "Het zoeken is niet gelukt. Kijk waarom.",
}


def copies(person: Person, _now: datetime) -> Iterator[Due]:
    """Copies that wait for a person."""
    if can(person, Act.OPEN_RECORDING):
        for one in queries.waiting_for(person, tuple(NOTES)):
            address = reverse("redaction:film", args=[one.case.reference, one.clip])
            yield Due(f"Anderen onherkenbaar maken bij {one.case.reference}", NOTES[RedactionState(one.state)], address)
