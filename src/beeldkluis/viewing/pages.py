"""What the pages around a viewing say, put together from the viewing and the rules: words, never new facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from beeldkluis.cases.models import Case
from beeldkluis.footage.models import Recording
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.presence import REQUIRED, Ground, Present, Purpose, is_present, lacking
from beeldkluis.protocol.requests import IDENTITY_DOCUMENTS
from beeldkluis.viewing import appointment_queries, queries
from beeldkluis.viewing.models import Appointment, Attendance, Viewing


@dataclass(frozen=True, slots=True)
class Who:
    """One person in the room, in words."""

    attendance: Attendance
    name: str
    present: str
    how: str


@dataclass(frozen=True, slots=True)
class Line:
    """One recording of the case: may it open now, and if not why."""

    recording: Recording
    allowed: bool
    reason: str


def who_asks(case: Case) -> str:
    """The name of the requester, or of whom the request is about when somebody represents that person."""
    return case.requester_name


def todays(case: Case, now: datetime) -> Appointment | None:
    """The appointment of this case that is today."""
    found = appointment_queries.appointment(case)
    if found is None or found.at is None:
        return None
    return found if timezone.localdate(found.at) == timezone.localdate(now) else None


def beginning(case: Case, now: datetime) -> dict[str, str]:
    """What is filled in already when a viewing begins."""
    coming = todays(case, now)
    return {"place": coming.room.name} if coming else {}


def before(case: Case, person: Person, now: datetime) -> dict[str, Any]:
    """The page before a viewing: one that lasts, and whether there is anything to look at."""
    return {
        "lasting": queries.lasting(case, person, now),
        "recordings": queries.recordings_of(case),
        "appointment": appointment_queries.appointment(case),
    }


def people(viewing: Viewing) -> Sequence[Who]:
    """Everybody who showed to be there, also who left."""
    return [_who(one) for one in queries.attendances(viewing)]


def _who(one: Attendance) -> Who:
    name = one.name
    if one.present == Present.OFFICER and one.officer:
        name = f"{one.officer} ({one.officer.name})"
    elif one.person:
        name = one.person.name
    how = one.get_how_display()
    if one.document:
        how = f"{IDENTITY_DOCUMENTS[one.document]} gezien"
    elif one.ground:
        whose = f" voor {one.officer}" if one.officer else ""
        how = f"{Ground(one.ground).dutch.lower()}{whose}; {how}"
    return Who(one, name, Present(one.present).dutch, how)


def lines(viewing: Viewing) -> Sequence[Line]:
    """The recordings of the case, each with the answer of the rule."""
    room, purpose = queries.in_the_room(viewing), Purpose(viewing.purpose)
    found = []
    for one in queries.recordings_of(viewing.case):
        verdict = is_present(purpose=purpose, wearer=queries.wearer(one), room=room)
        found.append(Line(one, verdict.allowed, verdict.reason))
    return found


def room(viewing: Viewing, now: datetime) -> dict[str, Any]:
    """The page of who is there."""
    purpose, found = Purpose(viewing.purpose), lines(viewing)
    inside = queries.in_the_room(viewing)
    wearers = [queries.wearer(one.recording) for one in found]
    lacks = {who for wearer in wearers for who in lacking(purpose=purpose, wearer=wearer, room=inside)}
    over = viewing.ended_at is not None or viewing.expires_at <= now
    return {
        "viewing": viewing,
        "case": viewing.case,
        "purpose": purpose.dutch,
        "people": people(viewing),
        "lines": found,
        "ready": not over and any(one.allowed for one in found),
        "lacks": [one.dutch for one in Present if one in lacks],
        "wants_officer": Present.OFFICER in lacks,
        "wants_requester": Present.REQUESTER in REQUIRED[purpose],
        "requester_missing": Present.REQUESTER in lacks,
        "covered_only": purpose is Purpose.VIEW_WITH_DATA_SUBJECT,
        "state": " ".join(queries.present_now(viewing)),
        "over": over,
    }


def replaceable(viewing: Viewing) -> Mapping[str, tuple[str, Officer | None]]:
    """Whose place can be taken: those who wore the cameras and are not there; by pseudonym, with words."""
    inside = queries.in_the_room(viewing)
    found: dict[str, tuple[str, Officer | None]] = {}
    for one in queries.recordings_of(viewing.case):
        wearer = queries.wearer(one)
        if wearer not in inside.officers | inside.replaced:
            found[wearer] = (
                f"{one.officer}, {one.officer.name}" if one.officer else "de onbekende drager",
                one.officer,
            )
    return found
