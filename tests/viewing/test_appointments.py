"""Appointments: proposed, chosen, moved, called off; what the calendar file says, and what it does not."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from tests.viewing.conftest import NOW, Scene

from beeldkluis.cases.models import Case, Letter
from beeldkluis.documents.calendar import Meeting, calendar
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Officer
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.viewing import appointment_actions as actions
from beeldkluis.viewing.models import Appointment, Room
from beeldkluis.viewing.tasks import remind_of_appointments
from beeldkluis.web.due import for_person

SOON, LATER, THIRD = (NOW + timedelta(days=days) for days in (10, 11, 12))


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def room(scene: Scene) -> Room:
    return actions.add_room("Spreekkamer", "Hooiweg 9, Zuidhorn", "Melden bij de balie.", actor=scene.manager.as_actor)


@pytest.fixture
def granted(scene: Scene) -> Scene:
    scene.confirm()
    Case.objects.update(state="granted", requester_email="vrager@example.nl")
    scene.case.refresh_from_db()
    return scene


def make(scene: Scene, room: Room, *moments: datetime) -> Appointment:
    return actions.make(
        scene.case, room=room, moments=moments or (SOON,), minutes=45, companion=True, actor=scene.manager.as_actor,
        now=NOW,
    )  # fmt: skip


def event(file: bytes | memoryview | str | None) -> tuple[str, dict[str, str]]:
    """The method and the fields of the one event in a calendar file."""
    assert file is not None
    read = Calendar.from_ical(file if isinstance(file, str) else bytes(file))
    (one,) = read.walk("VEVENT")
    return str(read["method"]), {name.lower(): value.to_ical().decode() for name, value in one.items()}


@pytest.mark.rule("access.appointment")
def test_one_moment_is_an_invitation_with_a_calendar_file_that_tells_nothing_of_the_case(
    granted: Scene, room: Room
) -> None:
    made = make(granted, room)
    letter = Letter.objects.get(kind="invitation")
    method, told = event(letter.calendar)
    assert method in ("REQUEST", "PUBLISH")
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


def test_an_officer_without_an_address_gets_a_letter(granted: Scene, room: Room) -> None:
    Officer.objects.update(email="")
    make(granted, room)
    letter = Letter.objects.get(kind="officer_notice")
    assert letter.recipient == ["S. Wiersma"]
    assert "Spreekkamer" in letter.words["place"]


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
    assert client.get(cancel).status_code == 404
    assert Entry.objects.filter(act="viewing.appointment_cancelled").count() == 1
    client.force_login(granted.people[Role.DPO])
    assert client.get(page).status_code == 403


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
        organiser="info@example.nl", cancelled=cancelled,
    )  # fmt: skip
    read = Calendar.from_ical(calendar(meeting, made_at=NOW))
    (one,) = read.walk("VEVENT")
    assert one.decoded("dtstart") == moment
    assert one.decoded("dtend") - one.decoded("dtstart") == timedelta(minutes=minutes)
    assert str(one["location"]) == place
    assert one["sequence"] == sequence
    assert str(read["method"]) == ("CANCEL" if cancelled else "REQUEST")
