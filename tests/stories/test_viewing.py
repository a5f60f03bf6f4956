"""Three people look together, and every way in which somebody is missing: in a real browser, on a real demonstration."""

import re
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import pytest
from av.video.frame import VideoFrame
from playwright.sync_api import Browser, Page, expect
from tests.stories.browser import Visitor
from tests.stories.conftest import Running, start, stop, with_tables

from beeldkluis.camera.simulator import Scene, draw_film, make_camera

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("viewing")]
Come = Callable[[str], Visitor]


def until(page: Page, holds: str) -> None:
    page.wait_for_function(f"() => {holds}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def begin(person: Visitor, links: dict[str, str], purpose: str = "") -> Page:
    """As the team manager: say of every recording that it belongs to the case, and begin to look."""
    page = person.go(f"/verzoeken/{links['case']}/")
    while page.get_by_role("button", name=re.compile("^Ja")).count():
        page.get_by_role("button", name=re.compile("^Ja")).first.click()
    page.get_by_role("link", name="Inzage beginnen").click()
    if purpose:
        page.get_by_label(purpose).check()
    page.get_by_label("Waar kijkt u?").fill("Spreekkamer")
    press(page, "Inzage beginnen")
    return page


def confirm(page: Page, links: dict[str, str], code: str = "") -> None:
    """The officer types at the same screen."""
    page.get_by_label("Nummer van de handhaver").fill(links["number"])
    page.get_by_label("Code van de handhaver").fill(code or links["code"])
    press(page, "Ik ben erbij")


def open_first(page: Page, links: dict[str, str]) -> None:
    page.get_by_role("checkbox").first.check()
    press(page, "Naar de beelden")
    page.get_by_label("Uw wachtzin").fill(links["passphrase"])
    press(page, "Beelden openen")
    until(page, "document.querySelector('#films video')?.readyState >= 2")


def film(page: Page) -> dict[str, Any]:
    told: dict[str, Any] = page.evaluate(
        "(() => { const film = document.querySelector('#films video'); return {ready: film.readyState, at: film.currentTime,"
        " width: film.videoWidth, length: film.duration, paused: film.paused, src: film.getAttribute('src')}; })()"
    )
    return told


AT = "document.querySelector('#films video').currentTime"


def test_three_people_from_the_appointment_to_the_report(
    demonstration: Running, visitor: Come, browser: Browser, tmp_path: Path
) -> None:
    links = demonstration.links()
    manager = visitor("teammanager")
    page = begin(manager, links)
    manager.look("viewing-room")
    expect(page.get_by_text("Nog niet iedereen is er")).to_be_visible()
    number = re.findall(r"\b\d{6}\b", page.get_by_label("Bij deze pagina").inner_text())[-1]

    officer = Visitor(browser, demonstration.address, "officer")
    officer.go("/erbij/")
    officer.look("viewing-here")
    for label, typed in (("inzage", number), ("Nummer van de handhaver", links["number"]), ("Code", links["code"])):
        officer.page.get_by_label(label).fill(typed)
    press(officer.page, "Ik ben erbij")
    expect(officer.page.get_by_role("heading", name="U bent erbij")).to_be_visible()
    officer.look("viewing-here-done")
    officer.context.close()

    expect(page.get_by_role("heading", name="U kunt kijken")).to_be_visible()  # the page renews itself
    manager.look("viewing-room-ready")
    open_first(page, links)
    assert film(page)["width"] > 0
    line = page.locator(".over-picture").first.inner_text()
    assert links["case"] in line
    assert "Demo Teammanager" in line
    use_every_control(page)
    manager.look("viewing")
    page.get_by_label("Notitie bij dit moment").fill("Hier wordt gewaarschuwd.")
    press(page, "Dit moment markeren")
    expect(page.get_by_role("button", name=re.compile("Hier wordt gewaarschuwd"))).to_be_visible()
    page.locator("summary", has_text="Herhalen").click()
    manager.look("viewing-marked")
    press(page, "Sluiten")
    page.wait_for_url(re.compile(r"/inzien/[^/]+/$"))
    page.get_by_role("link", name="Inzage beëindigen").click()
    page.get_by_label("Opmerkingen").fill("Rustig verlopen.")
    manager.look("viewing-report")
    press(page, "Beëindigen en verslag vastleggen")
    with page.expect_download() as paper:
        page.get_by_role("link", name="Verslag van de inzage").first.click()
    paper.value.save_as(tmp_path / "verslag.pdf")
    assert (tmp_path / "verslag.pdf").read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="Wie heeft de beelden gezien").click()
    manager.look("viewing-who")
    assert manager.complaints == []
    data_officer = visitor("functionaris gegevensbescherming")
    data_officer.go("/logboek/")
    story = data_officer.page.locator("main").inner_text()
    for wanted in ("Verslag van de inzage", "Moment gemarkeerd", "Aanwezig bij de inzage"):
        assert wanted in story, wanted
    data_officer.go("/bevindingen/")
    assert "Er zijn veel meer beelden opgehaald" not in data_officer.page.locator("main").inner_text()


