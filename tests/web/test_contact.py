"""Where objections go and who is responsible: asked at set-up, filled in on a page, missed by the doctor, told to everybody."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from tests.cases.conftest import INCIDENT, LETTER, NONE, NOW
from tests.web.conftest import sign_in

from beeldkluis.cases import actions, decision_actions
from beeldkluis.cases.models import Case, Decision
from beeldkluis.governance.actions import adopt
from beeldkluis.governance.models import ContactDetails
from beeldkluis.governance.queries import in_force
from beeldkluis.governance.registers import base
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Notice, Person
from beeldkluis.people.municipality_actions import set_contact
from beeldkluis.people.municipality_queries import contact
from beeldkluis.protocol.register import RegisterError, parse, write
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web import actions as web
from beeldkluis.web import doctor
from beeldkluis.web.due import for_person
from beeldkluis.web.models import OneTimeLink

SHIPPED = Path(__file__).parents[2] / "protocols" / "westerkwartier-1.toml"
SETTER = Actor.system("set-up")
ADDRESS = "Commissie bezwaar\nPostbus 9, 9800 AA Zuidhorn"


@pytest.fixture
def shipped(settings: Settings) -> Path:
    """An installation whose file is the one that is shipped: nothing filled in yet."""
    settings.PROTOCOL_FILE = SHIPPED
    return SHIPPED


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def case(dpo: Person) -> Case:
    received = actions.receive(**(LETTER | {"moment_from": INCIDENT}), actor=dpo.as_actor, now=NOW)
    return actions.forward(received, actor=dpo.as_actor, now=NOW)


@pytest.mark.rule("request.objection-address")
def test_no_decision_without_an_address_for_objections_and_the_page_says_so_before(
    client: Client, dpo: Person, team_manager: Person, shipped: Path
) -> None:
    waiting = case(dpo)
    sign_in(client, team_manager)
    page = client.get(f"/verzoeken/{waiting.reference}/").content.decode()
    assert "Er kan nog geen besluit worden vastgelegd" in page
    assert "/gegevens/" in page
    assert "Vul het adres voor bezwaar in" in [one.title for one in for_person(team_manager, clock.now())]
    with pytest.raises(Refused, match="adres voor bezwaar is niet ingevuld"):
        decision_actions.decide(waiting, NONE, actor=team_manager.as_actor, now=NOW)
    assert not Decision.objects.exists()
    set_contact({"objection": ADDRESS.splitlines()}, actor=team_manager.as_actor, now=NOW)
    page = client.get(f"/verzoeken/{waiting.reference}/").content.decode()
    assert "Er kan nog geen besluit" not in page
    decision_actions.decide(waiting, NONE, actor=team_manager.as_actor, now=NOW)
    assert waiting.letters.get(kind="no_footage").words["objection_address"] == ADDRESS.splitlines()


@pytest.mark.rule("request.objection-address", "public.controller")
def test_the_doctor_names_what_lacks_until_it_is_there(team_manager: Person, shipped: Path) -> None:
    said = " ".join(doctor.told())
    for words in (
        "adres voor bezwaar ontbreekt",
        "functionaris gegevensbescherming te bereiken",
        "categorie van de selec",
    ):
        assert words in said, words
    set_contact({"objection": ["a"], "dpo": ["fg@example.nl"]}, actor=team_manager.as_actor, now=NOW)
    said = " ".join(doctor.told())
    assert "adres voor bezwaar" not in said
    assert "functionaris" not in said


@pytest.mark.rule("request.objection-address")
def test_set_up_asks_where_objections_go(client: Client, db: None, shipped: Path) -> None:
    code = web.make_link(OneTimeLink.Kind.SETUP, person=None, actor=SETTER, now=datetime.now(UTC))
    assert "Waar gaat een bezwaar heen?" in client.get("/instellen/").content.decode()
    typed = {
        f"{name}_{part}": f"{name}@example.nl" if part == "email" else name.title()
        for name in ("administrator", "dpo", "team_manager")
        for part in ("name", "email")
    }
    client.post("/instellen/", typed | {"code": code, "objection": ADDRESS, "dpo_lines": "fg@example.nl"})
    assert contact()["objection"] == ("Commissie bezwaar", "Postbus 9, 9800 AA Zuidhorn")
    assert contact()["dpo"] == ("fg@example.nl",)


@pytest.mark.rule("request.objection-address")
def test_who_changes_an_address_is_told_to_the_others_and_stands_in_the_journal(
    client: Client, dpo: Person, team_manager: Person, administrator: Person
) -> None:
    sign_in(client, team_manager)
    typed = {
        "objection": ADDRESS,
        "dpo": "fg@example.nl",
        "postal": "Gemeente",
        "website": "",
        "email": "",
        "phone": "",
    }
    answer = client.post("/gegevens/", typed, follow=True).content.decode()
    assert "Vastgelegd." in answer
    assert contact()["website"] == (), "what is emptied is empty, whatever the file says"
    entry = Entry.objects.filter(act="people.contact_set").get()
    assert "adres voor bezwaar" in bytes(entry.data).decode()
    assert "Postbus 9" not in bytes(entry.data).decode(), "an address may name a person"
    assert set(Notice.objects.values_list("receiver__role", flat=True)) == {"dpo", "administrator"}
    mails = Outgoing.objects.filter(channel="mail", about="Gegevens van de gemeente gewijzigd")
    assert mails.count() == 2
    assert all("adres voor bezwaar" in one.body["text"] for one in mails)
    client.post("/gegevens/", typed)
    assert ContactDetails.objects.count() == 1, "the same again is no change"
    assert "geen e-mailadres" in client.post("/gegevens/", typed | {"email": "geen adres"}).content.decode()
    assert ContactDetails.objects.count() == 1


def test_no_other_role_changes_addresses(client: Client, administrator: Person) -> None:
    sign_in(client, administrator)
    assert client.post("/gegevens/", {"objection": "bij mij thuis"}).status_code == 403
    with pytest.raises(Refused):
        set_contact({"objection": ["bij mij thuis"]}, actor=administrator.as_actor, now=NOW)


@pytest.mark.rule("public.controller")
def test_everybody_reads_who_is_responsible_and_on_which_ground(client: Client, team_manager: Person) -> None:
    set_contact({"dpo": ["fg@example.nl", "0594 11 11 11"]}, actor=team_manager.as_actor, now=NOW)
    page = client.get("/over-bodycams/").content.decode()
    for words in (
        "Het college van burgemeester en wethouders van de gemeente Westerkwartier",
        "artikel 6, lid 1, onder e, AVG",
        "Algemene verordening gegevensbescherming (AVG)",
        "fg@example.nl, 0594 11 11 11",
        "het eigen handelen evalueren",
        "Commissie bezwaarschriften",
        "autoriteitpersoonsgegevens.nl",
    ):
        assert words in page, words


@pytest.mark.rule("public.controller")
def test_a_version_says_ground_and_purposes_and_the_base_file_what_it_leaves_open(db: None) -> None:
    text = write(base()).replace("het eigen handelen evalueren, als", "alleen nog dit doel, als")
    text = text.replace('category = ["99.9"]', "category = []")
    adopt(text.encode(), takes_effect_at=NOW, actor=SETTER, now=NOW)
    assert "alleen nog dit doel" in in_force().legal["purposes"][1]
    assert in_force().legal["category"] == ("99.9",)
    assert parse(text, "x").legal["regime"] == ("avg",)


@pytest.mark.parametrize("wrong", ['[legal]\nregime = "gdpr"\n', "[legal]\nregime = 3\n", '[legal]\nbases = "x"\n'])
def test_a_file_with_a_strange_law_is_refused(wrong: str) -> None:
    with pytest.raises(RegisterError):
        parse(f'[protocol]\nmunicipality = "X"\nversion = "1"\n{wrong}', "x")
