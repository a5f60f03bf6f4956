"""Personal codes at the dock's screen: one sentence, waits that end, no lock that somebody elsewhere can close."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.people.actions import add_officer, end_officer
from beeldkluis.people.code_actions import change_code, check_code, give_code
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol import codes
from beeldkluis.protocol.codes import WRONG, Try, is_obvious, may_choose, wait_before_next
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START

HERE = Actor.system("screen")
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def no_tries() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


class Counting(MD5PasswordHasher):
    """Counts how often something is hashed."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.hashed += 1
        return super().encode(password, salt)


@pytest.fixture
def code(administrator: Person, officer: Officer) -> str:
    return give_code(officer, actor=administrator.as_actor, now=START)


def acting(officer: Officer) -> Actor:
    return Actor(ActorKind.OFFICER, str(officer.pseudonym), Role.OFFICER, f"Boa {officer.number}")


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def refused(number: str, typed: str, at: datetime = START, sender: str = "screen-1") -> str:
    """The sentence with which a try is refused; empty when it is right."""
    try:
        check_code(number, typed, sender=sender, actor=HERE, now=at)
    except Refused as refusal:
        return refusal.verdict.reason
    return ""


def test_a_code_is_six_digits_kept_as_a_hash_and_right_only_as_given(code: str, officer: Officer) -> None:
    assert len(code) == 6
    assert code.isdecimal()
    officer.refresh_from_db()
    assert code not in officer.code_hash
    assert officer.code_is_first
    assert check_code("1207", code, sender="screen-1", actor=HERE, now=START) == officer
    everything = b"".join(bytes(one.data) for one in Entry.objects.all()) + b"".join(
        bytes(one.payload) for one in Detail.objects.all()
    )
    assert b"1207" in everything
    assert code.encode() not in everything


def test_a_new_code_ends_the_one_before(code: str, administrator: Person, officer: Officer) -> None:
    fresh = give_code(officer, actor=administrator.as_actor, now=START)
    assert refused("1207", code) == WRONG or fresh == code
    assert not refused("1207", fresh)


@pytest.mark.parametrize("role", ["dpo", "team_manager"])
def test_only_the_administrator_gives_codes(role: str, officer: Officer, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Refused):
        give_code(officer, actor=request.getfixturevalue(role).as_actor, now=START)
    assert Officer.objects.get().code_hash == ""


def test_every_no_has_the_same_words_and_costs_the_same(code: str, administrator: Person, settings: Any) -> None:
    gone = add_officer(number="1300", name="Weg", employment="own", since=START, actor=SETUP, now=START)
    gone_code = give_code(gone, actor=administrator.as_actor, now=START)
    end_officer(gone, until=START, actor=SETUP)
    add_officer(number="1400", name="Zonder", employment="own", since=START, actor=SETUP, now=START)
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    for number, typed in (("9999", code), ("1207", other_than(code)), ("1300", gone_code), ("1400", ""), ("", "\0")):
        Counting.hashed = 0
        assert refused(number, typed, sender=str(uuid4())) == WRONG
        assert Counting.hashed == 1, number
    with pytest.raises(Refused, match="uit dienst"):
        give_code(gone, actor=administrator.as_actor, now=START)


def test_wrong_tries_make_one_number_wait_at_one_screen_and_the_right_code_waits_with_it(code: str) -> None:
    wrong = other_than(code)
    assert [refused("1207", wrong) for _ in range(3)] == [WRONG] * 3
    before = Entry.objects.count()
    assert refused("1207", code) == "Wacht nog 5 seconden en probeer het dan opnieuw."
    assert refused("1207", code, START + 4.5 * SECOND) == "Wacht nog 1 seconde en probeer het dan opnieuw."
    assert Entry.objects.count() == before, "waiting writes nothing down"
    assert not refused("1207", code, sender="screen-2"), "another screen has nothing to do with it"
    assert not refused("1207", code, START + 5 * SECOND)
    assert refused("1207", wrong, START + 5 * SECOND) == WRONG, "who knows the code begins anew"


def test_an_unknown_number_waits_just_like_a_known_one(code: str) -> None:
    told = [[refused(number, "x", sender=number) for _ in range(5)] for number in ("1207", "9999")]
    assert told[0] == told[1]


def test_many_numbers_at_one_screen_make_that_screen_wait_and_an_own_code_does_not_clear_the_way(code: str) -> None:
    for number in range(9):
        assert refused(f"{number}", "1") == WRONG
    assert not refused("1207", code)
    assert refused("9", "1") == WRONG
    assert "Wacht nog" in refused("10", "1")
    assert not refused("10", "1", sender="screen-2").startswith("Wacht")


def test_an_administrator_with_forty_screens_gets_hardly_more_tries_than_with_one(code: str) -> None:
    wrong = other_than(code)
    told = [refused("1207", wrong, START + SECOND * turn, sender=f"new-{turn % 40}") for turn in range(600)]
    assert told.count(WRONG) == codes.AT_STRANGE + 12  # the first ten, and then one after each wait
    assert Entry.objects.filter(act="people.code_refused").count() == told.count(WRONG)


def test_forty_screens_at_once_are_counted_together(code: str) -> None:
    told = [refused("1207", other_than(code), sender=f"new-{turn}") for turn in range(40)]
    assert told.count(WRONG) == codes.AT_STRANGE