def use_every_control(page: Page) -> None:
    """By key and by button: play, frames, jumps, speed, loop, zoom, sound."""
    press(page, "Afspelen")
    until(page, f"{AT} > 1")
    page.locator("#play").focus()
    page.keyboard.press("k")  # no key of ours
    page.locator("h1").click()
    page.keyboard.press(" ")
    until(page, "document.querySelector('#films video').paused")
    before = film(page)["at"]
    page.keyboard.press(".")
    until(page, f"{AT} > {before}")
    assert 0 < film(page)["at"] - before < 0.3
    page.keyboard.press(",")
    until(page, f"Math.abs({AT} - {before}) < 0.1")
    page.keyboard.press("ArrowRight")
    until(page, f"{AT} > {before + 4}")
    page.keyboard.press("Home")
    until(page, f"{AT} < 0.1")
    page.keyboard.press("a")
    until(page, f"{AT} > 0.5 || document.querySelector('#films video').duration < 1")
    page.keyboard.press(">")
    assert page.locator("#speed").input_value() == "2"
    page.keyboard.press("+")
    page.keyboard.press("Shift+ArrowRight")
    assert "scale(1.25)" in page.locator("#films video").first.evaluate("film => film.style.transform")
    page.keyboard.press("0")
    assert "scale(1)" in page.locator("#films video").first.evaluate("film => film.style.transform")
    page.keyboard.press("Home")
    page.keyboard.press("[")
    page.keyboard.press("ArrowRight")
    until(page, f"{AT} > 4")
    page.keyboard.press("]")
    expect(page.locator("#looped")).to_contain_text("Herhalen van 0:00")
    page.keyboard.press(" ")
    until(page, f"{AT} < 3")
    page.keyboard.press(" ")
    page.keyboard.press("\\")
    page.keyboard.press("<")
    expect(page.locator("#looped")).to_have_text("")


def test_every_missing_presence_is_refused_and_said(demonstration: Running, visitor: Come) -> None:
    links = demonstration.links()
    manager = visitor("teammanager")
    page = begin(manager, links)
    expect(page.get_by_text("Die bevestigt met nummer en code").first).to_be_visible()
    assert page.get_by_role("button", name="Naar de beelden").count() == 0
    room = page.url
    confirm(page, links, code="000001")
    expect(page.get_by_text("horen niet bij elkaar")).to_be_visible()
    recording = page.locator("input[name=opname]").first.get_attribute("value")
    page.goto(f"{room}kijken/?opname={recording}")
    expect(page.get_by_text("Nog niet iedereen is er")).to_be_visible()  # led back
    answer = page.evaluate(
        """async (address) => (await fetch(address, {method: "POST", body: "{}", headers: {"Content-Type": "application/json",
        "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value}})).json()""",
        f"{room}opname/{recording}/openen/",
    )
    assert answer["rule"] == "access.presence"
    manager.complaints.clear()  # the browser reports the 403 itself
    confirm(page, links)
    expect(page.get_by_role("heading", name="U kunt kijken")).to_be_visible()
    page.get_by_role("button", name=re.compile("is vertrokken")).click()
    expect(page.get_by_text("Nog niet iedereen is er")).to_be_visible()


