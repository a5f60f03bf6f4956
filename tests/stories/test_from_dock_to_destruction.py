"""From a docked camera to a picture on the screen, and gone on day 28: one story in a real browser."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.stories.browser import Visitor
from tests.stories.conftest import OWN_CLIPS, Running, start, stop

from beeldkluis.camera.simulator import Scene, make_camera

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("chain")]
Come = Callable[[str], Visitor]


def film(page: Page) -> dict[str, Any]:
    told: dict[str, Any] = page.evaluate(
        "(() => { const film = document.querySelector('#films video'); return {ready: film.readyState,"
        " at: film.currentTime, width: film.videoWidth, length: film.duration}; })()"
    )
    return told


def until(page: Page, holds: str) -> None:
    page.wait_for_function(f"() => {holds}")


def open_the_recording(person: Visitor, links: dict[str, str]) -> None:
    """As the team manager: confirm that the recording belongs to the case, look together with the officer, and open it."""
    page = to_the_passphrase(person, links)
    page.get_by_label("Uw wachtzin").fill(links["passphrase"])
    page.get_by_role("button", name="Beelden openen").click()


def to_the_passphrase(person: Visitor, links: dict[str, str]) -> Page:
    page = person.go(f"/verzoeken/{links['case']}/")
    while page.get_by_role("button", name=re.compile("^Ja")).count():
        page.get_by_role("button", name=re.compile("^Ja")).first.click()
    page.get_by_role("link", name="Inzage beginnen").click()
    page.get_by_label("Waar kijkt u?").fill("Spreekkamer")
    page.get_by_role("button", name="Inzage beginnen").click()
    page.get_by_label("Nummer van de handhaver").fill(links["number"])
    page.get_by_label("Code van de handhaver").fill(links["code"])
    page.get_by_role("button", name="Ik ben erbij").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Naar de beelden").click()
    return page


FILM = "document.querySelector('#films video')"


def test_footage_is_docked_opened_under_a_case_and_destroyed_on_day_28(tmp_path: Path, browser: Browser) -> None:
    process, demonstration = start(tmp_path, *OWN_CLIPS)
    try:
        tell_the_story(demonstration, browser)
    finally:
        stop(process)


def tell_the_story(demonstration: Running, browser: Browser) -> None:
    links = demonstration.links()

    def visitor(role: str) -> Visitor:
        one = Visitor(browser, demonstration.address, role)
        one.page.goto(links[role])
        return one

    manager = visitor("teammanager")
    manager.look("start-teammanager")
    open_the_recording(manager, links)
    page = manager.page
    until(page, f"{FILM}?.readyState >= 2")
    assert film(page)["width"] > 0
    page.get_by_role("button", name="Afspelen").click()
    until(page, f"{FILM}.currentTime > 1")
    page.locator("h1").click()
    page.keyboard.press(" ")
    until(page, f"{FILM}.paused")
    before = film(page)["at"]
    page.keyboard.press(".")
    until(page, f"{FILM}.currentTime > {before}")
    assert 0 < film(page)["at"] - before < 0.3
    page.evaluate(f"{FILM}.currentTime = {FILM}.duration * 0.8")
    until(page, f"!{FILM}.seeking && {FILM}.readyState >= 2")
    manager.look("viewing")
    page.get_by_role("button", name="Sluiten").click()
    page.wait_for_url(re.compile(r"/inzien/[^/]+/$"))
    manager.go(f"/verzoeken/{links['case']}/")
    manager.look("request")

    officer_of_data = visitor("functionaris gegevensbescherming")
    officer_of_data.go("/logboek/")
    story = officer_of_data.page.locator("main").inner_text()
    assert "Opname geopend onder zaak" in story
    assert "Afgespeeld onder zaak" in story
    officer_of_data.look("journal")

    told = demonstration.program("beeldkluis", "demo", "pass-days", "28")
    assert f"bewaard voor {links['case']}" in told
    assert ": vernietigd" in told
    manager.go("/opnames/?status=destroyed")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Verklaring van vernietiging").click()
    expect(page.locator("h1")).to_contain_text("ernietig")
    manager.look("certificate")


def test_no_case_no_picture_and_the_reason_is_on_the_screen(demonstration: Running, visitor: Come) -> None:
    links = demonstration.links()
    manager = visitor("teammanager")
    page = to_the_passphrase(manager, links)
    page.get_by_label("Uw wachtzin").fill("zes heel andere woorden dan die")
    page.get_by_role("button", name="Beelden openen").click()
    expect(page.locator("#problem")).to_have_text("De wachtzin is niet goed. Er is niets geopend.")
    manager.complaints.clear()
    manager.look("opening-refused")
    for role in ("functionaris gegevensbescherming", "beheerder"):
        other = visitor(role)
        answer = other.page.goto(page.url)
        assert answer is not None
        assert answer.status == 403, role


def test_the_server_never_sends_film_and_never_gets_a_key(demonstration: Running, visitor: Come) -> None:
    links = demonstration.links()
    manager = visitor("teammanager")
    sent: list[str] = []
    got: list[bytes] = []
    manager.context.on("request", lambda request: sent.append(request.post_data or ""))
    manager.context.on(
        "response",
        lambda answer: got.append(answer.body()) if "/inzien/verzegeld/" in answer.url else None,
    )
    open_the_recording(manager, links)
    until(manager.page, f"{FILM}?.readyState >= 2")
    assert links["passphrase"] not in json.dumps(sent)
    assert "AGE-SECRET-KEY" not in json.dumps(sent)
    assert not any(b"ftyp" in body or b"matroska" in body for body in got)


def test_new_recordings_are_tried_without_film_and_a_wrong_key_is_found(
    demonstration: Running, visitor: Come, tmp_path: Path
) -> None:
    slot = tmp_path / "cameras" / "plaats-1"
    make_camera(slot, serial="DEMO-0011", scenes=[Scene(datetime.now(UTC) - timedelta(hours=30), 2)])
    demonstration.program(
        "beeldkluis-dock",
        "run",
        "--state",
        str(demonstration.data / "dock"),
        "--cameras",
        str(slot.parent),
        "--once",
    )
    manager = visitor("teammanager")
    page = manager.go("/inzien/controle/")
    manager.look("check")
    page.get_by_label("Uw wachtzin").fill(demonstration.links()["passphrase"])
    page.get_by_role("button", name="Controleren").click()
    expect(page.get_by_text("Alles is gecontroleerd")).to_be_visible()


@pytest.mark.parametrize(
    ("role", "paths"),
    [
        (
            "teammanager",
            [
                "/",
                "/verzoeken/",
                "/opnames/",
                "/bodycams/",
                "/bodycams/nieuw/",
                "/handhavers/",
                "/handhavers/nieuw/",
                "/bevindingen/",
                "/sleutels/",
                "/logboek/",
                "/vernietigen/",
                "/opnames/waarnemingen/",
                "/bodycams/BC-0007/",
                "/bodycams/BC-0007/uitgeven/",
                "/loglijst/",
                "/loglijst/9001/papier/",
                "/tekenen/",
                "/rechten/",
                "/protocol/",
                "/protocol/1/",
                "/protocol/nieuw/",
                "/vervanging/",
                "/incidenten/",
                "/incidenten/melden/",
                "/sleutels/kopie/",
                "/sleutels/overdragen/",
                "/ruimtes/",
            ],
        ),
        (
            "functionaris gegevensbescherming",
            [
                "/",
                "/verzoeken/",
                "/verzoeken/nieuw/",
                "/logboek/",
                "/logboek/0/",
                "/bevindingen/",
                "/rechten/",
                "/loglijst/",
            ],
        ),
        ("plaatsvervangend teammanager", ["/", "/vervanging/", "/tekenen/", "/protocol/1/"]),
        (
            "beheerder",
            [
                "/",
                "/vervanging/nood/",
                "/docks/",
                "/medewerkers/",
                "/medewerkers/nieuw/",
                "/installatie/",
                "/bodycams/",
            ],
        ),
    ],
)
def test_every_page_can_be_used_by_everybody(visitor: Come, role: str, paths: list[str]) -> None:
    person = visitor(role)
    for path in paths:
        answer = person.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        person.look(f"{role.split(maxsplit=1)[0]}-{path.strip('/').replace('/', '-') or 'start'}")
