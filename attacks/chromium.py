"""A real Chromium that reaches nothing but this machine, and hears every breach of the content policy."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

PROGRAM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
]  # fmt: skip
LISTEN = """
window.__breaches = [];
document.addEventListener("securitypolicyviolation", (one) => __breaches.push(`${one.violatedDirective} ${one.blockedURI}`));
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


class Tab:
    """One person's browser with one page; `complaints` holds script errors and breaches that the console names."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.context = browser.new_context(base_url=address, locale="nl-NL", timezone_id="Europe/Amsterdam")
        self.context.set_default_timeout(40_000)
        self.context.add_init_script(LISTEN)
        self.complaints: list[str] = []
        self.page = self.another()

    def another(self) -> Page:
        """Another tab of the same person."""
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._alarm)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(message.text)

    def _alarm(self, dialog: Any) -> None:
        self.complaints.append(f"a window opened: {dialog.message}")
        dialog.dismiss()

    def breaches(self) -> list[str]:
        """What the page's policy stopped on the page that is shown."""
        found: list[str] = self.page.evaluate("window.__breaches ?? []")
        return found

    def authenticator(self) -> Callable[[], list[dict[str, Any]]]:
        """Give this browser a passkey device; the answer says which keys it holds."""
        session = self.context.new_cdp_session(self.page)
        session.send("WebAuthn.enable")
        told = session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                    "isUserVerified": True, "automaticPresenceSimulation": True,
                }
            },
        )  # fmt: skip
        one = {"authenticatorId": told["authenticatorId"]}
        return lambda: session.send("WebAuthn.getCredentials", one)["credentials"]

    def sign_out(self) -> None:
        """As by the button."""
        self.page.goto("/accounts/logout/")
        self.page.locator("form[action='/accounts/logout/'] button").first.click()

    def close(self) -> None:
        """The person walks away."""
        self.context.close()
