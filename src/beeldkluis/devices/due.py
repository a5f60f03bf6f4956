"""What is due of bodycams and of security incidents."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from beeldkluis.devices import incident_queries, queries
from beeldkluis.governance.queries import in_force
from beeldkluis.people.due import Due, can
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.incident import deadline


def journal(person: Person, _now: datetime) -> Iterator[Due]:
    """Before anything else, and until somebody wrote down what happened and closed the incident."""
    if can(person, Act.READ_JOURNAL) and (one := incident_queries.open_of_journal()) is not None:
        handles = can(person, Act.HANDLE_INCIDENT)
        address = reverse("devices:incident", args=[one.number]) if handles else "/logboek/"
        yield Due("Het logboek klopt niet", one.told or f"Incident {one}.", address, urgent=True)


def cameras(person: Person, now: datetime) -> Iterator[Due]:
    """Bodycams with whoever did not sign, and those that stay away from the docks."""
    if not can(person, Act.ISSUE_BODYCAM):
        return
    for period in queries.issued_unsigned():
        title = f"Bodycam {period.bodycam} is bij iemand die niet heeft getekend"
        note = f"Reden bij de uitgifte: {period.unsigned_because}" if period.unsigned_because else "Laat tekenen."
        yield Due(title, note, reverse("people:register"), urgent=True)
    for period in queries.staying_away(now):
        last = period.bodycam.last_docked_at
        since = f"Sinds {timezone.localtime(last):%d-%m-%Y}." if last else "Nog nooit."
        title = f"Bodycam {period.bodycam} stond lang niet in een dockingstation"
        yield Due(title, since, reverse("devices:bodycams"))


def incidents(person: Person, now: datetime) -> Iterator[Due]:
    """Security incidents: to decide within the term, and to finish."""
    if not can(person, Act.HANDLE_INCIDENT):
        return
    protocol = in_force()
    for one in incident_queries.undecided():
        until = deadline(one.aware_at, protocol)
        hours = int((until - now).total_seconds() // 3600)
        over = f"De termijn is verlopen op {timezone.localtime(until):%d-%m-%Y %H:%M}."
        note = f"Nog {hours} uur." if now <= until else over
        address = reverse("devices:incident", args=[one.number])
        yield Due(f"Besluit of incident {one} wordt gemeld", note, address, urgent=True)
    for one in incident_queries.unfinished():
        address = reverse("devices:incident", args=[one.number])
        yield Due(f"Maak incident {one} af", f"{one.about.capitalize()}.", address)
