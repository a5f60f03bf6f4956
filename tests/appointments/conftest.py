"""A case that is granted, a room to look in, and the people around it, as where people look."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from pytest_django import Settings
from tests.viewing.conftest import NOW, Scene, scene

from beeldkluis.appointments import actions, room_actions
from beeldkluis.appointments.models import Appointment, Room
from beeldkluis.cases.models import Case
from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role

__all__ = ["scene"]
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
    return room_actions.add_room(
        "Spreekkamer", "Hooiweg 9, Zuidhorn", "Melden bij de balie.", actor=scene.manager.as_actor
    )


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


def acting_manager(scene: Scene) -> Person:
    """The team manager left; the deputy acts."""
    Person.objects.filter(pk=scene.manager.pk).update(is_active=False)
    Person.objects.filter(role=Role.DEPUTY.value).update(acting=Role.TEAM_MANAGER.value)
    return Person.objects.get(role=Role.DEPUTY.value)


def typed_by_hand(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%dT%H:%M}"
