"""The steps around looking together: begin, show to be there, leave, end, report (access-5, access-6)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from beeldkluis.cases.about import about
from beeldkluis.cases.actions import identify
from beeldkluis.cases.models import Case
from beeldkluis.devices.actions import raise_finding
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import in_turn, require, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.people.acknowledgement_actions import officer_actor
from beeldkluis.people.code_actions import check_code
from beeldkluis.people.deputation_actions import tell_dpo
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol import access
from beeldkluis.protocol.presence import Ground, Present, Purpose, is_present, may_stand_in, recently_proved
from beeldkluis.protocol.requests import may_note_identity
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.viewing import actions, events, queries
from beeldkluis.viewing.models import Appointment, Attendance, Viewing

How = Attendance.How


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the team manager says of a viewing afterwards."""

    remarks: str
    copy_handed: bool


def begin(
    case: Case,
    *,
    purpose: Purpose,
    place: str,
    proved_at: datetime | None,
    appointment: Appointment | None = None,
    person: Person,
    now: datetime,
) -> Viewing:
    """Begin to look together. Nothing opens yet. `proved_at` is when the person last showed the second factor. Another viewing
    of this person under this case that still lasts is ended: one table, one viewing. Refused by protocol.access.
    """
    actor = person.as_actor
    with step("viewing.begin", actor=actor, about=about(case)) as record:
        locked = Case.objects.select_for_update().get(pk=case.pk)
        facts, titular = queries.case_facts(locked), person.role == Role.TEAM_MANAGER
        require(access.may_look(role=actor.role, purpose=purpose, case=facts, titular=titular))
        require(recently_proved(proved_at, protocol=in_force(), now=now))
        assert proved_at is not None  # noqa: S101 - the rule refuses without
        if not place.strip():
            raise _refused("Schrijf op waar u kijkt.")
        for one in queries.lasting(locked, person, now):
            end(one, actor=actor, now=now)
        viewing = Viewing.objects.create(
            case=locked,
            purpose=purpose.value,
            place=place.strip(),
            appointment=appointment,
            person=person,
            proved_at=proved_at,
            begun_at=now,
            expires_at=access.opening_ends(now, in_force()),
            number=_free_number(now),
            protocol=in_force().version,
        )
        record(events.ViewingBegun(case=case.reference, viewing=viewing.pk, purpose=purpose.value, place=viewing.place))
        came = _Came(present=Present.TEAM_MANAGER, how=How.SECOND_FACTOR, person=person)
        _attend(viewing, came, actor=actor, now=now)
    return viewing


def _begun(viewing: Viewing) -> events.ViewingBegun:
    return events.ViewingBegun(
        case=viewing.case.reference, viewing=viewing.pk, purpose=viewing.purpose, place=viewing.place
    )


def _refused(reason: str) -> Refused:
    return Refused(Verdict(allowed=False, rule="access.presence", reason=reason))


def _free_number(now: datetime) -> str:
    """Six digits that no viewing that lasts has."""
    taken = queries.numbers_in_use(now)
    while (number := f"{secrets.randbelow(10**6):06d}") in taken:
        continue
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """Somebody who came: as whom, how that was shown, and who it is, as far as that is known."""

    present: Present
    how: Attendance.How
    officer: Officer | None = None
    person: Person | None = None
    name: str = ""
    document: str = ""


def _attend(viewing: Viewing, came: _Came, *checks: Verdict, actor: Actor, now: datetime) -> Attendance:
    """Write down that somebody is there, when all checks say yes; the same officer twice is one."""
    with step("viewing.attend", actor=actor, about=about(viewing.case)) as record:
        locked = Viewing.objects.select_for_update(of=("self",)).select_related("case").get(pk=viewing.pk)
        _must_last(locked, now)
        for check in checks:
            require(check)
        told = {name: getattr(came, name) for name in ("how", "officer", "person", "name", "document")}
        again = locked.attendances.filter(present=came.present.value, officer=came.officer, left_at=None)
        made = again.first() if came.officer is not None else None
        made = made or Attendance.objects.create(viewing=locked, present=came.present.value, at=now, **told)
        who = came.officer or came.person
        record(
            events.SomebodyPresent(
                case=locked.case.reference,
                viewing=locked.pk,
                present=came.present.value,
                how=str(came.how),
                who=str(who.pseudonym) if who else "",
                document=came.document,
                name=came.name,
            )
        )
    return made


