"""What everybody may read and ask: terms from the protocol in force, a form that holds at once, limits, nothing told."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import Settings
from tests.conftest import SETUP, START

from beeldkluis.cases.models import Case
from beeldkluis.findings.models import Finding
from beeldkluis.footage.actions import NewRecording, register
from beeldkluis.footage.models import Hold, Recording
from beeldkluis.governance.actions import adopt
from beeldkluis.governance.registers import base
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.protocol.never import WHY, Never, refusal
from beeldkluis.protocol.public import public_facts

NOW = START + timedelta(days=30)
MOMENT = datetime(2026, 10, 30, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()


@pytest.fixture
def filmed(db: None) -> Callable[[], Recording]:
    def film() -> Recording:
        from_id = uuid4()
        new = NewRecording(
            id=from_id, source="dock", serial="S-1", started_at=MOMENT, activated_at=MOMENT,
            ended_at=MOMENT + timedelta(minutes=3), clock_offset_ms=0, has_sound=None, said_apart="", clips=(),
        )  # fmt: skip
        return register(new, actor=SETUP, now=NOW)

    return film


def told(**changed: str) -> dict[str, str]:
    local = f"{timezone.localtime(MOMENT):%Y-%m-%dT%H:%M}"
    known = {
        "kind": "access", "requester_name": "J. de Vries", "requester_email": "j@example.nl", "moment_from": local,
        "moment_until": "", "place": "De Gast", "once": "abc",
    }  # fmt: skip
    return known | changed


@pytest.mark.rule("public.information")
def test_every_number_on_the_page_is_of_the_protocol_in_force(
    client: Client, db: None, settings: Settings, tmp_path: Path
) -> None:
    page = client.get("/over-bodycams/").content.decode()
    known = public_facts(base())
    for words in (f"Precies {known.kept_days} dagen", "laatste 120 seconden", "binnen 28 dagen antwoord", "6 weken"):
        assert words in page, words
    assert all(line in page for line in known.never)
    assert "versie 1" in page
    text = Path(settings.PROTOCOL_FILE).read_text()
    own = tmp_path / "elders.toml"
    own.write_text(
        text.replace("days = 28", "days = 14").replace('"Westerkwartier"', '"Elders"').replace("days = 42", "days = 56")
    )
    settings.PROTOCOL_FILE = str(own)
    page = client.get("/over-bodycams/").content.decode()
    for words in ("Precies 14 dagen", "binnen 14 dagen antwoord", "8 weken", "gemeente Elders"):
        assert words in page, words
    assert "28" not in page


def test_what_it_cannot_do_is_told_to_everybody(client: Client, db: None) -> None:
    assert reverse("web:public-cannot") in client.get("/over-bodycams/").content.decode()
    page = client.get("/over-bodycams/kan-niet/").content.decode()
    assert all(refusal(one).reason in page and WHY[one] in page for one in Never)
    assert "Live meekijken met een camera." in page


def test_nobody_who_reads_it_is_noted_and_nothing_asks_to_sign_in(client: Client, db: None) -> None:
    before = Entry.objects.count()
    answer = client.get("/over-bodycams/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert "noindex" not in answer.content.decode()
    assert Entry.objects.count() == before


def test_the_protocol_and_the_form_are_there_as_documents(client: Client, db: None, settings: Settings) -> None:
    assert client.get("/over-bodycams/protocol.pdf").status_code == 404
    adopt(Path(settings.PROTOCOL_FILE).read_bytes(), takes_effect_at=NOW, actor=SETUP, now=NOW)
    assert client.get("/over-bodycams/protocol.pdf").content.startswith(b"%PDF")
    words = " ".join(
        one.extract_text() for one in PdfReader(io.BytesIO(client.get("/over-bodycams/formulier.pdf").content)).pages
    )
    for word in ("Naam", "Postcode", "Tussen welke tijden", "28 dagen", "geen kopie van uw identiteitsbewijs"):
        assert word in " ".join(words.split()), word


def test_a_request_holds_at_once_and_the_page_after_it_tells_nothing_of_footage(
    client: Client, filmed: Callable[[], Recording]
) -> None:
    filmed()
    answer = client.post("/over-bodycams/verzoek/", told())
    with_footage = client.get(answer["Location"]).content.decode()
    case = Case.objects.get()
    assert (case.received_by_channel, case.received_from, case.kind) == ("form", None, "access")
    assert Hold.objects.filter(case=case.reference, released_at=None).count() == 1
    assert case.reference in with_footage
    later = client.post("/over-bodycams/verzoek/", told(once="def", moment_from="2026-10-10T12:00"))
    without = client.get(later["Location"]).content.decode()
    assert without.replace("2026-0002", "") == with_footage.replace("2026-0001", "")


def test_sent_twice_it_is_there_once(client: Client, db: None) -> None:
    first, second = (client.post("/over-bodycams/verzoek/", told()) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"requester_name": ""}, "Uw naam"),
        ({"requester_email": ""}, "Geef één manier om u te bereiken."),
        ({"moment_until": "2026-10-29T10:00"}, "Het einde ligt voor het begin."),
        ({"moment_until": "2026-11-03T10:00"}, "Kies hoogstens een dag."),
        ({"moment_from": "2027-01-01T10:00"}, "Dit moment moet nog komen."),
        ({"kind": "interest"}, "Zeg waarom u de beelden wilt zien."),
        ({"kind": "demand"}, "Om wie gaat het?"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(
    client: Client, db: None, wrong: dict[str, str], words: str
) -> None:
    page = client.post("/over-bodycams/verzoek/", told(**wrong)).content.decode()
    assert words in page
    assert "De Gast" in page
    assert not Case.objects.exists()


def test_a_program_that_fills_in_everything_registers_nothing(client: Client, db: None) -> None:
    assert client.post("/over-bodycams/verzoek/", told(website="http://x")).status_code == 302
    assert not Case.objects.exists()


def test_a_flood_is_stopped_and_told_once(client: Client, db: None, settings: Settings) -> None:
    for number in range(5):
        assert client.post("/over-bodycams/verzoek/", told(once=str(number))).status_code == 302
    assert client.post("/over-bodycams/verzoek/", told(once="6")).status_code == 429
    assert Case.objects.count() == 5
    limits = settings.ACCOUNT_RATE_LIMITS
    settings.ACCOUNT_RATE_LIMITS = limits | {"public_request": "100/h/ip", "public_requests": "1/h/key"}
    cache.clear()
    for number in range(3):
        client.post("/over-bodycams/verzoek/", told(once=f"x{number}"))
    assert Case.objects.count() == 6
    assert Finding.objects.filter(rule="public.information").count() == 1


def test_a_number_that_was_not_given_out_shows_nothing(client: Client, db: None) -> None:
    client.post("/over-bodycams/verzoek/", told())
    for wrong in ("", "2026-0001", "x:y:z"):
        assert client.get("/over-bodycams/verzoek/ontvangen/", {"n": wrong}).status_code == 404


def test_where_to_report_a_weakness_is_there_when_an_address_is(
    client: Client, db: None, settings: Settings, tmp_path: Path
) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404
    own = tmp_path / "own.toml"
    own.write_text(Path(settings.PROTOCOL_FILE).read_text().replace("email = []", 'email = ["info@example.nl"]'))
    settings.PROTOCOL_FILE = str(own)
    text = client.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:info@example.nl\n" in text
    assert "Expires: 2027-" in text


def test_the_form_acts_under_its_own_name(client: Client, db: None) -> None:
    client.post("/over-bodycams/verzoek/", told())
    entry = Entry.objects.get(act="cases.case_received")
    assert Actor.system("public-form").pseudonym in bytes(entry.data).decode()
