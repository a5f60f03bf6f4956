import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from tests.web.conftest import add, sign_in
from tests.web.program import BUILT

from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.web import errors
from beeldkluis.web.context import MENU, menu_for

KNOWN_MISSING = Path(__file__).parent / "tokens_without_value.txt"
OPEN = {  # addresses that answer somebody who has not signed in, each for a reason
    "account_login", "account_logout", "account_inactive", "mfa_authenticate", "mfa_login_webauthn",
    "web:public", "web:public-protocol", "web:public-form", "web:public-journal", "web:public-cannot", "web:public-request",
    "web:public-received", "web:security-txt",
    "web:health", "web:readiness", "web:set-up", "web:invitation", "web:invitation-link", "web:enter-demonstration",
}  # fmt: skip


def last_act() -> str:
    return Entry.objects.order_by("-number").values_list("act", flat=True)[0]


def test_a_stranger_is_sent_to_the_log_in_page(client: Client, db: None) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_password_alone_opens_nothing_but_setting_up_a_second_factor(client: Client, dpo: Person) -> None:
    client.force_login(dpo)
    assert client.get("/")["Location"] == "/accounts/2fa/"
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/medewerkers/").status_code == 302


def test_a_session_from_before_somebody_set_up_a_second_factor_has_to_show_it(client: Client, dpo: Person) -> None:
    client.force_login(dpo)
    dpo.authenticator_set.create(type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    assert client.get("/")["Location"].startswith("/accounts/2fa/reauthenticate/")
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_every_page_that_somebody_looks_at_stands_in_the_journal_by_name_and_without_its_address(
    client: Client, dpo: Person
) -> None:
    sign_in(client, dpo).get("/?naam=Jansen")
    entry = Entry.objects.get(act="web.page_opened")
    leaf = json.loads(bytes(entry.data))
    assert leaf["facts"] == {"page": "web:start"}
    assert leaf["actor"]["id"] == str(dpo.pseudonym)
    assert b"Jansen" not in bytes(entry.data)


def test_a_page_that_was_refused_was_not_opened_but_the_refusal_is_written_once(client: Client, dpo: Person) -> None:
    answer = sign_in(client, dpo).get("/medewerkers/")
    assert answer.status_code == 403
    assert "Dit kan alleen de beheerder." in answer.content.decode()
    assert list(Entry.objects.values_list("act", flat=True)) == ["journal.step_refused"]


def test_a_program_that_is_refused_gets_the_rule_and_the_reason_as_a_problem(client: Client, dpo: Person) -> None:
    answer = sign_in(client, dpo).get("/medewerkers/", headers={"accept": "application/json"})
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "title": "Geweigerd", "status": 403, "rule": "access.roles", "detail": "Dit kan alleen de beheerder.",
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.TEAM_MANAGER, Role.DPO, Role.ADMINISTRATOR])
def test_the_start_page_answers_every_role_and_no_browser_keeps_it(client: Client, db: None, role: Role) -> None:
    answer = sign_in(client, add(role)).get("/")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


def test_the_menu_shows_each_role_only_what_that_role_may_see() -> None:
    labels = {role: [item.label for item in menu_for(role, "/verzoeken/nieuw/")] for role in Role}
    assert "Opnames" in labels[Role.TEAM_MANAGER]
    assert "Opnames" not in labels[Role.DPO] + labels[Role.ADMINISTRATOR]
    assert "Medewerkers" not in labels[Role.TEAM_MANAGER] + labels[Role.DPO]
    assert labels[Role.OFFICER] == ["Overzicht"]
    assert [item.here for item in menu_for(Role.DPO, "/verzoeken/nieuw/")][:2] == [False, True]


def test_the_policy_lets_nothing_in_that_we_did_not_write(client: Client, db: None) -> None:
    answer = client.get("/accounts/login/")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert {policy[one] for one in ("script-src", "style-src", "img-src", "connect-src", "form-action")} == {"'self'"}
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"


