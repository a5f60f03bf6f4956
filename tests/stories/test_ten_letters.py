"""Ten letters as municipalities get them, each led through the program in a real browser to its end, its letters read.

The people are made up for this test.
"""

import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from tests.stories.browser import PICTURES, Visitor
from tests.stories.conftest import Running
from tests.stories.test_first_day import press
from tests.web.program import needs_built

pytestmark = [pytest.mark.story, pytest.mark.slow, needs_built, pytest.mark.xdist_group("letters")]
REMEDIES = ("bezwaar", "zes weken", "rechtbank", "Autoriteit Persoonsgegevens")
GENERAL = """From: "S. Hofstra" <s.hofstra@example.nl>
Subject: Verzoek om inzage (artikel 15 AVG)
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Geachte functionaris gegevensbescherming,

Op grond van artikel 15 van de Algemene verordening gegevensbescherming vraag ik u om inzage in alle
persoonsgegevens die u van mij verwerkt, waaronder camerabeelden. Ik ontvang graag een kopie.

Met vriendelijke groet, S. Hofstra
"""
ANGRY = """Jullie boa heeft mij voor schut gezet op de markt en dat ding liep gewoon!!! Ik wil die beelden NU zien
anders stap ik naar de krant. Laat maar horen. Groeten Bert (jullie weten wel wie)"""
RECORDS = """Als journalist doe ik met een beroep op de Wet open overheid een verzoek om alle bodycambeelden van oktober
openbaar te maken, en het protocol dat daarbij hoort."""


class Office:
    """The two desks, and the ways of a case between them."""

    def __init__(self, visitor: Callable[[str], Visitor], demonstration: Running) -> None:
        self.desk = visitor("functionaris gegevensbescherming")
        self.judge = visitor("teammanager")
        self.running = demonstration

    def register(self, kind: str, fields: dict[str, str], *, choose: dict[str, str] | None = None) -> str:
        """Register at the desk; gives the reference."""
        page = self.desk.go(f"/verzoeken/nieuw/?kind={kind}")
        for label, value in fields.items():
            page.get_by_label(label, exact=False).first.fill(value)
        for label, value in (choose or {}).items():
            page.get_by_label(label).select_option(label=value)
        press(page, "Inschrijven")
        page.wait_for_url(re.compile(r"/verzoeken/\d{4}-\d{4}/$"))
        return page.url.rstrip("/").rpartition("/")[2]

    def at(self, who: Visitor, reference: str) -> Page:
        return who.go(f"/verzoeken/{reference}/")

    def step(self, who: Visitor, reference: str, name: str, button: str, fill: dict[str, str] | None = None) -> None:
        page = self.at(who, reference)
        page.get_by_role("link", name=name, exact=True).click()
        for label, value in (fill or {}).items():
            page.get_by_label(label).fill(value)
        press(page, button)
        page.wait_for_url(re.compile(rf"/verzoeken/{reference}/$"))

    def forward(self, reference: str) -> None:
        press(self.at(self.desk, reference), "Doorzetten naar de teammanager")
        expect(self.desk.page.get_by_text("In beoordeling").first).to_be_visible()

    def sort(self, reference: str, *, keep: bool) -> None:
        """Say of every recording whether it belongs; at most the first does."""
        page = self.at(self.judge, reference)
        if keep:
            page.get_by_role("button", name=re.compile("^Ja, .* hoort erbij$")).first.click()
        while (unsorted := page.locator("tr", has_text="Nog te beoordelen")).count():
            number = unsorted.first.get_by_role("link").inner_text()
            page.get_by_role("button", name=f"Nee, {number} hoort er niet bij").click()

    def decide(self, reference: str, *, choose: str = "", fill: dict[str, str] | None = None, pick: str = "") -> None:
        page = self.at(self.judge, reference)
        if choose:
            page.get_by_label(choose).check()
        while (closed := page.locator("form details:not([open]) > summary")).count():
            closed.first.click()
        for label, value in (fill or {}).items():
            page.get_by_label(label).fill(value)
        if pick:
            page.get_by_label("Welke uitzondering").select_option(pick)
        press(page, "Besluit vastleggen")
        expect(page.get_by_role("heading", name="Het besluit", exact=True)).to_be_visible()

    def letter(self, who: Visitor, reference: str, title: str) -> str:
        """Open a letter from the case, read it, post it; gives its text."""
        page = self.at(who, reference)
        page.get_by_role("link", name=title, exact=True).first.click()
        address = page.get_by_role("link", name="Brief bekijken").get_attribute("href")
        made = page.request.get(str(address)).body()
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / f"letter-{reference}-{title.replace(' ', '-').lower()}.pdf").write_bytes(made)
        press(page, "Ik heb de brief gepost")
        expect(page.get_by_text("Verstuurd").first).to_be_visible()
        text = " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(made)).pages).split())
        assert reference in text
        return text


