"""What a newcomer gets from `make run`: real people on the film, whose film it is, and a search that finds them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.stories.browser import Visitor
from tests.stories.conftest import start, stop, with_tables
from tests.stories.test_viewing import begin, confirm, film, open_first, press

from beeldkluis.camera.example import EXAMPLE

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("newcomer")]
SEARCHED = (
    2_000_000  # milliseconds: a quarter of a minute on two quiet cores, a quarter of an hour on a machine that is full
)


@pytest.mark.timeout(3600)
def test_a_newcomer_is_led_to_the_people_who_must_be_covered(tmp_path: Path, browser: Browser) -> None:
    with_tables(tmp_path)
    process, running = start(tmp_path)
    try:
        links = running.links()
        said = " ".join(running.log.split())
        assert EXAMPLE.credit in said
        assert (
            f"open als teammanager verzoek {links['granted']}, kies Inzage beginnen en daar Anderen onherkenbaar"
            in said
        )
        manager = Visitor(browser, running.address, "teammanager")
        manager.page.goto(links["teammanager"])
        expect(manager.page.get_by_text(f"Geef de inzage bij verzoek {links['granted']}")).to_be_visible()
        manager.look("newcomer-start")
        expect(manager.go(f"/verzoeken/{links['granted']}/").get_by_text("Lang blond haar")).to_be_visible()
        manager.look("newcomer-granted")
        page = begin(manager, links | {"case": links["granted"]}, "Anderen onherkenbaar maken")
        confirm(page, links)
        open_first(page, links)
        assert (film(page)["width"], round(film(page)["length"])) == (768, EXAMPLE.seconds)
        whose = page.get_by_text("Film: ‘")
        expect(whose).to_have_text(EXAMPLE.credit)
        expect(whose.get_by_role("link", name=EXAMPLE.title)).to_have_attribute("href", EXAMPLE.source)
        expect(whose.get_by_role("link", name=EXAMPLE.licence)).to_have_attribute("href", EXAMPLE.terms)
        press(page, "Zoek wie en wat onherkenbaar moet")
        manager.look("newcomer-film")
        expect(page.locator("#redaction")).to_contain_text("Klaar om na te kijken", timeout=SEARCHED)
        page = manager.go(f"/verzoeken/{links['granted']}/onherkenbaar/")
        page.get_by_role("link", name="Naar deze kopie").click()
        found = re.search(r"Gevonden\s+(\d+)", page.get_by_label("Bij deze pagina").inner_text())
        assert found is not None
        assert int(found[1]) >= 3, "a woman and two men walk through it"
    finally:
        stop(process)
