"""The key ceremony in a real browser: keys made, kept on paper, tried, and only then recorded."""

import re
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.stories.browser import PICTURES, Visitor, chromium
from tests.stories.test_first_day import choose_password, code_for, fill, press, set_up
from tests.web.program import install, needs_built, serving

from beeldkluis.sealed import age, axis

pytestmark = [pytest.mark.story, pytest.mark.slow, needs_built]


def signed_in_team_manager(visitor: Visitor, link: str) -> Page:
    page = choose_password(visitor, link, "team_manager@example.nl")
    page.get_by_role("link", name="App instellen").click()
    fill(page, code=code_for(page.locator("main code").inner_text().strip()))
    press(page, "Instellen")
    page.wait_for_url("**/recovery-codes/")
    return page


def make_keys(visitor: Visitor) -> tuple[str, age.Identity]:
    """Step 1: the passphrase and the recovery key as the person sees them."""
    page = visitor.go("/sleutels/")
    visitor.look("keys-none")
    page.get_by_role("link", name="Sleutels maken").click()
    visitor.look("ceremony-start")
    page.get_by_role("button", name="Sleutels maken").click()
    page.get_by_role("heading", name="Stap 1 van 2: bewaren").wait_for()
    visitor.look("ceremony-keep")
    page.emulate_media(media="print")
    page.screenshot(path=PICTURES / "ceremony-print.png", full_page=True)
    assert not page.locator("#passphrase").is_visible(), "the passphrase must not be on the recovery sheet"
    assert page.locator("#recovery-key").is_visible()
    assert page.locator("#recovery-code svg").is_visible()
    page.emulate_media(media="screen")
    typed = re.sub(r"\s", "", page.locator("#recovery-key").inner_text())
    return page.locator("#passphrase").inner_text(), age.Identity.parse(typed)


def try_both(visitor: Visitor, passphrase: str, recovery: age.Identity) -> None:
    """Step 2: wrong words and wrong letters are refused, the right ones are recorded."""
    page = visitor.page
    press(page, "Verder naar de proef")
    page.get_by_label("Uw wachtzin").fill("zes heel andere woorden dan die")
    page.get_by_label("De laatste 8 tekens").fill(str(recovery)[-8:])
    press(page, "Proberen en vastleggen")
    expect(page.locator("#problem")).to_contain_text("De wachtzin is niet goed")
    page.get_by_label("Uw wachtzin").fill(passphrase.replace("-", " ").upper())
    page.get_by_label("De laatste 8 tekens").fill("AAAAAAAA")
    press(page, "Proberen en vastleggen")
    expect(page.locator("#problem")).to_contain_text("De laatste 8 tekens")
    visitor.look("ceremony-test")
    page.get_by_label("De laatste 8 tekens").fill(str(recovery)[-8:].lower())
    press(page, "Proberen en vastleggen")
    page.wait_for_url("**/sleutels/")
    visitor.look("keys-made")


def kept(data: Path) -> tuple[dict[str, str], bytes, bytes]:
    """What the server has afterwards: public halves, the sealed copy, the sealed RSA key."""
    with sqlite3.connect(f"file:{data}/beeldkluis.sqlite3?mode=ro", uri=True) as database:
        keys = {
            kind: (public, sealed)
            for kind, public, sealed in database.execute("select kind, public, sealed_private from people_teamkey")
        }
        (identity,) = database.execute("select sealed from people_sealedidentity").fetchone()
    database.close()
    return {kind: public for kind, (public, _) in keys.items()}, identity, keys["axis"][1]


@pytest.mark.guarantee(6)
def test_keys_are_made_in_the_browser_tried_on_paper_and_only_public_halves_reach_the_server(tmp_path: Path) -> None:
    data = tmp_path / "data"
    code = re.search(r"\n\n {2}(\S+)\n", install(data).stdout)
    assert code is not None
    with serving(data) as (_, address), chromium() as browser:
        links = set_up(Visitor(browser, address, "beheerder"), code[1])
        manager = Visitor(browser, address, "teammanager")
        signed_in_team_manager(manager, links[2])
        sent: list[str] = []
        manager.context.on("request", lambda request: sent.append(request.post_data or ""))
        passphrase, recovery = make_keys(manager)
        try_both(manager, passphrase, recovery)
        manager.go("/sleutels/maken/")
        assert manager.page.url.endswith("/sleutels/"), "a second ceremony is not offered"
    public, sealed_identity, sealed_rsa = kept(data)
    team = age.open_identity(sealed_identity, passphrase)
    assert public["team"] == str(team.recipient)
    assert public["recovery"] == str(recovery.recipient)
    for one in (team, recovery):
        private = age.open_bytes(sealed_rsa, [one])
        content_key, _iv = axis.new_content_key()
        assert axis.unwrap_key(axis.wrap_key(content_key, public["axis"]), private) == content_key
    everything = "".join(sent).encode() + b"".join(one.read_bytes() for one in data.rglob("*") if one.is_file())
    for secret in (passphrase, str(team), str(recovery)):
        assert secret.encode() not in everything