@pytest.fixture
def office(visitor: Callable[[str], Visitor], demonstration: Running) -> Iterator[Office]:
    both = Office(visitor, demonstration)
    yield both
    assert both.desk.complaints == both.judge.complaints == []


def now(demonstration: Running) -> str:
    """A moment with footage: just before the demonstration began."""
    return f"{demonstration.filmed.astimezone(ZoneInfo('Europe/Amsterdam')) - timedelta(minutes=10):%Y-%m-%dT%H:%M}"


def long_ago() -> str:
    return f"{datetime.now(ZoneInfo('Europe/Amsterdam')) - timedelta(days=20):%Y-%m-%dT%H:%M}"


WHERE = "De Gast, Zuidhorn"


def test_1_a_general_letter_is_asked_when_and_where_and_then_granted(
    office: Office, demonstration: Running, tmp_path: Path
) -> None:
    saved = tmp_path / "verzoek.eml"
    saved.write_text(GENERAL, encoding="utf-8")
    page = office.desk.go("/verzoeken/nieuw/")
    office.desk.look("case-kinds")
    page.get_by_role("link", name="Inzageverzoek van een betrokkene").click()
    page.get_by_label("De brief of e-mail zelf").set_input_files(saved)
    office.desk.look("case-register")
    press(page, "Inschrijven")
    reference = page.url.rstrip("/").rpartition("/")[2]
    expect(page.get_by_text("algemene brief zonder tijd en plaats")).to_be_visible()
    office.desk.look("case-general")
    page.get_by_role("link", name="Om aanvulling vragen").click()
    office.desk.look("case-ask")
    press(page, "Brief maken en termijn stilzetten")
    text = office.letter(office.desk, reference, "Wij hebben nog iets van u nodig")
    assert "Wij wijzen uw verzoek niet af" in text
    office.at(office.desk, reference).get_by_role("link", name="Aanvullen").click()
    page.get_by_label("Wanneer begon het?").fill(now(demonstration))
    page.get_by_label("Waar was het?").fill(WHERE)
    press(page, "Opslaan")
    assert "uiterlijk op" in office.letter(office.desk, reference, "Wij hebben uw verzoek ontvangen")
    office.forward(reference)
    office.sort(reference, keep=True)
    office.at(office.judge, reference)
    office.judge.look("case-decide")
    office.decide(reference)
    text = office.letter(office.judge, reference, "U mag de beelden bekijken")
    for wanted in ("S. Hofstra", "identiteitsbewijs", "28 dagen", *REMEDIES):
        assert wanted in text, wanted
    office.judge.look("case-letter")
    soon = f"{demonstration.clock.astimezone(ZoneInfo('Europe/Amsterdam')) + timedelta(days=40):%Y-%m-%dT10:00}"
    office.step(office.judge, reference, "Afspraak om te kijken", "Brief maken", {"Wanneer?": soon})
    assert "Spreekkamer" in office.letter(office.judge, reference, "Uitnodiging om de beelden te bekijken")
    office.judge.go(f"/verzoeken/{reference}/")
    office.judge.look("case-granted")
    page = office.judge.page
    expect(page.get_by_text("Geef de verzoeker inzage")).to_be_visible()
    page.get_by_role("link", name="Inzage vastleggen", exact=True).click()
    page.get_by_label("De verzoeker heeft de beelden bekeken").check()
    press(page, "Vastleggen")
    expect(page.get_by_text("Sluit de zaak als alles klaar is. Dat kan vanaf")).to_be_visible()
    expect(page.get_by_role("link", name="Zaak sluiten")).to_have_count(0)


