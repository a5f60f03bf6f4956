"""An administrator who means harm, alone and through the ordinary pages, tries to become somebody who may open footage or who
watches, or to send that person away. Each way ends at a page that says what it waits for.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from tests.conftest import Machine
from tests.web.conftest import PASSWORD, add, sign_in

from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people import queries
from beeldkluis.people.account_actions import carry_out_due
from beeldkluis.people.models import AccountChange, Notice, Person
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web import actions
from beeldkluis.web.models import OneTimeLink

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
OWN = "drie gewone woorden samen"
LATER = timedelta(days=2)


class Time:
    """The clock and the machine of one test; `pass_` lets both go on, `jump` only the clock."""

    def __init__(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at, self.machine = datetime.now(UTC), machine
        monkeypatch.setattr(clock, "now", lambda: self.at)

    def pass_(self, length: timedelta) -> None:
        self.machine.run(length)
        self.jump(length)

    def jump(self, length: timedelta) -> None:
        self.at += length
        carry_out_due(actor=Actor.system("tick"), now=self.at)


@pytest.fixture(autouse=True)
def _no_tries_yet() -> Iterator[None]:
    """Signing in is counted for an address; each test is somebody's first."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def at(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(machine, monkeypatch)


@pytest.fixture
def attacker(client: Client, administrator: Person) -> Client:
    return sign_in(client, administrator)


def link_in(answer: Any) -> str:
    found = re.search(r"/uitnodiging/([\w-]+)/", answer.content.decode())
    assert found is not None, answer.content.decode()[-500:]
    return found[1]


def open_link(token: str, password: str = OWN) -> str:
    """Somebody opens the link in a browser of his own and tries to choose a password: what the page says."""
    browser = Client()
    browser.get(f"/uitnodiging/{token}/")
    answer = browser.post("/uitnodiging/", {"password": password, "again": password})
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def can_sign_in(person: Person, password: str = OWN) -> bool:
    answer = Client().post("/accounts/login/", {"login": person.email, "password": password}, REMOTE_ADDR="203.0.113.9")
    return bool(answer.status_code == 302 and "inactive" not in answer["Location"])


def stop_link_of(person: Person) -> str:
    mail = Outgoing.objects.filter(body__to=person.email, about__startswith="Een account wacht").order_by("-pk")[0]
    found = re.search(r"/toegang/tegenhouden/([\w-]+)/", mail.body["text"])
    assert found is not None
    return f"/toegang/tegenhouden/{found[1]}/"


def new_access(attacker: Client, person: Person, lost: str = "renew") -> Any:
    return attacker.post(f"/medewerkers/{person.pk}/toegang/", {"lost": lost, "because": "wachtwoord kwijt"})


@pytest.mark.parametrize("role", ["deputy", "dpo"])
def test_a_deputy_or_officer_of_his_own_comes_in_by_no_link_before_a_second_person_or_a_day(
    attacker: Client, at: Time, dpo: Person, team_manager: Person, role: str
) -> None:
    typed = {"name": "Neef van de beheerder", "email": "neef@example.nl", "role": role}
    answer = attacker.post("/medewerkers/nieuw/", typed)
    assert "Dit wacht op een tweede persoon, of werkt vanaf" in answer.content.decode()
    token, person = link_in(answer), Person.objects.get(email="neef@example.nl")
    assert "Deze link werkt nog niet" in open_link(token)
    with pytest.raises(Refused, match="werkt nog niet"):
        actions.accept_invitation(token, password=OWN, actor=person.as_actor, now=at.at)
    assert not can_sign_in(person)
    until = f"{at.at + timedelta(hours=3):%Y-%m-%dT%H:%M}"
    emergency = attacker.post("/vervanging/nood/", {"deputy": person.pk, "until": until, "because": "ziek"})
    assert emergency.status_code == 200, "nobody like that to choose"
    assert queries.running_deputation() is None
    change = AccountChange.objects.get(person=person)
    assert attacker.post(f"/toegang/{change.pk}/bevestigen/").status_code == 403
    assert (
        "Nieuw account: wacht op een tweede persoon, of werkt vanaf" in attacker.get("/medewerkers/").content.decode()
    )
    watcher = sign_in(Client(), dpo)
    start = watcher.get("/").content.decode()
    assert "Kijk of dit klopt: nieuw account" in start
    assert "Neef van de beheerder: wacht op een tweede persoon" in start
    assert watcher.post(f"/toegang/{change.pk}/tegenhouden/", {"because": "ken ik niet"}).status_code == 302
    at.pass_(LATER)
    assert "tegengehouden" in open_link(token)
    assert not can_sign_in(person)
    assert "Nieuw account: tegengehouden" in attacker.get("/medewerkers/").content.decode()


