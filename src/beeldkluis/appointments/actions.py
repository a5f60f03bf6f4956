"""Appointments to come and look: propose, choose, move, cancel. Everybody who comes is told each time (access-5)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from beeldkluis.appointments import events, queries
from beeldkluis.appointments.invitation_actions import calendar_file, invitation_words, tell_staff
from beeldkluis.appointments.models import Appointment, Room
from beeldkluis.cases import letters
from beeldkluis.cases.about import about
from beeldkluis.cases.decision_actions import invite
from beeldkluis.cases.letter_actions import make as make_letter
from beeldkluis.cases.models import Case
from beeldkluis.cases.queries import is_titular
from beeldkluis.cases.queries import person as person_of
from beeldkluis.documents.words import day_and_time
from beeldkluis.journal.actions import Record, require, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.appointments import may_change, may_choose, may_make_another, may_move
from beeldkluis.protocol.cases import may_judge
from beeldkluis.protocol.presence import may_appoint
from beeldkluis.protocol.verdict import Verdict


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
            words = letters.proposal(at, place=queries.place_of(made), minutes=minutes, companion=companion)
            invite(case, "proposal", words, actor=actor, now=now)
            record(events.MomentsProposed(case=case.reference, appointment=made.pk, moments=len(at)))
    return made


def _make_way(case: Case, record: Record, now: datetime) -> None:
    """Refused while an appointment stands. One that is over makes way here too, so that nobody waits for the tick."""
    last = queries.appointment(case)
    if last is None or last.over_at is not None:
        return
    require(may_make_another(stands=not queries.is_over(last, now)))
    _note(last, record, now)


def _note(appointment: Appointment, record: Record, now: datetime) -> None:
    appointment.over_at = now
    appointment.save(update_fields=["over_at"])
    record(events.AppointmentOver(case=appointment.case.reference, appointment=appointment.pk))


def note_over(*, actor: Actor, now: datetime) -> int:
    """Mark every appointment that ended as past. How many."""
    with serialised():
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


def _fix(appointment: Appointment, at: datetime, record: Record, actor: Actor, now: datetime) -> None:
    appointment.at, appointment.told_at = at, now
    appointment.save(update_fields=["at", "told_at"])
    case = appointment.case
    file = calendar_file(appointment, case.by_email, now)
    invite(case, "invitation", invitation_words(appointment), calendar=file, actor=actor, now=now)
    tell_staff(appointment, actor=actor, now=now)
    record(events.AppointmentMade(case=case.reference, appointment=appointment.pk, room=appointment.room_id, at=at))


def choose(appointment: Appointment, at: datetime, *, actor: Actor, now: datetime) -> Appointment:
    """The requester chose one of the moments that were offered."""
    with step("viewing.choose_moment", actor=actor, about=about(appointment.case)) as record:
        locked = _standing(appointment, now)
        proposed, in_use = at in queries.proposed(locked), queries.is_in_use(locked.room)
        require(may_choose(fixed=locked.at is not None, proposed=proposed, room_in_use=in_use))
        require(_may_appoint((at,), locked.minutes, locked.pk, now))
        _fix(locked, at, record, actor, now)
    return locked


def _standing(appointment: Appointment, now: datetime) -> Appointment:
    """The row, locked, when the appointment still stands. Refused otherwise: what took place is not moved or cancelled."""
    locked = _locked(appointment)
    require(may_change(stands=locked.cancelled_at is None and not queries.is_over(locked, now)))
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
        require(may_move(fixed=locked.at is not None, changes=(at, room.pk) != (locked.at, locked.room_id)))
        assert locked.at is not None  # noqa: S101 - the rule refuses without
        require(_may_appoint((at,), locked.minutes, locked.pk, now, in_use=queries.is_in_use(room)))
        old, because = locked.at, because.strip()
        locked.at, locked.room, locked.because = at.astimezone(UTC), room, because
        locked.told_at, locked.sequence = now, locked.sequence + 1
        locked.save(update_fields=["at", "room", "because", "told_at", "sequence"])
        words = invitation_words(locked) | {"old_at": day_and_time(old), "because": because}
        file = calendar_file(locked, locked.case.by_email, now)
        invite(locked.case, "moved", words, calendar=file, actor=actor, now=now)
        tell_staff(locked, old, actor=actor, now=now)
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
        file = calendar_file(appointment, case.by_email, now)
        words = letters.cancellation(appointment.at, because, ended=ended)
        make_letter(case, "cancelled", words, calendar=file, actor=actor, now=now)
        tell_staff(appointment, actor=actor, now=now)
    elif queries.hears(appointment):
        words = letters.proposal_withdrawn(moments, because, ended=ended)
        make_letter(case, "proposal_withdrawn", words, actor=actor, now=now)
    record(events.AppointmentCancelled(case=case.reference, appointment=appointment.pk, because=because))


def cancel_of_closed(*, actor: Actor, now: datetime) -> int:
    """Call off what stands in the calendar of cases that are not granted any more. How many."""
    with serialised():
        found = queries.appointments_without_ground(now)
        for one in found:
            with step("viewing.cancel_appointment", actor=actor, about=about(one.case)) as record:
                because = "Uw verzoek is op dit moment niet toegewezen."
                _call_off(_locked(one), because, record, actor, now, ended=True)
    return len(found)
