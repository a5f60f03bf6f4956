import re
from datetime import datetime

import pytest
from django.test import Client

from beeldkluis.devices.models import Bodycam, Dock, IssuePeriod
from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.findings.models import Finding
from beeldkluis.journal import clock
from beeldkluis.people.models import Officer, Person
from tests.conftest import SETUP, START

pytestmark = pytest.mark.slow

CAMERA = {"label": "BC-0009", "serial": "SIM-9", "make": "Proef", "model": "P2", "pre_event_seconds": "90"}


@pytest.fixture
def manager(client: Client, team_manager: Person) -> Client:
    client.force_login(team_manager)
    return client


@pytest.fixture
def keeper(administrator: Person) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


@pytest.mark.parametrize("path", ["/bodycams/", "/docks/", "/bevindingen/"])
def test_an_empty_register_says_so(keeper: Client, path: str) -> None:
    assert re.search(r"Er zijn (nog )?geen|Er is nog geen", words(keeper, path))


def test_a_bodycam_is_added_issued_handed_in_and_blocked(
    manager: Client, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert manager.post("/bodycams/nieuw/", CAMERA).status_code == 302
    assert "niet uitgegeven" in words(manager, "/bodycams/")
    assert "uitgeven" in words(manager, "/bodycams/BC-0009/uitgeven/")
    for verb, fields, shown in (
        ("uitgeven", {"officer": officer.pk, "at": "2026-10-01T11:00"}, "Boa 1207"),
        ("innemen", {"at": "2026-10-01T18:00"}, "niet uitgegeven"),
        ("blokkeren", {}, "Geblokkeerd"),
    ):
        assert manager.get(f"/bodycams/BC-0009/{verb}/").status_code == 200
        assert manager.post(f"/bodycams/BC-0009/{verb}/", fields).status_code == 302
        assert shown in words(manager, "/bodycams/")
    period = IssuePeriod.objects.get()
    assert (period.issued_at.hour, period.officer) == (9, officer)  # typed in Dutch time, kept in UTC


def test_looking_at_a_page_that_asks_blocks_nothing(manager: Client, bodycam: Bodycam) -> None:
    manager.get("/bodycams/BC-0007/blokkeren/")
    assert Bodycam.objects.get().blocked_at is None


def test_who_left_with_a_bodycam_stands_out(manager: Client, issued: IssuePeriod) -> None:
    assert "Uit dienst" not in words(manager, "/bodycams/")
    manager.post("/handhavers/1207/uit-dienst/")
    assert "Uit dienst: neem de bodycam in" in words(manager, "/bodycams/")


def test_the_administrator_keeps_bodycams_but_issues_none(keeper: Client, bodycam: Bodycam, officer: Officer) -> None:
    assert "Uitgeven" not in words(keeper, "/bodycams/")
    typed = {"officer": officer.pk, "at": "2026-10-01T11:00"}
    assert keeper.post("/bodycams/BC-0007/uitgeven/", typed).status_code == 403
    assert keeper.post("/bodycams/BC-0007/innemen/", typed).status_code == 403
    assert not IssuePeriod.objects.exists()
    assert keeper.post("/bodycams/BC-0007/blokkeren/").status_code == 302


def test_the_dpo_has_nothing_to_do_with_bodycams_or_docks(client: Client, dpo: Person, bodycam: Bodycam) -> None:
    client.force_login(dpo)
    for path in ("/bodycams/", "/bodycams/nieuw/", "/bodycams/BC-0007/blokkeren/", "/docks/"):
        assert client.get(path).status_code == 403
        assert client.post(path, CAMERA).status_code in (403, 405)
    assert Bodycam.objects.get().blocked_at is None


@pytest.mark.parametrize("label", ["BC/7", "BC 7", "..", "BC?7"])
def test_a_label_that_fits_in_no_address_is_sent_back(manager: Client, label: str) -> None:
    assert manager.post("/bodycams/nieuw/", CAMERA | {"label": label}).status_code == 200
    assert not Bodycam.objects.exists()


def test_an_unknown_bodycam_is_not_found(manager: Client) -> None:
    assert manager.post("/bodycams/BC-1/blokkeren/").status_code == 404


def test_a_code_is_shown_once_and_a_dock_is_put_out_of_use(
    keeper: Client, let_in: tuple[Dock, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    made = keeper.post("/docks/", {"name": "Leek"}).content.decode()
    code = re.search(r'class="secret">([a-z2-9]{16})<', made)
    assert code
    again = words(keeper, "/docks/")
    assert code[1] not in again
    assert "Een code voor Leek wacht" in again
    address = f"/docks/{let_in[0].pk}/buiten-gebruik/"
    assert "blijven vol" in words(keeper, address)
    assert Dock.objects.get().retired_at is None
    keeper.post(address)
    assert Dock.objects.get().retired_at == START
    assert "Buiten gebruik" in words(keeper, "/docks/")


def test_a_dock_with_an_odd_name_does_not_break_the_page(keeper: Client, let_in: tuple[Dock, str]) -> None:
    Dock.objects.update(name="kantoor/Leek <b>?")
    assert "kantoor/Leek &lt;b&gt;?" in keeper.get("/docks/").content.decode()
    assert keeper.get(f"/docks/{let_in[0].pk}/buiten-gebruik/").status_code == 200


def test_the_team_manager_lets_no_docks_in(manager: Client) -> None:
    assert manager.post("/docks/", {"name": "Leek"}).status_code == 403


def test_a_finding_is_settled_with_words(manager: Client, bodycam: Bodycam, at_start: datetime) -> None:
    finding = raise_finding(
        rule="camera.blocked",
        key=EACH_TIME,
        text="Kijk hiernaar.",
        recording=None,
        bodycam=bodycam.pk,
        actor=SETUP,
        now=START,
    )
    assert "Kijk hiernaar." in words(manager, "/bevindingen/")
    page = f"/bevindingen/{finding.pk}/"
    assert "Kijk hiernaar." in words(manager, page)
    assert manager.post(page, {"because": ""}).status_code == 200
    assert Finding.objects.get().settled_at is None
    assert manager.post(page, {"because": "Gebeld met de leverancier."}).status_code == 302
    assert "geen bevindingen" in words(manager, "/bevindingen/")


def test_the_one_whom_a_finding_watches_sees_it_and_does_not_settle_it(
    manager: Client, keeper: Client, dpo: Person
) -> None:
    finding = raise_finding(
        rule="access.presence",
        key=EACH_TIME,
        text="Vijf foute codes.",
        recording=None,
        bodycam=None,
        actor=SETUP,
        now=START,
    )
    for client in (manager, keeper):
        shown = words(client, "/bevindingen/")
        assert "Vijf foute codes." in shown
        assert "Deze bevinding handelt de functionaris gegevensbescherming af." in shown
        assert "Afhandelen" not in shown
        assert client.post(f"/bevindingen/{finding.pk}/", {"because": "Niets aan de hand."}).status_code == 403
    assert Finding.objects.get().settled_at is None
    officer_of_data = Client()
    officer_of_data.force_login(dpo)
    assert officer_of_data.post(f"/bevindingen/{finding.pk}/", {"because": "Nagevraagd."}).status_code == 302
    assert Finding.objects.get().settled_because == "Nagevraagd."
