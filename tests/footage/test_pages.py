import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.footage import queries
from beeldkluis.footage.actions import mark_destroyed, place_hold
from beeldkluis.people.models import Person
from tests.conftest import SETUP
from tests.footage.conftest import BEGIN, RECEIVED, Register, a_clip


@pytest.fixture
def manager(client: Client, team_manager: Person) -> Client:
    client.force_login(team_manager)
    return client


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"(<[^>]+>|\s)+", " ", answer.content.decode())


def test_the_list_says_facts_and_shows_no_picture(manager: Client, add: Register, issued: IssuePeriod) -> None:
    add()
    page = manager.get("/opnames/").content.decode()
    for fact in (
        "R-000001",
        "01-10-2026 12:00",
        "BC-0007",
        "Boa 1207",
        "5 min",
        "2 min",
        "29-10-2026 11:05",
        "Bewaard",
    ):
        assert fact in page
    assert not re.search(r"<(img|video|canvas|picture)", page)
    assert "S. Wiersma" not in page
    assert "na de zaak" not in page


def test_an_empty_list_says_so(manager: Client) -> None:
    assert "geen opnames" in words(manager, "/opnames/")


def test_the_list_is_found_by_day_and_state_in_dutch_time(manager: Client, add: Register, bodycam: Bodycam) -> None:
    just_after_midnight = BEGIN.replace(hour=22, minute=30)  # half past twelve at night on 2 October in Groningen
    add(just_after_midnight, now=RECEIVED + timedelta(days=1))
    add(serial="FOUND-1")
    for query, shown in (
        ("?van=2026-10-02&tot=2026-10-02", ["R-000001"]),
        ("?van=2026-10-01&tot=2026-10-01", ["R-000002"]),
        ("?status=quarantined", ["R-000002"]),
        ("?status=kept", ["R-000001"]),
        ("?status=destroyed", []),
        ("?van=gisteren", ["R-000001", "R-000002"]),
        ("", ["R-000001", "R-000002"]),
    ):
        found = re.findall(r"R-\d+", words(manager, f"/opnames/{query}"))
        assert sorted(found) == shown, query


def test_the_list_cannot_be_asked_by_officer(manager: Client, add: Register, issued: IssuePeriod) -> None:
    add()
    form = manager.get("/opnames/?officer=1207&handhaver=1207").content.decode()
    assert "1207" not in re.sub(r"Boa 1207", "", form)
    assert set(re.findall(r'name="(\w+)"', form.partition("<main")[2])) <= {"van", "tot", "status"}


def test_a_long_list_has_pages(
    manager: Client, add: Register, bodycam: Bodycam, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PER_PAGE", 2)
    for hours in range(3):
        add(BEGIN + timedelta(hours=hours))
    assert re.findall(r"R-\d+", words(manager, "/opnames/?status=kept")) == ["R-000003", "R-000002"]
    assert "status=kept&amp;pagina=2" in manager.get("/opnames/?status=kept").content.decode()
    for number in ("2", "99", "999999999999999999999"):
        assert re.findall(r"R-\d+", words(manager, f"/opnames/?pagina={number}")) == ["R-000001"]
    for number in ("0", "-1", "x", ""):
        assert words(manager, f"/opnames/?pagina={number}")


def test_one_recording_with_its_doubts_its_hold_and_its_story(
    manager: Client, add: Register, issued: IssuePeriod
) -> None:
    made = add(pre_event=30, clips=(a_clip(0, name="<b>DSC.mp4"),))
    place_hold(made.pk, rule="retention.hold-on-request", case="2026-0001", actor=SETUP, now=RECEIVED)
    page = manager.get(f"/opnames/{made.pk}/").content.decode()
    assert "&lt;b&gt;DSC.mp4" in page
    assert "na de zaak" in words(manager, "/opnames/")
    shown = words(manager, f"/opnames/{made.pk}/")
    for fact in (
        "30 s",
        "Let op",
        "zaak 2026-0001",
        "Bewaard voor zaak 2026-0001",
        "nog niet",
        "alleen open onder een zaak",
    ):
        assert fact in shown
    assert not re.search(r"<(img|video|canvas|picture)", page)


def test_a_recording_that_is_gone_points_to_its_certificate(manager: Client, add: Register, bodycam: Bodycam) -> None:
    made = add()
    mark_destroyed(made.pk, rules=["retention.period"], actor=SETUP, now=made.due_at)
    assert f"/opnames/{made.pk}/vernietiging/" in manager.get(f"/opnames/{made.pk}/").content.decode()
    assert "Vernietigd" in words(manager, "/opnames/")


def test_a_recording_that_never_was_is_not_found(manager: Client) -> None:
    assert manager.get(f"/opnames/{uuid4()}/").status_code == 404


@pytest.mark.parametrize("role", ["dpo", "administrator"])
def test_nobody_else_sees_the_register(
    client: Client, add: Register, bodycam: Bodycam, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get("/opnames/").status_code == 403
    assert client.get(f"/opnames/{add().pk}/").status_code == 403
