"""Appointments to come and look: propose, choose, move, cancel. Everybody who comes is told each time (access-5)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from beeldkluis.cases import letters
from beeldkluis.cases.about import about
from beeldkluis.cases.decision_actions import invite
from beeldkluis.cases.letter_actions import make as make_letter
from beeldkluis.cases.models import Case
from beeldkluis.cases.queries import person as person_of
from beeldkluis.documents.calendar import Meeting, calendar
from beeldkluis.documents.words import day_and_time
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import Record, require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people.models import Officer
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.presence import may_appoint
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.viewing import appointment_events as events
from beeldkluis.viewing import appointment_queries, queries
from beeldkluis.viewing.models import Appointment, Room

RULE = "access.appointment"
COME = """Er is een afspraak om beelden te bekijken: {at}, in {place}. U bent erbij.

{note}Waar het over gaat, hoort u van de teammanager. In de bijlage staat de afspraak voor uw agenda.
"""
NOT = """De afspraak om beelden te bekijken van {at} gaat niet door. In de bijlage staat dat voor uw agenda.
"""


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
    protocol.presence, and when the case has an appointment already.
    """
    with step("viewing.make_appointment", actor=actor, about=about(case)) as record:
        require(_may_appoint(moments, minutes, None, now, in_use=appointment_queries.is_in_use(room)))
        Case.objects.select_for_update().get(pk=case.pk)
        if appointment_queries.appointment(case) is not None:
            raise _refused("Er is al een afspraak. Verzet die, of zeg haar af.")
        made = Appointment.objects.create(
            case=case,
            room=room,
            proposed=[one.isoformat() for one in moments],
            minutes=minutes,
            companion=companion,
            made_by=person_of(actor),
            made_at=now,
        )
        if len(moments) == 1:
            _fix(made, moments[0], record, actor, now)
        else:
            words = letters.proposal(moments, place=place_of(made), minutes=minutes, companion=companion)
            invite(case, "proposal", words, actor=actor, now=now)
            record(events.MomentsProposed(case=case.reference, appointment=made.pk, moments=len(moments)))
    return made


def _may_appoint(
    moments: Sequence[datetime], minutes: int, besides: UUID | None, now: datetime, *, in_use: bool = True
) -> Verdict:
    return may_appoint(
        moments=tuple(moments),
        lasts=timedelta(minutes=minutes),
        room_in_use=in_use,
        others=appointment_queries.others(besides, now),
        now=now,
    )


def place_of(appointment: Appointment) -> str:
    """Room and address in a line."""
    return f"{appointment.room.name}, {appointment.room.address}"


def _meeting(appointment: Appointment) -> Meeting:
    register = in_force()
    assert appointment.at is not None  # noqa: S101 - only asked for once the moment stands
    return Meeting(
        uid=appointment.pk,
        sequence=appointment.sequence,
        at=appointment.at,
        minutes=appointment.minutes,
        place=place_of(appointment),
        municipality=register.municipality,
        organiser=next(iter(register.contact.get("email", ())), ""),
        cancelled=appointment.cancelled_at is not None,
    )


def _words(appointment: Appointment) -> dict[str, object]:
    assert appointment.at is not None  # noqa: S101 - only asked for once the moment stands
    return letters.invitation(
        at=appointment.at,
        place=place_of(appointment),
        minutes=appointment.minutes,
        companion=appointment.companion,
    )


def _fix(appointment: Appointment, at: datetime, record: Record, actor: Actor, now: datetime) -> None:
    appointment.at = at
    appointment.save(update_fields=["at"])
    file = calendar(_meeting(appointment), made_at=now)
    invite(appointment.case, "invitation", _words(appointment), calendar=file, actor=actor, now=now)
    _tell_staff(appointment, file, "", actor, now)
    record(
        events.AppointmentMade(
            case=appointment.case.reference, appointment=appointment.pk, room=appointment.room_id, at=at
        )
    )


def officers_of(appointment: Appointment) -> list[Officer]:
    """The officers whose cameras it is about, each once."""
    found = {one.officer.pk: one.officer for one in queries.recordings_of(appointment.case) if one.officer}
    return list(found.values())


