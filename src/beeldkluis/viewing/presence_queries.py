"""Who is in the room: read anew each time, because people leave, lose a role, or their confirmation expires."""

from collections.abc import Sequence
from datetime import datetime

from beeldkluis.governance.queries import in_force
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.presence import Confirmation, InTheRoom, Present, Screen, still_counts
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict
from beeldkluis.viewing.models import Attendance, Viewing


def attendances(viewing: Viewing) -> Sequence[Attendance]:
    """Everybody who showed to be there, in order, also who left."""
    return list(viewing.attendances.select_related("officer", "person").order_by("at", "pk"))


def standing(viewing: Viewing, now: datetime) -> Sequence[tuple[Attendance, Verdict]]:
    """Everybody who did not say to leave, and whether each still counts."""
    screens, protocol = _screens(viewing), in_force()
    stayed = [one for one in attendances(viewing) if one.left_at is None]
    return [(one, still_counts(_told(one, now), screens=screens, protocol=protocol, now=now)) for one in stayed]


def _told(one: Attendance, now: datetime) -> Confirmation:
    present = Present(one.present)
    serves = True
    if present is Present.OFFICER:
        serves = one.officer is not None and (one.officer.until is None or one.officer.until > now)
    elif one.person is not None:
        serves = one.person.is_active
    role = Role(one.person.acting) if one.person is not None else None
    return Confirmation(present=present, at=one.at, serves=serves, role=role)


def _screens(viewing: Viewing) -> Sequence[Screen]:
    told = viewing.openings.values_list("opened_at", "heartbeat__at", "closed_at")
    return [Screen(opened_at=at, lived_at=lived or at, closed_at=closed) for at, lived, closed in told]


def here_now(viewing: Viewing, now: datetime) -> Sequence[Attendance]:
    """Who is there now and counts."""
    return [one for one, verdict in standing(viewing, now) if verdict.allowed]


def in_the_room(viewing: Viewing, now: datetime) -> InTheRoom:
    """Who is there now, as the rule asks it."""
    here = here_now(viewing, now)

    def officers(present: Present) -> frozenset[str]:
        return frozenset(str(one.officer.pseudonym) if one.officer else "" for one in here if one.present == present)

    return InTheRoom(
        team_manager=any(one.present == Present.TEAM_MANAGER for one in here),
        officers=officers(Present.OFFICER),
        replaced=officers(Present.STAND_IN),
        requester=any(one.present == Present.REQUESTER for one in here),
    )


def present_now(viewing: Viewing, now: datetime) -> list[str]:
    """Who is there now, for the journal: the kind, and the pseudonym of officers and people with an account."""
    told = []
    for one in here_now(viewing, now):
        who = one.person or one.officer
        told.append(f"{one.present}:{who.pseudonym}" if who else one.present)
    return told


def same_human(attendance: Attendance) -> Sequence[Attendance]:
    """This attendance and every other of the same person who did not leave: one who was noted twice, or who takes the place of
    several officers.
    """
    stayed = attendance.viewing.attendances.filter(present=attendance.present, left_at__isnull=True)
    if attendance.present == Present.OFFICER:
        return list(stayed.filter(officer=attendance.officer_id))
    if attendance.person_id is not None:
        return list(stayed.filter(person=attendance.person_id))
    return [other for other in stayed if _plain(other.name) == _plain(attendance.name)]


def already(
    viewing: Viewing, present: Present, *, officer: Officer | None, person: Person | None, name: str
) -> Attendance | None:
    """Who was noted before as the same: in the same part, for the same officer, by the same account or the same name."""
    stayed = viewing.attendances.filter(present=present.value, officer=officer, person=person, left_at__isnull=True)
    return next((one for one in stayed.order_by("pk") if _plain(one.name) == _plain(name)), None)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def going_on(now: datetime) -> Sequence[Viewing]:
    """The viewings that go on."""
    return list(Viewing.objects.select_related("case").filter(ended_at__isnull=True, expires_at__gt=now))
