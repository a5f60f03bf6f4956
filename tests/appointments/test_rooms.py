"""Rooms that are set up for viewing, and appointments that stand in them."""

import pytest
from django.test import Client
from tests.appointments.conftest import AFTER, LATER, SOON, THIRD, at, make
from tests.viewing.conftest import NOW, Scene

from beeldkluis.appointments import actions, room_actions
from beeldkluis.appointments.models import Room
from beeldkluis.cases.models import Case, Letter


@pytest.mark.rule("access.appointment")
def test_nobody_is_invited_to_a_room_that_is_not_used_any_more(client: Client, granted: Scene, room: Room) -> None:
    made = make(granted, room, SOON, LATER)
    room_actions.retire_room(room, actor=granted.manager.as_actor, now=NOW)
    client.force_login(granted.manager)
    answer = client.post(f"/verzoeken/{granted.case.reference}/afspraak/kiezen/", {"at": made.proposed[0]})
    assert "De ruimte is niet meer in gebruik. Trek het voorstel in" in answer.content.decode()
    assert not Letter.objects.filter(kind="invitation").exists()


def test_where_to_report_stands_in_the_letter(granted: Scene, room: Room) -> None:
    made = make(granted, room)
    assert Letter.objects.get(kind="invitation").words["note"] == "Melden bij de balie."
    actions.move(made, at=LATER, room=room, because="", actor=granted.manager.as_actor, now=NOW)
    assert Letter.objects.get(kind="moved").words["note"] == "Melden bij de balie."


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
