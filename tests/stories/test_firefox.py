"""Firefox plays and seeks as Chromium does: the same page, the same service worker, sealed bytes by range."""

from pathlib import Path

import pytest
from tests.stories.browser import PICTURES
from tests.stories.conftest import Running
from tests.stories.firefox import Firefox, firefox, installed

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("firefox")]
FILM = "document.querySelector('#films video')"
SORT = """[...document.querySelectorAll('button')].filter(one => one.getAttribute('aria-label')?.startsWith('Ja')).length"""


@pytest.mark.skipif(not installed(), reason="apt install firefox-esr: .ci/run does")
def test_firefox_opens_plays_seeks_and_tells_what_was_seen(demonstration: Running, tmp_path: Path) -> None:
    links = demonstration.links()
    with firefox(tmp_path / "profile") as browser:
        look(browser, demonstration.address, links)
        width, length = browser.run(f"[{FILM}.videoWidth, {FILM}.duration]")
        assert width > 0
        browser.click("#play")
        browser.until(f"{FILM}.currentTime > 1")
        browser.click("#play")
        browser.until(f"{FILM}.paused")
        for part in (0.8, 0.1, 0.5):
            browser.run(f"{FILM}.currentTime = {length * part}")
            browser.until(f"!{FILM}.seeking && {FILM}.readyState >= 2")
        before = browser.run(f"{FILM}.currentTime")
        browser.click("#frame-on")
        browser.until(f"{FILM}.currentTime > {before} && !{FILM}.seeking")
        assert browser.run(f"{FILM}.currentTime") - before < 0.3
        PICTURES.mkdir(parents=True, exist_ok=True)
        browser.picture(PICTURES / "viewing-firefox.png")
        browser.click("#close")
        browser.until("location.pathname.split('/').length === 4")
        browser.go(f"{demonstration.address}/verzoeken/{links['case']}/wie-keek/")
        seen = str(browser.run("document.querySelector('main tbody tr:last-child td:last-child').textContent"))
        assert int(seen.split(maxsplit=1)[0]) >= 1, seen
        browser.go(f"{demonstration.address}/bevindingen/")
        assert "opgehaald" not in str(browser.run("document.querySelector('main').textContent"))


def look(browser: Firefox, address: str, links: dict[str, str]) -> None:
    """From the log-in to the first picture."""
    browser.go(links["teammanager"])
    browser.go(f"{address}/verzoeken/{links['case']}/")
    while browser.run(SORT):
        browser.click("button[aria-label^='Ja']")
        browser.until("document.readyState === 'complete'")
    browser.press("Inzage beginnen")
    browser.fill("[name=place]", "Spreekkamer")
    browser.press("Inzage beginnen")
    browser.fill("[name=number]", links["number"])
    browser.fill("[name=code]", links["code"])
    browser.press("Ik ben erbij")
    browser.until("document.querySelector('input[name=opname]:not([disabled])') !== null")
    if not browser.run("document.querySelector('input[name=opname]').checked"):
        browser.click("input[name=opname]")
    browser.press("Naar de beelden")
    browser.fill("#passphrase", links["passphrase"])
    browser.press("Beelden openen")
    browser.until(f"{FILM} && {FILM}.readyState >= 2", 60)
