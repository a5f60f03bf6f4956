"""What letters, mails and start page say of an appointment, by their words and moments, and who may act."""

from datetime import timedelta

import pytest
from tests.appointments.conftest import LATER, SOON, make
from tests.viewing.conftest import NOW, Scene

from beeldkluis.appointments import actions, room_actions
from beeldkluis.appointments.models import Appointment, Room
from beeldkluis.appointments.tasks import remind_of_appointments
from beeldkluis.cases import letters
from beeldkluis.cases.models import Case, Letter
from beeldkluis.documents.words import day_and_time
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.due import Due
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web.due import for_person

PLACE = "Spreekkamer, Hooiweg 9, Zuidhorn"
WHOM_TO_ASK = "Waar het over gaat, hoort u van de teammanager."


def mails() -> dict[str, str]:
    """By address, what is to be sent; and nothing is to be sent any more."""
    found = {one.body["to"]: " ".join(one.body["text"].split()) for one in Outgoing.objects.order_by("pk")}
    Outgoing.objects.all().delete()
    return found


def test_staff_read_that_it_is_made_moved_and_called_off(granted: Scene, room: Room) -> None:
    officer, manager, actor = "boa@example.nl", granted.manager.email, granted.manager.as_actor
    made = make(granted, room)
    told = mails()
    for who in (officer, manager):
        assert told[who].startswith(f"Er is een afspraak om beelden te bekijken: {day_and_time(SOON)}, in {PLACE}.")
        assert "verzet" not in told[who]
    assert (WHOM_TO_ASK in told[officer], WHOM_TO_ASK in told[manager]) == (True, False)
    actions.move(made, at=LATER, room=room, because="Druk.", actor=actor, now=NOW)
    told = mails()
    for who in (officer, manager):
        assert f"te bekijken: {day_and_time(LATER)}, in" in told[who]
        assert f"Het is de afspraak van {day_and_time(SOON)}, verzet." in told[who]
    words = Letter.objects.get(kind="moved").words
    assert (words["old_at"], words["at"]) == (day_and_time(SOON), day_and_time(LATER))
    actions.cancel(made, because="Druk.", actor=actor, now=NOW)
    told = mails()
    for who in (officer, manager):
        assert told[who].startswith(f"De afspraak om beelden te bekijken van {day_and_time(LATER)} gaat niet door.")


def test_only_who_decides_calls_it_off_and_only_who_keeps_rooms_adds_one(granted: Scene, room: Room) -> None:
    made = make(granted, room)
    for role in (Role.DPO, Role.ADMINISTRATOR):
        with pytest.raises(Refused):
            actions.cancel(made, because="Druk.", actor=granted.people[role].as_actor, now=NOW)
    with pytest.raises(Refused):
        room_actions.add_room("Kelder", "Hooiweg 9", "", actor=granted.people[Role.DPO].as_actor)
    assert Appointment.objects.get().cancelled_at is None
    assert Room.objects.get() == room


def due(person: Person, hours: int = 20) -> list[Due]:
    """So many hours before it begins."""
    return [one for one in for_person(person, SOON - timedelta(hours=hours)) if one.title.startswith("Inzage bij")]


def test_tomorrows_is_due_for_who_opens_with_moment_and_room_until_it_is_called_off(granted: Scene, room: Room) -> None:
    made = make(granted, room)
    assert due(granted.manager, hours=25) == []
    (one,) = due(granted.manager)
    hour = (SOON + timedelta(hours=2)).strftime("%d-%m-%Y %H:%M")  # summer time
    assert (one.title, one.note) == (f"Inzage bij {granted.case.reference}", f"{hour}, Spreekkamer")
    for role in (Role.DPO, Role.ADMINISTRATOR):
        assert due(granted.people[role]) == []
    actions.cancel(made, because="Druk.", actor=granted.manager.as_actor, now=NOW)
    assert due(granted.manager) == []


def test_a_reminder_names_moment_place_and_length(granted: Scene, room: Room) -> None:
    make(granted, room)
    mails()
    assert remind_of_appointments(SOON - timedelta(hours=20)) == 3
    for text in mails().values():
        assert f" is uw afspraak bij de gemeente: {day_and_time(SOON)}, in {PLACE}." in text
        assert "Het duurt ongeveer 45 minuten." in text


def test_who_is_not_granted_any_more_is_promised_no_other_moment(granted: Scene, room: Room) -> None:
    make(granted, room)
    Case.objects.update(state="objection")
    actions.cancel_of_closed(actor=granted.manager.as_actor, now=NOW)
    because = "Uw verzoek is op dit moment niet toegewezen."
    told = Letter.objects.get(kind="cancelled").words
    assert told == letters.cancellation(SOON, because, ended=True)
    assert told != letters.cancellation(SOON, because, ended=False)
