"""The screen at the dock in a real browser: every state from three metres, number and code, and a server that goes away."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.stories.browser import PICTURES, WIDE, Visitor, axe
from tests.stories.conftest import Running, serve, start_again, stop

from beeldkluis.dock.client import Vault
from beeldkluis.dock.state import Memory

pytestmark = [pytest.mark.story, pytest.mark.slow]

BIG = {"width": 1920, "height": 1080}
SLOTS = [
    {"slot": "plaats-1", "state": "reading", "percent": 42, "serial": "DEMO-0007"},
    {"slot": "plaats-2", "state": "ready", "percent": None, "serial": "DEMO-0011"},
    {"slot": "plaats-3", "state": "unknown", "percent": None, "serial": "VREEMD-1"},
    {"slot": "plaats-4", "state": "full", "percent": None, "serial": ""},
    {"slot": "plaats-5", "state": "help", "percent": None, "serial": ""},
    {"slot": "plaats-6", "state": "empty", "percent": None, "serial": ""},
]
WORDS = ["Bezig", "Klaar", "Niet herkend", "Blijft vol", "Hulp nodig", "Leeg"]


class Server:
    """The demonstration's server, which may go away and come back."""

    def __init__(self, seeded: Path, folder: Path) -> None:
        self.process, self.running = start_again(seeded, folder)

    def stop(self) -> None:
        stop(self.process)

    def again(self) -> None:
        self.process = serve(self.running)

    def report(self, *changed: dict[str, object]) -> None:
        """What the demonstration's dock says of its slots."""
        state = Memory(self.running.data / "dock").read()
        with Vault(state.server, state.token) as line:
            line.slots(list(changed) or SLOTS)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> Iterator[Server]:
    made = Server(seeded, tmp_path_factory.mktemp("kiosk"))
    yield made
    made.stop()


def come(browser: Browser, running: Running, role: str) -> Visitor:
    visitor = Visitor(browser, running.address, role)
    visitor.page.goto(running.links()[role])
    return visitor


@pytest.fixture(scope="module")
def link(browser: Browser, server: Server) -> str:
    """The administrator makes a screen at the dock."""
    administrator = come(browser, server.running, "beheerder")
    page = administrator.go("/docks/")
    page.get_by_role("link", name="Scherm").click()
    administrator.look("kiosk-no-screens")
    page.get_by_role("button", name="Link maken").click()
    administrator.look("kiosk-screen-made")
    made = page.locator(".secret").inner_text().strip()
    page.get_by_role("link", name="Buiten gebruik stellen").first.click()
    administrator.look("kiosk-retire-screen")
    administrator.context.close()
    return made


@pytest.fixture(scope="module")
def code(browser: Browser, server: Server) -> str:
    """The administrator, who opens nothing, gives an officer a code."""
    administrator = come(browser, server.running, "beheerder")
    page = administrator.go("/handhavers/")
    page.get_by_role("link", name=re.compile("(Code geven|Nieuwe code).*9001")).click()
    administrator.look("kiosk-give-code")
    page.get_by_role("button", name="Code maken").click()
    administrator.look("kiosk-code-given")
    given = page.locator(".secret").inner_text().strip()
    administrator.context.close()
    return given


@pytest.fixture(scope="module")
def screen(browser: Browser, server: Server, link: str) -> Iterator[Visitor]:
    visitor = Visitor(browser, server.running.address, "scherm")
    visitor.page.set_viewport_size(BIG)
    visitor.go("/kiosk/")
    visitor.look("kiosk-not-yet")
    visitor.page.goto(link)
    yield visitor
    visitor.context.close()


def picture(page: Page, name: str, scale: float = 1) -> None:
    """The screen as it hangs there; scaled to a third it is what somebody sees from three metres."""
    session = page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, **BIG, "scale": scale}
    data = session.send("Page.captureScreenshot", {"clip": clip})["data"]
    session.detach()
    (PICTURES / f"{name}.png").write_bytes(base64.b64decode(data))


def sizes(page: Page, selector: str) -> list[float]:
    """The size of type of each of these, in pixels."""
    found: list[float] = page.evaluate(
        "s => [...document.querySelectorAll(s)].map(e => parseFloat(getComputedStyle(e).fontSize))", selector
    )
    return found


def test_every_state_is_read_from_three_metres_and_everybody_can_use_the_page(server: Server, screen: Visitor) -> None:
    page = screen.go("/kiosk/")
    server.report()
    page.set_viewport_size(BIG)
    expect(page.locator(".tile strong")).to_have_text(WORDS)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "everything is in sight at once"
    assert min(sizes(page, ".tile-word")) >= 72
    assert min(sizes(page, ".tile-advice")) >= 30
    picture(page, "kiosk-tiles-1920")
    picture(page, "kiosk-tiles-third", 1 / 3)
    assert axe(page) == []
    page.set_viewport_size(WIDE)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    screen.look("kiosk-tiles")
    assert page.locator("#tiles :is(a, button, input, form)").count() == 0, "nothing can be done at a tile"


