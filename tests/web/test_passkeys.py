"""Passkeys as an attacker sends them: made elsewhere, copied, of somebody else, or taken away meanwhile."""

import json
import re
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from attacks.passkey import PRESENT, Passkey, text
from django.core.cache import cache
from django.test import Client, RequestFactory
from tests.web.conftest import PASSWORD, add, sign_in

from beeldkluis.findings.models import Finding
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role

HERE = "http://localhost:8000"
ADD, LOGIN = "/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/login/"


@pytest.fixture(autouse=True)
def _of_this_address(settings: Any) -> None:
    cache.clear()
    settings.ADDRESS = HERE
    settings.ALLOWED_HOSTS = ["localhost"]


class Browser(Client):
    """At our address."""

    def __init__(self) -> None:
        super().__init__(SERVER_NAME="localhost", SERVER_PORT="8000")


def asked(browser: Client, path: str = LOGIN) -> Any:
    if path == LOGIN:
        return browser.get(path, headers={"accept": "application/json"}).json()["request_options"]
    page = browser.get(path).content.decode()
    found = re.search(r'id="passkey-options"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])["creation_options"]


def register(person: Person, origin: str = HERE) -> tuple[Client, Passkey, Any]:
    browser, passkey = sign_in(Browser(), person), Passkey()
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    credential = passkey.made(asked(browser, ADD), origin)
    return browser, passkey, browser.post(ADD, {"name": "sleutel", "credential": json.dumps(credential)})


def let_in(passkey: Passkey, browser: Client | None = None, **named: Any) -> bool:
    cache.clear()
    browser = browser or Browser()
    credential = passkey.shown(asked(browser), named.pop("origin", HERE), **named)
    browser.post(LOGIN, {"credential": json.dumps(credential)})
    return browser.get("/").status_code == 200


def test_a_passkey_opens_a_session_and_one_without_pin_or_of_somebody_else_does_not(dpo: Person) -> None:
    _, theirs, _ = register(dpo)
    _, own, _ = register(add(Role.TEAM_MANAGER))
    assert let_in(theirs)
    assert not let_in(theirs, flags=PRESENT)
    assert not let_in(own, handle=theirs.handle)
    assert not let_in(Passkey(handle=theirs.handle))
    assert let_in(theirs)


@pytest.mark.parametrize(
    "origin",
    ["http://localhost:9", "http://evil.localhost:8000", "https://localhost:8000", "http://localhost:8000.evil.invalid",
     "https://evil.invalid", "null", ""],
)  # fmt: skip
def test_an_assertion_or_a_passkey_that_was_made_on_another_site_is_worth_nothing(dpo: Person, origin: str) -> None:
    _, theirs, _ = register(dpo)
    assert not let_in(theirs, origin=origin)
    assert not let_in(theirs, crossOrigin=True)
    assert let_in(theirs)
    cache.clear()
    _, _, answer = register(add(Role.TEAM_MANAGER), origin)
    assert answer.status_code == 200
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_a_copied_passkey_counts_back_is_refused_and_told(dpo: Person) -> None:
    _, own, _ = register(dpo)
    own.counter = 40
    assert let_in(own)
    copy = Passkey(handle=own.handle, key=own.key, number=own.number, counter=20)
    browser = Browser()
    assert not let_in(copy, browser)
    assert "misschien gekopieerd" in browser.get("/accounts/login/").content.decode()
    copy.counter = 40
    assert not let_in(copy)
    assert "telt terug" in Finding.objects.get().text
    assert "functionaris" in Finding.objects.get().text
    assert Entry.objects.filter(act="web.passkey_went_back").count() == 2
    assert sum(dpo.email in str(one.body) and "telt terug" in str(one.body) for one in Outgoing.objects.all()) == 2
    assert let_in(own), "the one that counts on works on"


def test_a_passkey_that_never_counts_works_every_time(dpo: Person) -> None:
    _, own, _ = register(dpo)
    made = Authenticator.objects.get(type="webauthn")
    made.data["counter"] = 0
    made.save()
    for _ in range(3):
        own.counter = -1
        assert let_in(own)
    assert not Finding.objects.exists()


@pytest.mark.parametrize("name", ["clientDataJSON", "authenticatorData", "signature", "userHandle", ""])
@pytest.mark.parametrize("wrong", [None, 5, "", "x", [], {}, text(b"\xff" * 9), text(b"{}"), text(b"9" * 40)])
def test_what_no_browser_makes_is_a_no_in_words(dpo: Person, name: str, wrong: Any) -> None:
    _, theirs, _ = register(dpo)
    browser = Browser()
    credential = theirs.shown(asked(browser), HERE)
    told = credential | {"response": credential["response"] | {name: wrong}} if name else wrong
    answer = browser.post(LOGIN, {"credential": json.dumps(told)})
    assert answer.status_code == 302
    assert browser.get("/").status_code == 302


def test_sessions_that_were_opened_with_a_passkey_end_when_it_is_taken_away(dpo: Person) -> None:
    honest, stolen, _ = register(dpo)
    thief = Browser()
    assert let_in(stolen, thief)
    number = Authenticator.objects.get(type="webauthn").pk
    honest.post("/accounts/reauthenticate/", {"password": PASSWORD})
    spare = Passkey()
    honest.post(ADD, {"name": "nieuw", "credential": json.dumps(spare.made(asked(honest, ADD), HERE))})
    honest.post(f"/accounts/2fa/webauthn/keys/{number}/remove/")
    assert not Authenticator.objects.filter(pk=number).exists()
    assert thief.get("/medewerkers/").status_code == 302
    assert thief.get("/")["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert not let_in(stolen)
    assert let_in(spare)
    assert honest.get("/").status_code == 200


def test_a_second_factor_that_is_gone_does_not_count_as_shown_just_now(dpo: Person) -> None:
    browser = Browser()
    browser.force_login(dpo)
    request = RequestFactory().get("/")
    request.session = browser.session
    record_authentication(request, dpo, "mfa", type="totp", id=4711)
    request.session.save()
    assert browser.get("/").status_code == 302