def test_2_an_insurer_is_refused_and_objects(office: Office, demonstration: Running) -> None:
    fields = {
        "Naam": "Schadeafdeling", "Organisatie": "Een verzekeraar", "Adres": "Kantoorweg 1", "Postcode": "9700 AA Groningen",
        "E-mailadres": "schade@example.nl", "Wanneer begon het?": now(demonstration), "Waar was het?": WHERE,
        "Waarom wil": "Wij willen vaststellen wie de schade aan de auto heeft veroorzaakt.",
    }  # fmt: skip
    reference = office.register("interest", fields)
    office.forward(reference)
    office.sort(reference, keep=True)
    office.at(office.judge, reference)
    office.judge.look("case-interest")
    office.decide(reference, fill={"Motivering": "De schade is ook met een proces-verbaal aan te tonen."})
    text = office.letter(office.judge, reference, "U mag de beelden niet bekijken")
    for wanted in ("Een verzekeraar", "proces-verbaal", *REMEDIES):
        assert wanted in text, wanted
    office.step(office.desk, reference, "Bezwaar inschrijven", "Bezwaar inschrijven")
    page = office.at(office.desk, reference)
    office.desk.look("case-objection")
    page.get_by_role("link", name=re.compile("uitkomst vastleggen")).click()
    page.get_by_label("ongegrond", exact=True).check()
    office.desk.look("case-settle")
    press(page, "Uitkomst vastleggen")
    expect(office.at(office.judge, reference).get_by_text("Bezwaar kan tot en met")).to_be_visible()
    expect(office.judge.page.get_by_role("link", name="Zaak sluiten")).to_have_count(0)


def test_3_a_journalist_is_told_where_it_belongs(office: Office) -> None:
    page = office.desk.go("/verzoeken/nieuw/?kind=access")
    page.get_by_label("Naam").fill("Redactie van een krant")
    page.get_by_label("Of plak hier").fill(RECORDS)
    press(page, "Inschrijven")
    expect(page.get_by_text("Dit lijkt een Woo-verzoek").first).to_be_visible()
    office.desk.look("case-records-noticed")
    fields = {"Naam": "Redactie van een krant", "E-mailadres": "redactie@example.nl", "Of plak hier": RECORDS}
    reference = office.register("public_records", fields)
    office.step(office.desk, reference, "Verwijzen en sluiten", "Verwijzen en sluiten")
    assert "Wet open overheid" in office.letter(office.desk, reference, "Uw verzoek hoort ergens anders")


def test_4_a_parent_of_a_child_of_fourteen_gets_a_yes(office: Office, demonstration: Running) -> None:
    fields = {
        "Naam": "A. van der Werf", "Telefoonnummer": "0594 123 456", "Namens wie?": "mijn zoon van veertien",
        "Wanneer begon het?": now(demonstration), "Waar was het?": WHERE, "Hoe is de verzoeker te herkennen?": "rode jas, fiets",
    }  # fmt: skip
    reference = office.register(
        "access", fields, choose={"Voor wie vraagt": "als ouder", "Hoe kwam": "met het papieren formulier"}
    )
    page = office.at(office.desk, reference)
    page.get_by_role("link", name="Identiteit vastleggen").click()
    page.get_by_label("identiteitskaart").check()
    office.desk.look("case-identity")
    press(page, "Vastleggen")
    office.forward(reference)
    office.sort(reference, keep=True)
    office.decide(reference, choose="Een kopie waarop anderen onherkenbaar zijn")
    assert "U krijgt een kopie" in office.letter(office.judge, reference, "U mag de beelden bekijken")


def test_5_a_demand_of_the_police_is_registered_and_holds(office: Office, demonstration: Running) -> None:
    fields = {
        "Naam": "Rechercheur", "Organisatie": "Politie Noord-Nederland", "Kenmerk": "PL0100-2026-1", "Wetsartikel": "126nda Sv",
        "Wanneer begon het?": now(demonstration), "Waar was het?": WHERE,
    }  # fmt: skip
    reference = office.register("demand", fields)
    expect(office.desk.page.get_by_text("het incident is opgelost")).to_be_visible()
    office.forward(reference)
    office.sort(reference, keep=True)
    office.judge.look("case-demand")
    page = office.at(office.judge, reference)
    page.get_by_role("link", name="Zaak sluiten").click()
    page.get_by_label("Waarom is deze zaak klaar?").fill("De officier van justitie heeft de zaak afgedaan.")
    press(page, "Zaak sluiten")
    expect(page.get_by_text("Gesloten", exact=True).first).to_be_visible()


def test_6_an_officer_reflects_on_the_own_recording_and_nothing_stays_longer(
    office: Office, demonstration: Running
) -> None:
    reference = office.register(
        "self_reflection", {"Nummer van de handhaver": "9001", "Wanneer begon het?": now(demonstration)}
    )
    expect(office.desk.page.get_by_text("0 opnames blijven")).to_be_visible()
    office.forward(reference)
    office.sort(reference, keep=True)
    office.judge.look("case-reflection")


def test_7_a_report_to_the_police_holds_and_opens_nothing(office: Office, demonstration: Running) -> None:
    fields = {
        "Naam": "De gemeente",
        "Kenmerk": "Aangifte 2026-77",
        "Wanneer begon het?": now(demonstration),
        "Waar was het?": WHERE,
    }
    reference = office.register("preservation", fields)
    office.sort(reference, keep=True)
    page = office.at(office.judge, reference)
    assert page.get_by_role("link", name="Inzage beginnen").count() == 0
    office.step(office.judge, reference, "Opnieuw bekijken", "De beelden blijven nodig", {"Waarom?": "De zaak loopt."})