@pytest.mark.parametrize("lost", ["renew", "reset"])
@pytest.mark.parametrize("whose", ["team_manager", "dpo"])
def test_renewing_somebodys_access_opens_nothing_takes_nothing_away_and_is_stopped_with_one_link(
    attacker: Client, at: Time, dpo: Person, team_manager: Person, lost: str, whose: str
) -> None:
    person = team_manager if whose == "team_manager" else dpo
    TOTP.activate(person, SECRET)
    own = sign_in(Client(), person)
    token = link_in(new_access(attacker, person, lost))
    assert "Deze link werkt nog niet" in open_link(token)
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert not can_sign_in(person)
    assert can_sign_in(person, PASSWORD), "asking locks nobody out"
    assert own.get("/").status_code == 200
    assert "Kijk of dit klopt: nieuw wachtwoord" in own.get("/").content.decode()
    stranger, address = Client(), stop_link_of(person)
    assert "Klopt dit niet?" in stranger.get(address).content.decode()
    assert AccountChange.objects.get().stopped_at is None, "a program that looks ahead at links stops nothing"
    assert "Het is tegengehouden" in stranger.post(address).content.decode()
    for method in (stranger.get, stranger.post):
        assert "niets meer tegen te houden" in method(address).content.decode()
    at.pass_(LATER)
    assert "tegengehouden" in open_link(token)
    assert not can_sign_in(person)
    assert own.get("/").status_code == 200


def test_with_the_password_after_a_day_without_objection_the_second_factor_still_stands_in_the_way(
    attacker: Client, at: Time, dpo: Person, team_manager: Person
) -> None:
    TOTP.activate(team_manager, SECRET)
    token = link_in(new_access(attacker, team_manager))
    at.pass_(LATER)
    assert open_link(token) == "/accounts/login/"
    bad = Client()
    answer = bad.post("/accounts/login/", {"login": team_manager.email, "password": OWN}, REMOTE_ADDR="203.0.113.8")
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert bad.get("/").status_code == 302
    told = list(Notice.objects.filter(receiver=dpo).values_list("subject", flat=True))
    assert "Met een link is een nieuw wachtwoord gekozen" in told


def test_a_second_factor_goes_by_a_second_person_and_a_day_and_only_when_the_link_is_used(
    attacker: Client, at: Time, dpo: Person, team_manager: Person
) -> None:
    TOTP.activate(team_manager, SECRET)
    token, change = link_in(new_access(attacker, team_manager, "reset")), AccountChange.objects.get()
    assert "en niet eerder dan" in open_link(token)
    watcher = sign_in(Client(), dpo)
    page = watcher.get(f"/toegang/{change.pk}/").content.decode()
    assert "Spreek De teammanager zelf" in page
    assert watcher.post(f"/toegang/{change.pk}/bevestigen/").status_code == 302
    assert "Deze link werkt nog niet" in open_link(token)
    at.pass_(timedelta(days=1))
    assert Authenticator.objects.filter(user=team_manager).exists()
    assert open_link(token) == "/accounts/login/"
    assert not Authenticator.objects.filter(user=team_manager).exists()
    assert can_sign_in(team_manager)


def test_setting_the_servers_clock_forward_makes_no_link_work(
    attacker: Client, at: Time, dpo: Person, team_manager: Person
) -> None:
    token = link_in(new_access(attacker, team_manager))
    for _ in range(6):
        at.jump(timedelta(days=1))
    assert "Deze link werkt nog niet" in open_link(token)
    assert not can_sign_in(team_manager)


def test_a_second_administrator_and_an_officer_of_his_own_are_no_second_person(
    attacker: Client, at: Time, administrator: Person, dpo: Person, team_manager: Person
) -> None:
    attacker.post("/medewerkers/nieuw/", {"name": "Twee", "email": "twee@example.nl", "role": "administrator"})
    second = sign_in(Client(), Person.objects.get(email="twee@example.nl"))
    token = link_in(attacker.post("/medewerkers/nieuw/", {"name": "Nep", "email": "nep@example.nl", "role": "dpo"}))
    fake = AccountChange.objects.get(person__email="nep@example.nl")
    assert second.post(f"/toegang/{fake.pk}/bevestigen/").status_code == 403
    assert attacker.post(f"/medewerkers/{dpo.pk}/uitschakelen/", {"because": "weg"}).status_code == 403
    at.pass_(timedelta(days=1))  # nobody objects
    assert open_link(token) == "/accounts/login/"
    own = sign_in(Client(), Person.objects.get(email="nep@example.nl"))
    assert attacker.post(f"/medewerkers/{dpo.pk}/uitschakelen/", {"because": "weg"}).status_code == 302
    closing = AccountChange.objects.get(person=dpo)
    new_access(attacker, team_manager, "reset")
    reset = AccountChange.objects.get(person=team_manager)
    for waiting in (closing, reset):
        answer = own.post(f"/toegang/{waiting.pk}/bevestigen/")
        assert answer.status_code == 403
        assert "te nieuw" in answer.content.decode()
    at.pass_(timedelta(hours=23))
    dpo.refresh_from_db()
    assert dpo.is_active
    watcher = sign_in(Client(), dpo)
    assert "Kijk of dit klopt: account uitschakelen" in watcher.get("/").content.decode()
    assert watcher.post(f"/toegang/{closing.pk}/tegenhouden/").status_code == 302
    at.pass_(LATER)
    dpo.refresh_from_db()
    assert dpo.is_active