class _Inline(HTMLParser):
    """Collects whatever the content policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "style" or any(name == "style" or name.startswith("on") for name in known):
            self.found.append(tag)
        if tag == "script" and "src" not in known and known.get("type") != "application/json":
            self.found.append(tag)
        if (known.get("src") or "").startswith("data:"):
            self.found.append(tag)


@pytest.mark.parametrize(
    "address",
    ["/", "/accounts/2fa/", "/accounts/2fa/webauthn/add/", "/accounts/2fa/totp/activate/", "/accounts/password/change/",
     "/medewerkers/", "/medewerkers/nieuw/", "/installatie/", "/accounts/logout/", "/accounts/reauthenticate/"],
)  # fmt: skip
def test_pages_carry_no_inline_script_or_style_and_are_dutch(
    client: Client, administrator: Person, address: str
) -> None:
    sign_in(client, administrator)
    answer = client.post("/accounts/reauthenticate/", {"password": "paarden lopen langs het kanaal"})
    answer = client.get(address)
    assert answer.status_code == 200, address
    page = _Inline()
    page.feed(answer.content.decode())
    assert page.found == []
    assert '<html lang="nl"' in answer.content.decode()


def _addresses(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _addresses(one.url_patterns, (*spaces, one.namespace) if one.namespace else spaces)
        else:
            yield ":".join((*spaces, one.name or "?")), one.callback


def test_every_address_of_this_room_asks_for_signing_in_unless_it_is_on_the_list() -> None:
    ours = [
        (name, view)
        for name, view in _addresses(get_resolver().url_patterns)
        if name.startswith(("web:", "account_", "mfa_"))
    ]
    assert {name for name, view in ours if not getattr(view, "login_required", True)} == OPEN
    assert len(ours) > 20


@pytest.mark.parametrize("status", list(errors.SENTENCES))
def test_error_pages_are_dutch_and_need_no_database(status: Any) -> None:
    page = errors.page(status)
    assert page.status_code == status
    assert errors.SENTENCES[status][0] in page.content.decode()


def test_a_database_that_does_not_answer_is_called_that_and_not_our_mistake() -> None:
    request = RequestFactory().get("/")
    try:
        raise DatabaseError("gone")
    except DatabaseError:
        assert errors.server_error(request).status_code == 503
    assert errors.server_error(request).status_code == 500


def test_an_unknown_address_gets_our_page(client: Client, dpo: Person) -> None:
    answer = sign_in(client, dpo).get("/bestaat-niet/")
    assert answer.status_code == 404
    assert "Deze pagina is er niet" in answer.content.decode()


def test_the_health_page_says_only_that_it_answers(client: Client) -> None:
    assert client.get("/gezond/").content == b"goed\n"


def test_a_session_ends_with_the_working_day(client: Client, dpo: Person) -> None:
    sign_in(client, dpo)
    assert client.session.get_expiry_age() <= timedelta(hours=10).total_seconds()


def test_every_token_that_the_style_sheet_asks_for_is_defined_or_has_a_fallback() -> None:
    if not BUILT.exists():
        pytest.skip("the front end is not built; make test builds it")
    css = BUILT.read_text()
    defined = set(re.findall(r"(--[\w-]+)\s*:", css))
    missing = set(re.findall(r"var\(\s*(--[\w-]+)\s*\)", css)) - defined
    assert missing <= set(KNOWN_MISSING.read_text().split()), "a token was lost between theme and components"


def test_the_style_sheet_asks_nothing_from_elsewhere() -> None:
    if not BUILT.exists():
        pytest.skip("the front end is not built; make test builds it")
    css = re.sub(r"/\*.*?\*/", "", BUILT.read_text(), flags=re.DOTALL)
    assert re.findall(r"@import|https?:|url\((?!\"?data:)", css) == []


@pytest.mark.parametrize("address", [address for address, _, _ in MENU])
def test_every_line_of_the_menu_leads_to_a_page_that_its_roles_get(client: Client, db: None, address: str) -> None:
    allowed = [role for role in Role if any(item.address == address for item in menu_for(role, "/"))]
    assert allowed
    for role in allowed:
        assert sign_in(Client(), add(role)).get(address).status_code == 200, role
