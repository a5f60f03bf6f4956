"""The team manager's role in other hands, in a real browser: a copy for the deputy, acting for a time, and a handover after
which the recording that was docked before opens with the new passphrase only; signing; a new version by two people.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from tests.stories.browser import Visitor
from tests.stories.conftest import Running
from tests.stories.test_first_day import press
from tests.stories.test_from_dock_to_destruction import open_the_recording
from tests.web.program import needs_built

pytestmark = [pytest.mark.story, pytest.mark.slow, needs_built]
Come = Callable[[str], Visitor]
DEPUTY = "plaatsvervangend teammanager"


def type_over(visitor: Visitor, picture: str) -> str:
    """The new passphrase as its holder sees it; first typed wrong, then right."""
    page = visitor.page
    page.get_by_role("heading", name="De nieuwe wachtzin").wait_for()
    words = page.locator("#new-passphrase").inner_text()
    visitor.look(picture)
    page.get_by_label("Typ de wachtzin over").fill("zes heel andere woorden dan die")
    press(page, "Proberen en vastleggen")
    expect(page.locator("#problem")).to_contain_text("niet goed")
    page.get_by_label("Typ de wachtzin over").fill(words)
    press(page, "Proberen en vastleggen")
    return words


def announce_and_agree(visitor: Come) -> None:
    """The team manager tells everybody; the data protection officer agrees."""
    manager = visitor("teammanager")
    page = manager.go("/sleutels/overdragen/")
    manager.look("handover-announce")
    page.get_by_label("Aan wie?").select_option(label="Demo Plaatsvervanger")
    press(page, "Aankondigen")
    expect(page.get_by_text("Er is nog geen tweede persoon akkoord")).to_be_visible()
    manager.look("handover-announced")
    dpo = visitor("functionaris gegevensbescherming")
    dpo.page.get_by_role("link", name="Kijk of u akkoord gaat met een overdracht").click()
    dpo.look("handover-agree")
    press(dpo.page, "Akkoord geven")
    expect(dpo.page.get_by_text("Beginnen kan vanaf")).to_be_visible()
    dpo.look("handover-waits")


def try_the_new_key(receiver: Visitor, words: str) -> None:
    """The receiver's browser opens everything with the new passphrase; first typed wrong."""
    receiver.page.get_by_role("link", name="Controleer de nieuwe sleutel").click()
    receiver.look("handover-check")
    page = receiver.page
    page.get_by_label("Uw nieuwe wachtzin").fill("zes heel andere woorden dan die")
    press(page, "Controleren")
    expect(page.locator("#problem")).to_contain_text("De wachtzin is niet goed")
    page.get_by_label("Uw nieuwe wachtzin").fill(words)
    press(page, "Controleren")
    page.wait_for_url(re.compile(r"^https?://[^/]+/$"))
    receiver.look("handover-done")


def test_a_copy_acting_for_a_time_and_a_handover(demonstration: Running, visitor: Come) -> None:
    demonstration.program("beeldkluis", "demo", "request")
    told = demonstration.links()
    manager = visitor("teammanager")
    page = manager.go("/sleutels/kopie/")
    page.get_by_label("Uw wachtzin").fill(told["passphrase"])
    press(page, "Kopie maken")
    copied = type_over(manager, "copy-keep")
    page.wait_for_url("**/vervanging/")
    page.get_by_label("Plaatsvervanger").select_option(label="Demo Plaatsvervanger")
    page.get_by_label("Tot en met").fill(page.evaluate("new Date(Date.now() + 864e5).toISOString().slice(0, 16)"))
    page.get_by_label("Waarom?").fill("Een dag vrij.")
    press(page, "Laten waarnemen")
    manager.look("deputation-runs")
    deputy = visitor(DEPUTY)
    open_the_recording(deputy, told | {"passphrase": copied})
    expect(deputy.page.locator("#watch")).to_be_visible()
    deputy.page.get_by_role("button", name="Sluiten").click()
    deputy.page.wait_for_url(re.compile(r"/inzien/[^/]+/$"))
    page = deputy.go("/vervanging/")
    press(page, "Waarneming beëindigen")
    announce_and_agree(visitor)
    demonstration.program("beeldkluis", "demo", "pass-days", "2")
    manager = visitor("teammanager")  # the session of two days ago is over
    page = manager.go("/sleutels/overdragen/")
    manager.look("handover-begin")
    page.get_by_label("Uw wachtzin", exact=True).fill("zes heel andere woorden dan die")
    press(page, "Nieuwe sleutel maken")
    expect(page.locator("#problem")).to_contain_text("Er is niets veranderd")
    page.get_by_label("Uw wachtzin", exact=True).fill(told["passphrase"])
    press(page, "Nieuwe sleutel maken")
    words = type_over(manager, "handover-keep")
    expect(page.get_by_text("Nog 0 opnames te verzegelen")).to_be_visible()
    manager.look("handover-sealed")
    still = visitor("teammanager")
    open_the_recording(still, told)
    expect(still.page.locator("#watch")).to_be_visible()
    try_the_new_key(visitor(DEPUTY), words)
    after = visitor("teammanager")
    assert "Demo Plaatsvervanger" in after.page.locator(".who").inner_text()
    open_the_recording(after, told | {"passphrase": copied})
    expect(after.page.locator("#problem")).to_contain_text("wachtzin is niet goed")
    open_the_recording(after, told | {"passphrase": words})
    expect(after.page.locator("#watch")).to_be_visible()


