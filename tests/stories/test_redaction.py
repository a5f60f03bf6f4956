"""A search is asked from the film that is open, and its page follows it: in a real browser, with a real worker."""

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, expect
from tests.stories.browser import Visitor
from tests.stories.conftest import Running
from tests.stories.test_viewing import begin, confirm, open_first, press

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("redaction")]
GOING = re.compile("Dit is aan de beurt|procent is klaar|Klaar om na te kijken")


def test_a_search_is_asked_from_the_open_film_and_followed(demonstration: Running, browser: Browser) -> None:
    links = demonstration.links()
    manager = Visitor(browser, demonstration.address, "teammanager")
    manager.page.goto(links["teammanager"])
    begin(manager, links)
    with closing(sqlite3.connect(demonstration.data / "beeldkluis.sqlite3")) as database, database:
        database.execute("UPDATE cases_case SET state = 'granted' WHERE reference = ?", [links["case"]])
    page = begin(manager, links, "Anderen onherkenbaar maken")
    confirm(page, links)
    open_first(page, links)
    told = page.locator("#redaction [role=status]")
    expect(told).to_have_text("Er is nog niet gezocht wie en wat onherkenbaar moet.")
    press(page, "Zoek wie en wat onherkenbaar moet")
    expect(told).to_have_text(GOING)
    expect(page.get_by_role("button", name="Zoek wie en wat onherkenbaar moet")).to_have_count(0)
    page.get_by_role("link", name="Naar de kopie").wait_for()
    page.route("**/onherkenbaar/**", lambda route: route.abort())
    expect(told).not_to_have_text(GOING)
    page.unroute("**/onherkenbaar/**")
    expect(told).to_have_text(GOING)