def test_a_deputy_stands_in_and_the_data_protection_officer_sees_it(demonstration: Running, visitor: Come) -> None:
    links = demonstration.links()
    manager, deputy = visitor("teammanager"), visitor("plaatsvervangend teammanager")
    page = begin(manager, links)
    number = re.findall(r"\b\d{6}\b", page.get_by_label("Bij deze pagina").inner_text())[-1]
    other = deputy.go("/erbij/")
    other.get_by_label("Nummer van de inzage").fill(number)
    press(other, "Verder")
    deputy.look("viewing-stand-in")
    for name in ("Demo Handhaver Een", "De handhaver wil niet"):
        other.get_by_label(re.compile(name)).check()
    other.get_by_label("Toelichting").fill("Wil de beelden niet terugzien.")
    press(other, "Ik neem de plaats in")
    expect(page.get_by_role("heading", name="U kunt kijken")).to_be_visible()
    assert "vervanger van de handhaver" in page.get_by_label("Bij deze pagina").inner_text()
    open_first(page, links)
    press(page, "Sluiten")
    data_officer = visitor("functionaris gegevensbescherming")
    data_officer.go("/bevindingen/")
    assert "nam een plaatsvervanger" in data_officer.page.locator("main").inner_text()


def test_with_the_requester_nothing_opens_until_others_can_be_covered(demonstration: Running, visitor: Come) -> None:
    links = demonstration.links()
    page = visitor("teammanager").go(f"/verzoeken/{links['case']}/inzage/")
    page.get_by_label("Laten zien aan de verzoeker").check()
    page.get_by_label("Waar kijkt u?").fill("Spreekkamer")
    press(page, "Inzage beginnen")
    expect(page.get_by_text("De zaak is niet in een stand waarin hiervoor gekeken mag worden")).to_be_visible()


def test_a_session_that_ends_while_looking_shuts_the_screen(demonstration: Running, visitor: Come) -> None:
    links = demonstration.links()
    manager = visitor("teammanager")
    page = begin(manager, links)
    confirm(page, links)
    open_first(page, links)
    press(page, "Afspelen")
    until(page, f"{AT} > 0.5")
    manager.context.clear_cookies()
    expect(page.locator("#film-problem")).to_contain_text("De beelden zijn gesloten.")
    assert film(page)["src"] is None
    assert page.locator("#stage").is_hidden()


def test_a_second_tab_gets_nothing_and_the_back_button_brings_nothing_back(
    demonstration: Running, visitor: Come
) -> None:
    links = demonstration.links()
    manager = visitor("teammanager")
    page = begin(manager, links)
    confirm(page, links)
    open_first(page, links)
    source = film(page)["src"]
    second = manager.context.new_page()
    second.goto(page.url)
    assert second.locator("#watch").is_hidden()
    status = second.evaluate("async (address) => (await fetch(address)).status", source)
    assert status in (403, 404, 502)
    second.close()
    page.goto("about:blank")
    page.go_back()
    expect(page.get_by_label("Uw wachtzin")).to_be_visible()
    assert page.locator("#watch").is_hidden()
    status = page.evaluate("async (address) => (await fetch(address)).status", source)
    assert status in (403, 404, 502)