def test_signing_and_a_new_version_by_two_people(demonstration: Running, visitor: Come) -> None:
    manager = visitor("teammanager")
    page = manager.go("/loglijst/")
    page.get_by_role("button", name=re.compile("^Link maken")).first.click()
    manager.look("signing-link")
    address, code = (one.inner_text().strip() for one in page.locator(".secret").all())
    officer = visitor("teammanager")  # another browser; the link asks for no account
    officer.context.clear_cookies()
    page = officer.go(address)
    officer.look("signing-code")
    page.get_by_label("Code").fill(code)
    press(page, "Verder")
    page.get_by_role("checkbox").check()
    officer.look("signing")
    press(page, "Tekenen")
    expect(page.get_by_role("heading", name="U hebt getekend")).to_be_visible()
    page = manager.go("/protocol/nieuw/")
    page.get_by_label("Nummer van de nieuwe versie").fill("2")
    page.locator("[name='retention.period:days']").fill("14")
    press(page, "Concept opslaan")
    manager.look("protocol-draft-shown")
    page.get_by_role("link", name="Voorstellen").click()
    manager.look("protocol-propose")
    page.get_by_label("Dag van ingang").fill(
        page.evaluate("new Date(Date.now() + 9 * 864e5).toISOString().slice(0, 10)")
    )
    press(page, "Voorstellen")
    dpo = visitor("functionaris gegevensbescherming")
    dpo.page.get_by_role("link", name="Kijk naar protocolversie 2").click()
    dpo.look("protocol-proposed")
    dpo.page.get_by_role("link", name="Bekijken en vaststellen").click()
    expect(dpo.page.get_by_text("28 dagen").first).to_be_visible()
    dpo.look("protocol-publish")
    press(dpo.page, "Versie vaststellen")
    expect(dpo.page.get_by_text("Vastgesteld").first).to_be_visible()


def test_the_team_manager_tells_why_a_camera_was_on(visitor: Come) -> None:
    manager = visitor("teammanager")
    page = manager.go("/opnames/")
    page.get_by_role("link", name=re.compile("^R-0000")).first.click()
    page.get_by_role("link", name="Waarneming invullen").click()
    manager.look("observation")
    page.get_by_label("agressie").check()
    page.get_by_label("kon niet").check()
    page.get_by_role("group", name="Is er één persoon").get_by_label("Nee").check()
    page.get_by_label("openbare ruimte").check()
    page.get_by_role("group", name="Ging de camera uit").get_by_label("Ja").check()
    press(page, "Vastleggen")
    expect(page.get_by_text("Schrijf op waarom er niet is gewaarschuwd.", exact=True)).to_be_visible()
    manager.look("observation-lacks")
    page.get_by_label("Zo niet, waarom niet?").fill("Het ging te snel.")
    press(page, "Vastleggen")
    expect(page.get_by_text("nog niet bekend")).to_be_visible()
    manager.look("observation-made")
