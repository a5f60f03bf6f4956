import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from beeldkluis.cases import decision_actions
from beeldkluis.cases.models import Case, CaseDocument, CaseRecording, Decision, Letter, Remedy
from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.cases import CaseState
from tests.cases.conftest import ANSWERS, FINAL, INCIDENT, LETTER, NO, NOW, YES

MakeCase = Callable[..., Case]
AddRecording = Callable[..., Recording]


@pytest.fixture(autouse=True)
def at_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def at_dpo(client: Client, dpo: Person) -> Client:
    client.force_login(dpo)
    return client


@pytest.fixture
def at_team_manager(team_manager: Person) -> Client:
    client = Client()
    client.force_login(team_manager)
    return client


def typed(**changed: str) -> dict[str, str]:
    local = {name: f"{timezone.localtime(LETTER[name]):%Y-%m-%dT%H:%M}" for name in ("moment_from", "moment_until")}
    return {**LETTER, **local, "received_at": f"{timezone.localtime(NOW):%Y-%m-%dT%H:%M}", **changed}


def test_an_empty_list_says_so_and_only_the_dpo_is_asked_to_register(at_dpo: Client, at_team_manager: Client) -> None:
    assert "Er zijn geen verzoeken." in at_dpo.get("/verzoeken/").content.decode()
    assert "Verzoek inschrijven" in at_dpo.get("/verzoeken/").content.decode()
    assert "Verzoek inschrijven" not in at_team_manager.get("/verzoeken/").content.decode()


def test_registering_on_the_page_holds_the_footage(at_dpo: Client, add_recording: AddRecording) -> None:
    add_recording()
    assert "Een handhaver wil het eigen handelen terugzien" in at_dpo.get("/verzoeken/nieuw/").content.decode()
    page = at_dpo.get("/verzoeken/nieuw/?kind=access").content.decode()
    assert "Een medewerker beoordelen: dat doel bestaat hier niet." in page
    answer = at_dpo.post("/verzoeken/nieuw/", typed())
    assert answer.headers["Location"] == "/verzoeken/2026-0001/"
    assert Case.objects.get().moment_from == INCIDENT
    assert CaseRecording.objects.count() == 1


def test_an_end_before_its_beginning_comes_back_to_be_corrected(at_dpo: Client) -> None:
    answer = at_dpo.post("/verzoeken/nieuw/", typed(moment_until="2020-01-01T00:00"))
    assert "Het einde ligt voor het begin." in answer.content.decode()
    assert not Case.objects.exists()


def test_one_moment_alone_is_both_beginning_and_end(at_dpo: Client) -> None:
    at_dpo.post("/verzoeken/nieuw/", typed(moment_until=""))
    assert Case.objects.get().moment_until == INCIDENT


def test_a_demand_is_registered_with_its_own_facts(at_dpo: Client) -> None:
    told = typed(kind="demand", formal_reference="PL-2026-1", formal_article="126nda Sv", formal_offence="Bedreiging")
    at_dpo.post("/verzoeken/nieuw/", told)
    assert Case.objects.get().formal_data == {"reference": "PL-2026-1", "article": "126nda Sv", "offence": "Bedreiging"}
    page = at_dpo.get("/verzoeken/2026-0001/").content.decode()
    assert "126nda Sv" in page
    assert "Wetsartikel" not in at_dpo.get("/verzoeken/nieuw/?kind=access").content.decode().lower()


def test_reflection_names_an_officer_who_is_known(at_dpo: Client, officer: Officer) -> None:
    told = {"kind": "self_reflection", "received_by_channel": "paper", "officer_number": "0000"}
    assert "geen handhaver met dit nummer" in at_dpo.post("/verzoeken/nieuw/", told).content.decode()
    at_dpo.post("/verzoeken/nieuw/", told | {"officer_number": officer.number})
    assert Case.objects.get().officer == officer


MAIL = b"""From: "J. de Vries" <j.devries@example.nl>
Date: Mon, 2 Nov 2026 10:15:00 +0100
Subject: Inzage
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Ik ben gefilmd en wil dat zien. Caf\xc3\xa9 De Gast.
"""


