"""Every page around one's account, for every kind of account that there is: no page fails, and each has the house's look."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from tests.web.conftest import PASSWORD, add, sign_in
from tests.web.everything import add_passkey, patterns

from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.web import actions
from beeldkluis.web.models import OneTimeLink

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"
ADDRESSES = [(name, form) for name, form in patterns() if form.startswith("accounts/")]
EMPTY = {
    "clientDataJSON": "AA",
    "attestationObject": "AA",
    "authenticatorData": "AA",
    "signature": "AA",
    "userHandle": "AA",
}
CREDENTIALS = ("", "x", "[]", "{}", "null", "1", *(
    json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
    for name in ("x", "AA") for response in ({}, EMPTY, dict.fromkeys(EMPTY, 1))
))  # fmt: skip


def without_password(person: Person) -> Client:
    person.set_unusable_password()
    person.save()
    return sign_in(Client(), person)


def of_a_demonstration(person: Person, settings: Any) -> Client:
    settings.DEMONSTRATION = True
    person.set_unusable_password()
    person.save()
    actor = Actor.system("demonstration")
    token = actions.make_link(OneTimeLink.Kind.DEMONSTRATION, person=person, actor=actor, now=datetime.now(UTC))
    browser = Client()
    assert browser.get(f"/demo/in/{token}/").status_code == 302
    return browser


def with_password_only(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def with_app(person: Person) -> Client:
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)
    return sign_in(Client(), person)


def with_passkey(person: Person) -> Client:
    add_passkey(person)
    return sign_in(Client(), person)


def with_passkey_without_password(person: Person) -> Client:
    add_passkey(person)
    return without_password(person)


def before_the_code(person: Person) -> Client:
    """The password was right; the second factor is asked for."""
    TOTP.activate(person, SECRET)
    add_passkey(person)
    browser = Client()
    assert browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
    return browser


def deactivated(person: Person) -> Client:
    browser = with_app(person)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    return browser


def nobody(_person: Person) -> Client:
    return Client()


KINDS: tuple[Callable[..., Client], ...] = (
    without_password, of_a_demonstration, with_password_only, with_app, with_passkey, with_passkey_without_password,
    before_the_code, deactivated, nobody,
)  # fmt: skip


def path_of(name: str, form: str, person: Person) -> str:
    key = Authenticator.objects.filter(user=person, type="webauthn").first()
    return reverse(name, args=[key.pk if key else 1] if "<" in form else [])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_page_of_an_account_fails_and_each_has_the_look_of_the_house(
    kind: Callable[..., Client], settings: Any
) -> None:
    person = add(Role.DPO)
    browser = kind(person, settings) if kind is of_a_demonstration else kind(person)
    for name, form in ADDRESSES:
        if name == "account_logout":
            continue
        path = path_of(name, form, person)
        for way, send in (("GET", browser.get), ("POST", browser.post)):
            answer = send(path, headers={"accept": "text/html"})
            assert answer.status_code < 500, (way, path)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                page = answer.content.decode()
                assert 'class="utrecht' in page or "utrecht-" in page, (way, path)
                assert '<html lang="nl"' in page, (way, path)
    assert browser.get(reverse("account_logout")).status_code in (200, 302)
    assert browser.post(reverse("account_logout")).status_code == 302


@pytest.mark.parametrize("kind", [without_password, of_a_demonstration], ids=lambda kind: kind.__name__)
def test_an_account_without_a_password_is_told_so_and_changes_none(kind: Callable[..., Client], settings: Any) -> None:
    person = add(Role.DPO)
    browser = kind(person, settings) if kind is of_a_demonstration else kind(person)
    typed = {"oldpassword": "", "password1": PASSWORD, "password2": PASSWORD}
    for answer in (browser.get("/accounts/password/change/"), browser.post("/accounts/password/change/", typed)):
        assert answer.status_code == 200
        assert "Uw account heeft geen wachtwoord" in answer.content.decode()
    person.refresh_from_db()
    assert not person.has_usable_password()


@pytest.mark.parametrize("credential", CREDENTIALS)
@pytest.mark.parametrize(
    "kind", [with_passkey, with_password_only, before_the_code, nobody], ids=lambda kind: kind.__name__
)
def test_what_is_no_passkey_is_not_understood_and_opens_nothing(kind: Callable[..., Client], credential: str) -> None:
    """Somebody who sends garbage as a passkey, before signing in and after."""
    person = add(Role.DPO)
    browser = kind(person)
    keys = Authenticator.objects.count()
    for name in ("mfa_login_webauthn", "mfa_authenticate", "mfa_reauthenticate_webauthn", "mfa_add_webauthn"):
        browser.get(reverse(name), headers={"accept": "application/json"})
        answer = browser.post(reverse(name), {"credential": credential, "name": "x", "passwordless": "on"})
        assert answer.status_code < 500, name
    assert Authenticator.objects.count() == keys
    if kind in (nobody, before_the_code):
        assert browser.get("/").status_code == 302


def test_the_walk_meets_every_page_of_an_account() -> None:
    assert len(ADDRESSES) >= 19