def test_nobody_elsewhere_makes_an_officer_wait_at_a_screen_that_knows_the_officer(code: str) -> None:
    assert not refused("1207", code, sender="own")
    for turn in range(40):
        refused("1207", other_than(code), sender=f"new-{turn}")
    assert "Wacht nog" in refused("1207", code, sender="new-41")
    assert not refused("1207", code, sender="own")
    assert "Wacht nog" in refused("1207", code, sender="new-41"), "the own code here opens no door there"


def test_somebody_who_knew_the_old_code_has_no_screens_left_that_know_the_number(
    code: str, team_manager: Person, officer: Officer
) -> None:
    for turn in range(30):
        assert not refused("1207", code, sender=f"prepared-{turn}")
    change_code(
        officer, code, "830461" if code != "830461" else "830462", sender="own", actor=acting(officer), now=START
    )
    told = [refused("1207", "000001", sender=f"prepared-{turn}") for turn in range(30)]
    assert told.count(WRONG) == codes.AT_STRANGE
    for turn in range(2):
        assert refused("1207", "000001", sender="own") == WRONG, turn


def test_a_screen_knows_an_officer_for_two_months(code: str) -> None:
    assert not refused("1207", code, sender="own")
    late = START + codes.KNOWN
    for turn in range(codes.AT_STRANGE):
        assert refused("1207", other_than(code), late, sender=f"new-{turn}") == WRONG
    assert "Wacht nog" in refused("1207", code, late, sender="own")


def test_a_flood_leaves_few_lines_in_the_journal(code: str) -> None:
    before = Entry.objects.count()
    told = [refused("1207", other_than(code), START + SECOND * second) for second in range(600)]
    written = Entry.objects.filter(act="people.code_refused").count()
    assert written == told.count(WRONG) == Entry.objects.count() - before
    assert written <= 17


@given(
    tries=st.lists(
        st.builds(Try, st.sampled_from("abc"), st.timedeltas(-2000 * SECOND, 60 * SECOND).map(START.__add__))
    )
)
def test_nobody_waits_longer_than_a_minute_and_then_the_door_is_open(tries: list[Try]) -> None:
    wait = wait_before_next(tries, "a", START)
    assert timedelta(0) <= wait <= codes.LONGEST_WAIT
    assert wait_before_next(tries, "a", START + timedelta(minutes=2)) == timedelta(0)
    assert wait_before_next([], "a", START) == timedelta(0)


@given(count=st.integers(0, 40), other=st.integers(0, 40))
def test_more_wrong_tries_never_make_the_wait_shorter(count: int, other: int) -> None:
    tries = [Try("a", START)] * count
    longer = wait_before_next([*tries, *[Try("b", START)] * other], "a", START)
    assert longer >= wait_before_next(tries, "a", START)


@pytest.mark.parametrize(
    "code",
    ["000000", "777777", "123456", "654321", "012345", "987654", "121212", "123123", "001207", "120700", "120712",
     "12345", "1234567", "12345a", "", "١٢٣٤٥٩", "0x1234"],
)  # fmt: skip
def test_codes_that_a_stranger_tries_first_are_refused(code: str) -> None:
    assert not may_choose(code, number="1207", is_old=False).allowed


def test_an_ordinary_code_is_fine_but_not_the_old_one() -> None:
    assert may_choose("830461", number="1207", is_old=False).allowed
    assert not may_choose("830461", number="1207", is_old=True).allowed
    assert is_obvious("000012", "BOA-12")


def test_the_officer_chooses_a_code_and_the_given_one_ends(code: str, officer: Officer) -> None:
    def choose(old: str, new: str) -> None:
        change_code(officer, old, new, sender="screen-1", actor=acting(officer), now=START)

    for old, new, said in (
        (other_than(code), "830461", WRONG),
        (code, "001207", "te makkelijk"),
        (code, code, "oude"),
    ):
        with pytest.raises(Refused, match=said):
            choose(old, new)
        assert Officer.objects.get().code_is_first
    new = "830461" if code != "830461" else "830462"
    choose(code, new)
    assert not Officer.objects.get().code_is_first
    assert refused("1207", code) == WRONG
    assert not refused("1207", new)
    assert Entry.objects.filter(act="people.code_changed").count() == 1


@settings(max_examples=40, deadline=None)
@given(number=st.text(max_size=30), typed=st.text(max_size=200))
def test_whatever_is_typed_is_a_no_in_words(number: str, typed: str, code: str) -> None:
    if (number, typed) != ("1207", code):
        assert refused(number, typed, sender=str(uuid4())) == WRONG


def test_the_page_says_what_will_happen_and_shows_the_code_once(
    client: Client, administrator: Person, officer: Officer
) -> None:
    client.force_login(administrator)
    assert "Code geven" in client.get("/handhavers/").content.decode()
    assert "Nieuwe code maken?" in client.get("/handhavers/1207/code/").content.decode()
    assert Officer.objects.get().code_hash == ""
    shown = client.post("/handhavers/1207/code/").content.decode()
    typed = shown.partition('<p class="secret">')[2][:6]
    assert not refused("1207", typed)
    again = client.get("/handhavers/1207/code/").content.decode()
    assert typed not in again
    assert "werkt daarna niet meer" in again
    assert client.post("/handhavers/9999/code/").status_code == 404


@pytest.mark.parametrize("role", ["dpo", "team_manager"])
def test_the_page_is_the_administrators(
    client: Client, role: str, officer: Officer, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert client.get("/handhavers/1207/code/").status_code == 403
    assert client.post("/handhavers/1207/code/").status_code == 403
    assert Officer.objects.get().code_hash == ""