def test_two_viewings_of_one_recording_at_once_are_two_accounts(demonstration: Running, visitor: Come) -> None:
    links = demonstration.links()
    manager = visitor("teammanager")
    page = begin(manager, links)
    confirm(page, links)
    open_first(page, links)
    second = manager.context.new_page()
    second.goto(page.url)
    second.get_by_label("Uw wachtzin").fill(links["passphrase"])
    press(second, "Beelden openen")
    until(second, "document.querySelector('#films video')?.readyState >= 2")
    assert film(page)["src"] != film(second)["src"]
    for one in (page, second):
        press(one, "Afspelen")
        until(one, f"{AT} > 1")
    press(second, "Sluiten")
    second.wait_for_url(re.compile(r"/inzien/[^/]+/$"))
    before = film(page)["at"]
    until(page, f"{AT} > {before + 0.5} || document.querySelector('#films video').ended")


def test_a_lost_connection_of_twenty_seconds_is_borne(demonstration: Running, visitor: Come) -> None:
    links = demonstration.links()
    manager = visitor("teammanager")
    page = begin(manager, links)
    confirm(page, links)
    open_first(page, links)
    press(page, "Afspelen")
    until(page, f"{AT} > 0.5")
    manager.context.set_offline(True)
    expect(page.locator("#film-problem")).to_contain_text("De verbinding is weg")
    time.sleep(20)
    manager.context.set_offline(False)
    expect(page.locator("#film-problem")).to_be_hidden()
    page.keyboard.press("Home")
    until(page, f"{AT} < 5")
    before = film(page)["at"]
    until(page, f"{AT} > {before + 0.5}")
    manager.complaints.clear()
    press(page, "Sluiten")
    page.wait_for_url(re.compile(r"/inzien/[^/]+/$"))


def test_a_closed_lid_shuts_the_screen(demonstration: Running, visitor: Come) -> None:
    links = demonstration.links()
    manager = visitor("teammanager")
    page = manager.page
    page.clock.install()
    begin(manager, links)
    confirm(page, links)
    page.get_by_role("checkbox").first.check()
    press(page, "Naar de beelden")
    page.get_by_label("Uw wachtzin").fill(links["passphrase"])
    press(page, "Beelden openen")
    until(page, "document.querySelector('#films video')?.readyState >= 2")
    page.clock.fast_forward("06:00")
    expect(page.locator("#film-problem")).to_contain_text("te lang dicht")
    assert page.locator("#stage").is_hidden()


def second_camera(demonstration: Running, folder: Path) -> str:
    """Another officer's camera filmed the same moment, three seconds later on; the number of its recording."""
    with sqlite3.connect(demonstration.data / "beeldkluis.sqlite3") as database:
        (told,) = database.execute("select started_at from footage_recording order by ended_at desc limit 1").fetchone()
    start_at = datetime.fromisoformat(told).replace(tzinfo=UTC) + timedelta(seconds=3)
    slot = folder / "cameras" / "plaats-2"
    make_camera(slot, serial="DEMO-0011", scenes=[Scene(start_at, 12, timedelta(seconds=2))])
    words = ("run", "--state", str(demonstration.data / "dock"), "--cameras", str(slot.parent), "--once")
    demonstration.program("beeldkluis-dock", *words)
    with sqlite3.connect(demonstration.data / "beeldkluis.sqlite3") as database:
        found = database.execute("select number from footage_recording where serial = 'DEMO-0011' order by number desc")
        return f"R-{found.fetchone()[0]:06d}"


PLACES = """(() => { const [one, two] = [...document.querySelectorAll('#films video')];
    return [one.currentTime, two.currentTime]; })()"""


