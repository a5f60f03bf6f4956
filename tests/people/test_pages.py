import pytest
from django.test import Client

from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Officer, Person


def test_the_team_manager_adds_an_officer_and_lets_one_go(client: Client, team_manager: Person) -> None:
    client.force_login(team_manager)
    typed = {"number": "BOA-12", "name": "K. Bos", "employment": "hired", "since": "2026-10-01T08:00"}
    assert client.post("/handhavers/nieuw/", typed).status_code == 302
    page = client.get("/handhavers/").content.decode()
    assert "K. Bos" in page
    assert "ingeleend" in page
    assert "weet u het zeker" in client.get("/handhavers/BOA-12/uit-dienst/").content.decode().lower()
    assert Officer.objects.get().until is None
    client.post("/handhavers/BOA-12/uit-dienst/")
    assert Officer.objects.get().until is not None
    assert "Uit dienst" in client.get("/handhavers/").content.decode()


@pytest.mark.parametrize("number", ["12/7", "a b", "../x", "-", "é"])
def test_a_number_that_fits_in_no_address_is_sent_back(client: Client, team_manager: Person, number: str) -> None:
    client.force_login(team_manager)
    typed = {"number": number, "name": "K. Bos", "employment": "own", "since": "2026-10-01T08:00"}
    assert "alleen letters, cijfers" in client.post("/handhavers/nieuw/", typed).content.decode()
    assert not Officer.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("dpo", 403), ("administrator", 200)])
def test_officers_are_added_by_the_team_manager_alone(
    client: Client, role: str, status: int, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get("/handhavers/").status_code == status
    assert client.post("/handhavers/nieuw/", {"number": "1"}).status_code == 403
    assert client.post("/handhavers/1207/uit-dienst/").status_code == 403
    assert not Officer.objects.exists()


def test_an_unknown_number_is_not_found(client: Client, team_manager: Person) -> None:
    client.force_login(team_manager)
    assert client.post("/handhavers/9999/uit-dienst/").status_code == 404


def test_where_mail_to_an_officer_goes_is_set_by_the_administrator_and_wrong_addresses_are_not(
    client: Client, team_manager: Person, administrator: Person, officer: Officer
) -> None:
    client.force_login(administrator)
    assert "hoort ook het oude adres" in client.get("/handhavers/1207/adres/").content.decode()
    assert client.post("/handhavers/1207/adres/", {"email": "geen adres"}).status_code == 200
    assert client.post("/handhavers/1207/adres/", {"email": "boa@example.nl"}).status_code == 302
    officer.refresh_from_db()
    assert officer.email == "boa@example.nl"
    assert b"boa@" not in b"".join(bytes(one.data) for one in Entry.objects.all())
    client.force_login(team_manager)
    assert client.get("/handhavers/1207/adres/").status_code == 403
    assert client.post("/handhavers/1207/adres/", {"email": "tm@example.nl"}).status_code == 403
    officer.refresh_from_db()
    assert officer.email == "boa@example.nl"
