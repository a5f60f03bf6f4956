"""The page of who is there renews itself: also after a line that was away, and never under somebody's hands."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.stories.browser import Visitor
from tests.stories.conftest import Running
from tests.stories.test_viewing import begin, confirm, press

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("viewing")]
Come = Callable[[str], Visitor]


def come_by_phone(browser: Browser, demonstration: Running, page: Page, links: dict[str, str]) -> None:
    officer = Visitor(browser, demonstration.address, "officer")
    officer.go("/erbij/")
    number = re.findall(r"\b\d{6}\b", page.get_by_label("Bij deze pagina").inner_text())[-1]
    officer.page.get_by_label("Nummer van de inzage").fill(number)
    confirm(officer.page, links)
    expect(officer.page.get_by_role("heading", name="U bent erbij")).to_be_visible()
    officer.context.close()


def test_the_page_goes_on_after_a_line_that_was_away_and_waits_for_who_types(
    demonstration: Running, visitor: Come, browser: Browser
) -> None:
    links = demonstration.links()
    manager = visitor("teammanager")
    page = begin(manager, links)
    confirm(page, links, code="000001")  # the address is now one that only takes posts
    expect(page.get_by_text("horen niet bij elkaar")).to_be_visible()
    manager.context.set_offline(True)
    page.wait_for_timeout(7_000)
    manager.context.set_offline(False)
    manager.complaints.clear()  # the browser reports the lost line itself
    page.get_by_label("Nummer van de handhaver").fill("90")
    page.locator("h1").click()
    come_by_phone(browser, demonstration, page, links)
    expect(page.get_by_role("link", name="Vernieuw deze pagina")).to_be_visible()
    assert page.get_by_label("Nummer van de handhaver").input_value() == "90"
    manager.look("viewing-room-changed")
    page.get_by_label("Nummer van de handhaver").fill(links["number"])  # as it stood there: nothing is lost any more
    page.locator("h1").click()
    expect(page.get_by_role("heading", name="U kunt kijken")).to_be_visible()
    press(page, "Naar de beelden")
    expect(page.get_by_label("Uw wachtzin")).to_be_visible()