@pytest.mark.parametrize("count", [1, 2, 4, 12])
def test_few_and_many_slots_fill_the_screen(server: Server, screen: Visitor, count: int) -> None:
    page = screen.go("/kiosk/")
    page.set_viewport_size(BIG)
    server.report(*[SLOTS[one % 6] | {"slot": f"plaats-{one + 1:02}"} for one in range(count)])
    expect(page.locator(".tile")).to_have_count(count)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert min(sizes(page, ".tile-word")) >= 50
    picture(page, f"kiosk-tiles-{count}")


def test_only_changes_are_said_aloud(server: Server, screen: Visitor) -> None:
    page = screen.go("/kiosk/")
    server.report()
    expect(page.locator(".tile strong")).to_have_text(WORDS)
    page.reload()
    said = page.locator("#changes")
    server.report(SLOTS[0] | {"percent": 43}, *SLOTS[1:])
    expect(page.locator(".tile-percent").first).to_have_text("43 %")
    expect(said).to_have_text("")
    server.report(SLOTS[0] | {"percent": None, "state": "ready"}, *SLOTS[1:])
    expect(said).to_have_text("BC-0007: Klaar. U mag gaan.")
    expect(said).to_have_attribute("aria-live", "polite")
    server.report(*SLOTS[1:])
    expect(page.locator(".tile")).to_have_count(5)


def test_number_and_code_by_keyboard_a_code_of_ones_own_and_what_is_still_owed(
    server: Server, screen: Visitor, code: str
) -> None:
    page = screen.go("/kiosk/")
    page.set_viewport_size(BIG)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wie bent u?")
    screen.look("kiosk-door")
    page.get_by_label("Uw nummer").focus()
    page.keyboard.type("9001")
    page.keyboard.press("Tab")
    page.keyboard.type("000001")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("horen niet bij elkaar")
    screen.look("kiosk-door-wrong")
    page.get_by_label("Uw code").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kies uw eigen code")
    screen.look("kiosk-own-code")
    own = "830461" if code != "830461" else "830462"
    for name, typed in (("old", code), ("new", own), ("again", own)):
        page.locator(f"[name={name}]").fill(typed)
    page.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat u nog moet doen")
    screen.look("kiosk-mine")
    page.set_viewport_size(BIG)
    picture(page, "kiosk-mine-1920")
    page.get_by_role("link", name="camera BC-0007").first.click()
    screen.look("kiosk-observe")
    page.get_by_role("link", name="Annuleren").click()
    page.get_by_role("link", name="Camera BC-0007 kwijt of stuk melden").click()
    screen.look("kiosk-report")
    page.get_by_role("link", name="Annuleren").click()
    page.get_by_role("button", name="Klaar").click()
    expect(page.locator("#slots")).to_be_visible()
    page.goto("/kiosk/mijn/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wie bent u?")


def test_an_own_page_that_nobody_touches_goes_back_to_the_slots_and_says_so_before(screen: Visitor) -> None:
    page = screen.page
    page.clock.install()
    page.goto("/kiosk/mijn/aanmelden/")
    page.clock.fast_forward("02:00")
    page.get_by_label("Uw nummer").fill("9001")
    page.clock.fast_forward("02:00")
    expect(page.get_by_label("Uw nummer")).to_have_value("9001")
    page.clock.fast_forward("00:31")
    expect(page.locator("#leaving")).to_contain_text("sluit over een halve minuut")
    page.keyboard.press("Shift")
    expect(page.locator("#leaving")).to_be_hidden()
    page.clock.fast_forward("03:01")
    expect(page.locator("#slots")).to_be_visible()
    page.clock.resume()


def test_without_script_the_same_words_stand_there(browser: Browser, server: Server, screen: Visitor) -> None:
    server.report()
    plain = browser.new_context(java_script_enabled=False, base_url=server.running.address)
    plain.add_cookies([one for one in screen.context.cookies() if one["name"] == "beeldkluis_screen"])
    page = plain.new_page()
    page.goto("/kiosk/")
    assert page.locator(".tile strong").all_inner_texts() == WORDS
    plain.close()


def test_a_server_that_goes_away_is_said_and_when_it_is_back_the_screen_goes_on(
    browser: Browser, server: Server, screen: Visitor
) -> None:
    server.report()
    screen.page.goto("about:blank")  # this one does not see the server go
    visitor = Visitor(browser, server.running.address, "weg")
    visitor.context.add_cookies([one for one in screen.context.cookies() if one["name"] == "beeldkluis_screen"])
    page = visitor.go("/kiosk/")
    page.set_viewport_size(BIG)
    expect(page.locator(".tile strong")).to_have_text(WORDS)
    server.stop()
    notice = page.locator("#notice")
    expect(notice).to_contain_text("Geen verbinding sinds")
    expect(notice).to_contain_text("Laat uw camera staan: hij blijft vol en er gaat niets verloren.")
    expect(page.locator(".tile strong")).to_have_text(WORDS)
    expect(page.locator(".tile-ready")).to_have_count(0)
    expect(page.locator(".tile-advice").first).to_contain_text("Zo was het om")
    picture(page, "kiosk-away-1920")
    assert axe(page) == []
    server.again()
    server.report()
    expect(notice).to_be_hidden()
    expect(page.locator(".tile-ready")).to_have_count(1)
    page.reload()
    assert [one for one in visitor.complaints if "ERR_CONNECTION" not in one and "Failed to load" not in one] == []
    visitor.context.close()
