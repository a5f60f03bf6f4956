"""An appointment from the rooms to the day after, in a real browser: proposed, chosen, moved, held, called off.

The people are made up for this test.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from tests.stories.browser import Visitor
from tests.stories.conftest import Running
from tests.stories.test_first_day import press
from tests.stories.test_ten_letters import WHERE, Office, now
from tests.web.program import needs_built

pytestmark = [pytest.mark.story, pytest.mark.slow, needs_built, pytest.mark.xdist_group("appointments")]
FIELDS = {
    "Naam": "T. Postma", "Telefoonnummer": "0594 123 456", "E-mailadres": "t.postma@example.nl", "Waar was het?": WHERE,
    "Hoe is de verzoeker te herkennen?": "gele helm",
}  # fmt: skip


def on(days: int, hour: int = 10) -> str:
    """A moment so many days from now, as a browser fills it in."""
    day = datetime.now(ZoneInfo("Europe/Amsterdam")) + timedelta(days=days)
    return f"{day:%Y-%m-%d}T{hour:02d}:00"


@pytest.fixture
def granted(visitor: Callable[[str], Visitor], demonstration: Running) -> Iterator[tuple[Office, str]]:
    """Both desks, and a request that the team manager granted."""
    office = Office(visitor, demonstration)
    reference = office.register("access", FIELDS | {"Wanneer begon het?": now(demonstration)})
    office.forward(reference)
    office.sort(reference, keep=True)
    office.decide(reference)
    yield office, reference
    assert office.desk.complaints == office.judge.complaints == []


def test_an_appointment_from_the_room_to_the_day_after(granted: tuple[Office, str], demonstration: Running) -> None:
    office, reference = granted
    judge, case = office.judge, re.compile(rf"/verzoeken/{reference}/$")
    a_second_room(judge)
    page = judge.go(f"/verzoeken/{reference}/afspraak/")
    judge.look("appointment-make")
    page.get_by_label("Wanneer?").fill("9999-12-31T10:00")
    press(page, "Brief maken")
    expect(page.get_by_text("Dit jaar kan niet kloppen.").first).to_be_visible()
    judge.look("appointment-make-refused")
    propose(page, on(5), on(6), case)
    page = judge.go(f"/verzoeken/{reference}/afspraak/")
    expect(page.get_by_text("nog niet verstuurd")).to_be_visible()
    assert "T10:00" not in office.letter(judge, reference, "Wanneer wilt u de beelden bekijken?")
    page = judge.go(f"/verzoeken/{reference}/afspraak/")
    page.get_by_role("radio").first.check()
    judge.look("appointment-choose")
    press(page, "Vastleggen")
    page.wait_for_url(case)
    assert "Melden bij de balie" in office.letter(judge, reference, "Uitnodiging om de beelden te bekijken")
    move_it(judge, reference, case)
    judge.go("/ruimtes/")
    expect(judge.page.get_by_text("Hier staat nog 1 afspraak.")).to_be_visible()
    judge.look("appointment-rooms-standing")
    the_day_after(office, reference, demonstration)


def a_second_room(judge: Visitor) -> None:
    page = judge.go("/ruimtes/")
    page.get_by_label("Naam van de ruimte").fill("Aa-kamer")
    page.get_by_label("Adres").fill("Hooiweg 11, Zuidhorn")
    page.get_by_label("Bijzonderheden").fill("Melden bij de balie.")
    press(page, "Toevoegen")
    expect(page.get_by_text("Aa-kamer").first).to_be_visible()
    judge.look("appointment-rooms")


def propose(page: Page, first: str, second: str, case: re.Pattern[str]) -> None:
    page.get_by_label("Wanneer?").fill(first)
    page.get_by_label("Tweede moment").fill(second)
    press(page, "Brief maken")
    page.wait_for_url(case)


def move_it(judge: Visitor, reference: str, case: re.Pattern[str]) -> None:
    page = judge.go(f"/verzoeken/{reference}/afspraak/")
    expect(page.get_by_text("De verzoeker weet het nog niet")).to_have_count(0)
    judge.look("appointment")
    page.get_by_role("link", name="Verzetten").click()
    judge.look("appointment-move")
    press(page, "Verzetten")
    expect(page.get_by_text("Kies iets anders").first).to_be_visible()
    page.get_by_label("Wanneer?").fill(on(6, 15))
    page.get_by_label("Waarom?").fill("De handhaver kan dan niet.")
    press(page, "Verzetten")
    page.wait_for_url(case)
    judge.look("appointment-case")


def the_day_after(office: Office, reference: str, demonstration: Running) -> None:
    """Nobody has to call off what was held before the next can be made; and that one can be withdrawn."""
    demonstration.program("beeldkluis", "demo", "pass-days", "7")
    judge, case = office.judge, re.compile(rf"/verzoeken/{reference}/$")
    page = judge.page
    page.goto(demonstration.links()["teammanager"])
    page = judge.go(f"/verzoeken/{reference}/")
    expect(page.get_by_text("Afspraak die voorbij is")).to_be_visible()
    judge.look("appointment-over")
    page = judge.go(f"/verzoeken/{reference}/afspraak/")
    propose(page, on(20), on(21), case)
    office.letter(judge, reference, "Wanneer wilt u de beelden bekijken?")
    judge.go(f"/verzoeken/{reference}/afspraak/").get_by_role("link", name="Voorstel intrekken").click()
    judge.look("appointment-withdraw")
    press(page, "Intrekken")
    page.wait_for_url(case)
    assert "vervalt" in office.letter(judge, reference, "Ons voorstel om te komen kijken vervalt")
    page = judge.go(f"/verzoeken/{reference}/afspraak/")
    page.get_by_label("Wanneer?").fill(on(20))
    press(page, "Brief maken")
    page.wait_for_url(case)
    judge.go(f"/verzoeken/{reference}/afspraak/")
    judge.look("appointment-not-sent")
    page.get_by_role("link", name="Afzeggen").click()
    judge.look("appointment-cancel")
    page.get_by_label("Waarom?").fill("De verzoeker wil niet meer komen.")
    press(page, "Afzeggen")
    page.wait_for_url(case)
    expect(page.get_by_text("De afspraak is afgezegd. Verstuur nu wat klaarligt")).to_be_visible()
    assert "gaat niet door" in office.letter(judge, reference, "Uw afspraak gaat niet door")