def _must_last(viewing: Viewing, now: datetime) -> None:
    if viewing.ended_at is not None or viewing.expires_at <= now:
        raise _refused("Deze inzage is voorbij. Begin een nieuwe.")


def table_actor(viewing: Viewing) -> Actor:
    """The screen of a viewing as the one who acts, as long as nobody said who types there."""
    return Actor(ActorKind.SYSTEM, "viewing", name=f"Inzage onder zaak {viewing.case.reference}")


def confirm_officer(
    viewing: Viewing, *, number: str, code: str, own_screen: bool = False, sender: str = "", now: datetime
) -> Attendance:
    """An officer says with number and personal code: I am in this room. Refused for a wrong one (as `check_code` does), for a
    code that somebody else gave and the officer did not change yet, and when the viewing is over. `sender` counts wrong tries.
    """
    _must_last(viewing, now)
    screen = sender or f"viewing-{viewing.pk}"
    officer = check_code(number, code, sender=screen, actor=table_actor(viewing), now=now)
    if officer.code_is_first:  # whoever gave it knows it too, so it does not show who types
        with step("viewing.confirm_officer", actor=officer_actor(officer), about=about(viewing.case)):
            raise _refused("Deze code is u gegeven. Kies eerst bij het dockingstation zelf een code.")
    how = How.OWN_SCREEN if own_screen else How.CODE
    came = _Came(present=Present.OFFICER, how=how, officer=officer)
    return _attend(viewing, came, actor=officer_actor(officer), now=now)


def note_requester(viewing: Viewing, *, name: str, document: str, actor: Actor, now: datetime) -> Attendance:
    """The team manager saw who the requester or the representative is. With the kind of document only (I-30)."""
    with in_turn():
        checks = (may_note_identity(document=document), _is_theirs(viewing, actor))
        came = _Came(present=Present.REQUESTER, how=How.IDENTITY, name=name, document=document)
        made = _attend(viewing, came, *checks, actor=actor, now=now)
        if viewing.case.identity_seen_at is None and name == viewing.case.requester_name:
            identify(viewing.case, document=document, actor=actor, now=now)
    return made


def note_companion(viewing: Viewing, *, name: str, actor: Actor, now: datetime) -> Attendance:
    """Somebody who came along with the requester."""
    named = Verdict(allowed=bool(name.strip()), rule="access.presence", reason="Schrijf op wie er meekwam.")
    checks = (_is_theirs(viewing, actor), named)
    came = _Came(present=Present.COMPANION, how=How.NAMED, name=name.strip())
    return _attend(viewing, came, *checks, actor=actor, now=now)


def _is_theirs(viewing: Viewing, actor: Actor) -> Verdict:
    theirs = str(viewing.person.pseudonym) == actor.pseudonym
    return Verdict(allowed=theirs, rule="access.presence", reason="Dit is de inzage van een ander.")


def stand_in(
    viewing: Viewing, officer: Officer | None, *, ground: Ground, because: str, person: Person, now: datetime
) -> Attendance:
    """Take the place of an officer who does not come, or of the unknown one. The data protection officer hears of it at once."""
    actor = person.as_actor
    with step("viewing.stand_in", actor=actor, about=about(viewing.case)) as record:
        locked = Viewing.objects.select_for_update(of=("self",)).select_related("case", "person").get(pk=viewing.pk)
        _must_last(locked, now)
        verdict = may_stand_in(
            role=actor.role,
            same=locked.person_id == person.pk,
            ground=ground,
            because=because,
            left=officer is not None and officer.until is not None and officer.until <= now,
            known=officer is not None,
            purpose=Purpose(locked.purpose),
        )
        require(verdict)
        made = Attendance.objects.create(
            viewing=locked,
            present=Present.STAND_IN.value,
            how=How.ACCOUNT,
            officer=officer,
            person=person,
            ground=ground.value,
            because=because.strip(),
            at=now,
        )
        record(_stood_in(locked, made, person))
        _tell(locked, made, actor, now)
    return made