def test_8_a_lawyer_is_refused_with_the_exception_and_why_covering_does_not_help(
    office: Office, demonstration: Running
) -> None:
    fields = {
        "Naam": "mr. Ñ. Łukasiewicz-van Boven-Östergård", "E-mailadres": "advocaat@example.nl", "Namens wie?": "Ωμέγα Иванова",
        "Wanneer begon het?": now(demonstration), "Waar was het?": WHERE,
    }  # fmt: skip
    reference = office.register("access", fields, choose={"Voor wie vraagt": "met een machtiging"})
    office.forward(reference)
    office.sort(reference, keep=True)
    page = office.at(office.judge, reference)
    page.get_by_label("Nee, een uitzondering staat in de weg").check()
    press(page, "Besluit vastleggen")
    expect(page.get_by_text("Vul een motivering in.").first).to_be_visible()
    office.judge.look("case-refuse-lacks")
    fill = {
        "Motivering": "Op de beelden staat vooral een slachtoffer.",
        "Waarom helpt het niet": "Stem en houding verraden wie het is.",
    }
    office.decide(reference, choose="Nee, een uitzondering staat in de weg", fill=fill, pick="15-4")
    text = office.letter(office.judge, reference, "U mag de beelden niet bekijken")
    for wanted in ("Łukasiewicz", "artikel 15, lid 4", "Stem en houding", *REMEDIES):
        assert wanted in text, wanted


def test_9_the_website_asks_for_a_moment_of_which_there_is_nothing(
    office: Office, browser: Browser, demonstration: Running
) -> None:
    citizen = Visitor(browser, demonstration.address, "burger")
    page = citizen.go("/over-bodycams/")
    citizen.look("public")
    page.get_by_role("link", name="Doe een verzoek").click()
    press(page, "Verzoek versturen")
    citizen.look("public-request-lacks")
    page.get_by_label("Uw naam").fill("J. Dijkstra")
    page.get_by_label("E-mailadres").fill("j.dijkstra@example.nl")
    page.get_by_label("Vanaf wanneer?").fill(long_ago())
    page.get_by_label("Waar was het?").fill("Leek, station")
    press(page, "Verzoek versturen")
    citizen.look("public-received")
    reference = page.locator("strong").first.inner_text()
    assert citizen.complaints == []
    citizen.context.close()
    office.forward(reference)
    office.at(office.judge, reference)
    office.judge.look("case-no-footage")
    office.decide(reference)
    text = office.letter(office.judge, reference, "Er zijn geen beelden")
    for wanted in ("J. Dijkstra", "geen opname van die tijd", *REMEDIES):
        assert wanted in text, wanted


def test_z_an_angry_mail_without_a_date_is_asked_and_set_aside_when_nothing_comes(
    office: Office, demonstration: Running
) -> None:
    reference = office.register("access", {"Naam": "Bert", "E-mailadres": "bert@example.nl", "Of plak hier": ANGRY})
    office.step(office.desk, reference, "Om aanvulling vragen", "Brief maken en termijn stilzetten")
    office.letter(office.desk, reference, "Wij hebben nog iets van u nodig")
    page = office.at(office.desk, reference)
    expect(page.get_by_text("U hoeft niets te doen tot")).to_be_visible()
    office.desk.look("case-awaiting")
    demonstration.program("beeldkluis", "demo", "pass-days", "15")
    office.desk.page.goto(demonstration.links()["functionaris gegevensbescherming"])
    page = office.desk.go("/")
    page.get_by_role("link", name=f"Ga verder met verzoek {reference}").click()
    office.forward(reference)
    office.judge.page.goto(demonstration.links()["teammanager"])
    office.decide(reference)
    text = office.letter(office.judge, reference, "Wij behandelen uw verzoek niet verder")
    for wanted in ("datum en tijd", "nieuw verzoek", *REMEDIES):
        assert wanted in text, wanted
    demonstration.program("beeldkluis", "demo", "pass-days", "60")
    office.judge.page.goto(demonstration.links()["teammanager"])
    page = office.at(office.judge, reference)
    page.get_by_role("link", name="Zaak sluiten").click()
    office.judge.look("case-close")
    press(page, "Zaak sluiten")
    assert "buiten behandeling" in office.letter(office.judge, reference, "Uw verzoek is gesloten")