def test_a_saved_mail_fills_in_who_when_and_what(at_dpo: Client) -> None:
    told = {"kind": "access", "received_by_channel": "email", "paper": SimpleUploadedFile("bericht.eml", MAIL)}
    at_dpo.post("/verzoeken/nieuw/", told)
    case = Case.objects.get()
    assert (case.requester_name, case.requester_email) == ("J. de Vries", "j.devries@example.nl")
    assert case.received_at == datetime(2026, 11, 2, 9, 15, tzinfo=UTC)
    assert "Café De Gast" in case.told
    page = at_dpo.get("/verzoeken/2026-0001/").content.decode()
    assert "Dit is een algemene brief zonder tijd en plaats" in page
    kept = CaseDocument.objects.get()
    answer = at_dpo.get(f"/verzoeken/2026-0001/stuk/{kept.pk}/")
    assert answer.content == MAIL
    assert answer["Content-Disposition"].startswith("attachment")
    assert at_dpo.get("/verzoeken/2026-0001/stuk/99/").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [("x.eml", b"geen mail", "geen e-mail"), ("x.exe", b"MZ", "Een stuk is een PDF")],
)
def test_what_is_no_letter_is_refused_and_registers_nothing(at_dpo: Client, name: str, data: bytes, told: str) -> None:
    sent = typed() | {"paper": SimpleUploadedFile(name, data)}
    assert told in at_dpo.post("/verzoeken/nieuw/", sent).content.decode()
    assert not Case.objects.exists()


def test_a_text_that_speaks_of_the_records_act_is_noticed(at_dpo: Client) -> None:
    sent = typed(told="Met een beroep op de Wet open overheid vraag ik alle beelden.")
    assert "Dit lijkt een Woo-verzoek" in at_dpo.post("/verzoeken/nieuw/", sent).content.decode()
    assert not Case.objects.exists()
    at_dpo.post("/verzoeken/nieuw/", sent | {"not_records": "on"})
    assert Case.objects.get().kind == "access"


@pytest.mark.parametrize(
    "path",
    ["/verzoeken/", "/verzoeken/nieuw/", "/verzoeken/2026-0001/", "/verzoeken/2026-0001/aanvullen/",
     "/verzoeken/2026-0001/stap/bezwaar/", "/verzoeken/2026-0001/sluiten/", "/verzoeken/2026-0001/brief/1/"],
)  # fmt: skip
def test_an_administrator_sees_no_request(path: str, received: MakeCase, administrator: Person) -> None:
    received()
    client = Client()
    client.force_login(administrator)
    assert client.get(path).status_code == 403


def test_without_signing_in_there_is_nothing(client: Client, received: MakeCase) -> None:
    received()
    assert client.get("/verzoeken/2026-0001/").status_code == 302


def test_a_case_that_does_not_exist_is_not_found(at_dpo: Client) -> None:
    assert at_dpo.get("/verzoeken/2026-0009/").status_code == 404


def test_the_dpo_sees_no_recordings_only_how_many_stay(
    at_dpo: Client, received: MakeCase, add_recording: AddRecording
) -> None:
    recording = add_recording()
    received()
    page = at_dpo.get("/verzoeken/2026-0001/").content.decode()
    assert "1 opname blijft voor dit verzoek bewaard" in page
    assert str(recording) not in page
    assert "Nog 28 dagen om te besluiten" in page


def test_what_is_missing_is_told_completed_and_passed_on(at_dpo: Client, received: MakeCase) -> None:
    received(kind="interest", requester_address="")
    page = at_dpo.get("/verzoeken/2026-0001/").content.decode()
    assert "Er ontbreekt nog: adres." in page
    assert "Vraag de verzoeker om wat ontbreekt." in page
    assert "/verzoeken/2026-0001/stap/vragen/" in page
    assert "Doorzetten naar de teammanager" not in page
    form = at_dpo.get("/verzoeken/2026-0001/aanvullen/").content.decode()
    assert LETTER["requester_place"] in form
    at_dpo.post("/verzoeken/2026-0001/aanvullen/", typed(requester_address="Nieuwstraat 2"))
    assert "Doorzetten naar de teammanager" in at_dpo.get("/verzoeken/2026-0001/").content.decode()
    at_dpo.post("/verzoeken/2026-0001/doorzetten/")
    assert Case.objects.get().state == CaseState.FORWARDED


