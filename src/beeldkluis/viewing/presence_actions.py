"""The steps around looking together: begin, show to be there, leave, end, report (access-5, access-6)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from beeldkluis.appointments.models import Appointment
from beeldkluis.cases.about import about
from beeldkluis.cases.actions import identify
from beeldkluis.cases.models import Case
from beeldkluis.findings.actions import raise_finding
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.people.acknowledgement_actions import officer_actor
from beeldkluis.people.code_actions import check_code
from beeldkluis.people.models import Officer, Person
from beeldkluis.people.queries import officer_with_number, own_code
from beeldkluis.protocol import access
from beeldkluis.protocol import viewing as rules
from beeldkluis.protocol.codes import is_same_at_viewing, shows_who_types
from beeldkluis.protocol.presence import (
    WRONG_CODES,
    Ground,
    Present,
    looks_like_guessing,
    may_report,
    may_stand_in,
    recently_proved,
)
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.requests import may_note_identity
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.viewing import actions, events, gate, giving_actions, presence_notices, presence_queries, queries
from beeldkluis.viewing.expiry_actions import end_of
from beeldkluis.viewing.models import Attendance, Viewing

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
        beginner = Person.objects.select_for_update().get(pk=person.pk)  # the role may have changed since the page
        _require_ground(locked, purpose, beginner)
        require(recently_proved(proved_at, protocol=in_force(), now=now))
        assert proved_at is not None  # noqa: S101 - the rule refuses without
        require(rules.has_place(place))
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
        record(_begun(viewing))
        came = _Came(present=Present.TEAM_MANAGER, how=How.SECOND_FACTOR, person=person)
        _attend(viewing, came, actor=actor, now=now)
    return viewing


def _require_ground(case: Case, purpose: Purpose, person: Person) -> None:
    facts, titular = queries.case_facts(case), gate.is_titular(person)
    role = gate.role_of(person)
    require(access.may_look(role=role, purpose=purpose, case=facts, protocol=in_force(), titular=titular))


def _begun(viewing: Viewing) -> events.ViewingBegun:
    return events.ViewingBegun(
        case=viewing.case.reference, viewing=viewing.pk, purpose=viewing.purpose, place=viewing.place
    )


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


def _attend(viewing: Viewing, came: _Came, *checks: Verdict, actor: Actor, now: datetime) -> tuple[Attendance, bool]:
    """Write down that somebody is there, when all checks say yes; and whether that was not written down before. The same one
    twice is one; who counted no more comes anew.
    """
    with step("viewing.attend", actor=actor, about=about(viewing.case)) as record:
        locked = Viewing.objects.select_for_update(of=("self",)).select_related("case").get(pk=viewing.pk)
        require(lasts(locked, now))
        for check in checks:
            require(check)
        told = {name: getattr(came, name) for name in ("officer", "person", "name")}
        known = _noted_before(locked, came, now)
        made = known or Attendance.objects.create(
            viewing=locked, present=came.present.value, how=came.how, document=came.document, at=now, **told
        )
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
    return made, known is None


def _noted_before(viewing: Viewing, came: _Came, now: datetime) -> Attendance | None:
    """The same one, who is here already; one who did not count any more leaves first."""
    known = presence_queries.already(viewing, came.present, officer=came.officer, person=came.person, name=came.name)
    if known is None or any(one.pk == known.pk for one in presence_queries.here_now(viewing, now)):
        return known
    end_of(known, now)
    return None


def lasts(viewing: Viewing, now: datetime) -> Verdict:
    """Does the viewing go on?"""
    return rules.goes_on(over=viewing.ended_at is not None or viewing.expires_at <= now)


def table_actor(viewing: Viewing) -> Actor:
    """The screen of a viewing as the one who acts, as long as nobody said who types there."""
    return Actor(ActorKind.SYSTEM, "viewing", name=f"Inzage onder zaak {viewing.case.reference}")


def confirm_officer(
    viewing: Viewing, *, number: str, code: str, own_screen: bool = False, sender: str = "", now: datetime
) -> Attendance:
    """An officer says with number and personal code: I am in this room. Refused for a wrong one (as `check_code` does), for a
    code that does not show who types (`protocol.codes`), and when the viewing is over. `sender` counts wrong tries: on the
    shared screen those of whoever began the viewing, so that a new viewing gives no new tries. The officer hears of it at once.
    """
    if not (going := lasts(viewing, now)).allowed:
        with step("viewing.confirm_officer", actor=table_actor(viewing), about=about(viewing.case)):
            require(going)
    screen = sender or f"viewing-{viewing.person.pseudonym}"
    try:
        officer = check_code(number, code, sender=screen, actor=table_actor(viewing), now=now)
    except Refused as refusal:
        if refusal.journaled:  # a wrong code; one that came too soon is not looked at, so it says nothing
            _note_wrong_code(viewing, number, now)
        raise
    own = shows_who_types(own_code(officer), protocol=in_force(), now=now)
    if not own.allowed:
        presence_notices.fresh_code(viewing, officer, own.reason, actor=table_actor(viewing), now=now)
        with step("viewing.confirm_officer", actor=table_actor(viewing), about=about(viewing.case)):
            require(own)
    how = How.OWN_SCREEN if own_screen else How.CODE
    came = _Came(present=Present.OFFICER, how=how, officer=officer)
    with serialised():
        made, new = _attend(viewing, came, _same_code(officer), actor=officer_actor(officer), now=now)
        if new:
            presence_notices.officer_came(viewing, officer, own_screen, actor=officer_actor(officer), now=now)
    return made


def _same_code(officer: Officer) -> Verdict:
    """Is the code that was looked at still the officer's, now that steps of others wait for this turn?"""
    return is_same_at_viewing(same=Officer.objects.get(pk=officer.pk).code_hash == officer.code_hash)


