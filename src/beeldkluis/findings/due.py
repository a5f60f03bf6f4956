"""What is due of findings."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from beeldkluis.findings import queries
from beeldkluis.people.due import Due, can
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act


def findings(person: Person, _now: datetime) -> Iterator[Due]:
    """Findings that wait for somebody to look."""
    if can(person, Act.SETTLE_FINDING) and (found := queries.open_findings()):
        title = "Kijk één bevinding na" if len(found) == 1 else f"Kijk {len(found)} bevindingen na"
        yield Due(title, found[0].text, reverse("findings:list"), urgent=True)