def _stood_in(viewing: Viewing, made: Attendance, person: Person) -> events.StoodIn:
    return events.StoodIn(
        case=viewing.case.reference,
        viewing=viewing.pk,
        who=str(person.pseudonym),
        officer=str(made.officer.pseudonym) if made.officer else "",
        ground=made.ground,
        because=made.because,
    )


def _tell(viewing: Viewing, made: Attendance, actor: Actor, now: datetime) -> None:
    whose = (
        f"de plaats van handhaver {made.officer.number}" if made.officer else "de plaats van een onbekende handhaver"
    )
    text = f"Bij een inzage onder zaak {viewing.case.reference} nam een plaatsvervanger {whose} in."
    raise_finding(rule="access.stand-in", text=text, recording=None, bodycam=None, actor=actor, now=now)
    told = f"{text} {Ground(made.ground).dutch}. Toelichting: {made.because}"
    tell_dpo(subject="Een plaatsvervanger nam de plaats van een handhaver in", text=told, actor=actor, now=now)


def leave(attendance: Attendance, *, actor: Actor, now: datetime) -> int:
    """Somebody leaves the room. What may not stay open without that person is closed; how many recordings."""
    viewing = attendance.viewing
    with step("viewing.leave", actor=actor, about=about(viewing.case)) as record:
        require(_is_theirs(viewing, actor))
        locked = Attendance.objects.select_for_update(of=("self",)).select_related("officer").get(pk=attendance.pk)
        locked.left_at = locked.left_at or now
        locked.save(update_fields=["left_at"])
        closed = _close_what_lacks(viewing, actor, now)
        who = str(locked.officer.pseudonym) if locked.officer else ""
        record(
            events.SomebodyLeft(
                case=viewing.case.reference, viewing=viewing.pk, present=locked.present, who=who, closed=closed
            )
        )
    return closed


def _close_what_lacks(viewing: Viewing, actor: Actor, now: datetime) -> int:
    room, purpose, closed = queries.in_the_room(viewing), Purpose(viewing.purpose), 0
    for opening in queries.open_in(viewing):
        wearer = queries.wearer_of(opening.recording)
        if not is_present(purpose=purpose, wearer=wearer, room=room).allowed:
            actions.close(opening, actor=actor, now=now)
            closed += 1
    return closed


def end(viewing: Viewing, *, actor: Actor, now: datetime) -> None:
    """The viewing is over: everything that is open in it closes. Ending twice changes nothing."""
    with step("viewing.end", actor=actor, about=about(viewing.case)) as record:
        locked = Viewing.objects.select_for_update(of=("self",)).select_related("case").get(pk=viewing.pk)
        for opening in queries.open_in(locked):
            actions.close(opening, actor=actor, now=now)
        locked.ended_at = locked.ended_at or now
        locked.save(update_fields=["ended_at"])
        record(events.ViewingEnded(case=locked.case.reference, viewing=locked.pk))


def end_expired(*, actor: Actor, now: datetime) -> int:
    """End the viewings whose time is over. How many."""
    found = queries.expired_viewings(now)
    for viewing in found:
        end(viewing, actor=actor, now=now)
    return len(found)


def report(viewing: Viewing, told: Report, *, actor: Actor, now: datetime) -> None:
    """What the team manager says of it afterwards: remarks, and whether a copy was handed over. Ends the viewing."""
    with step("viewing.report", actor=actor, about=about(viewing.case)) as record:
        require(_is_theirs(viewing, actor))
        end(viewing, actor=actor, now=now)
        locked = Viewing.objects.select_for_update(of=("self",)).select_related("case").get(pk=viewing.pk)
        locked.remarks, locked.copy_handed, locked.reported_at = told.remarks.strip(), told.copy_handed, now
        locked.save(update_fields=["remarks", "copy_handed", "reported_at"])
        record(
            events.ViewingReported(
                case=locked.case.reference,
                viewing=locked.pk,
                copy_handed=told.copy_handed,
                remarks=locked.remarks,
            )
        )
