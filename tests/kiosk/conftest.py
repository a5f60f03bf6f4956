"""A dock that is let in, a browser that is its screen, two officers with recordings of their own."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from beeldkluis.devices.actions import enrol_dock, make_enrolment_code
from beeldkluis.devices.models import Dock
from beeldkluis.journal import clock
from beeldkluis.kiosk.actions import SlotTold, make_screen, report_slots
from beeldkluis.people.models import Person
from beeldkluis.sealed.note import Signer
from tests.conftest import START

Report = Callable[..., HttpResponse]


class Moment:
    """The clock of these tests: it stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
    made = Moment()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture(autouse=True)
def no_tries() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def let_in(name: str, administrator: Person) -> tuple[Dock, str]:
    code = make_enrolment_code(name=name, actor=administrator.as_actor, now=START)
    return enrol_dock(code=code, name=name, public_key=Signer.generate(f"dock.{name}").vkey, now=START)


@pytest.fixture
def dock_and_token(administrator: Person) -> tuple[Dock, str]:
    return let_in("Zuidhorn", administrator)


@pytest.fixture
def dock(dock_and_token: tuple[Dock, str]) -> Dock:
    return dock_and_token[0]


def screen_at(dock: Dock, administrator: Person) -> Client:
    """A browser that opened the link of a screen at this dock."""
    browser = Client()
    token = make_screen(dock, actor=administrator.as_actor, now=START)
    assert browser.get(f"/kiosk/{token}/")["Location"] == "/kiosk/"
    return browser


@pytest.fixture
def screen(dock: Dock, administrator: Person) -> Client:
    return screen_at(dock, administrator)


@pytest.fixture
def report(client: Client, dock_and_token: tuple[Dock, str]) -> Report:
    """What the dock sends."""

    def send(body: Any, token: str = dock_and_token[1]) -> HttpResponse:
        return client.post(
            "/dock/v1/slots", body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )

    return send


def told(dock: Dock, now: datetime = START, **slots: str) -> None:
    """The dock said this of its slots: name=state."""
    report_slots(
        dock, [SlotTold(slot=name, state=state, percent=None, serial="") for name, state in slots.items()], now=now
    )
