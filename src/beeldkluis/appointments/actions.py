"""Appointments to come and look: propose, choose, move, cancel. Everybody who comes is told each time (access-5)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings

from beeldkluis.appointments import events, queries
from beeldkluis.appointments.models import Appointment, Room
from beeldkluis.cases import letters
from beeldkluis.cases.about import about
from beeldkluis.cases.decision_actions import invite
from beeldkluis.cases.letter_actions import make as make_letter
from beeldkluis.cases.models import Case
from beeldkluis.cases.queries import is_titular
from beeldkluis.cases.queries import person as person_of
from beeldkluis.documents.calendar import Meeting, calendar
from beeldkluis.documents.words import day_and_time
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import Record, in_turn, require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people.models import Officer
from beeldkluis.people.municipality_queries import contact
from beeldkluis.people.queries import team_manager
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.cases import may_judge
from beeldkluis.protocol.presence import may_appoint
from beeldkluis.protocol.verdict import Refused, Verdict

RULE = "access.appointment"
COME = """Er is een afspraak om beelden te bekijken: {at}, in {place}. U bent erbij.

{before}{who}In de bijlage staat de afspraak voor uw agenda.
"""
NOT = """De afspraak om beelden te bekijken van {at} gaat niet door. In de bijlage staat dat voor uw agenda.
"""
WHO = "Waar het over gaat, hoort u van de teammanager. "
GONE = "Er staat geen afspraak meer."


def add_room(name: str, address: str, note: str, *, actor: Actor) -> Room:
    """A room that is set up for viewing. Refused for a name that another room has."""
    with step("viewing.add_room", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_ROOMS))
        if not name.strip() or not address.strip() or Room.objects.filter(name=name.strip()).exists():
            raise _refused("Geef de ruimte een eigen naam en een adres.")
        made = Room.objects.create(name=name.strip(), address=address.strip(), note=note.strip())
        record(events.RoomAdded(room=made.pk, name=made.name))
    return made


def retire_room(room: Room, *, actor: Actor, now: datetime) -> None:
    """A room is not used for viewing any more. Appointments that stand stay as they are. Again changes nothing."""
    with step("viewing.retire_room", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_ROOMS))
        locked = Room.objects.select_for_update().get(pk=room.pk)
        locked.retired_at = locked.retired_at or now
        locked.save(update_fields=["retired_at"])
        record(events.RoomRetired(room=locked.pk, name=locked.name))


def _refused(reason: str) -> Refused:
    return Refused(Verdict(allowed=False, rule=RULE, reason=reason))


def make(
    case: Case, *, room: Room, moments: Sequence[datetime], minutes: int, companion: bool, actor: Actor, now: datetime
) -> Appointment:
    """Offer several moments, or make the appointment when there is one. Refused by the table of steps, by
    protocol.presence, and while the case has an appointment that stands.
    """
    with step("viewing.make_appointment", actor=actor, about=about(case)) as record:
        Case.objects.select_for_update().get(pk=case.pk)
        _make_way(case, record, now)
        require(_may_appoint(moments, minutes, None, now, in_use=queries.is_in_use(room)))
        at = [one.astimezone(UTC) for one in moments]
        made = Appointment.objects.create(
            case=case,
            room=room,
            proposed=[one.isoformat() for one in at],
            minutes=minutes,
            companion=companion,
            made_by=person_of(actor),
            made_at=now,
        )
        if len(at) == 1:
            _fix(made, at[0], record, actor, now)
        else:
            words = letters.proposal(at, place=place_of(made), minutes=minutes, companion=companion)
            invite(case, "proposal", words, actor=actor, now=now)
            record(events.MomentsProposed(case=case.reference, appointment=made.pk, moments=len(at)))
    return made


def _make_way(case: Case, record: Record, now: datetime) -> None:
    """Refused while an appointment stands. One that is over makes way here too, so that nobody waits for the tick."""
    last = queries.appointment(case)
    if last is None or last.over_at is not None:
        return
    if not queries.is_over(last, now):
        raise _refused("Er is al een afspraak. Verzet die, of zeg haar af.")
    _note(last, record, now)


def _note(appointment: Appointment, record: Record, now: datetime) -> None:
    appointment.over_at = now
    appointment.save(update_fields=["over_at"])
    record(events.AppointmentOver(case=appointment.case.reference, appointment=appointment.pk))


def note_over(*, actor: Actor, now: datetime) -> int:
    """Note of every appointment whose end is past that it is over. How many."""
    with in_turn():
        found = queries.to_note_as_over(now)
        for one in found:
            with step("viewing.note_appointment_over", actor=actor, about=about(one.case)) as record:
                _note(_locked(one), record, now)
    return len(found)


def _may_appoint(
    moments: Sequence[datetime], minutes: int, besides: UUID | None, now: datetime, *, in_use: bool = True
) -> Verdict:
    return may_appoint(
        moments=tuple(moments),
        lasts=timedelta(minutes=minutes),
        room_in_use=in_use,
        others=queries.others(besides, now),
        now=now,
    )


def place_of(appointment: Appointment) -> str:
    """Room and address in a line."""
    return f"{appointment.room.name}, {appointment.room.address}"


def _file(appointment: Appointment, attendee: str, now: datetime) -> bytes:
    """The calendar file for whoever has this address; empty: for a letter on paper."""
    register = in_force()
    assert appointment.at is not None  # noqa: S101 - only asked for once the moment stands
    meeting = Meeting(
        uid=appointment.pk,
        sequence=appointment.sequence,
        at=appointment.at,
        minutes=appointment.minutes,
        place=place_of(appointment),
        municipality=register.municipality,
        # a calendar program wants somebody who invites: the address that the mail comes from, if there is no other
        organiser=next(iter(contact().get("email", ())), "") or parseaddr(settings.MAIL_FROM)[1],
        attendee=attendee,
        cancelled=appointment.cancelled_at is not None,
    )
    return calendar(meeting, made_at=now)


def _words(appointment: Appointment) -> dict[str, object]:
    assert appointment.at is not None  # noqa: S101 - only asked for once the moment stands
    return letters.invitation(
        at=appointment.at,
        place=place_of(appointment),
        note=appointment.room.note,
        minutes=appointment.minutes,
        companion=appointment.companion,
    )


def _fix(appointment: Appointment, at: datetime, record: Record, actor: Actor, now: datetime) -> None:
    appointment.at, appointment.told_at = at, now
    appointment.save(update_fields=["at", "told_at"])
    case = appointment.case
    file = _file(appointment, case.by_email, now)
    invite(case, "invitation", _words(appointment), calendar=file, actor=actor, now=now)
    _tell_staff(appointment, None, actor, now)
    record(events.AppointmentMade(case=case.reference, appointment=appointment.pk, room=appointment.room_id, at=at))


def _tell_staff(appointment: Appointment, old: datetime | None, actor: Actor, now: datetime) -> None:
    """The officers and who acts as team manager. An officer without an e-mail address gets a letter. `old`: when it was before
    it moved.
    """
    for officer in queries.officers_of(appointment):
        if officer.email:
            _mail_staff(appointment, officer.email, old, WHO, actor, now)
        else:
            _write_officer(appointment, officer, old, actor, now)
    if (manager := team_manager()) is not None:
        _mail_staff(appointment, manager.email, old, "", actor, now)


def _mail_staff(appointment: Appointment, to: str, old: datetime | None, who: str, actor: Actor, now: datetime) -> None:
    assert appointment.at is not None  # noqa: S101 - only asked for once the moment stands
    at, place = day_and_time(appointment.at), place_of(appointment)
    before = f"Het is de afspraak van {day_and_time(old)}, verzet. " if old else ""
    text = (NOT if appointment.cancelled_at else COME).format(at=at, place=place, before=before, who=who)
    subject = "Afspraak om beelden te bekijken" + (" gaat niet door" if appointment.cancelled_at else "")
    queue_mail(to=to, subject=subject, text=text, calendar=_file(appointment, to, now), actor=actor, now=now)


def _write_officer(
    appointment: Appointment, officer: Officer, old: datetime | None, actor: Actor, now: datetime
) -> None:
    assert appointment.at is not None  # noqa: S101 - only asked for once the moment stands
    at, place = day_and_time(appointment.at), place_of(appointment)
    kind, words = "officer_notice", letters.officer_appointment(appointment.at, place)
    if appointment.cancelled_at is not None:
        kind, words = "officer_cancelled", {"at": at}
    elif old is not None:
        kind, words = "officer_moved", {"old_at": day_and_time(old), "at": at, "place": place}
    lines = letters.officer_lines(officer)
    make_letter(appointment.case, kind, words, recipient=lines, email="", actor=actor, now=now)


def choose(appointment: Appointment, at: datetime, *, actor: Actor, now: datetime) -> Appointment:
    """The requester chose one of the moments that were offered."""
    with step("viewing.choose_moment", actor=actor, about=about(appointment.case)) as record:
        locked = _standing(appointment, now)
        if locked.at is not None:
            raise _refused("Er is al een moment gekozen. Moet het anders? Verzet dan de afspraak.")
        if at not in queries.proposed(locked):
            raise _refused("Kies een van de momenten die zijn voorgesteld.")
        if not queries.is_in_use(locked.room):
            raise _refused("De ruimte is niet meer in gebruik. Trek het voorstel in en maak een nieuw.")
        require(_may_appoint((at,), locked.minutes, locked.pk, now))
        _fix(locked, at, record, actor, now)
    return locked


def _standing(appointment: Appointment, now: datetime) -> Appointment:
    """The row, locked, when the appointment still stands. Refused otherwise: what took place is not moved or cancelled."""
    locked = _locked(appointment)
    if locked.cancelled_at is not None or queries.is_over(locked, now):
        raise _refused(GONE)
    return locked


def _locked(appointment: Appointment) -> Appointment:
    found = Appointment.objects.select_for_update(of=("self",)).select_related("case", "room", "made_by")
    return found.get(pk=appointment.pk)


def move(
    appointment: Appointment, *, at: datetime, room: Room, because: str, actor: Actor, now: datetime
) -> Appointment:
    """Another moment or place; everybody is told, and calendars take the newer revision. Refused when nothing changes."""
    with step("viewing.move_appointment", actor=actor, about=about(appointment.case)) as record:
        locked = _standing(appointment, now)
        if locked.at is None:
            raise _refused("Er is nog geen moment gekozen, dus valt er niets te verzetten.")
        if (at, room.pk) == (locked.at, locked.room_id):
            raise _refused("Dit is al het moment en de ruimte van de afspraak. Kies iets anders.")
        require(_may_appoint((at,), locked.minutes, locked.pk, now, in_use=queries.is_in_use(room)))
        old, because = locked.at, because.strip()
        locked.at, locked.room, locked.because = at.astimezone(UTC), room, because
        locked.told_at, locked.sequence = now, locked.sequence + 1
        locked.save(update_fields=["at", "room", "because", "told_at", "sequence"])
        words = _words(locked) | {"old_at": day_and_time(old), "because": because}
        file = _file(locked, locked.case.by_email, now)
        invite(locked.case, "moved", words, calendar=file, actor=actor, now=now)
        _tell_staff(locked, old, actor, now)
        event = events.AppointmentMoved(
            case=locked.case.reference, appointment=locked.pk, room=room.pk, at=locked.at, because=because
        )
        record(event)
    return locked


def cancel(appointment: Appointment, *, because: str, actor: Actor, now: datetime) -> None:
    """It does not go on; everybody who would come is told. Refused when it does not stand any more."""
    with step("viewing.cancel_appointment", actor=actor, about=about(appointment.case)) as record:
        require(allowed(actor, Act.DECIDE_CASE))
        locked = _standing(appointment, now)
        judged = locked.case.about_team_manager
        require(may_judge(about_team_manager=judged, titular=judged and is_titular(actor)))
        _call_off(locked, because.strip(), record, actor, now)


def _call_off(
    appointment: Appointment, because: str, record: Record, actor: Actor, now: datetime, *, ended: bool = False
) -> None:
    """`ended`: the request is not granted any more, so no other moment comes instead."""
    appointment.cancelled_at, appointment.because, appointment.sequence = now, because, appointment.sequence + 1
    appointment.save(update_fields=["cancelled_at", "because", "sequence"])
    case, moments = appointment.case, queries.proposed(appointment)
    if appointment.at is not None:
        file = _file(appointment, case.by_email, now)
        words = letters.cancellation(appointment.at, because, ended=ended)
        make_letter(case, "cancelled", words, calendar=file, actor=actor, now=now)
        _tell_staff(appointment, None, actor, now)
    elif queries.hears(appointment):
        words = letters.proposal_withdrawn(moments, because, ended=ended)
        make_letter(case, "proposal_withdrawn", words, actor=actor, now=now)
    record(events.AppointmentCancelled(case=case.reference, appointment=appointment.pk, because=because))


def cancel_of_closed(*, actor: Actor, now: datetime) -> int:
    """Call off what stands in the calendar of cases that are not granted any more. How many."""
    with in_turn():
        found = queries.appointments_without_ground(now)
        for one in found:
            with step("viewing.cancel_appointment", actor=actor, about=about(one.case)) as record:
                because = "Uw verzoek is op dit moment niet toegewezen."
                _call_off(_locked(one), because, record, actor, now, ended=True)
    return len(found)
