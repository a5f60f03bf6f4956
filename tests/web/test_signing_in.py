import json
import re
import time
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from tests.web.conftest import PASSWORD, add, sign_in

from beeldkluis.journal import guard
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.people.account_actions import confirm_change
from beeldkluis.people.models import AccountChange, Person
from beeldkluis.protocol.accounts import Change
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.secret import open_secret
from beeldkluis.web import actions
from beeldkluis.web.models import OneTimeLink

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SETTER = Actor.system("set-up")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _no_earlier_attempts() -> None:
    cache.clear()


def acts() -> list[str]:
    return list(Entry.objects.order_by("number").values_list("act", flat=True))


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def renewed(person: Person, by: Person, *, now: datetime | None = None) -> tuple[AccountChange, str]:
    """A new way in for this person, asked by the other: the change and its token."""
    at = now or datetime.now(UTC)
    return actions.renew_access(Change.RENEW, person, because="wachtwoord kwijt", actor=by.as_actor, now=at)


def give_password(client: Client, person: Person, password: str = PASSWORD, address: str = "203.0.113.7") -> Any:
    return client.post("/accounts/login/", {"login": person.email, "password": password}, REMOTE_ADDR=address)


def test_a_password_and_the_code_of_the_app_open_a_session_and_both_stand_in_the_journal(
    client: Client, dpo: Person
) -> None:
    TOTP.activate(dpo, SECRET)
    assert give_password(client, dpo)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/").status_code == 302
    assert client.post("/accounts/2fa/authenticate/", {"code": code_now()})["Location"] == "/"
    assert client.get("/").status_code == 200
    assert acts() == ["web.signed_in", "web.page_opened"]
    assert json.loads(bytes(Entry.objects.get(number=0).data))["facts"] == {"how": "totp"}


def test_the_seed_of_the_app_is_sealed_and_of_no_use_without_the_installations_secret(
    client: Client, dpo: Person, settings: Any
) -> None:
    TOTP.activate(dpo, SECRET)
    kept = Authenticator.objects.get(user=dpo, type="totp").data["secret"]
    assert SECRET not in kept
    assert open_secret(settings.SECRET_KEY, kept) == SECRET
    give_password(client, dpo)
    settings.SECRET_KEY = "een ander geheim"
    give_password(client, dpo)
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert answer.status_code == 400
    assert client.get("/").status_code == 302


def test_a_code_opens_once(client: Client, dpo: Person) -> None:
    TOTP.activate(dpo, SECRET)
    code = code_now()
    for browser, opened in ((client, True), (Client(), False)):
        give_password(browser, dpo)
        answer = browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert (answer.status_code == 302) is opened


def test_a_code_of_any_length_is_a_wrong_code_and_no_fault(client: Client, dpo: Person) -> None:
    TOTP.activate(dpo, SECRET)
    give_password(client, dpo)
    page = client.post("/accounts/2fa/authenticate/", {"code": "9" * 5000})
    assert page.status_code == 200


def code_of(step: int) -> str:
    return format_hotp_value(hotp_value(SECRET, step))