def _tell_staff(appointment: Appointment, file: bytes, note: str, actor: Actor, now: datetime) -> None:
    """The officers and the team manager. Who has no e-mail address gets a letter, except the team manager, who made it."""
    assert appointment.at is not None  # noqa: S101 - only asked for once the moment stands
    at, place = day_and_time(appointment.at), place_of(appointment)
    text = (NOT if appointment.cancelled_at else COME).format(at=at, place=place, note=note)
    subject = "Afspraak om beelden te bekijken" + (" gaat niet door" if appointment.cancelled_at else "")
    for officer in officers_of(appointment):
        if officer.email:
            queue_mail(to=officer.email, subject=subject, text=text, calendar=file, actor=actor, now=now)
        elif not appointment.cancelled_at:
            words = {"about": "beelden van uw camera", "purpose": "een afspraak om samen te kijken"}
            told = words | {"at": at, "place": place}
            make_letter(
                appointment.case, "officer_notice", told, recipient=[officer.name], email="", actor=actor, now=now
            )
    to = appointment.made_by.email
    queue_mail(to=to, subject=subject, text=text, calendar=file, actor=actor, now=now)


def choose(appointment: Appointment, at: datetime, *, actor: Actor, now: datetime) -> Appointment:
    """The requester chose one of the moments that were offered."""
    with step("viewing.choose_moment", actor=actor, about=about(appointment.case)) as record:
        locked = _locked(appointment)
        if locked.at is not None or locked.cancelled_at is not None or at not in appointment_queries.proposed(locked):
            raise _refused("Kies een van de momenten die zijn voorgesteld.")
        require(_may_appoint((at,), locked.minutes, locked.pk, now))
        _fix(locked, at, record, actor, now)
    return locked


def _locked(appointment: Appointment) -> Appointment:
    found = Appointment.objects.select_for_update(of=("self",)).select_related("case", "room", "made_by")
    return found.get(pk=appointment.pk)


def move(
    appointment: Appointment, *, at: datetime, room: Room, because: str, actor: Actor, now: datetime
) -> Appointment:
    """Another moment or place; everybody is told, and calendars take the newer revision."""
    with step("viewing.move_appointment", actor=actor, about=about(appointment.case)) as record:
        locked = _locked(appointment)
        if locked.at is None or locked.cancelled_at is not None:
            raise _refused("Er is geen afspraak om te verzetten.")
        require(_may_appoint((at,), locked.minutes, locked.pk, now, in_use=appointment_queries.is_in_use(room)))
        old = locked.at
        locked.at, locked.room, locked.because, locked.sequence = at, room, because.strip(), locked.sequence + 1
        locked.save(update_fields=["at", "room", "because", "sequence"])
        file = calendar(_meeting(locked), made_at=now)
        words = _words(locked) | {"old_at": day_and_time(old), "because": because.strip()}
        invite(locked.case, "moved", words, calendar=file, actor=actor, now=now)
        _tell_staff(locked, file, f"Het is de afspraak van {day_and_time(old)}, verzet. ", actor, now)
        event = events.AppointmentMoved(
            case=locked.case.reference, appointment=locked.pk, room=room.pk, at=at, because=because.strip()
        )
        record(event)
    return locked


def cancel(appointment: Appointment, *, because: str, actor: Actor, now: datetime) -> None:
    """It does not go on; everybody who would come is told. Again changes nothing but the journal."""
    with step("viewing.cancel_appointment", actor=actor, about=about(appointment.case)) as record:
        require(allowed(actor, Act.DECIDE_CASE))
        locked = _locked(appointment)
        _call_off(locked, because.strip(), actor, now)
        record(events.AppointmentCancelled(case=locked.case.reference, appointment=locked.pk, because=because.strip()))


def _call_off(appointment: Appointment, because: str, actor: Actor, now: datetime) -> None:
    if appointment.cancelled_at is not None:
        return
    appointment.cancelled_at, appointment.because, appointment.sequence = now, because, appointment.sequence + 1
    appointment.save(update_fields=["cancelled_at", "because", "sequence"])
    if appointment.at is not None and appointment.at > now:
        file = calendar(_meeting(appointment), made_at=now)
        words = letters.cancellation(appointment.at, because)
        make_letter(appointment.case, "cancelled", words, calendar=file, actor=actor, now=now)
        _tell_staff(appointment, file, "", actor, now)


def cancel_of_closed(*, actor: Actor, now: datetime) -> int:
    """Call off what stands in the calendar of cases that are not granted any more. How many."""
    found = appointment_queries.appointments_without_ground(now)
    for one in found:
        with step("viewing.cancel_appointment", actor=actor, about=about(one.case)) as record:
            locked = _locked(one)
            _call_off(locked, "De zaak is niet meer toegewezen.", actor, now)
            record(events.AppointmentCancelled(case=one.case.reference, appointment=one.pk, because=locked.because))
    return len(found)
