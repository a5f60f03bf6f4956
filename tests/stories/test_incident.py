"""A camera is lost: reported in two minutes, decided about, found again, closed; in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from tests.stories.browser import Visitor
from tests.stories.test_first_day import press
from tests.web.program import needs_built

pytestmark = [pytest.mark.story, pytest.mark.slow, needs_built]
Come = Callable[[str], Visitor]


def test_a_lost_camera_from_report_to_closing(visitor: Come) -> None:
    administrator = visitor("beheerder")
    page = administrator.go("/bodycams/")
    page.get_by_role("link", name="Verlies of schade melden").click()
    page.get_by_label("Camera", exact=True).select_option(label="BC-0011")
    page.get_by_label("verloren", exact=True).check()
    page.get_by_label("Wat is er gebeurd?").fill("Kwijt na de markt.")
    administrator.look("incident-report")
    press(page, "Melden")
    administrator.look("incident-reported")
    dpo = visitor("functionaris gegevensbescherming")
    dpo.page.get_by_role("link", name="Besluit of incident I-000001 wordt gemeld").click()
    dpo.look("incident-open")
    page = dpo.page
    for step, label in (("Beschrijven", ""), ("Besluit over melden", "Nee"), ("Besluit over inlichten", "Nee")):
        page.get_by_role("link", name=step, exact=True).click()
        if label:
            page.get_by_label(label, exact=True).check()
            page.get_by_label("Waarom wel of niet?").fill("De beelden zijn niet te lezen.")
        dpo.look(f"incident-{step.replace(' ', '-').lower()}")
        press(page, "Vastleggen")
    page.get_by_role("link", name="Wat wij leren").click()
    page.get_by_label("Wat leert de gemeente hiervan?").fill("Een koord eraan.")
    press(page, "Vastleggen")
    page.get_by_role("link", name="De camera is terug").click()
    page.get_by_label("Hoe kwam de camera terug?").fill("In de bus.")
    press(page, "Vastleggen")
    page.get_by_role("link", name="Sluiten").click()
    press(page, "Sluiten")
    expect(page.get_by_text("Gesloten")).to_be_visible()
    dpo.look("incident-register")