def _note_wrong_code(viewing: Viewing, number: str, now: datetime) -> None:
    """Count it for this officer in this viewing, at whichever screen; after several of them somebody looks into it."""
    officer = officer_with_number(number)
    if officer is None:
        return
    key = f"wrong-codes-{viewing.pk}-{officer.pk}"
    with serialised():  # tries at once are all counted
        wrong = cache.get(key, 0) + 1
        cache.set(key, wrong, timeout=max(1, int((viewing.expires_at - now).total_seconds())))
        if looks_like_guessing(wrong):
            text = (
                f"Bij een inzage onder zaak {viewing.case.reference} is {WRONG_CODES} keer een verkeerde code getypt voor"
                f" handhaver {officer.number}. Vraag wie er typte."
            )
            raise_finding(
                rule="access.presence",
                key=f"wrong-codes:{viewing.case.reference}:{officer.number}",
                text=text,
                recording=None,
                bodycam=None,
                actor=table_actor(viewing),
                now=now,
            )


def note_requester(viewing: Viewing, *, name: str, document: str, actor: Actor, now: datetime) -> Attendance:
    """The team manager saw who the requester or the representative is. With the kind of document only (I-30). Nobody else saw
    it, so requester and data protection officer hear at once that it was noted.
    """
    with serialised():
        checks = (may_note_identity(document=document), _is_theirs(viewing, actor))
        came = _Came(present=Present.REQUESTER, how=How.IDENTITY, name=name, document=document)
        made, new = _attend(viewing, came, *checks, actor=actor, now=now)
        if viewing.case.identity_seen_at is None and name == viewing.case.requester_name:
            identify(viewing.case, document=document, actor=actor, now=now)
        if new:
            presence_notices.requester_noted(viewing, made, actor=actor, now=now)
    return made


def note_companion(viewing: Viewing, *, name: str, actor: Actor, now: datetime) -> Attendance:
    """Somebody who came along with the requester."""
    checks = (_is_theirs(viewing, actor), rules.may_come_along(name))
    came = _Came(present=Present.COMPANION, how=How.NAMED, name=name.strip())
    return _attend(viewing, came, *checks, actor=actor, now=now)[0]


def _is_theirs(viewing: Viewing, actor: Actor) -> Verdict:
    return rules.is_own(own=str(viewing.person.pseudonym) == actor.pseudonym)


def stand_in(
    viewing: Viewing, officer: Officer | None, *, ground: Ground, because: str, person: Person, now: datetime
) -> Attendance:
    """Take the place of an officer who does not come, or of the unknown one. The data protection officer hears of it at once.
    Who took that place already is there already.
    """
    actor = person.as_actor
    with step("viewing.stand_in", actor=actor, about=about(viewing.case)) as record:
        locked = Viewing.objects.select_for_update(of=("self",)).select_related("case", "person").get(pk=viewing.pk)
        require(lasts(locked, now))
        deputy = Person.objects.select_for_update().get(pk=person.pk)
        require(_may_stand_in(locked, officer, ground, because, deputy, now))
        came = _Came(present=Present.STAND_IN, how=How.ACCOUNT, officer=officer, person=deputy)
        known = _noted_before(locked, came, now)
        made = known or Attendance.objects.create(
            viewing=locked,
            present=Present.STAND_IN.value,
            how=How.ACCOUNT,
            officer=officer,
            person=deputy,
            ground=ground.value,
            because=because.strip(),
            at=now,
        )
        record(_stood_in(locked, made, deputy))
        if known is None:
            presence_notices.stood_in(locked, made, actor=actor, now=now)
    return made


