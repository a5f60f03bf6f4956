"""The first day of an installation, in a real browser: set up, invited, a passkey, a code app, the first pages."""

import base64
import hashlib
import hmac
import re
import struct
import time
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value
from playwright.sync_api import Page
from tests.stories.browser import Visitor, chromium
from tests.web.program import install, needs_built, serving

pytestmark = [pytest.mark.story, pytest.mark.slow, needs_built]

PASSWORD = "paarden lopen langs het kanaal"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def fill(page: Page, **typed: str) -> None:
    for name, text in typed.items():
        page.locator(f"[name={name}]").fill(text)


def code_for(secret: str) -> str:
    key = base64.b32decode(secret)
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return format_hotp_value((struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000)


def test_from_the_set_up_code_to_three_people_with_a_second_factor(tmp_path: Path) -> None:
    data = tmp_path / "data"
    code = re.search(r"\n\n {2}(\S+)\n", install(data).stdout)
    assert code is not None
    with serving(data) as (_, address), chromium() as browser:
        links = set_up(Visitor(browser, address, "beheerder"), code[1])
        administrator = Visitor(browser, address, "beheerder")
        with_passkey(administrator, links[0], "administrator@example.nl")
        look_around(administrator)
        manager = Visitor(browser, address, "teammanager")
        secret = with_codes(manager, links[2], "team_manager@example.nl")
        link = add_a_deputy(administrator)
        newcomer = Visitor(browser, address, "plaatsvervanger")
        newcomer.go(link)
        assert "Deze link werkt nog niet" in newcomer.page.locator("main").inner_text()
        newcomer.look("web-invitation-not-yet")
        be_the_second_person(manager, secret)
        assert "Kies een wachtwoord" in newcomer.go(link).locator("main").inner_text()


def set_up(visitor: Visitor, code: str) -> list[str]:
    page = visitor.go("/instellen/")
    visitor.look("web-set-up")
    fill(page, code=code)
    for name in ("administrator", "dpo", "team_manager"):
        fill(page, **{f"{name}_name": f"Proef {name}", f"{name}_email": f"{name}@example.nl"})
    press(page, "Vastleggen")
    visitor.look("web-set-up-done")
    return [link.inner_text().strip() for link in page.locator(".secret").all()]


def choose_password(visitor: Visitor, link: str, email: str) -> Page:
    page = visitor.go(link)
    fill(page, password="te kort", again="te kort")
    press(page, "Vastleggen")
    visitor.look("web-invitation-wrong")
    fill(page, password=PASSWORD, again=PASSWORD)
    press(page, "Vastleggen")
    visitor.look("web-sign-in")
    fill(page, login=email, password=PASSWORD)
    press(page, "Verder")
    assert "Nog één stap" in page.locator("main").inner_text()
    visitor.look("web-second-step")
    return page


def with_passkey(visitor: Visitor, link: str, email: str) -> None:
    page = choose_password(visitor, link, email)
    page.get_by_role("link", name="Passkey toevoegen").click()
    visitor.look("web-add-passkey")
    session = visitor.context.new_cdp_session(
        page
    )  # after looking: the end of its debugger session ends this one's keys
    session.send("WebAuthn.enable", {"enableUI": False})
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    fill(page, name="Laptop")
    press(page, "Passkey maken")
    page.wait_for_url("**/recovery-codes/")
    assert page.locator("main code").count() == 10
    page.get_by_role("link", name="Overzicht").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Overzicht"
    press(page, "Uitloggen")
    press(page, "Inloggen met passkey")
    page.wait_for_url(re.compile(r"\d/$"))
    assert page.get_by_role("heading", level=1).inner_text() == "Overzicht"
    press(page, "Uitloggen")
    fill(page, login=email, password=PASSWORD)
    press(page, "Verder")
    press(page, "Passkey gebruiken")
    page.wait_for_url(re.compile(r"\d/$"))
    visitor.look("web-start")


def look_around(visitor: Visitor) -> None:
    page = visitor.go("/medewerkers/")
    visitor.look("web-staff")
    page.get_by_role("link", name="Iemand toevoegen").click()
    visitor.look("web-add-person")
    visitor.go("/installatie/")
    visitor.look("web-installation")
    page.goto("/sleutels/")
    assert "Dit mag niet" in page.locator("h1").inner_text()
    page.goto("/bestaat-niet/")
    assert "Deze pagina is er niet" in page.locator("h1").inner_text()
    visitor.complaints.clear()


def add_a_deputy(visitor: Visitor) -> str:
    page = visitor.go("/medewerkers/nieuw/")
    fill(page, name="P. Vervanger", email="deputy@example.nl")
    page.get_by_label("Plaatsvervangend teammanager").check()
    press(page, "Toevoegen")
    visitor.look("web-invited-waits")
    link = page.locator(".secret").inner_text().strip()
    page.get_by_role("link", name="Hoe het staat, en wie kan bevestigen").click()
    visitor.look("account-change-asked")
    visitor.go("/medewerkers/")
    assert "Nieuw account: wacht op een tweede persoon, of werkt vanaf" in page.locator("main").inner_text()
    visitor.look("web-staff-waits")
    page.get_by_role("link", name=re.compile("^Nieuwe toegang voor Proef team_manager")).click()
    visitor.look("web-new-access")
    page.goto("/medewerkers/")
    page.get_by_role("link", name=re.compile("^Uitschakelen ?: ?Proef team_manager")).click()
    visitor.look("web-deactivate")
    return link


def be_the_second_person(visitor: Visitor, secret: str) -> None:
    page = visitor.page
    code = code_for(secret)
    while code_for(secret) == code:  # a code opens once; the app shows the next one by itself
        page.wait_for_timeout(1000)
    fill(page, code=code_for(secret))
    press(page, "Inloggen")
    assert "Kijk of dit klopt: nieuw account" in page.locator("main").inner_text()
    visitor.look("start-second-person")
    page.get_by_role("link", name="U moet één ding weten").click()
    visitor.look("notices")
    page.get_by_role("button", name=re.compile("^Ik heb dit gezien")).click()
    visitor.look("notices-none")
    visitor.go("/")
    page.get_by_role("link", name="Kijk of dit klopt: nieuw account").click()
    visitor.look("account-change")
    press(page, "Bevestigen")
    assert "Bevestigd door" in page.locator("main").inner_text()
    visitor.look("account-change-confirmed")


def with_codes(visitor: Visitor, link: str, email: str) -> str:
    page = choose_password(visitor, link, email)
    page.get_by_role("link", name="App instellen").click()
    visitor.look("web-code-app")
    secret = page.locator("main code").inner_text().strip()
    fill(page, code="000000")
    press(page, "Instellen")
    fill(page, code=code_for(page.locator("main code").inner_text().strip()))
    assert page.locator("main code").inner_text().strip() == secret
    press(page, "Instellen")
    page.wait_for_url("**/recovery-codes/")
    visitor.look("web-recovery-codes")
    visitor.go("/accounts/2fa/")
    visitor.look("web-account")
    visitor.go("/")
    assert "Maak de sleutels van het team" in page.locator("main").inner_text()
    visitor.look("web-start-team-manager")
    press(page, "Uitloggen")
    fill(page, login=email, password=PASSWORD)
    press(page, "Verder")
    visitor.look("web-second-factor")
    return secret
