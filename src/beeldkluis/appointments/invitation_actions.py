"""Telling who comes: the words and the calendar file of an invitation, mails to staff, letters to officers (access-5). Within the
step that makes, moves or cancels the appointment.
"""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from beeldkluis.appointments import queries
from beeldkluis.appointments.models import Appointment
from beeldkluis.cases import letters
from beeldkluis.cases.letter_actions import make as make_letter
from beeldkluis.documents.calendar import Meeting, calendar
from beeldkluis.documents.words import day_and_time
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people.models import Officer
from beeldkluis.people.municipality_queries import contact
from beeldkluis.people.queries import team_manager

COME = """Er is een afspraak om beelden te bekijken: {at}, in {place}. U bent erbij.

{before}{who}In de bijlage staat de afspraak voor uw agenda.
"""
NOT = """De afspraak om beelden te bekijken van {at} gaat niet door. In de bijlage staat dat voor uw agenda.
"""
WHO = "Waar het over gaat, hoort u van de teammanager. "


def calendar_file(appointment: Appointment, attendee: str, now: datetime) -> bytes:
    """The calendar file (RFC 5545) for whoever has this address; empty: for a letter on paper. Asked once the moment stands."""
    register = in_force()
    assert appointment.at is not None  # noqa: S101 - only asked for once the moment stands
    meeting = Meeting(
        uid=appointment.pk,
        sequence=appointment.sequence,
        at=appointment.at,
        minutes=appointment.minutes,
        place=queries.place_of(appointment),
        municipality=register.municipality,
        # a calendar program wants somebody who invites: the address that the mail comes from, if there is no other
        organiser=next(iter(contact().get("email", ())), "") or parseaddr(settings.MAIL_FROM)[1],
        attendee=attendee,
        cancelled=appointment.cancelled_at is not None,
    )
    return calendar(meeting, made_at=now)


def invitation_words(appointment: Appointment) -> dict[str, object]:
    """What the letter of an invitation says. Asked once the moment stands."""
    assert appointment.at is not None  # noqa: S101 - only asked for once the moment stands
    return letters.invitation(
        at=appointment.at,
        place=queries.place_of(appointment),
        note=appointment.room.note,
        minutes=appointment.minutes,
        companion=appointment.companion,
    )


def tell_staff(appointment: Appointment, old: datetime | None = None, *, actor: Actor, now: datetime) -> None:
    """Tell the officers and who acts as team manager. An officer without an e-mail address gets a letter. `old`: when it was
    before it moved.
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
    at, place = day_and_time(appointment.at), queries.place_of(appointment)
    before = f"Het is de afspraak van {day_and_time(old)}, verzet. " if old else ""
    text = (NOT if appointment.cancelled_at else COME).format(at=at, place=place, before=before, who=who)
    subject = "Afspraak om beelden te bekijken" + (" gaat niet door" if appointment.cancelled_at else "")
    queue_mail(to=to, subject=subject, text=text, calendar=calendar_file(appointment, to, now), actor=actor, now=now)


def _write_officer(
    appointment: Appointment, officer: Officer, old: datetime | None, actor: Actor, now: datetime
) -> None:
    assert appointment.at is not None  # noqa: S101 - only asked for once the moment stands
    at, place = day_and_time(appointment.at), queries.place_of(appointment)
    kind, words = "officer_notice", letters.officer_appointment(appointment.at, place)
    if appointment.cancelled_at is not None:
        kind, words = "officer_cancelled", {"at": at}
    elif old is not None:
        kind, words = "officer_moved", {"old_at": day_and_time(old), "at": at, "place": place}
    lines = letters.officer_lines(officer)
    make_letter(appointment.case, kind, words, recipient=lines, email="", actor=actor, now=now)
