"""The calendar file beside an invitation: what calendar programs make of it."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.core import mail as django_mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from tests.appointments.conftest import LATER, SOON, event, make, typed_by_hand
from tests.viewing.conftest import NOW, Scene

from beeldkluis.appointments import actions
from beeldkluis.appointments.models import Appointment, Room
from beeldkluis.cases import letter_actions
from beeldkluis.cases.models import Case, Letter
from beeldkluis.documents.calendar import Meeting, calendar
from beeldkluis.outbox import mail
from beeldkluis.outbox.models import Outgoing
from beeldkluis.outbox.tasks import send_due


@pytest.mark.parametrize("moments", [1, 2])
def test_the_calendar_file_is_in_utc_also_when_the_moment_was_typed(
    client: Client, granted: Scene, room: Room, moments: int
) -> None:
    """A name of a zone that the file does not describe is read as any time (RFC 5545, 3.2.19)."""
    client.force_login(granted.manager)
    page, reference = f"/verzoeken/{granted.case.reference}/afspraak/", SOON.replace(second=0)
    typed = {"room": room.pk, "at_1": typed_by_hand(SOON), "minutes": "45"}
    assert client.post(page, typed | ({"at_2": typed_by_hand(LATER)} if moments > 1 else {})).status_code == 302
    if moments > 1:
        assert client.post(f"{page}kiezen/", {"at": Appointment.objects.get().proposed[0]}).status_code == 302
    files = [Letter.objects.get(kind="invitation").calendar]
    files += [one.body["calendar"] for one in Outgoing.objects.all()]
    assert len(files) == 3
    for file in files:
        text = (file if isinstance(file, str) else bytes(file or b"").decode()).replace("\r\n ", "")
        assert "TZID" not in text
        assert f"DTSTART:{reference:%Y%m%dT%H%M%SZ}" in text
        assert f"DTEND:{reference + timedelta(minutes=45):%Y%m%dT%H%M%SZ}" in text


def delivered(to: str) -> tuple[EmailMessage, str, dict[str, str]]:
    """What a mail server was given for this address: the calendar part, and the method and fields of what is in it."""
    (found,) = [one for one in django_mail.outbox if one.to == [to]]
    read = message_from_bytes(found.message().as_bytes(), policy=policy.default)
    (part,) = [one for one in read.walk() if one.get_content_type() == "text/calendar"]
    assert isinstance(part, EmailMessage)
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return part, *event(content)


@pytest.mark.parametrize("act", ["made", "moved", "cancelled"])
def test_a_mail_carries_its_calendar_file_as_calendar_programs_take_it(granted: Scene, room: Room, act: str) -> None:
    """RFC 6047, 2.4: the method of the part is the method of the file. RFC 5546, 3.2: who invites, and who is invited."""
    made, actor = make(granted, room), granted.manager.as_actor
    if act != "made":
        Outgoing.objects.all().delete()
    if act == "moved":
        actions.move(made, at=LATER, room=room, because="", actor=actor, now=NOW)
    if act == "cancelled":
        actions.cancel(made, because="", actor=actor, now=NOW)
    kind = {"made": "invitation"}.get(act, act)
    letter_actions.send(Letter.objects.get(kind=kind), actor=actor, now=NOW)
    assert send_due(NOW, {"mail": mail.send}) == []
    for to in ("vrager@example.nl", "boa@example.nl", granted.manager.email):
        part, method, told = delivered(to)
        assert method == ("CANCEL" if act == "cancelled" else "REQUEST")
        assert part["Content-Type"].params["method"] == method
        assert part["Content-Type"].params["charset"] == "utf-8"
        assert part["Content-Transfer-Encoding"] == "base64"
        assert part.get_filename() == "afspraak.ics"
        assert told["organizer"] == "mailto:post@example.nl"
        assert told["attendee"] == f"mailto:{to}"
        assert told["sequence"] == ("0" if act == "made" else "1")
        assert told["summary"]


def test_nobody_is_asked_to_answer_a_calendar_program() -> None:
    read = Calendar.from_ical(calendar(meeting(organiser="info@example.nl", attendee="a&b@example.nl"), made_at=NOW))
    (one,) = read.walk("VEVENT")
    assert dict(one["attendee"].params) == {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}
    assert str(one["attendee"]) == "mailto:a%26b@example.nl"


def meeting(*, organiser: str, attendee: str = "", cancelled: bool = False) -> Meeting:
    return Meeting(
        uid=uuid4(), sequence=0, at=SOON, minutes=45, place="Kamer 3", municipality="Proef", organiser=organiser,
        attendee=attendee, cancelled=cancelled,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("organiser", "attendee", "cancelled", "method"),
    [
        ("info@example.nl", "", False, "PUBLISH"),
        ("info@example.nl", "", True, "CANCEL"),
        ("", "u@example.nl", False, ""),  # without who invites there is no method that a file may have
        ("", "u@example.nl", True, ""),
    ],
)
def test_a_file_asks_for_no_more_than_it_can_name(organiser: str, attendee: str, cancelled: bool, method: str) -> None:
    told = event(calendar(meeting(organiser=organiser, attendee=attendee, cancelled=cancelled), made_at=NOW))
    assert told[0] == method
    assert ("organizer" in told[1]) is bool(organiser)
    assert "attendee" not in told[1]


def test_a_letter_on_paper_carries_a_file_for_nobody(granted: Scene, room: Room) -> None:
    Case.objects.update(requester_email="")
    granted.case.refresh_from_db()
    make(granted, room)
    method, told = event(Letter.objects.get(kind="invitation").calendar)
    assert method == "PUBLISH"
    assert "attendee" not in told


@given(
    sequence=st.integers(0, 99),
    at=st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is beside it
    minutes=st.integers(10, 240),
    place=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=80),
    cancelled=st.booleans(),
)
def test_a_calendar_program_reads_back_what_was_written(
    sequence: int, at: datetime, minutes: int, place: str, cancelled: bool
) -> None:
    uid, moment = uuid4(), at.replace(microsecond=0)
    meeting = Meeting(
        uid=uid, sequence=sequence, at=moment, minutes=minutes, place=place, municipality="Proef",
        organiser="info@example.nl", attendee="u@example.nl", cancelled=cancelled,
    )  # fmt: skip
    read = Calendar.from_ical(calendar(meeting, made_at=NOW))
    (one,) = read.walk("VEVENT")
    assert one.decoded("dtstart") == moment
    assert one.decoded("dtend") - one.decoded("dtstart") == timedelta(minutes=minutes)
    assert str(one["location"]) == place
    assert one["sequence"] == sequence
    assert str(read["method"]) == ("CANCEL" if cancelled else "REQUEST")
