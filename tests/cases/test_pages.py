from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from beeldkluis.cases import actions
from beeldkluis.cases.models import Case, CaseRecording, Decision
from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.protocol.cases import CaseState
from tests.cases.conftest import ANSWERS, INCIDENT, LETTER, NOW

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
    page = at_dpo.get("/verzoeken/nieuw/").content.decode()
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


def test_a_demand_is_refused_with_a_reason(at_dpo: Client) -> None:
    answer = at_dpo.post("/verzoeken/nieuw/", typed(kind="demand"))
    assert answer.status_code == 403
    assert "kan deze versie van Beeldkluis nog niet" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/verzoeken/", "/verzoeken/nieuw/", "/verzoeken/2026-0001/", "/verzoeken/2026-0001/aanvullen/",
     "/verzoeken/2026-0001/bezwaar/", "/verzoeken/2026-0001/sluiten/"],
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
    received(requester_address="")
    page = at_dpo.get("/verzoeken/2026-0001/").content.decode()
    assert "Vraag de verzoeker nog om: adres." in page
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
    assert f"/inzien/2026-0001/{wanted.pk}/" in page
    assert f"/inzien/2026-0001/{other.pk}/" not in page
    slip = at_team_manager.post(f"{at}besluit/", {"granted": "no", "grounds": ""}).content.decode()
    assert "Vul een motivering in." in slip
    at_team_manager.post(f"{at}besluit/", {"granted": "no", "grounds": "Anderen zijn te goed te zien."})
    page = at_team_manager.get(at).content.decode()
    assert "Anderen zijn te goed te zien." in page
    assert "/inzien/" not in page
    assert "15-12-2026" in page


def test_a_grant_without_answers_comes_back_with_the_words_that_were_typed(
    at_team_manager: Client, forwarded: MakeCase, add_recording: AddRecording
) -> None:
    recording = add_recording()
    forwarded()
    at = "/verzoeken/2026-0001/"
    at_team_manager.post(f"{at}opname/{recording.pk}/hoort-erbij/")
    words = {"granted": "yes", "grounds": "Een zwaar belang.", "consideration_a": "Past erbij."}
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
    forwarded: MakeCase,
    add_recording: AddRecording,
    team_manager: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recording = add_recording()
    case = forwarded()
    actor = team_manager.as_actor
    actions.link_recording(case, recording.pk, actor=actor, now=NOW)
    actions.decide(case, granted=False, grounds="Nee.", considerations={}, actor=actor, now=NOW)
    at = "/verzoeken/2026-0001/"
    assert "De termijn voor bezwaar loopt nog" in at_team_manager.get(f"{at}sluiten/").content.decode()
    assert "Bezwaar inschrijven" in at_dpo.get(at).content.decode()
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=50))
    page = at_team_manager.get(f"{at}sluiten/").content.decode()
    assert "1 opname is over de bewaartermijn heen en wordt binnen een uur vernietigd" in page
    at_team_manager.post(f"{at}sluiten/", {"because": ""})
    assert Case.objects.get().state == CaseState.CLOSED


def test_an_objection_is_registered_on_its_own_page(at_dpo: Client, forwarded: MakeCase, team_manager: Person) -> None:
    case = forwarded()
    actions.decide(
        case, granted=False, grounds="Geen beelden.", considerations={}, actor=team_manager.as_actor, now=NOW
    )
    assert "De opnames blijven bewaard" in at_dpo.get("/verzoeken/2026-0001/bezwaar/").content.decode()
    at_dpo.post("/verzoeken/2026-0001/bezwaar/", {"received_at": typed()["received_at"]})
    assert Case.objects.get().state == CaseState.OBJECTION


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
