"""Sealed bytes: session, person and opening are asked for in one question, and each of them still stops the very next one."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings
from tests.viewing.conftest import NOW, Scene, show_second_factor
from tests.viewing.test_gate import open_it

from beeldkluis.journal import clock, guard
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.viewing.models import FetchedRange, Heartbeat, Opening
from beeldkluis.web import settings as real

WHO = ("django_session", "people_person", "viewing_opening", "viewing_heartbeat")


@pytest.fixture
def fetch(scene: Scene, client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Asks for a hundred sealed bytes under an opening of the signed-in team manager."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    scene.confirm()
    client.force_login(scene.manager)
    opened = open_it(scene)
    clip = scene.recording.clips.get().object

    def ask(by: Client = client) -> Any:
        headers = {"Range": "bytes=0-99", "X-Opening-Token": opened.token}
        return by.get(f"/inzien/verzegeld/{opened.opening.pk}/{clip}", headers=headers)

    return ask


def test_session_person_and_opening_are_one_question(fetch: Callable[..., Any]) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert fetch().status_code == 206
    reads = [one["sql"] for one in asked if one["sql"].startswith("SELECT")]
    of_who = [sql for sql in reads if any(re.search(rf'(FROM|JOIN) "{table}"', sql) for table in WHO)]
    assert len(of_who) == 1, of_who
    assert len(reads) == 3, "beside it: the protocol's version in force, and the size of the object"


def end_session(_scene: Scene) -> None:
    Session.objects.all().delete()


def session_is_over(_scene: Scene) -> None:
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


def other_password(scene: Scene) -> None:
    Person.objects.filter(pk=scene.manager.pk).update(password="another")


def deactivate(scene: Scene) -> None:
    Person.objects.filter(pk=scene.manager.pk).update(is_active=False)


def another_role(scene: Scene) -> None:
    Person.objects.filter(pk=scene.manager.pk).update(acting=Role.ADMINISTRATOR.value)


def close(_scene: Scene) -> None:
    Opening.objects.update(closed_at=NOW)


def time_is_up(_scene: Scene) -> None:
    Opening.objects.update(expires_at=NOW)


def page_is_silent(_scene: Scene) -> None:
    Heartbeat.objects.update(at=NOW - timedelta(days=1))


def never_heard_of(_scene: Scene) -> None:
    Heartbeat.objects.all().delete()


def of_somebody_else(scene: Scene) -> None:
    Opening.objects.update(person=scene.people[Role.DPO])


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (end_session, 302), (session_is_over, 302), (other_password, 302), (deactivate, 302), (another_role, 403),
        (close, 404), (time_is_up, 404), (page_is_silent, 404), (never_heard_of, 404), (of_somebody_else, 404),
    ],
)  # fmt: skip
def test_whatever_ends_stops_the_very_next_request(
    fetch: Callable[..., Any], scene: Scene, change: Callable[[Scene], None], status: int
) -> None:
    assert fetch().status_code == 206
    with guard.opened():
        change(scene)
    assert fetch().status_code == status
    assert FetchedRange.objects.count() == 1


def test_somebody_elses_session_is_somebody_else(fetch: Callable[..., Any], scene: Scene) -> None:
    stranger, deputy, other = Client(), Client(), Client()
    deputy.force_login(scene.people[Role.DEPUTY])
    other.force_login(scene.people[Role.DPO])
    stranger.cookies["sessionid"] = "a" * 32
    assert fetch(stranger).status_code == 302
    assert {fetch(one).status_code for one in (deputy, other)} <= {403, 404}
    assert not FetchedRange.objects.exists()


def test_a_password_alone_gets_no_sealed_bytes(
    fetch: Callable[..., Any], scene: Scene, client: Client, settings: Settings
) -> None:
    settings.MIDDLEWARE = real.MIDDLEWARE  # with the second factor, which the tests leave out
    refused = fetch()
    assert (refused.status_code, refused["Location"]) == (302, "/accounts/2fa/")
    assert not FetchedRange.objects.exists()
    show_second_factor(client, scene.manager)
    assert fetch().status_code == 206
