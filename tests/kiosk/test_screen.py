"""The screen at the dock: let in by a link that works once, it shows this dock's slots and nothing else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from beeldkluis.devices.actions import retire_dock
from beeldkluis.devices.models import Bodycam, Dock, IssuePeriod
from beeldkluis.journal.models import Entry
from beeldkluis.kiosk.actions import SlotTold, make_screen, report_slots
from beeldkluis.kiosk.models import Screen, SlotReport
from beeldkluis.kiosk.tiles import WORDS
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from tests.conftest import START
from tests.footage.conftest import Register, add
from tests.kiosk.conftest import Moment, let_in, screen_at, told

__all__ = ["add"]
NO_SCREEN = "hoort nog niet bij een dockingstation"


def standing(screen: Client) -> Any:
    return json.loads(screen.get("/kiosk/stand").content)


def test_the_administrator_makes_a_screen_with_a_link_that_is_shown_and_works_once(
    client: Client, administrator: Person, dock: Dock
) -> None:
    client.force_login(administrator)
    assert f"/docks/{dock.pk}/scherm/" in client.get("/docks/").content.decode()
    assert "nog geen scherm" in client.get(f"/docks/{dock.pk}/scherm/").content.decode()
    shown = client.post(f"/docks/{dock.pk}/scherm/").content.decode()
    token = shown.partition("/kiosk/")[2].partition("/")[0]
    assert Screen.objects.get().token_hash != token
    assert token not in client.get(f"/docks/{dock.pk}/scherm/").content.decode()
    browser, late = Client(), Client()
    assert browser.get(f"/kiosk/{token}/")["Location"] == "/kiosk/"
    assert browser.get("/kiosk/").status_code == 200
    refused = late.get(f"/kiosk/{token}/")
    assert (refused.status_code, "al gebruikt" in refused.content.decode()) == (403, True)
    assert browser.get(f"/kiosk/{token}/")["Location"] == "/kiosk/", "the screen itself may have it as its first page"
    assert token.encode() not in b"".join(bytes(one.data) for one in Entry.objects.all())


def test_the_cookie_is_for_this_place_only_and_no_script_reads_it(screen: Client) -> None:
    for answer in (screen.get("/kiosk/"),):
        cookie = answer.cookies["beeldkluis_screen"]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/kiosk/")
        assert cookie["max-age"] >= 31_536_000
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("role", ["team_manager", "dpo"])
def test_screens_are_the_administrators(
    client: Client, role: str, dock: Dock, administrator: Person, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    screen_at(dock, administrator)
    place = f"/docks/{dock.pk}/scherm/"
    for answer in (
        client.get(place),
        client.post(place),
        client.post(f"{place}{Screen.objects.get().pk}/buiten-gebruik/"),
    ):
        assert answer.status_code == 403
    assert Screen.objects.get().retired_at is None
    with pytest.raises(Refused):
        make_screen(dock, actor=request.getfixturevalue(role).as_actor, now=START)


def test_without_a_screens_cookie_there_is_a_calm_page_and_no_slot(client: Client, dock: Dock) -> None:
    told(dock, geheim="ready")
    client.cookies["beeldkluis_screen"] = "verzonnen"
    for path in ("/kiosk/", "/kiosk/stand", "/kiosk/mijn/", "/kiosk/mijn/aanmelden/", "/kiosk/onbekend/"):
        answer = client.get(path)
        assert answer.status_code == 403, path
        assert NO_SCREEN in answer.content.decode(), path
        assert "geheim" not in answer.content.decode(), path


def test_a_screen_out_of_use_shows_nothing_more(
    client: Client, administrator: Person, dock: Dock, screen: Client
) -> None:
    client.force_login(administrator)
    place = f"/docks/{dock.pk}/scherm/{Screen.objects.get().pk}/buiten-gebruik/"
    assert "Weet u het zeker" in client.get(place).content.decode()
    assert screen.get("/kiosk/").status_code == 200
    assert client.post(place)["Location"] == f"/docks/{dock.pk}/scherm/"
    assert screen.get("/kiosk/").status_code == screen.get("/kiosk/stand").status_code == 403
    assert "nog geen scherm" in client.get(f"/docks/{dock.pk}/scherm/").content.decode()


def test_a_dock_out_of_use_has_no_screen(administrator: Person, dock: Dock, screen: Client) -> None:
    retire_dock(dock, actor=administrator.as_actor, now=START)
    assert screen.get("/kiosk/").status_code == 403
    with pytest.raises(Refused, match="buiten gebruik"):
        make_screen(dock, actor=administrator.as_actor, now=START)


def test_a_screen_belongs_to_its_own_dock(client: Client, administrator: Person, dock: Dock, screen: Client) -> None:
    other, _token = let_in("Leek", administrator)
    told(dock, hier="ready")
    told(other, elders="ready")
    for path in ("/kiosk/", "/kiosk/stand"):
        page = screen.get(path).content.decode()
        assert "hier" in page
        assert "elders" not in page
    client.force_login(administrator)
    assert client.get(f"/docks/{other.pk}/scherm/{Screen.objects.get().pk}/buiten-gebruik/").status_code == 404


@pytest.mark.parametrize("state", SlotReport.State.values)
def test_every_state_has_a_word_an_icon_and_what_to_do(screen: Client, dock: Dock, state: str) -> None:
    told(dock, plaats=state)
    page = screen.get("/kiosk/").content.decode()
    word, advice = WORDS[SlotReport.State(state)]
    assert f"<strong>{word}</strong>" in page
    assert f"tile-{state}" in page
    assert f'href="#icon-{state}"' in page
    assert f'id="icon-{state}"' in page
    assert (standing(screen)["tiles"][0]["word"], standing(screen)["tiles"][0]["advice"]) == (word, advice)
    assert ("mag gaan" in page) is (state == "ready"), "only an emptied camera may go"


def test_words_are_of_their_own_state_alone() -> None:
    assert len({word for word, _ in WORDS.values()}) == len(SlotReport.State)


def test_the_reading_shows_how_far(screen: Client, dock: Dock, bodycam: Bodycam) -> None:
    report_slots(dock, [SlotTold(slot="a", state="reading", percent=42, serial="SIM-0007")], now=START)
    page = screen.get("/kiosk/").content.decode()
    assert "42 %" in page
    assert "BC-0007" in page
    assert "SIM-0007" not in page


def test_a_dock_that_is_silent_is_said_and_what_it_said_is_shown_as_what_was(
    screen: Client, dock: Dock, moment: Moment
) -> None:
    told(dock, plaats="ready")
    moment.now += timedelta(seconds=90)
    assert standing(screen)["notice"] == ""
    assert standing(screen)["tiles"][0]["state"] == "ready"
    moment.now += timedelta(seconds=1)
    now = standing(screen)
    assert "Geen bericht van het dockingstation sinds 10:00." in now["notice"]
    assert "er gaat niets verloren" in now["notice"]
    assert (now["tiles"][0]["state"], now["tiles"][0]["advice"]) == ("old", "Zo was het om 10:00.")
    page = screen.get("/kiosk/").content.decode()
    assert "mag gaan" not in page
    assert "sinds 10:00" in page


def test_a_dock_without_slots_says_so_and_is_not_silent(screen: Client) -> None:
    page = screen.get("/kiosk/").content.decode()
    assert "Er staat geen camera in dit dockingstation." in page
    assert standing(screen)["notice"] == ""


def test_without_script_the_page_asks_again_by_itself(screen: Client) -> None:
    page = screen.get("/kiosk/").content.decode()
    inside = page.partition("<noscript>")[2].partition("</noscript>")[0]
    assert 'http-equiv="refresh" content="10"' in inside


def test_the_screen_names_no_officer_and_no_recording(
    screen: Client, dock: Dock, issued: IssuePeriod, add: Register
) -> None:
    recording = add()
    report_slots(dock, [SlotTold(slot="a", state="ready", percent=None, serial="SIM-0007")], now=START)
    for path in ("/kiosk/", "/kiosk/stand", "/kiosk/mijn/aanmelden/"):
        page = screen.get(path).content.decode()
        for private in ("Wiersma", "1207", str(recording), str(recording.pk), str(issued.officer.pseudonym)):
            assert private not in page, (path, private)
        assert "<form" not in page or path.startswith("/kiosk/mijn/"), "nothing can be done at the slots"