def test_the_team_manager_sorts_decides_and_sees_until_when_one_can_object(
    at_team_manager: Client, forwarded: MakeCase, add_recording: AddRecording
) -> None:
    wanted, other = add_recording(), add_recording(INCIDENT + timedelta(minutes=20))
    forwarded()
    at = "/verzoeken/2026-0001/"
    page = at_team_manager.get(at).content.decode()
    assert "Zeg eerst van elke gevonden opname" in page
    assert "Besluit vastleggen" not in page
    at_team_manager.post(f"{at}opname/{wanted.pk}/hoort-erbij/")
    at_team_manager.post(f"{at}opname/{other.pk}/hoort-er-niet-bij/")
    page = at_team_manager.get(at).content.decode()
    assert "/verzoeken/2026-0001/inzage/" in page
    assert f"/inzien/2026-0001/{other.pk}/" not in page
    told = {"outcome": "refused", "grounds": "", "choice_I-26": "law", "choice_I-27": "law"}
    assert "Vul een motivering in." in at_team_manager.post(f"{at}besluit/", told).content.decode()
    told |= {"grounds": "Anderen zijn te goed te zien."}
    assert "Kies welke uitzondering" in at_team_manager.post(f"{at}besluit/", told).content.decode()
    told |= {"exception": "15-4"}
    assert "onherkenbaar te maken" in at_team_manager.post(f"{at}besluit/", told).content.decode()
    told |= {"not_by_covering": "Iedereen kent elkaar."}
    shown = at_team_manager.post(f"{at}besluit/", told | {"preview": "1"})
    assert shown["Content-Type"] == "application/pdf"
    assert not Decision.objects.exists(), "looking at the letter decides nothing"
    at_team_manager.post(f"{at}besluit/", told)
    page = at_team_manager.get(at).content.decode()
    assert "Anderen zijn te goed te zien." in page
    assert "/inzien/" not in page
    assert "nog niet verstuurd" in page
    letter = Letter.objects.get(kind="refused")
    at_team_manager.post(f"{at}brief/{letter.pk}/versturen/", {"how": "post"})
    assert "15-12-2026" in at_team_manager.get(at).content.decode()


def test_a_grant_without_answers_comes_back_with_the_words_that_were_typed(
    at_team_manager: Client, forwarded: MakeCase, add_recording: AddRecording
) -> None:
    recording = add_recording()
    forwarded(kind="interest")
    at = "/verzoeken/2026-0001/"
    at_team_manager.post(f"{at}opname/{recording.pk}/hoort-erbij/")
    words = {"outcome": "granted", "grounds": "Een zwaar belang.", "consideration_a": "Past erbij."}
    slip = at_team_manager.post(f"{at}besluit/", words).content.decode()
    assert slip.count("Beantwoord deze vraag.") == 4
    assert "Een zwaar belang." in slip
    assert "Past erbij." in slip
    answers = {f"consideration_{letter}": answer for letter, answer in ANSWERS.items()}
    at_team_manager.post(f"{at}besluit/", words | answers)
    assert Decision.objects.get().granted


def test_another_recording_is_added_by_its_number(
    at_team_manager: Client, forwarded: MakeCase, add_recording: AddRecording
) -> None:
    far = add_recording(INCIDENT + timedelta(days=2))
    forwarded()
    at = "/verzoeken/2026-0001/opname/"
    assert "Er is geen opname met dit nummer." in at_team_manager.post(at, {"number": "R-999999"}).content.decode()
    assert "ziet eruit als" in at_team_manager.post(at, {"number": "x"}).content.decode()
    at_team_manager.post(at, {"number": str(far)})
    assert CaseRecording.objects.get().recording == far.pk


