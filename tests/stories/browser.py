"""A real Chromium on real pages, with the checks every page must pass."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(os.environ.get("BEELDKLUIS_SCREENSHOTS", ROOT / "build" / "screenshots"))
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
TRIES = 5  # of one picture
PATIENCE = 120_000  # milliseconds for what must come: a full machine is slow, and no test depends on that
READY = 500  # seconds within which a program that a test starts must be up, or have ended
expect.set_options(timeout=PATIENCE)
SEEN = """() => [
    ...[...document.querySelectorAll('h1, [role=alert], [role=status], [class*=alert], [class*=error]')]
        .map(e => `  ${e.localName}: ${e.innerText.trim().replace(/\\s+/g, ' ')}`),
    ...[...document.querySelectorAll('input, select, textarea')].filter(e => e.type !== 'hidden')
        .map(e => `  ${e.name || e.id} = ${e.type === 'checkbox' || e.type === 'radio' ? e.checked : e.value}`)]"""
NARROW = {"width": 320, "height": 800}
WIDE = {"width": 1280, "height": 900}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


class Visitor:
    """One person's browser: a page that remembers every violation of the content policy and every script error."""

    present: ClassVar[list["Visitor"]] = []  # whose page may be open; a story that fails tells what they see

    def __init__(self, browser: Browser, address: str, name: str) -> None:
        self.context = browser.new_context(
            viewport=WIDE, base_url=address, locale="nl-NL", timezone_id="Europe/Amsterdam"
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.name = name
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        Visitor.present = [one for one in Visitor.present if not one.page.is_closed()] + [self]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def sees(self) -> str:
        """The page as it is now, in lines: its address, heading, alerts and faults, what is typed, and what the browser said."""
        told: list[str] = self.page.evaluate(SEEN)
        return "\n".join([f"{self.name}: {self.page.url}", *told, *(f"  browser: {one}" for one in self.complaints)])

    def go(self, path: str) -> Page:
        """Open a page of the program."""
        self.page.goto(path)
        return self.page

    def look(self, picture: str) -> None:
        """Check the page as everybody must be able to use it, and keep a picture: axe, 320 px, keyboard, policy."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.draw(picture)
        assert axe(self.page) == [], picture
        self.page.set_viewport_size(NARROW)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        self.draw(f"{picture}-narrow")
        self.page.set_viewport_size(WIDE)
        assert wide <= NARROW["width"], f"{picture} scrolls sideways at 320 px: {wide}"
        assert reached_by_keyboard(self.page) == [], picture
        assert self.complaints == [], picture

    def draw(self, picture: str) -> None:
        """Keep a picture of the whole page. A busy Chromium now and then says no to one and takes the same a moment later."""
        for turn in range(TRIES):
            try:
                self.page.screenshot(path=PICTURES / f"{picture}.png", full_page=True)
            except Error as error:
                if "Unable to capture screenshot" not in error.message or turn == TRIES - 1:
                    raise
                self.page.wait_for_timeout(500)
            else:
                return


def axe(page: Page) -> list[str]:
    """What axe-core finds wrong on this page (WCAG 2.2 A and AA, and best practices), in a line each."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text()})  # the debugger is not bound by the page's policy
    answer = session.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run().then(r => JSON.stringify("
            "r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).join(' '))))",
            "awaitPromise": True,
        },
    )
    session.detach()
    found: list[str] = json.loads(answer["result"]["value"])
    return found


def reached_by_keyboard(page: Page) -> list[str]:
    """Controls that Tab does not reach, or that show no focus."""
    wanted = page.evaluate("""() => [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), select, textarea, summary')]
        .filter(e => e.checkVisibility() && !e.disabled && e.tabIndex >= 0).length""")
    page.evaluate("document.activeElement?.blur(); window.scrollTo(0, 0)")
    seen = set()
    lost: list[str] = []
    for _ in range(wanted + 25):
        page.keyboard.press("Tab")
        at = page.evaluate("""() => { const e = document.activeElement; if (!e || e === document.body) return null;
            const s = getComputedStyle(e); return [e.outerHTML.slice(0, 90), s.outlineStyle !== 'none' || s.boxShadow !== 'none'
            || e.type === 'radio' || e.type === 'checkbox' || e.tagName === 'VIDEO']; }""")
        if at is None:
            break
        if not at[1] and at[0] not in seen:
            lost.append(at[0])
        seen.add(at[0])
    return lost
