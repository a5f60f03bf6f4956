"""Appointments: proposed, chosen, moved, held, called off; who hears of it; what the calendar file says, and what it does not."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as django_mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from pytest_django import Settings
from tests.viewing.conftest import NOW, Scene

from beeldkluis.cases import letter_actions
from beeldkluis.cases.models import Case, Letter
from beeldkluis.documents.calendar import Meeting, calendar
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.outbox import mail
from beeldkluis.outbox.models import Outgoing
from beeldkluis.outbox.tasks import send_due
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.viewing import appointment_actions as actions
from beeldkluis.viewing.models import Appointment, Room
from beeldkluis.viewing.tasks import close_what_is_over, remind_of_appointments
from beeldkluis.web.due import for_person

SOON, LATER, THIRD = (NOW + timedelta(days=days) for days in (10, 11, 12))
AFTER = SOON + timedelta(minutes=45)  # the end of what `make` makes
ZONE = ZoneInfo("Europe/Amsterdam")


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    at(NOW, monkeypatch)
    settings.MAIL_FROM = "Gemeente Proef <post@example.nl>"


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def room(scene: Scene) -> Room:
    return actions.add_room("Spreekkamer", "Hooiweg 9, Zuidhorn", "Melden bij de balie.", actor=scene.manager.as_actor)


@pytest.fixture
def granted(scene: Scene) -> Scene:
    scene.confirm()
    Case.objects.update(state="granted", requester_email="vrager@example.nl", email_agreed_at=NOW)
    scene.case.refresh_from_db()
    return scene


def make(scene: Scene, room: Room, *moments: datetime) -> Appointment:
    return actions.make(
        scene.case, room=room, moments=moments or (SOON,), minutes=45, companion=True, actor=scene.manager.as_actor,
        now=NOW,
    )  # fmt: skip


def event(file: bytes | memoryview | str | None) -> tuple[str, dict[str, str]]:
    """The method (empty: none) and the fields of the one event in a calendar file."""
    assert file is not None
    read = Calendar.from_ical(file if isinstance(file, str) else bytes(file))
    (one,) = read.walk("VEVENT")
    return str(read.get("method", "")), {name.lower(): value.to_ical().decode() for name, value in one.items()}


@pytest.mark.rule("access.appointment")
def test_one_moment_is_an_invitation_with_a_calendar_file_that_tells_nothing_of_the_case(
    granted: Scene, room: Room
) -> None:
    made = make(granted, room)
    letter = Letter.objects.get(kind="invitation")
    method, told = event(letter.calendar)
    assert method == "REQUEST"
    assert told["uid"] == f"{made.pk}@beeldkluis"
    assert told["sequence"] == "0"
    assert told["dtstart"] == f"{SOON:%Y%m%dT%H%M%SZ}"
    assert "Spreekkamer" in told["location"]
    whole = bytes(letter.calendar or b"").decode().lower()
    for secret in (granted.case.reference, granted.case.requester_name.lower(), "bodycam", "beeld", "opname", "r-0000"):
        assert secret not in whole.replace("beeldkluis", "")
    mails = {one.body["to"]: one.body for one in Outgoing.objects.all()}
    assert mails.keys() == {"boa@example.nl", granted.manager.email}
    assert event(mails["boa@example.nl"]["calendar"])[1]["uid"] == told["uid"]
    assert granted.case.reference not in mails["boa@example.nl"]["text"]


@pytest.mark.rule("access.appointment")
def test_several_moments_are_a_proposal_and_the_choice_makes_the_appointment(granted: Scene, room: Room) -> None:
    made = make(granted, room, SOON, LATER, THIRD)
    assert made.at is None
    assert len(Letter.objects.get(kind="proposal").words["moments"]) == 3
    assert not Outgoing.objects.exists()
    with pytest.raises(Refused):
        actions.choose(made, NOW + timedelta(days=13), actor=granted.manager.as_actor, now=NOW)
    with pytest.raises(Refused):
        actions.move(made, at=THIRD, room=room, because="", actor=granted.manager.as_actor, now=NOW)
    chosen = actions.choose(made, LATER, actor=granted.manager.as_actor, now=NOW)
    assert chosen.at == LATER
    with pytest.raises(Refused):
        actions.choose(made, SOON, actor=granted.manager.as_actor, now=NOW)
    assert Letter.objects.filter(kind="invitation").count() == 1


@pytest.mark.rule("access.appointment")
def test_moved_and_cancelled_with_notice_under_one_calendar_entry(granted: Scene, room: Room) -> None:
    other = actions.add_room("Kamer 3", "Hooiweg 9", "", actor=granted.manager.as_actor)
    made = make(granted, room)
    with pytest.raises(Refused):
        make(granted, room, LATER)
    actions.move(made, at=LATER, room=other, because="De zaal is bezet.", actor=granted.manager.as_actor, now=NOW)
    letter = Letter.objects.get(kind="moved")
    assert letter.words["because"] == "De zaal is bezet."
    assert "Kamer 3" in letter.words["place"]
    method, told = event(letter.calendar)
    assert (told["uid"], told["sequence"], told["status"]) == (f"{made.pk}@beeldkluis", "1", "CONFIRMED")
    actions.cancel(made, because="De verzoeker kan niet.", actor=granted.manager.as_actor, now=NOW)
    method, told = event(Letter.objects.get(kind="cancelled").calendar)
    assert (method, told["sequence"], told["status"]) == ("CANCEL", "2", "CANCELLED")
    before = Letter.objects.count()
    with pytest.raises(Refused, match="geen afspraak meer"):
        actions.cancel(made, because="Nog eens.", actor=granted.manager.as_actor, now=NOW)
    assert Letter.objects.count() == before
    assert make(granted, room, THIRD).at == THIRD


@pytest.mark.rule("access.appointment")
def test_what_may_not_be_is_refused_and_said(granted: Scene, room: Room) -> None:
    actor = granted.manager.as_actor
    for moments in ((NOW,), (SOON, SOON), ()):
        with pytest.raises(Refused):
            actions.make(granted.case, room=room, moments=moments, minutes=45, companion=False, actor=actor, now=NOW)
    with pytest.raises(Refused):
        actions.make(
            granted.case, room=room, moments=(SOON,), minutes=45, companion=False,
            actor=granted.people[Role.DPO].as_actor, now=NOW,
        )  # fmt: skip
    actions.retire_room(room, actor=actor, now=NOW)
    with pytest.raises(Refused):
        make(granted, room)
    with pytest.raises(Refused):
        actions.add_room("Spreekkamer", "Elders", "", actor=actor)
    Case.objects.update(state="refused")
    granted.case.refresh_from_db()
    with pytest.raises(Refused):
        make(granted, actions.add_room("Kamer 4", "Hier", "", actor=actor))
    assert not Appointment.objects.exists()


@pytest.mark.rule("access.appointment")
def test_two_requests_are_not_promised_the_same_moment(granted: Scene, room: Room) -> None:
    other, actor = granted.ask(), granted.manager.as_actor
    Case.objects.update(state="granted")
    other.refresh_from_db()

    def too(*moments: datetime) -> Appointment:
        return actions.make(other, room=room, moments=moments, minutes=30, companion=False, actor=actor, now=NOW)

    offered = make(granted, room, SOON, LATER)
    for moment in (SOON + timedelta(minutes=44), LATER - timedelta(minutes=29)):
        with pytest.raises(Refused) as refusal:
            too(THIRD, moment)
        assert refusal.value.verdict.rule == "access.appointment"
    actions.choose(offered, LATER, actor=actor, now=NOW)
    assert too(SOON).at == SOON  # what was offered and not chosen is free again
    with pytest.raises(Refused):
        actions.move(offered, at=SOON, room=room, because="", actor=actor, now=NOW)
    moved = actions.move(offered, at=LATER + timedelta(minutes=10), room=room, because="", actor=actor, now=NOW)
    assert moved.at == LATER + timedelta(minutes=10)  # its own old moment is in nobody's way


def test_an_officer_without_an_address_gets_a_letter_each_time(granted: Scene, room: Room) -> None:
    Officer.objects.update(email="")
    made, actor = make(granted, room), granted.manager.as_actor
    letter = Letter.objects.get(kind="officer_notice")
    assert letter.recipient == ["S. Wiersma"]
    assert "Spreekkamer" in letter.words["place"]
    actions.move(made, at=LATER, room=room, because="", actor=actor, now=NOW)
    letter = Letter.objects.get(kind="officer_moved")
    assert letter.recipient == ["S. Wiersma"]
    assert letter.words["old_at"] != letter.words["at"]
    actions.cancel(made, because="", actor=actor, now=NOW)
    assert Letter.objects.get(kind="officer_cancelled").recipient == ["S. Wiersma"]
    assert Letter.objects.filter(kind="officer_notice").count() == 1


def test_the_staff_that_hears_is_who_serves_now(granted: Scene, room: Room) -> None:
    made = make(granted, room)
    Outgoing.objects.all().delete()
    successor = acting_manager(granted)
    Officer.objects.update(until=NOW)
    actions.move(made, at=LATER, room=room, because="", actor=successor.as_actor, now=NOW)
    actions.cancel(made, because="", actor=successor.as_actor, now=NOW)
    assert [one.body["to"] for one in Outgoing.objects.all()] == [successor.email] * 2
    assert "hoort u van de teammanager" not in Outgoing.objects.all()[0].body["text"]
    assert not Letter.objects.filter(kind__startswith="officer").exists()


def acting_manager(scene: Scene) -> Person:
    """The team manager left; the deputy acts."""
    Person.objects.filter(pk=scene.manager.pk).update(is_active=False)
    Person.objects.filter(role=Role.DEPUTY.value).update(acting=Role.TEAM_MANAGER.value)
    return Person.objects.get(role=Role.DEPUTY.value)


@pytest.mark.parametrize("sent", [True, False])
def test_who_got_a_proposal_hears_that_it_lapsed(client: Client, granted: Scene, room: Room, sent: bool) -> None:
    made, actor = make(granted, room, SOON, LATER), granted.manager.as_actor
    if sent:
        letter_actions.note_posted(Letter.objects.get(kind="proposal"), actor=actor, now=NOW)
    client.force_login(granted.manager)
    page = client.get(f"/verzoeken/{granted.case.reference}/afspraak/afzeggen/").content.decode()
    assert "Voorstel intrekken" in page
    assert ("zegt dat het voorstel vervalt" in page) is sent
    assert ("Niemand krijgt dus bericht" in page) is not sent
    actions.cancel(made, because="De zaal is bezet.", actor=actor, now=NOW)
    letters = Letter.objects.filter(kind="proposal_withdrawn")
    assert letters.count() == int(sent)
    if sent:
        assert len(letters.get().words["moments"]) == 2
    assert not Outgoing.objects.exists(), "the officer knew of nothing yet"


def test_the_page_says_who_hears_and_how(client: Client, granted: Scene, room: Room, settings: Settings) -> None:
    make(granted, room)
    client.force_login(granted.manager)
    page = f"/verzoeken/{granted.case.reference}/afspraak/afzeggen/"
    told = client.get(page).content.decode()
    assert "S. Wiersma, krijgt een e-mail" in told
    assert "mailserver" not in told
    settings.MAIL_FROM = ""
    told = client.get(page).content.decode()
    assert "S. Wiersma, krijgt pas een e-mail als er een mailserver is. Zeg het dus zelf." in told
    Officer.objects.update(email="")
    assert "S. Wiersma, heeft geen e-mailadres" in client.get(page).content.decode()


def test_the_page_warns_while_the_requester_was_not_written_to(client: Client, granted: Scene, room: Room) -> None:
    client.force_login(granted.manager)
    page, warning = f"/verzoeken/{granted.case.reference}/afspraak/", "De verzoeker weet het nog niet"
    typed = {"room": room.pk, "at_1": typed_by_hand(SOON), "minutes": "45"}
    answer = client.post(page, typed, follow=True).content.decode()
    assert "De afspraak staat. Verstuur nu wat klaarligt bij Documenten." in answer
    assert warning in client.get(page).content.decode()
    letter_actions.note_posted(Letter.objects.get(kind="invitation"), actor=granted.manager.as_actor, now=NOW)
    assert warning not in client.get(page).content.decode()
    made, later = Appointment.objects.get(), NOW + timedelta(hours=1)
    actions.move(made, at=LATER, room=room, because="", actor=granted.manager.as_actor, now=later)
    assert warning in client.get(page).content.decode()


def test_a_day_before_everybody_is_reminded_once_and_again_when_it_moved(granted: Scene, room: Room) -> None:
    made = make(granted, room)
    assert remind_of_appointments(SOON - timedelta(days=2)) == 0
    assert remind_of_appointments(SOON - timedelta(hours=23)) == 3
    assert remind_of_appointments(SOON - timedelta(hours=22)) == 0
    actions.move(made, at=SOON + timedelta(hours=1), room=room, because="", actor=granted.manager.as_actor, now=NOW)
    assert remind_of_appointments(SOON - timedelta(hours=21)) == 3
    assert "Inzage bij" in " ".join(one.title for one in for_person(granted.manager, SOON - timedelta(hours=1)))
    texts = [one.body["text"] for one in Outgoing.objects.filter(about="Uw afspraak van morgen")]
    assert all(granted.case.reference not in text for text in texts)


def local(day: int, hour: int) -> datetime:
    """A moment in November 2026 as people call it."""
    return datetime(2026, 11, day, hour, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("made_at", "now", "said"),
    [
        (local(1, 9), local(19, 15), "Morgen is uw afspraak"),
        (local(1, 9), local(20, 0), "Vandaag is uw afspraak"),
        (local(1, 9), local(20, 9), "Vandaag is uw afspraak"),
        (local(19, 16), local(20, 9), "Vandaag is uw afspraak"),
        (local(19, 16), local(19, 17), ""),  # who heard of it an hour ago needs no reminder
        (local(20, 8), local(20, 9), ""),
    ],
)
def test_a_reminder_says_today_or_tomorrow_by_the_calendar_and_none_follows_an_invitation_at_once(
    granted: Scene, room: Room, made_at: datetime, now: datetime, said: str
) -> None:
    actions.make(
        granted.case, room=room, moments=[local(20, 14)], minutes=45, companion=False, actor=granted.manager.as_actor,
        now=made_at,
    )  # fmt: skip
    Outgoing.objects.all().delete()
    assert remind_of_appointments(now) == (3 if said else 0)
    for one in Outgoing.objects.all():
        assert one.body["text"].startswith(said)
        assert one.about == f"Uw afspraak van {said.partition(' ')[0].lower()}"


def test_in_the_night_of_summer_time_a_reminder_waits_until_it_is_tomorrow(granted: Scene, room: Room) -> None:
    at = datetime(2027, 3, 29, 0, 15, tzinfo=ZONE).astimezone(UTC)
    made_at = datetime(2026, 11, 1, 9, tzinfo=ZONE)
    actions.make(
        granted.case, room=room, moments=[at], minutes=45, companion=False, actor=granted.manager.as_actor, now=made_at
    )
    assert remind_of_appointments(datetime(2027, 3, 27, 23, 30, tzinfo=ZONE).astimezone(UTC)) == 0
    assert remind_of_appointments(datetime(2027, 3, 28, 0, 5, tzinfo=ZONE).astimezone(UTC)) == 3


def test_another_address_reminds_nobody_twice_and_leaves_nobody_out(granted: Scene, room: Room) -> None:
    make(granted, room)
    Case.objects.update(requester_email="")
    assert remind_of_appointments(SOON - timedelta(hours=20)) == 2
    Case.objects.update(requester_email="a@example.nl", email_agreed_at=NOW)
    Officer.objects.update(email="zz@example.nl")
    assert remind_of_appointments(SOON - timedelta(hours=19)) == 1
    told = [one.body["to"] for one in Outgoing.objects.filter(about__startswith="Uw afspraak van")]
    assert sorted(told) == ["a@example.nl", "boa@example.nl", granted.manager.email]


def test_only_who_serves_now_is_reminded(granted: Scene, room: Room) -> None:
    make(granted, room)
    successor = acting_manager(granted)
    Officer.objects.update(until=NOW)
    assert remind_of_appointments(SOON - timedelta(hours=20)) == 2
    told = [one.body["to"] for one in Outgoing.objects.filter(about__startswith="Uw afspraak van")]
    assert sorted(told) == sorted([successor.email, "vrager@example.nl"])


def test_what_has_no_ground_any_more_is_called_off(granted: Scene, room: Room) -> None:
    make(granted, room)
    assert actions.cancel_of_closed(actor=granted.manager.as_actor, now=NOW) == 0
    Case.objects.update(state="objection")
    assert actions.cancel_of_closed(actor=granted.manager.as_actor, now=NOW) == 1
    assert actions.cancel_of_closed(actor=granted.manager.as_actor, now=NOW) == 0
    assert Letter.objects.filter(kind="cancelled").count() == 1


def test_the_pages(client: Client, granted: Scene, room: Room) -> None:
    reference = granted.case.reference
    client.force_login(granted.manager)
    assert "Spreekkamer" in client.get("/ruimtes/").content.decode()
    assert client.post("/ruimtes/", {"name": "Kamer 3", "address": "Hooiweg 9"}).status_code == 302
    assert "eigen naam" in client.post("/ruimtes/", {"name": "Kamer 3", "address": "Hooiweg 9"}).content.decode()
    other = Room.objects.get(name="Kamer 3")
    assert client.post(f"/ruimtes/{other.pk}/buiten-gebruik/").status_code == 302
    assert client.post("/ruimtes/99999/buiten-gebruik/").status_code == 404
    page = f"/verzoeken/{reference}/afspraak/"
    assert client.get(page).status_code == 200
    typed = {"room": room.pk, "at_1": "2020-01-01T10:00", "minutes": "45"}
    assert "een moment dat nog komt" in client.post(page, typed).content.decode()
    typed |= {"at_1": f"{SOON:%Y-%m-%dT%H:%M}", "at_2": f"{LATER:%Y-%m-%dT%H:%M}"}
    assert client.post(page, typed).status_code == 302
    assert "Wacht op de keuze" in client.get(page).content.decode()
    made = Appointment.objects.get()
    choose = f"/verzoeken/{reference}/afspraak/kiezen/"
    assert client.post(choose, {"at": "onzin"}).status_code == 200
    assert client.post(choose, {"at": made.proposed[1]}).status_code == 302
    assert "Verzetten" in client.get(page).content.decode()
    move, cancel = f"/verzoeken/{reference}/afspraak/verzetten/", f"/verzoeken/{reference}/afspraak/afzeggen/"
    assert client.get(move).status_code == 200
    moved = {"room": room.pk, "at": "2020-01-01T10:00", "because": "Druk."}
    assert "een moment dat nog komt" in client.post(move, moved).content.decode()
    assert client.post(move, moved | {"at": f"{THIRD:%Y-%m-%dT%H:%M}"}).status_code == 302
    case = client.get(f"/verzoeken/{reference}/").content.decode()
    assert page in case
    assert client.get(cancel).status_code == 200
    assert client.post(cancel, {"because": "Ziek."}).status_code == 302
    assert "geen afspraak meer" in client.post(cancel, {"because": "Nog eens."}, follow=True).content.decode()
    assert Entry.objects.filter(act="viewing.appointment_cancelled").count() == 1
    client.force_login(granted.people[Role.DPO])
    assert client.get(page).status_code == 403


@pytest.mark.rule("access.appointment")
def test_an_appointment_that_is_over_does_not_block_the_next_and_is_not_moved_or_cancelled(
    client: Client, granted: Scene, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, actor = make(granted, room), granted.manager.as_actor
    client.force_login(granted.manager)
    page = f"/verzoeken/{granted.case.reference}/afspraak/"
    at(AFTER - timedelta(minutes=1), monkeypatch)
    assert "Afzeggen" in client.get(page).content.decode(), "it still lasts"
    at(AFTER, monkeypatch)
    offered = client.get(page).content.decode()
    assert "Afzeggen" not in offered
    assert "Brief maken" in offered
    for address in (f"{page}verzetten/", f"{page}afzeggen/"):
        answer = client.post(address, {"because": "Ziek."}, follow=True)
        assert "geen afspraak meer" in answer.content.decode()
    with pytest.raises(Refused):
        actions.cancel(made, because="", actor=actor, now=AFTER)
    with pytest.raises(Refused):
        actions.move(made, at=THIRD, room=room, because="", actor=actor, now=AFTER)
    assert not Entry.objects.filter(act="viewing.appointment_cancelled").exists()
    typed = {"room": room.pk, "at_1": f"{THIRD:%Y-%m-%dT%H:%M}", "minutes": "45"}
    assert client.post(page, typed).status_code == 302
    assert Appointment.objects.filter(over_at=AFTER).get() == made
    assert Entry.objects.filter(act="viewing.appointment_over").count() == 1
    assert page in client.get(f"/verzoeken/{granted.case.reference}/").content.decode()


def test_the_tick_notes_once_that_an_appointment_is_over_and_the_case_still_shows_it(
    client: Client, granted: Scene, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(granted, room)
    for moment in (AFTER - timedelta(minutes=1), AFTER, AFTER + timedelta(minutes=1)):
        close_what_is_over(moment)
    assert Appointment.objects.get().over_at == AFTER
    assert Entry.objects.filter(act="viewing.appointment_over").count() == 1
    at(AFTER, monkeypatch)
    client.force_login(granted.manager)
    page = client.get(f"/verzoeken/{granted.case.reference}/").content.decode()
    assert "Afspraak die voorbij is" in page
    Case.objects.update(state="objection")
    close_what_is_over(AFTER + timedelta(minutes=2))
    assert not Entry.objects.filter(act="viewing.appointment_cancelled").exists(), "it took place"


def test_a_proposal_of_which_every_moment_is_past_makes_way_too(granted: Scene, room: Room) -> None:
    make(granted, room, SOON, LATER)
    actor = granted.manager.as_actor
    again = {"room": room, "moments": [THIRD], "minutes": 45, "companion": False, "actor": actor}
    with pytest.raises(Refused):
        actions.make(granted.case, **again, now=LATER - timedelta(minutes=1))
    assert actions.make(granted.case, **again, now=LATER).at == THIRD


@pytest.mark.rule("access.appointment")
@pytest.mark.parametrize("typed", ["9999-12-31T23:30", "0001-01-01T00:00", "2062-01-01T10:00", "10000-01-01T10:00"])
def test_an_absurd_year_is_refused_with_a_reason_and_breaks_nothing(
    client: Client, granted: Scene, room: Room, typed: str
) -> None:
    client.force_login(granted.manager)
    page = f"/verzoeken/{granted.case.reference}/afspraak/"
    fine = {"room": room.pk, "at_1": f"{SOON:%Y-%m-%dT%H:%M}", "minutes": "45"}
    for moments in ({"at_1": typed}, {"at_2": typed}):
        answer = client.post(page, fine | moments)
        assert answer.status_code == 200
        assert "error" in answer.content.decode()
    assert not Appointment.objects.exists()
    assert client.post(page, fine).status_code == 302
    answer = client.post(f"{page}verzetten/", {"room": room.pk, "at": typed, "because": ""})
    assert answer.status_code == 200
    assert Appointment.objects.get().sequence == 0


def typed_by_hand(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%dT%H:%M}"


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


@pytest.mark.rule("access.appointment")
def test_a_move_that_changes_nothing_is_refused(client: Client, granted: Scene, room: Room) -> None:
    other = actions.add_room("Kamer 3", "Hooiweg 9", "", actor=granted.manager.as_actor)
    client.force_login(granted.manager)
    page = f"/verzoeken/{granted.case.reference}/afspraak/"
    assert client.post(page, {"room": room.pk, "at_1": typed_by_hand(SOON), "minutes": "45"}).status_code == 302
    typed = {"room": room.pk, "at": typed_by_hand(SOON), "because": "Druk."}
    assert "Kies iets anders" in client.post(f"{page}verzetten/", typed).content.decode()
    assert client.post(f"{page}verzetten/", typed | {"room": other.pk}).status_code == 302
    assert "Kies iets anders" in client.post(f"{page}verzetten/", typed | {"room": other.pk}).content.decode()
    assert Letter.objects.filter(kind="moved").count() == 1


def test_a_second_choice_is_refused_aloud(client: Client, granted: Scene, room: Room) -> None:
    made = make(granted, room, SOON, LATER)
    client.force_login(granted.manager)
    page = f"/verzoeken/{granted.case.reference}/afspraak/kiezen/"
    assert client.post(page, {"at": made.proposed[0]}).status_code == 302
    assert "al een moment gekozen" in client.post(page, {"at": made.proposed[1]}).content.decode()
    assert Letter.objects.filter(kind="invitation").count() == 1


@pytest.mark.rule("access.appointment")
def test_nobody_is_invited_to_a_room_that_is_not_used_any_more(client: Client, granted: Scene, room: Room) -> None:
    made = make(granted, room, SOON, LATER)
    actions.retire_room(room, actor=granted.manager.as_actor, now=NOW)
    client.force_login(granted.manager)
    answer = client.post(f"/verzoeken/{granted.case.reference}/afspraak/kiezen/", {"at": made.proposed[0]})
    assert "De ruimte is niet meer in gebruik. Trek het voorstel in" in answer.content.decode()
    assert not Letter.objects.filter(kind="invitation").exists()


def test_where_to_report_stands_in_the_letter(granted: Scene, room: Room) -> None:
    made = make(granted, room)
    assert Letter.objects.get(kind="invitation").words["note"] == "Melden bij de balie."
    actions.move(made, at=LATER, room=room, because="", actor=granted.manager.as_actor, now=NOW)
    assert Letter.objects.get(kind="moved").words["note"] == "Melden bij de balie."


@pytest.mark.rule("request.team-manager-subject")
def test_a_team_manager_does_not_arrange_the_viewing_of_a_case_about_the_team_manager(
    client: Client, granted: Scene, room: Room
) -> None:
    Case.objects.update(about_team_manager=True)
    granted.case.refresh_from_db()
    actor = granted.manager.as_actor
    with pytest.raises(Refused, match="over de teammanager zelf"):
        make(granted, room)
    Person.objects.filter(pk=granted.manager.pk).update(acting=Role.OFFICER.value)  # rests while the deputy acts
    Person.objects.filter(role=Role.DEPUTY.value).update(acting=Role.TEAM_MANAGER.value)
    deputy = Person.objects.get(role=Role.DEPUTY.value).as_actor
    told = {"room": room, "minutes": 45, "companion": False}
    made = actions.make(granted.case, moments=[SOON, LATER], **told, actor=deputy, now=NOW)
    with pytest.raises(Refused, match="over de teammanager zelf"):
        actions.choose(made, SOON, actor=actor, now=NOW)
    actions.choose(made, SOON, actor=deputy, now=NOW)
    with pytest.raises(Refused, match="over de teammanager zelf"):
        actions.move(made, at=LATER, room=room, because="", actor=actor, now=NOW)
    with pytest.raises(Refused, match="over de teammanager zelf"):
        actions.cancel(made, because="", actor=actor, now=NOW)
    Person.objects.filter(role=Role.DEPUTY.value).update(acting=Role.DEPUTY.value)
    Person.objects.filter(pk=granted.manager.pk).update(acting=Role.TEAM_MANAGER.value)
    client.force_login(Person.objects.get(pk=granted.manager.pk))
    assert client.get(f"/verzoeken/{granted.case.reference}/afspraak/afzeggen/").status_code == 403
    assert Appointment.objects.get().cancelled_at is None


def test_a_room_says_how_many_appointments_stand_in_it(
    client: Client, granted: Scene, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(granted.manager)
    assert "Hier staat" not in client.get("/ruimtes/").content.decode()
    make(granted, room)
    assert "Hier staat nog 1 afspraak." in client.get("/ruimtes/").content.decode()
    other = granted.ask()
    Case.objects.update(state="granted")
    actions.make(
        other, room=room, moments=[LATER, THIRD], minutes=30, companion=False, actor=granted.manager.as_actor, now=NOW
    )
    assert "Hier staan nog 2 afspraken." in client.get("/ruimtes/").content.decode()
    at(AFTER, monkeypatch)
    assert "Hier staat nog 1 afspraak." in client.get("/ruimtes/").content.decode()
    answer = client.post(f"/ruimtes/{room.pk}/buiten-gebruik/", follow=True).content.decode()
    assert "In Spreekkamer staat nog 1 afspraak." in answer


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