@pytest.mark.parametrize("steps", [-1, 0, 1])
@pytest.mark.parametrize("seconds", [0, 12, 29])
def test_a_phone_that_is_half_a_minute_off_opens_once_and_no_more(
    client: Client, dpo: Person, monkeypatch: pytest.MonkeyPatch, steps: int, seconds: int
) -> None:
    now = 59_000_000  # steps of 30 seconds since 1970
    TOTP.activate(dpo, SECRET)
    monkeypatch.setattr(auth, "time", type("Clock", (), {"time": staticmethod(lambda: now * 30 + seconds)}))
    code = code_of(now + steps)
    give_password(client, dpo)
    assert client.post("/accounts/2fa/authenticate/", {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/"
    for later in range(3):  # as long as it would fit
        monkeypatch.setattr(
            auth, "time", type("Clock", (), {"time": staticmethod(lambda later=later: (now + later) * 30 + seconds)})
        )
        cache.delete(f"allauth.mfa.totp.used?user={dpo.pk}&code={code}")  # allauth forgets it after one step
        other = Client()
        give_password(other, dpo)
        page = other.post("/accounts/2fa/authenticate/", {"code": code})
        assert page.status_code == 200
        assert "niet goed of is al gebruikt" in page.content.decode()


def test_showing_a_code_again_forgives_no_wrong_ones(
    client: Client, dpo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever saw a code being typed could otherwise guess on: each code that fits would begin the count anew."""
    now = 59_000_000
    TOTP.activate(dpo, SECRET)
    monkeypatch.setattr(auth, "time", type("Clock", (), {"time": staticmethod(lambda: now * 30)}))
    give_password(client, dpo)
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(now)}).status_code == 302
    cache.delete(f"allauth.mfa.totp.used?user={dpo.pk}&code={code_of(now)}")
    other = Client()
    give_password(other, dpo)
    for code in ("000000", "000001", "000002", "000003", code_of(now), "000004"):
        assert other.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert other.post("/accounts/2fa/authenticate/", {"code": code_of(now + 1)}).status_code == 200, "too often tried"


def test_a_code_of_a_minute_ago_or_ahead_does_not_open(
    client: Client, dpo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 59_000_000
    TOTP.activate(dpo, SECRET)
    monkeypatch.setattr(auth, "time", type("Clock", (), {"time": staticmethod(lambda: now * 30)}))
    give_password(client, dpo)
    for steps in (-2, 2):
        assert client.post("/accounts/2fa/authenticate/", {"code": code_of(now + steps)}).status_code == 200


def test_a_wrong_password_is_written_down_with_what_was_typed_only_in_the_erasable_part(
    client: Client, dpo: Person
) -> None:
    give_password(client, dpo, "verkeerd")
    entry = Entry.objects.get()
    assert entry.act == "web.sign_in_failed"
    assert dpo.email.encode() not in bytes(entry.data)
    assert dpo.email.encode() in bytes(Detail.objects.get().payload)


def test_a_stranger_cannot_lock_somebody_out_but_is_slowed_down(client: Client, dpo: Person) -> None:
    TOTP.activate(dpo, SECRET)
    stranger = Client()
    for _ in range(5):
        give_password(stranger, dpo, "verkeerd", address="198.51.100.9")
    refused = give_password(stranger, dpo, address="198.51.100.9")
    assert refused.status_code == 200, "the right password does not help the one who guessed too often"
    assert give_password(client, dpo, address="203.0.113.7").status_code == 302


def test_signing_in_changes_nothing_in_the_persons_row(client: Client, dpo: Person) -> None:
    Person.objects.filter(pk=dpo.pk).update(password="md5$" + dpo.password.split("$", 1)[1])
    before = Person.objects.filter(pk=dpo.pk).values().get()
    give_password(client, dpo)
    assert Person.objects.filter(pk=dpo.pk).values().get() == before


def test_setting_up_an_app_opens_this_session_and_no_other_one_of_the_same_person(client: Client, dpo: Person) -> None:
    other = Client()
    for browser in (client, other):
        assert give_password(browser, dpo)["Location"] == "/"
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"Sleutel: <code>(\w+)</code>", page.replace("\n", "").replace("      ", ""))
    assert secret is not None
    assert "<svg" in page
    code = format_hotp_value(hotp_value(secret[1], int(time.time()) // 30))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda do: do())
        assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert client.get("/").status_code == 200
    assert other.get("/")["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert acts().count("web.password_accepted") == 2
    assert "web.second_factor_changed" in acts()


def test_the_last_second_factor_cannot_be_taken_away(client: Client, dpo: Person) -> None:
    TOTP.activate(dpo, SECRET)
    sign_in(client, dpo)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/2fa/totp/deactivate/", {})
    assert Authenticator.objects.filter(user=dpo, type="totp").exists()


def test_signing_out_ends_the_session_and_is_written_down(client: Client, dpo: Person) -> None:
    sign_in(client, dpo)
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert client.get("/").status_code == 302
    assert acts() == ["web.signed_out"]


def test_changing_the_own_password_is_a_step_and_ends_every_other_session(
    client: Client, dpo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, new = sign_in(Client(), dpo), "een rij hoge bomen"
    sign_in(client, dpo)
    copied = Client()
    copied.cookies = SimpleCookie(client.cookies.output(header=""))
    assert copied.get("/").status_code == other.get("/").status_code == 200
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    monkeypatch.setattr(guard, "is_open", guard._open.get)  # as the program runs: no test writes here
    assert client.post("/accounts/password/change/", typed).status_code == 302
    assert "web.password_changed" in acts()
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == copied.get("/").status_code == 302
    assert give_password(Client(), dpo, PASSWORD).status_code == 200
    assert give_password(Client(), dpo, new)["Location"] == "/"


def test_a_second_factor_that_changes_throws_out_whoever_copied_the_cookie(client: Client, dpo: Person) -> None:
    sign_in(client, dpo)
    copied = Client()
    copied.cookies = SimpleCookie(client.cookies.output(header=""))
    assert copied.get("/").status_code == 200
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"Sleutel: <code>(\w+)</code>", page.replace("\n", "").replace("      ", ""))
    assert secret is not None
    code = format_hotp_value(hotp_value(secret[1], int(time.time()) // 30))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda do: do())
        assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert client.get("/").status_code == 200
    assert copied.get("/").status_code == 302


def test_nobody_can_sign_up(client: Client, db: None) -> None:
    assert client.get("/accounts/signup/").status_code == 404
    assert client.get("/accounts/password/reset/").status_code == 404


def test_an_invitation_lets_somebody_choose_a_password_once_and_ends_the_sessions_of_the_old_one(
    client: Client, administrator: Person
) -> None:
    dpo, now = add(Role.DPO), datetime.now(UTC)
    TOTP.activate(dpo, SECRET)
    old = sign_in(Client(), dpo)
    change, token = renewed(dpo, administrator)
    confirm_change(change, actor=add(Role.TEAM_MANAGER).as_actor, now=now)
    assert old.get("/").status_code == 200, "until the link is used nothing ends"
    assert client.get(f"/uitnodiging/{token}/")["Location"] == "/uitnodiging/"
    assert "De functionaris" in client.get("/uitnodiging/").content.decode()
    chosen = {"password": "een rij hoge bomen", "again": "een rij hoge bomen"}
    assert client.post("/uitnodiging/", chosen)["Location"] == "/accounts/login/"
    assert give_password(client, dpo, "een rij hoge bomen")["Location"] == "/accounts/2fa/authenticate/"
    assert Authenticator.objects.filter(user=dpo).exists(), "the second factor stays"
    assert old.get("/")["Location"].startswith("/accounts/login/")
    again = Client()
    again.get(f"/uitnodiging/{token}/")
    assert "werkt niet meer" in again.get("/uitnodiging/").content.decode()
    assert token.encode() not in b"".join(bytes(one) for one in Entry.objects.values_list("data", flat=True))


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("kort", "kort", "te kort"),
        ("wachtwoord1234", "anders12345678", "niet gelijk"),
        ("q1w2e3r4t5y6", "q1w2e3r4t5y6", "algemeen"),
    ],
)
def test_a_bad_password_is_refused_with_words(
    client: Client, administrator: Person, password: str, again: str, said: str
) -> None:
    _change, token = renewed(administrator, administrator)
    client.get(f"/uitnodiging/{token}/")
    answer = client.post("/uitnodiging/", {"password": password, "again": again})
    assert answer.status_code == 200
    assert said in answer.content.decode()


@pytest.mark.parametrize("kind", list(OneTimeLink.Kind))
def test_a_link_ends_when_its_time_is_over_and_when_a_newer_one_is_made(
    db: None, kind: OneTimeLink.Kind, settings: Any
) -> None:
    settings.DEMONSTRATION = True
    person = None if kind is OneTimeLink.Kind.SETUP else add(Role.ADMINISTRATOR)

    def make() -> str:
        if kind is OneTimeLink.Kind.INVITATION and person is not None:
            return renewed(person, person, now=NOW)[1]
        return actions.make_link(kind, person=person, actor=SETTER, now=NOW)

    first, second = make(), make()
    late = NOW + actions.LIVES[kind]

    def use(token: str, moment: datetime) -> None:
        if kind is OneTimeLink.Kind.SETUP:
            actions.set_up(token, newcomers=[], actor=SETTER, now=moment)
        elif kind is OneTimeLink.Kind.INVITATION:
            actions.accept_invitation(token, password=PASSWORD, actor=SETTER, now=moment)
        else:
            actions.enter_demonstration(token, now=moment)

    for token, moment in ((first, NOW), (second, late), ("verzonnen", NOW)):
        with pytest.raises(Refused):
            use(token, moment)
    use(second, late - timedelta(seconds=1))
    with pytest.raises(Refused):
        use(second, NOW)


def test_only_the_administrator_makes_a_new_way_in(dpo: Person) -> None:
    with pytest.raises(Refused):
        actions.make_link(OneTimeLink.Kind.INVITATION, person=dpo, actor=dpo.as_actor, now=NOW)
    assert not OneTimeLink.objects.exists()


def test_set_up_gives_three_people_their_own_link_and_then_never_again(client: Client, db: None) -> None:
    code = actions.make_link(OneTimeLink.Kind.SETUP, person=None, actor=SETTER, now=datetime.now(UTC))
    people = {
        f"{name}_{part}": f"{name}@example.nl" if part == "email" else name.title()
        for name in ("administrator", "dpo", "team_manager")
        for part in ("name", "email")
    }
    assert client.post("/instellen/", people | {"code": "verkeerd"}).status_code == 403
    assert not Person.objects.exists()
    same = people | {"code": code, "dpo_email": "ADMINISTRATOR@example.nl"}
    assert "één rol" in client.post("/instellen/", same).content.decode()
    done = client.post("/instellen/", people | {"code": code}).content.decode()
    assert sorted(Person.objects.values_list("role", flat=True)) == ["administrator", "dpo", "team_manager"]
    tokens = re.findall(r"/uitnodiging/([\w-]+)/", done)
    assert len(set(tokens)) == 3
    assert client.get("/instellen/")["Location"] == "/"


def test_the_administrator_adds_people_renews_access_and_closes_accounts(client: Client, administrator: Person) -> None:
    sign_in(client, administrator)
    new = {"name": "Nieuw", "email": "Nieuw@Example.nl", "role": "administrator"}
    assert "/uitnodiging/" in client.post("/medewerkers/nieuw/", new).content.decode()
    assert "al iemand" in client.post("/medewerkers/nieuw/", new).content.decode()
    person = Person.objects.get(email="nieuw@example.nl")
    assert "Weet u het zeker" in client.get(f"/medewerkers/{person.pk}/toegang/").content.decode()
    typed = {"lost": "renew", "because": "link kwijt"}
    assert "/uitnodiging/" in client.post(f"/medewerkers/{person.pk}/toegang/", typed).content.decode()
    assert client.post(f"/medewerkers/{person.pk}/uitschakelen/", {"because": ""}).status_code == 200
    assert client.post(f"/medewerkers/{person.pk}/uitschakelen/", {"because": "weg"}).status_code == 302
    person.refresh_from_db()
    assert not person.is_active
    assert "Uitgeschakeld" in client.get("/medewerkers/").content.decode()
    assert client.get("/medewerkers/999/toegang/").status_code == 404


def test_a_demonstrations_link_signs_in_only_in_a_demonstration(client: Client, dpo: Person, settings: Any) -> None:
    now = datetime.now(UTC)
    with pytest.raises(Refused):
        actions.make_link(OneTimeLink.Kind.DEMONSTRATION, person=dpo, actor=SETTER, now=now)
    settings.DEMONSTRATION = True
    token = actions.make_link(OneTimeLink.Kind.DEMONSTRATION, person=dpo, actor=SETTER, now=now)
    settings.DEMONSTRATION = False
    assert client.get(f"/demo/in/{token}/").status_code == 404
    settings.DEMONSTRATION = True
    assert client.get(f"/demo/in/{token}/")["Location"] == "/"
    page = client.get("/")
    assert page.status_code == 200
    assert "Demonstratie" in page.content.decode()
    assert client.get(f"/demo/in/{token}/").status_code == 403
    settings.DEMONSTRATION = False
    assert client.get("/").status_code == 302, "outside a demonstration such a session has shown no second factor"


def test_the_account_page_says_when_an_app_was_set_up(client: Client, dpo: Person) -> None:
    TOTP.activate(dpo, SECRET)
    page = sign_in(client, dpo).get("/accounts/2fa/").content.decode()
    assert f"ingesteld op {datetime.now(ZoneInfo('Europe/Amsterdam')):%d-%m-%Y}" in page