def _may_stand_in(
    viewing: Viewing, officer: Officer | None, ground: Ground, because: str, person: Person, now: datetime
) -> Verdict:
    return may_stand_in(
        role=gate.role_of(person),
        same=viewing.person_id == person.pk,
        ground=ground,
        because=because,
        left=officer is not None and officer.until is not None and officer.until <= now,
        known=officer is not None,
        purpose=Purpose(viewing.purpose),
        about_team_manager=viewing.case.about_team_manager,
        titular=gate.is_titular(person),
    )


def _stood_in(viewing: Viewing, made: Attendance, person: Person) -> events.StoodIn:
    return events.StoodIn(
        case=viewing.case.reference,
        viewing=viewing.pk,
        who=str(person.pseudonym),
        officer=str(made.officer.pseudonym) if made.officer else "",
        ground=made.ground,
        because=made.because,
    )


def leave(attendance: Attendance, *, actor: Actor, now: datetime) -> int:
    """Somebody leaves the room, however often that one was noted. What may not stay open without that person is closed; how
    many recordings. Refused when the viewing is over: then everybody left already.
    """
    viewing = attendance.viewing
    with step("viewing.leave", actor=actor, about=about(viewing.case)) as record:
        require(_is_theirs(viewing, actor))
        locked = Viewing.objects.select_for_update(of=("self",)).select_related("case", "person").get(pk=viewing.pk)
        require(lasts(locked, now))
        require(rules.may_leave(Present(attendance.present)))
        for one in presence_queries.same_human(attendance):
            one.left_at = now
            one.save(update_fields=["left_at"])
        still = queries.open_in(locked)
        closed = sum(actions.close_without_ground(one, actor=actor, now=now) for one in still)
        who = str(attendance.officer.pseudonym) if attendance.officer else ""
        record(
            events.SomebodyLeft(
                case=locked.case.reference, viewing=locked.pk, present=attendance.present, who=who, closed=closed
            )
        )
    return closed


def end(viewing: Viewing, *, actor: Actor, now: datetime) -> None:
    """End a viewing and close every opening in it. Ending twice changes nothing."""
    with step("viewing.end", actor=actor, about=about(viewing.case)) as record:
        locked = Viewing.objects.select_for_update(of=("self",)).select_related("case").get(pk=viewing.pk)
        for opening in queries.open_in(locked):
            actions.close(opening, actor=actor, now=now)
        locked.ended_at = locked.ended_at or now
        locked.save(update_fields=["ended_at"])
        record(events.ViewingEnded(case=locked.case.reference, viewing=locked.pk))


def end_expired(*, actor: Actor, now: datetime) -> int:
    """End the viewings that expired. How many."""
    found = queries.expired_viewings(now)
    for viewing in found:
        end(viewing, actor=actor, now=now)
    return len(found)


def report(viewing: Viewing, told: Report, *, person: Person, now: datetime) -> None:
    """What whoever acts as team manager says of it afterwards: remarks, and whether a copy was handed over. Ends the viewing.
    Refused a second time, as the first may be signed already.
    """
    actor = person.as_actor
    with step("viewing.report", actor=actor, about=about(viewing.case)) as record:
        locked = Viewing.objects.select_for_update(of=("self",)).select_related("case").get(pk=viewing.pk)
        require(may_be_reported(locked, Person.objects.select_for_update().get(pk=person.pk)))
        end(locked, actor=actor, now=now)
        locked.refresh_from_db()
        locked.remarks, locked.copy_handed = told.remarks.strip(), told.copy_handed
        locked.reported_at, locked.reported_by = now, person
        locked.save(update_fields=["remarks", "copy_handed", "reported_at", "reported_by"])
        giving_actions.seen_at(locked, actor=actor, now=now)
        record(
            events.ViewingReported(
                case=locked.case.reference,
                viewing=locked.pk,
                copy_handed=told.copy_handed,
                remarks=locked.remarks,
            )
        )


def may_be_reported(viewing: Viewing, person: Person) -> Verdict:
    """May this person end this viewing and make its report now?"""
    return may_report(
        role=gate.role_of(person),
        reported=viewing.reported_at is not None,
        about_team_manager=viewing.case.about_team_manager,
        titular=gate.is_titular(person),
    )
