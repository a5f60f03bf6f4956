"""Attacker: somebody who is not signed in, as often as can be. What stays behind is little, and whoever must know is told."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode
from pytest_django import Settings
from tests.processes import answer_of
from tests.vault.postgres import address, postgres
from tests.web.conftest import PASSWORD, sign_in

from beeldkluis.findings.models import Finding
from beeldkluis.intake.models import Upload
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role
from beeldkluis.web import actions, strangers, ticking
from beeldkluis.web import settings as real
from beeldkluis.web.forms import FIRST_PEOPLE
from beeldkluis.web.limits import FileCache
from beeldkluis.web.technical_log import LOGGERS, MOST_A_MINUTE, Sparing

__all__ = ["postgres"]  # a fixture
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def fresh(settings: Settings) -> None:
    settings.SESSION_ENGINE = real.SESSION_ENGINE
    cache.clear()


def rows() -> dict[str, int]:
    return {"entries": Entry.objects.count(), "sessions": Session.objects.count()}


def test_links_that_nobody_gave_out_leave_no_session(client: Client, db: None) -> None:
    before = rows()
    for number in range(20):
        answer = Client().get(f"/uitnodiging/onzin-{number}/", follow=True)
        assert "verlopen" in answer.content.decode()
    assert rows() == before


def test_a_link_that_was_given_out_still_works(client: Client, administrator: Person, dpo: Person) -> None:
    newcomer = actions.NewPerson("N. Nieuw", "nieuw@example.nl", Role.ADMINISTRATOR)
    invited, token = actions.invite(newcomer, actor=administrator.as_actor, now=datetime.now(UTC))
    assert invited.name in client.get(f"/uitnodiging/{token}/", follow=True).content.decode()
    client.get("/uitnodiging/onzin/")
    assert invited.name not in client.get("/uitnodiging/").content.decode()


def test_beginning_with_a_passkey_again_and_again_makes_few_sessions_and_they_end_soon(
    db: None, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"stranger_sessions": "5/m/ip,8/m/key"}

    def begin(address: str) -> int:
        headers = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
        return Client().get("/accounts/2fa/webauthn/login/", headers=headers, REMOTE_ADDR=address).status_code

    assert [begin("10.0.0.1") for _ in range(7)] == [200] * 5 + [429] * 2
    assert [begin(f"10.0.1.{one}") for one in range(5)] == [200] * 3 + [429] * 2
    assert Session.objects.count() == 8
    latest = max(Session.objects.values_list("expire_date", flat=True))
    assert latest < datetime.now(UTC) + timedelta(minutes=31)


def test_whoever_is_signed_in_keeps_the_session_for_a_day_of_work(client: Client, dpo: Person) -> None:
    sign_in(client, dpo)
    assert Session.objects.get().expire_date > datetime.now(UTC) + timedelta(hours=9)
    assert client.get("/").status_code == 200


def test_sessions_that_are_over_go_in_the_tick_so_many_at_a_time(
    db: None, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    store = import_module(real.SESSION_ENGINE).SessionStore
    for number in range(7):
        one = store()
        one["x"] = number
        one.save()
    Session.objects.filter(pk__in=list(Session.objects.values_list("pk", flat=True)[:5])).update(
        expire_date=NOW - timedelta(1)
    )
    monkeypatch.setattr(actions, "AT_ONCE", 3)
    with django_assert_max_num_queries(3):
        assert actions.clear_sessions(NOW) == 3
    assert not ticking.tick(datetime.now(UTC), {"opruimen": ticking.leftovers})
    assert Session.objects.count() == 2


def test_links_that_let_nobody_in_any_more_go_and_their_entries_stay(administrator: Person, dpo: Person) -> None:
    for number in range(3):
        newcomer = actions.NewPerson("N. Nieuw", f"nieuw-{number}@example.nl", Role.ADMINISTRATOR)
        actions.invite(newcomer, actor=administrator.as_actor, now=datetime.now(UTC))
    before, later = Entry.objects.count(), datetime.now(UTC) + timedelta(days=96)
    assert actions.clear_links(later) == 0
    assert actions.clear_links(later + timedelta(days=2)) == 3
    assert Entry.objects.count() == before


def wrong(number: int) -> int:
    typed = {"login": f"iemand-{number}@example.nl", "password": "dit is het niet"}
    return Client().post("/accounts/login/", typed, REMOTE_ADDR=f"10.1.{number // 200}.{number % 200}").status_code


def test_wrong_sign_ins_from_everywhere_fill_no_journal_and_somebody_is_told(
    db: None, settings: Settings, dpo: Person
) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"stranger_entries": "60/h/ip,12/h/key"}
    before = Entry.objects.count()
    for number in range(30):
        assert wrong(number) == 200
    assert Entry.objects.count() == before + 12
    ticking.leftovers(datetime.now(UTC))
    ticking.leftovers(datetime.now(UTC))
    assert list(Finding.objects.values_list("text", flat=True)) == [strangers.FLOOD]
    assert Client().post("/accounts/login/", {"login": dpo.email, "password": PASSWORD}).status_code == 302


def test_refusals_of_somebody_unknown_fill_no_journal(db: None, settings: Settings) -> None:
    """The first set-up's code, tried before there is anybody."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"stranger_entries": "4/h/ip,600/h/key"}
    typed = {f"{name}_{field}": f"{name}@example.nl" for name, _ in FIRST_PEOPLE for field in ("name", "email")}
    before = Entry.objects.count()
    for number in range(10):
        answer = Client().post("/instellen/", typed | {"code": f"onzin-{number}"})
        assert answer.status_code == 403
        assert "al gebruikt, verlopen of niet goed" in answer.content.decode()
    assert Entry.objects.count() == before + 4


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/over-bodycams/"), ("get", "/accounts/login/"), ("get", "/erbij/"), ("post", "/erbij/"),
        ("get", "/kiosk/onzin/"), ("get", "/kiosk/"), ("post", "/kiosk/mijn/aanmelden/"), ("get", "/tekenen/onzin/"),
        ("post", "/dock/v1/enrol"), ("get", "/dock/v1/configuration"), ("post", "/intake/v1/uploads"),
        ("patch", "/intake/v1/uploads/00000000-0000-0000-0000-000000000000"), ("get", "/axis/auth/v1.0"),
        ("put", "/axis/v1/axis-1/Users/u"), ("get", "/demo/in/onzin/"), ("get", "/nergens/"),
        ("get", "/uitnodiging/"), ("post", "/uitnodiging/"), ("get", "/verzoeken/"), ("post", "/verzoeken/nieuw/"),
    ],
)  # fmt: skip
def test_what_a_stranger_asks_leaves_no_row(db: None, dpo: Person, method: str, path: str) -> None:
    """Every door without a sign on it: nothing is written, however often."""
    data = {"code": "123456", "number": "1207", "viewing": "000001", "name": "x", "public_key": "x"}
    before = rows()
    for _ in range(3):
        with CaptureQueriesContext(connection) as asked:
            sent = urlencode(data)
            Client().generic(method.upper(), path, sent, content_type="application/x-www-form-urlencoded")
    assert rows() == before
    assert not [one["sql"] for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not Upload.objects.exists()


def test_the_log_says_the_same_thing_so_often_and_then_that_more_was_left_out() -> None:
    sparing = Sparing()
    record = logging.LogRecord("django.security.csrf", logging.WARNING, "x", 1, "Forbidden: %s", ("/",), None)
    record.created = 1_000_000.0
    kept = [sparing.filter(record) for _ in range(500)]
    assert sum(kept) == MOST_A_MINUTE
    assert "left out" in record.getMessage()
    record.created += 60
    assert sparing.filter(record)
    assert (
        LOGGERS["django.security.csrf"]["filters"]
        == LOGGERS["django.security.DisallowedHost"]["filters"]
        == ["sparing"]
    )


def test_of_twenty_who_add_the_same_key_at_once_one_succeeds(tmp_path: Path) -> None:
    made = FileCache(str(tmp_path), {})
    for number in range(20):
        start = Barrier(20)

        def add(one: int, key: str = f"k{number}", start: Barrier = start) -> bool:
            start.wait()
            return made.add(key, one)

        with ThreadPoolExecutor(20) as pool:
            assert sum(pool.map(add, range(20))) == 1


@pytest.mark.postgres
@pytest.mark.slow
def test_ten_public_requests_at_once_count_as_ten(tmp_path: Path, postgres: int) -> None:
    outcome = answer_of(
        "tests.web.public_at_once", tmp_path, BEELDKLUIS_DATA=str(tmp_path), BEELDKLUIS_DATABASE=address(postgres)
    )
    assert outcome.pop("from_one") == {"302": 5, "429": 5}
    assert outcome.pop("cases_of_one") == 5
    assert outcome.pop("the_same") == {"302": 10}
    assert outcome.pop("cases_of_the_same") == 1
    assert outcome.pop("from_all") == {"302": 3, "429": 7}
    assert outcome == {"cases_of_all": 3, "told": 1, "noted": 4}


def test_who_acts_from_outside_has_a_name_of_its_own() -> None:
    assert Actor.system("visitor") == strangers.ACTOR
