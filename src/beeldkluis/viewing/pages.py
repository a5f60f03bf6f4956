"""What the pages around a viewing say, put together from the viewing and the rules: words, never new facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from beeldkluis.appointments import queries as appointments
from beeldkluis.appointments.models import Appointment
from beeldkluis.cases.models import Case
from beeldkluis.cases.recording_queries import recordings_of
from beeldkluis.footage.models import Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.presence import Ground, Present, lacking, required
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.requests import IDENTITY_DOCUMENTS
from beeldkluis.viewing import gate, presence_queries, queries
from beeldkluis.viewing.models import Attendance, Viewing

NOBODY: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class PersonInRoom:
    """One person in the room, in words."""

    attendance: Attendance
    name: str
    present: str
    how: str
    gone: str = ""  # why somebody who did not leave does not count


@dataclass(frozen=True, slots=True)
class Line:
    """One recording of the case: may it open now, and if not why. `hindered`: it would not with everybody there either."""

    recording: Recording
    allowed: bool
    reason: str
    rule: str
    hindered: bool


def who_asks(case: Case) -> str:
    """The name of the requester, or of whom the request is about when somebody represents that person."""
    return case.requester_name


def todays(case: Case, now: datetime) -> Appointment | None:
    """The appointment of this case that is today."""
    found = appointments.appointment(case)
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
        "recordings": recordings_of(case),
        "appointment": appointments.appointment(case),
    }


def people(viewing: Viewing, gone: Mapping[int, str] = NOBODY) -> Sequence[PersonInRoom]:
    """Everybody who showed to be there, also who left. `gone`: why those who did not leave count no more."""
    return [_who(one, gone.get(one.pk, "")) for one in presence_queries.attendances(viewing)]


def _who(one: Attendance, gone: str) -> PersonInRoom:
    name = one.name
    if one.present == Present.OFFICER and one.officer:
        name = f"{one.officer} ({one.officer.name})"
    elif one.person:
        name = one.person.name
    how = own_words(one.get_how_display())
    if one.document:
        how = f"{IDENTITY_DOCUMENTS[one.document]} gezien"
    elif one.ground:
        whose = f" voor {one.officer}" if one.officer else ""
        how = f"{Ground(one.ground).dutch.lower()}{whose}; {how}"
    return PersonInRoom(one, name, Present(one.present).dutch, how, gone)


def lines(viewing: Viewing, now: datetime) -> Sequence[Line]:
    """The recordings of the case, each with the answer of the gate."""
    found = gate.answers(viewing, recordings_of(viewing.case), person=viewing.person, now=now)
    return [_line(one) for one in found]


def _line(answer: gate.Answer) -> Line:
    hindered = not answer.with_everybody.allowed
    verdict = answer.with_everybody if hindered else answer.now
    return Line(answer.recording, answer.now.allowed, verdict.reason, verdict.rule, hindered)


def room(viewing: Viewing, now: datetime) -> dict[str, Any]:
    """The page of who is there."""
    purpose, found, protocol = Purpose(viewing.purpose), lines(viewing, now), in_force()
    inside = presence_queries.in_the_room(viewing, now)
    wearers = [queries.wearer(one.recording) for one in found]
    lacks = {
        who for wearer in wearers for who in lacking(purpose=purpose, wearer=wearer, room=inside, protocol=protocol)
    }
    over = viewing.ended_at is not None or viewing.expires_at <= now
    hindrance = _hindrance(found)
    covered_only = bool(hindrance) and found[0].rule == "access.blurred"
    return {
        "viewing": viewing,
        "case": viewing.case,
        "purpose": purpose.dutch,
        "redacts": purpose is Purpose.REDACT,
        "copy_only": purpose is Purpose.VIEW_WITH_DATA_SUBJECT,
        "people": people(viewing, _gone(viewing, now)),
        "lines": found,
        "ready": not over and any(one.allowed for one in found),
        "hindrance": hindrance,
        "lacks": [one.dutch for one in Present if one in lacks],
        "may_confirm": not over and (not hindrance or covered_only),
        "wants_officer": Present.OFFICER in lacks,
        "wants_requester": Present.REQUESTER in required(purpose, protocol),
        "covered_only": covered_only,
        "state": state(viewing, now),
        "over": over,
    }


def _hindrance(found: Sequence[Line]) -> str:
    """Why nothing opens, even with everybody there; empty when something would."""
    return found[0].reason if found and all(one.hindered for one in found) else ""


def _gone(viewing: Viewing, now: datetime) -> Mapping[int, str]:
    standing = presence_queries.standing(viewing, now)
    return {one.pk: verdict.reason for one, verdict in standing if not verdict.allowed}


def state(viewing: Viewing, now: datetime) -> str:
    """A hash that changes when the page of who is there would. It says nothing by itself: it is asked every few seconds and
    leaves no entry, so what changed is told by the page, which does.
    """
    over = "over" if viewing.ended_at is not None or viewing.expires_at <= now else "lasts"
    standing = " ".join([over, viewing.case.state, *presence_queries.present_now(viewing, now)])
    return salted_hmac(f"beeldkluis.viewing-state {viewing.pk}", standing, algorithm="sha256").hexdigest()


def replaceable(viewing: Viewing, now: datetime) -> Mapping[str, tuple[str, Officer | None]]:
    """Whose place can be taken: those who wore the cameras and are not there; by pseudonym, with words."""
    inside = presence_queries.in_the_room(viewing, now)
    found: dict[str, tuple[str, Officer | None]] = {}
    for one in recordings_of(viewing.case):
        wearer = queries.wearer(one)
        if wearer not in inside.officers | inside.replaced:
            known = one.officer if wearer else None
            found[wearer] = (f"{known}, {known.name}" if known else "de onbekende drager", known)
    return found