def test_the_mails_about_it_are_neither_withdrawn_nor_seen_by_another(
    attacker: Client, at: Time, dpo: Person, team_manager: Person
) -> None:
    new_access(attacker, team_manager)
    assert "tegenhouden" not in attacker.get("/berichten/").content.decode(), "the link in the mail is shown nowhere"
    mails = Outgoing.objects.filter(must_leave=True)
    assert {one.body["to"] for one in mails} >= {dpo.email, team_manager.email}
    for mail in mails:
        assert attacker.post(f"/berichten/{mail.pk}/intrekken/", {"because": "dubbel"}).status_code == 403
    for notice in Notice.objects.filter(receiver=dpo):
        assert attacker.post(f"/voor-u/{notice.pk}/gezien/").status_code == 403
    assert not Outgoing.objects.filter(withdrawn_at__isnull=False).exists()
    assert "U moet één ding weten" in sign_in(Client(), dpo).get("/").content.decode()


def test_the_old_link_is_of_no_use_after_a_newer_one_was_asked_or_an_objection(
    attacker: Client, at: Time, dpo: Person, team_manager: Person
) -> None:
    first, second = link_in(new_access(attacker, team_manager)), link_in(new_access(attacker, team_manager))
    at.pass_(timedelta(days=1))
    assert "werkt niet meer" in open_link(first)
    sign_in(Client(), dpo).post(f"/toegang/{AccountChange.objects.latest('pk').pk}/tegenhouden/")
    assert "tegengehouden" in open_link(second)
    assert not can_sign_in(team_manager)


def test_no_way_around_makes_a_link_for_somebody(
    attacker: Client, administrator: Person, dpo: Person, team_manager: Person, at: Time
) -> None:
    for kind in OneTimeLink.Kind:
        with pytest.raises(Refused):
            actions.make_link(kind, person=dpo, actor=administrator.as_actor, now=at.at)
    code = actions.make_link(OneTimeLink.Kind.SETUP, person=None, actor=Actor.system("set-up"), now=at.at)
    with pytest.raises(Refused, match="al ingericht"):
        actions.set_up(code, newcomers=[], actor=Actor.system("set-up"), now=at.at)
    assert attacker.get("/instellen/")["Location"] == "/"
    assert attacker.post(f"/toegang/{99}/bevestigen/").status_code == 404


def test_nobody_else_looks_at_what_waits(attacker: Client, at: Time, dpo: Person, team_manager: Person) -> None:
    new_access(attacker, team_manager)
    change = AccountChange.objects.get()
    other = sign_in(Client(), add(Role.DEPUTY))
    assert other.get(f"/toegang/{change.pk}/").status_code == 403
    for what in ("bevestigen", "tegenhouden", "herstelsleutel"):
        assert other.post(f"/toegang/{change.pk}/{what}/").status_code == 403
    assert Client().get(f"/toegang/{change.pk}/").status_code == 302


def test_the_deputation_in_an_emergency_takes_a_second_person_on_the_page(
    attacker: Client, at: Time, dpo: Person, team_manager: Person
) -> None:
    deputy = add(Role.DEPUTY)
    until = f"{at.at + timedelta(hours=3):%Y-%m-%dT%H:%M}"
    page = attacker.post("/vervanging/nood/", {"deputy": deputy.pk, "until": until, "because": "ziek"})["Location"]
    assert queries.running_deputation() is None
    for who in (attacker, sign_in(Client(), deputy)):
        assert who.post(f"{page}bevestigen/").status_code == 403
    assert attacker.post(f"{page}herstelsleutel/").status_code == 403
    assert sign_in(Client(), dpo).post(f"{page}bevestigen/").status_code == 302
    assert queries.running_deputation() is not None
