"""What is due, for each role: the start page shows this and nothing else. Each package offers its own items in its `due`; their
order stands here.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from beeldkluis.appointments import due as appointments
from beeldkluis.cases import due as cases
from beeldkluis.devices import due as devices
from beeldkluis.disclosure import due as disclosure
from beeldkluis.findings import due as findings
from beeldkluis.footage import due as footage
from beeldkluis.people import due as people
from beeldkluis.people.due import Due
from beeldkluis.people.models import Person
from beeldkluis.redaction import due as redaction
from beeldkluis.retention import due as retention
from beeldkluis.viewing import due as viewing
from beeldkluis.web import own_due as own

MOST = 100  # lines on the page
ITEMS: tuple[Callable[[Person, datetime], Iterator[Due]], ...] = (
    devices.journal,  # before anything else: until somebody wrote down what happened, no other line can be relied on
    people.notices,
    people.accounts,
    people.keys,
    cases.undecided,
    cases.waiting,
    cases.preservations,
    cases.letters,
    retention.brakes,
    viewing.unchecked,
    retention.coming,
    footage.apart,
    findings.findings,
    footage.observations,
    redaction.copies,
    disclosure.demands,
    appointments.tomorrows,
    viewing.reports,
    footage.late_periods,
    people.succession,
    people.signatures,
    own.versions,
    devices.cameras,
    devices.incidents,
    own.messages,
    people.reviews,
    own.terms,
    own.installation,
)


def for_person(person: Person, now: datetime) -> list[Due]:
    """Everything this person can do something about, what is late first."""
    found = [one for item in ITEMS for one in item(person, now)]
    return sorted(found, key=lambda one: not one.urgent)


def shown(found: list[Due]) -> tuple[list[Due], int]:
    """What the page shows, what is late first, and how many there are more: nobody reads a thousand lines."""
    return found[:MOST], len(found[MOST:])
