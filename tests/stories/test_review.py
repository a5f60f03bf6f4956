"""A copy from the first box to its approval, in a real browser with a real worker: whoever reviews touches no mouse."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.stories.browser import Visitor
from tests.stories.conftest import Running, start, stop, with_tables
from tests.stories.test_viewing import begin, confirm, open_first, press, until

from beeldkluis.camera.simulator import draw_film

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("review")]
SECONDS = 4  # of film: a search takes longer than the film lasts
SEARCH = "Zoek wie en wat onherkenbaar moet"


def opened(manager: Visitor, running: Running, links: dict[str, str]) -> Page:
    """The film, open to make others unrecognisable."""
    with closing(sqlite3.connect(running.data / "beeldkluis.sqlite3")) as database, database:
        database.execute("UPDATE cases_case SET state = 'granted' WHERE reference = ?", [links["case"]])
    page = begin(manager, links, "Anderen onherkenbaar maken")
    confirm(page, links)
    open_first(page, links)
    return page


def keys(page: Page, *pressed: str) -> None:
    for one in pressed:
        page.keyboard.press(one)


def test_a_copy_is_reviewed_by_keyboard_made_watched_and_approved(tmp_path: Path, browser: Browser) -> None:
    with_tables(tmp_path)
    clips = tmp_path / "clips"
    clips.mkdir()
    draw_film(clips / "film.mp4", SECONDS, width=320, height=180)
    process, running = start(tmp_path, "--clips", str(clips))
    try:
        links = running.links()
        manager = Visitor(browser, running.address, "teammanager")
        manager.page.goto(links["teammanager"])
        begin(manager, links)
        page = opened(manager, running, links)
        press(page, SEARCH)
        expect(page.locator("#rail")).to_be_visible()
        frees_a_box_and_takes_back_another(page)
        page.reload()
        page.get_by_label("Uw wachtzin").fill(links["passphrase"])
        press(page, "Beelden openen")
        expect(page.locator("#lanes .lane-name").first).to_have_text("vlak 1 Vrijgegeven")
        press(page, "Maak de kopie")
        watches_the_copy(page)
        press(page, "Ik zag en hoorde alles: de kopie is goed")
        press(page, "Kopie goedkeuren")
        expect(page.locator("#approval-said")).to_contain_text("De kopie is goedgekeurd.")
        assert manager.complaints == []
    finally:
        stop(process)


def frees_a_box_and_takes_back_another(page: Page) -> None:
    keys(page, "t", "t", "ArrowLeft", "Shift+ArrowDown", "Enter", "v")
    expect(page.locator("#chosen")).to_have_text("Vlak 1: vrijgegeven.")
    keys(page, "t", "t", "Enter")
    expect(page.locator("#last-change")).to_have_text("Laatste: Vlak 2 getekend.")
    keys(page, "Control+z")
    expect(page.locator("#last-change")).to_have_text("Laatste: Vlak 1 vrijgegeven.")
    for _ in range(page.locator("#place-list > li").count()):
        keys(page, "n", "g")  # where the program is unsure
    expect(page.locator("#place-list > li")).to_have_count(0)
    expect(page.locator("#saved")).to_contain_text("Bewaard")


def watches_the_copy(page: Page) -> None:
    expect(page.locator("#look-made")).to_be_enabled()
    keys(page, "o")
    page.get_by_label("Snelheid").select_option("4")
    press(page, "Afspelen")
    until(page, "document.querySelector('#films video').ended")