def test_two_cameras_of_one_incident_run_beside_each_other_in_time(
    demonstration: Running, visitor: Come, tmp_path: Path
) -> None:
    number = second_camera(demonstration, tmp_path)
    links = demonstration.links()
    manager, deputy = visitor("teammanager"), visitor("plaatsvervangend teammanager")
    page = manager.go(f"/verzoeken/{links['case']}/")
    page.get_by_label("Nummer van een andere opname").fill(number)
    press(page, "Opname toevoegen")
    begin(manager, links)
    confirm(page, links)
    assert page.locator("input[name=opname]:not([disabled])").count() == 1  # the other officer is not here
    seen = re.findall(r"\b\d{6}\b", page.get_by_label("Bij deze pagina").inner_text())[-1]
    other = deputy.go("/erbij/")
    other.get_by_label("Nummer van de inzage").fill(seen)
    press(other, "Verder")
    for name in ("Demo Handhaver Twee", "De handhaver kan lange tijd niet"):
        other.get_by_label(re.compile(name)).check()
    other.get_by_label("Toelichting").fill("Langdurig ziek.")
    press(other, "Ik neem de plaats in")
    page.reload()
    for box in page.locator("input[name=opname]").all():
        box.check()
    press(page, "Naar de beelden")
    page.get_by_label("Uw wachtzin").fill(links["passphrase"])
    press(page, "Beelden openen")
    until(page, "[...document.querySelectorAll('#films video')].filter(one => one.readyState >= 2).length === 2")
    expect(page.locator(".film.elsewhere")).to_have_count(1)  # the second camera began three seconds later
    page.locator("#line").fill("4")
    until(page, "[...document.querySelectorAll('.film')].every(one => !one.classList.contains('elsewhere'))")
    press(page, "Afspelen")
    until(page, "[...document.querySelectorAll('#films video')].every(one => one.currentTime > 2)")
    press(page, "Pauze")
    one, two = page.evaluate(PLACES)
    assert abs((one - two) - 3) < 0.5, (one, two)
    manager.look("viewing-two")
    press(page, "Sluiten")
    page.wait_for_url(re.compile(r"/inzien/[^/]+/$"))


def hevc_film(path: Path) -> None:
    """Film as a camera with H.265 makes it; Chromium on Debian does not play it."""
    drawn = path.with_name("drawn.mp4")
    draw_film(drawn, 6, width=320, height=180)
    with av.open(str(drawn)) as source, av.open(str(path), "w") as out:
        pictures = out.add_stream("libx265", rate=25, options={"preset": "ultrafast", "x265-params": "log-level=none"})
        pictures.width, pictures.height, pictures.pix_fmt = 320, 180, "yuv420p"
        for frame in source.decode(video=0):
            assert isinstance(frame, VideoFrame)
            out.mux(pictures.encode(frame))
        out.mux(pictures.encode(None))
    drawn.unlink()


def test_a_film_that_the_browser_does_not_know_gets_a_viewing_copy(tmp_path: Path, browser: Browser) -> None:
    clips = tmp_path / "clips"
    clips.mkdir()
    hevc_film(clips / "hevc.mp4")
    with_tables(tmp_path)
    process, running = start(tmp_path, "--clips", str(clips))
    try:
        links = running.links()
        manager = Visitor(browser, running.address, "teammanager")
        manager.page.goto(links["teammanager"])
        page = begin(manager, links)
        confirm(page, links)
        hevc = page.get_by_role("checkbox").count() - 1  # the newest: what the request is about
        page.get_by_role("checkbox").nth(hevc).check()
        press(page, "Naar de beelden")
        page.get_by_label("Uw wachtzin").fill(links["passphrase"])
        press(page, "Beelden openen")
        expect(page.get_by_role("button", name="Kijkkopie maken")).to_be_visible()
        manager.look("viewing-copy-needed")
        press(page, "Kijkkopie maken")
        expect(page.get_by_role("button", name="Opnieuw openen")).to_be_visible()
        press(page, "Opnieuw openen")
        page.get_by_label("Uw wachtzin").fill(links["passphrase"])
        press(page, "Beelden openen")
        until(page, "document.querySelector('#films video')?.readyState >= 2")
        assert film(page)["width"] == 320
        expect(page.locator("figcaption")).to_contain_text("kijkkopie")
        press(page, "Afspelen")
        until(page, f"{AT} > 1")
        press(page, "Sluiten")
        page.wait_for_url(re.compile(r"/inzien/[^/]+/$"))
        manager.go("/bevindingen/")
        assert "opgehaald" not in page.locator("main").inner_text()
        assert manager.complaints == []
    finally:
        stop(process)