def test_a_recording_that_was_never_found_for_a_case_is_not_linked_by_its_address(
    at_team_manager: Client, forwarded: MakeCase, add_recording: AddRecording
) -> None:
    far = add_recording(INCIDENT + timedelta(days=2))
    forwarded()
    for way in ("hoort-erbij", "hoort-er-niet-bij"):
        assert at_team_manager.post(f"/verzoeken/2026-0001/opname/{far.pk}/{way}/").status_code == 404


def test_steps_are_never_taken_by_looking(at_team_manager: Client, forwarded: MakeCase) -> None:
    forwarded()
    for step in ("doorzetten", "besluit", "opname"):
        assert at_team_manager.get(f"/verzoeken/2026-0001/{step}/").status_code == 405


def test_closing_says_first_what_will_happen(
    at_team_manager: Client,
    at_dpo: Client,
    decided: Callable[..., tuple[Case, Recording]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decided()
    at = "/verzoeken/2026-0001/"
    assert "De termijn voor bezwaar loopt nog" in at_team_manager.get(f"{at}sluiten/").content.decode()
    assert "Bezwaar inschrijven" in at_dpo.get(at).content.decode()
    assert "Zaak sluiten" not in at_team_manager.get(at).content.decode()
    monkeypatch.setattr(clock, "now", lambda: FINAL)
    assert "Zaak sluiten" in at_team_manager.get(at).content.decode()
    page = at_team_manager.get(f"{at}sluiten/").content.decode()
    assert "1 opname is over de bewaartermijn heen en wordt binnen een uur vernietigd" in page
    at_team_manager.post(f"{at}sluiten/", {"because": ""})
    assert Case.objects.get().state == CaseState.CLOSED


def test_an_objection_an_appeal_and_a_complaint_have_pages_of_their_own(
    at_dpo: Client, decided: Callable[..., tuple[Case, Recording]]
) -> None:
    decided()
    at, now = "/verzoeken/2026-0001/", typed()["received_at"]
    assert "De opnames blijven bewaard" in at_dpo.get(f"{at}stap/bezwaar/").content.decode()
    at_dpo.post(f"{at}stap/klacht/", {"received_at": now, "where": "AP"})
    at_dpo.post(f"{at}stap/bezwaar/", {"received_at": now})
    assert Case.objects.get().state == CaseState.OBJECTION
    objection = Remedy.objects.get(kind="objection")
    assert f"{at}rechtsmiddel/{objection.pk}/" in at_dpo.get(at).content.decode()
    assert "Uitkomst van bezwaar" in at_dpo.get(f"{at}rechtsmiddel/{objection.pk}/").content.decode()
    assert at_dpo.get(f"{at}rechtsmiddel/99/").status_code == 404
    at_dpo.post(f"{at}rechtsmiddel/{objection.pk}/", {"outcome": "dismissed", "at": now})
    at_dpo.post(f"{at}stap/beroep/", {"received_at": now})
    assert Case.objects.get().state == CaseState.APPEAL


def test_a_letter_is_looked_at_sent_once_and_kept_as_it_left(
    at_team_manager: Client, at_dpo: Client, linked: Callable[..., tuple[Case, Recording]], team_manager: Person,
    settings: Settings,
) -> None:  # fmt: skip
    case, _recording = linked()
    decision_actions.decide(case, YES, actor=team_manager.as_actor, now=NOW)
    letter = Letter.objects.get(kind="granted")
    at = f"/verzoeken/2026-0001/brief/{letter.pk}/"
    assert "Ik heb de brief gepost" in at_team_manager.get(at).content.decode()
    assert "Ik heb de brief gepost" not in at_dpo.get(at).content.decode()
    before = at_team_manager.get(f"{at}pdf/").content
    assert at_dpo.post(f"{at}versturen/", {"how": "post"}).status_code == 403
    assert at_team_manager.post(f"{at}versturen/", {"how": "mail"}).status_code == 403, "there is no mail server"
    settings.MAIL_FROM = "bodycams@example.nl"
    assert "Versturen per e-mail" in at_team_manager.get(at).content.decode()
    at_team_manager.post(f"{at}versturen/", {"how": "mail"})
    letter.refresh_from_db()
    assert bytes(letter.pdf or b"") == at_team_manager.get(f"{at}pdf/").content == before, "the preview is the letter"
    assert letter.sha256 == hashlib.sha256(before).hexdigest()
    mail = letter.message
    assert mail is not None
    assert base64.b64decode(mail.body["pdf"]) == before
    assert "Vries" not in mail.about + mail.body["text"]
    assert letter.sent_at is None, "the term begins when it left, not when it was queued"
    assert at_team_manager.post(f"{at}versturen/", {"how": "post"}).status_code == 403
    assert at_team_manager.get("/verzoeken/2026-0001/brief/999/").status_code == 404


@pytest.mark.parametrize("slug", ["vragen", "verwijzen", "verlengen", "identiteit", "heropenen", "herzien",
                                  "bezwaar", "beroep", "klacht", "intrekken", "onzin"])  # fmt: skip
def test_a_step_is_reached_by_its_address_exactly_when_it_is_offered(
    slug: str, at_dpo: Client, at_team_manager: Client, received: MakeCase, team_manager: Person, dpo: Person
) -> None:
    case = received(place="")
    for state in CaseState:
        Case.objects.filter(pk=case.pk).update(state=state.value)
        for client in (at_dpo, at_team_manager):
            page = client.get(f"/verzoeken/2026-0001/stap/{slug}/")
            offered = f"/stap/{slug}/" in client.get("/verzoeken/2026-0001/").content.decode()
            if slug == "onzin":
                assert page.status_code == 404
            else:
                assert page.status_code == (200 if offered else 403), (state, slug)


def test_a_request_about_the_team_manager_says_so_and_offers_nothing(
    at_team_manager: Client, forwarded: MakeCase, add_recording: AddRecording
) -> None:
    recording = add_recording()
    forwarded(about_team_manager=True)
    page = at_team_manager.get("/verzoeken/2026-0001/").content.decode()
    assert "Dit verzoek gaat over u" in page
    assert "Hoort erbij" not in page
    assert "Besluit vastleggen" not in page
    assert at_team_manager.post(f"/verzoeken/2026-0001/opname/{recording.pk}/hoort-erbij/").status_code == 403
    assert at_team_manager.post("/verzoeken/2026-0001/besluit/", {"outcome": "no_footage"}).status_code in {200, 403}
    assert not Decision.objects.exists()


@pytest.mark.rule("request.decision-period")
def test_a_late_case_says_so_in_the_list_and_on_its_page(
    at_dpo: Client, received: MakeCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    received()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=28, seconds=1))
    assert "Te laat" in at_dpo.get("/verzoeken/").content.decode()
    assert "De termijn is voorbij" in at_dpo.get("/verzoeken/2026-0001/").content.decode()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=28))
    assert "Te laat" not in at_dpo.get("/verzoeken/").content.decode()


