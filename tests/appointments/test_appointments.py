"""Appointments: proposed, chosen, moved, held, called off; who hears of it, and what the pages say."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings
from tests.appointments.conftest import AFTER, LATER, SOON, THIRD, acting_manager, at, event, make, typed_by_hand
from tests.viewing.conftest import NOW, Scene

from beeldkluis.appointments import actions, room_actions
from beeldkluis.appointments.models import Appointment, Room
from beeldkluis.appointments.tasks import close_what_is_over
from beeldkluis.cases import letter_actions
from beeldkluis.cases.models import Case, Letter
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web import ticking


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
    other = room_actions.add_room("Kamer 3", "Hooiweg 9", "", actor=granted.manager.as_actor)
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
    room_actions.retire_room(room, actor=actor, now=NOW)
    with pytest.raises(Refused):
        make(granted, room)
    with pytest.raises(Refused):
        room_actions.add_room("Spreekkamer", "Elders", "", actor=actor)
    Case.objects.update(state="refused")
    granted.case.refresh_from_db()
    with pytest.raises(Refused):
        make(granted, room_actions.add_room("Kamer 4", "Hier", "", actor=actor))
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


def test_the_minute_reminds_notes_what_is_over_and_calls_off_what_is_not_granted(granted: Scene, room: Room) -> None:
    made = make(granted, room)
    ticking.reminders(SOON - timedelta(hours=20))
    assert Outgoing.objects.filter(about__startswith="Uw afspraak van").count() == 3
    ticking.openings(AFTER)
    made.refresh_from_db()
    assert made.over_at == AFTER
    actions.make(
        granted.case, room=room, moments=[LATER], minutes=45, companion=True, actor=granted.manager.as_actor, now=AFTER
    )
    Case.objects.update(state="objection")
    ticking.openings(AFTER + timedelta(minutes=1))
    assert Letter.objects.get(kind="cancelled").words["because"] == "Uw verzoek is op dit moment niet toegewezen."


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


@pytest.mark.rule("access.appointment")
def test_a_move_that_changes_nothing_is_refused(client: Client, granted: Scene, room: Room) -> None:
    other = room_actions.add_room("Kamer 3", "Hooiweg 9", "", actor=granted.manager.as_actor)
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
