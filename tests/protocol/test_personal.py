"""How long what people told of themselves is kept, and what keeps it longer."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from beeldkluis.protocol import personal
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.contradictions import contradictions
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.personal import Running
from beeldkluis.protocol.register import Protocol
from tests.protocol.test_governance import with_number

CLOSED_AT = datetime(2026, 12, 22, 9, 0, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@pytest.mark.rule("personal.case")
@pytest.mark.parametrize(
    ("kind", "decided", "until"),
    [
        (CaseKind.ACCESS, True, date(2031, 12, 22)),
        (CaseKind.ACCESS, False, date(2027, 12, 22)),
        (CaseKind.INTEREST, True, date(2031, 12, 22)),
        (CaseKind.INTEREST, False, date(2027, 12, 22)),
        (CaseKind.DEMAND, False, date(2031, 12, 22)),
        (CaseKind.PRESERVATION, False, date(2031, 12, 22)),
        (CaseKind.SELF_REFLECTION, False, date(2027, 12, 22)),
        (CaseKind.PUBLIC_RECORDS, True, date(2031, 12, 22)),
        (CaseKind.PUBLIC_RECORDS, False, date(2027, 12, 22)),
    ],
)
def test_each_kind_has_its_years_from_the_last_thing_that_happened(
    kind: CaseKind, decided: bool, until: date, protocol: Protocol
) -> None:
    last = [CLOSED_AT - timedelta(days=90), CLOSED_AT]
    found = personal.kept_until(kind, decided=decided, last=last, protocol=protocol)
    assert found.date() == until
    assert personal.kept_until(kind, decided=decided, last=last[::-1], protocol=protocol) == found


@example(moment=datetime(2041, 3, 30, 2, 0, tzinfo=UTC), years=1)  # summer time began in between
@given(moment=MOMENTS, years=st.integers(1, 20))
def test_years_are_whole_and_looking_back_misses_nothing(moment: datetime, years: int) -> None:
    """What is over by `later` is found by `earlier`: at most the one day of a leap year too much, never too little."""
    over = personal.later(moment, years)
    clock, was = over.replace(tzinfo=None), moment.astimezone(over.tzinfo).replace(tzinfo=None)
    assert clock - was >= timedelta(days=365 * years), "by the clock on the wall"
    assert moment <= personal.earlier(over + timedelta(days=1), years)
    assert personal.later(personal.earlier(moment, years), years) >= moment - timedelta(days=1)


RUNS = {
    "Er loopt nog een bezwaar": {"remedies": 1},
    "Er worden nog opnames": {"holds": 1},
    "een brief die niet weg is": {"letters": 1},
    "nog een inzage open": {"viewings": 1},
    "niet gesloten": {"state": CaseState.OBJECTION},
}


@pytest.mark.rule("personal.runs")
@pytest.mark.parametrize("words", RUNS)
def test_nothing_is_erased_while_anything_runs_however_long_ago(words: str) -> None:
    running = Running(**({"state": CaseState.CLOSED} | RUNS[words]))  # type: ignore[arg-type]
    verdict = personal.may_erase(running, until=CLOSED_AT, now=CLOSED_AT + timedelta(days=9999))
    assert not verdict.allowed
    assert words in verdict.reason


@pytest.mark.rule("personal.runs")
def test_the_term_ends_at_its_moment() -> None:
    running = Running(state=CaseState.CLOSED)
    before = personal.may_erase(running, until=CLOSED_AT, now=CLOSED_AT - timedelta(seconds=1))
    assert (before.allowed, before.reason) == (False, "De bewaartermijn is nog niet voorbij.")
    assert personal.may_erase(running, until=CLOSED_AT, now=CLOSED_AT).allowed
    assert not personal.may_erase(running, until=None, now=CLOSED_AT).allowed


@pytest.mark.rule("personal.pace")
def test_a_day_takes_only_so_many(protocol: Protocol) -> None:
    assert [personal.room_today(gone, protocol) for gone in (0, 24, 25, 99)] == [25, 1, 0, 0]


@pytest.mark.rule("personal.papers", "personal.attempts", "personal.oversight", "personal.left")
def test_the_other_terms(protocol: Protocol) -> None:
    assert personal.papers_kept_until(CLOSED_AT, protocol) == CLOSED_AT + timedelta(days=90)
    assert personal.attempts_over_before(CLOSED_AT, protocol) == CLOSED_AT - timedelta(days=92)
    assert personal.oversight_over_before(CLOSED_AT, protocol).date() == date(2019, 12, 22)
    reach, name = personal.left_before(CLOSED_AT, protocol)
    assert (CLOSED_AT - reach, name.date()) == (timedelta(days=92), date(2019, 12, 22))


def test_who_looked_stays_longer_than_what_any_case_says(protocol: Protocol) -> None:
    years = protocol.rules["personal.case"].numbers.values()
    assert max(years) < protocol.number("personal.oversight", "years")
    shorter = with_number(protocol, "personal.oversight", years=5)
    (found,) = contradictions(shorter, [], protocol.rules)
    assert "Regel personal.oversight is niet langer dan regel personal.case" in found


@pytest.mark.rule("personal.only-by-term")
def test_only_the_terms_erase_details() -> None:
    assert personal.may_erase_details(by_program=True, pseudonym="terms").allowed
    for by_program, pseudonym in ((True, "cases"), (False, "terms"), (False, "9f1c")):
        verdict = personal.may_erase_details(by_program=by_program, pseudonym=pseudonym)
        assert not verdict.allowed
        assert "Niemand kan ze zelf wissen" in verdict.reason