def test_each_page_says_what_to_do_now(
    at_dpo: Client, at_team_manager: Client, linked: Callable[..., tuple[Case, Recording]], received: MakeCase,
    team_manager: Person, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    case, _recording = linked()
    at = f"/verzoeken/{case.reference}/"
    assert "Neem hieronder een besluit." in at_team_manager.get(at).content.decode()
    decision_actions.decide(case, NO, actor=team_manager.as_actor, now=NOW)
    assert "Verstuur de brief met het besluit" in at_team_manager.get(at).content.decode()
    letter = Letter.objects.get(kind="refused")
    at_team_manager.post(f"{at}brief/{letter.pk}/versturen/", {"how": "post"})
    assert "U hoeft nu niets te doen" in at_team_manager.get(at).content.decode()
    monkeypatch.setattr(clock, "now", lambda: FINAL)
    assert "Sluit de zaak" in at_team_manager.get(at).content.decode()
    at_dpo.post(f"{at}stap/bezwaar/", {"received_at": typed()["received_at"]})
    assert "De zaak is in bezwaar" in at_dpo.get(at).content.decode()
    for kind, words in (("public_records", "Zet het verzoek door"), ("demand", "Vul aan en zet door")):
        other = received(kind=kind, now=FINAL)
        assert words in at_dpo.get(f"/verzoeken/{other.reference}/").content.decode()
