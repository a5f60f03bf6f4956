from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.governance.registers import base
from beeldkluis.protocol import terms
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.terms import Pause

MOMENT = datetime(2026, 11, 24, 9, tzinfo=UTC)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it


@pytest.mark.rule("request.decision-period")
def test_the_answer_is_due_four_weeks_after_receipt(protocol: Protocol) -> None:
    assert terms.decide_by(MOMENT, protocol) == MOMENT + timedelta(days=28)


@pytest.mark.rule("request.decision-period")
@given(
    received=moments,
    pauses=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 14), st.one_of(st.none(), st.integers(0, 30)))),
    extended=st.sampled_from([0, 60]),
    passed=st.integers(0, 100),
)
def test_no_pause_is_lost_and_none_counts_longer_than_its_term(
    received: datetime, pauses: list[tuple[int, int, int | None]], extended: int, passed: int
) -> None:
    now, expected, given_pauses = received + timedelta(days=passed), 28 + extended, []
    for begin, length, end in pauses:
        since = received + timedelta(days=begin)
        ended = None if end is None else since + timedelta(days=end)
        given_pauses.append(Pause(since, since + timedelta(days=length), ended))
        stood = end if end is not None else passed - begin
        expected += max(0, min(length, stood))
    found = terms.decide_by(received, base(), pauses=given_pauses, extended=timedelta(days=extended), now=now)
    assert found == received + timedelta(days=expected)


@pytest.mark.rule("request.extension")
def test_a_term_is_extended_once_in_time_and_with_a_reason(protocol: Protocol) -> None:
    asked = {"because": "Veel beelden.", "extended": False, "until": MOMENT, "now": MOMENT}
    assert terms.may_extend(**asked).allowed  # type: ignore[arg-type] - a table of keywords
    for wrong in ({"because": " "}, {"extended": True}, {"now": MOMENT + timedelta(seconds=1)}):
        assert not terms.may_extend(**asked | wrong).allowed  # type: ignore[arg-type] - a table of keywords
    assert terms.extension(protocol) == timedelta(days=60)


def test_easter_is_where_another_library_has_it() -> None:
    for year in range(1990, 2100):
        assert easter(year) + timedelta(days=1) in terms.holidays(year)


def test_the_days_of_2026_and_a_king_s_day_that_is_moved() -> None:
    days = {date(2026, *one) for one in ((1, 1), (4, 3), (4, 6), (4, 27), (5, 5), (5, 14), (5, 25), (12, 25), (12, 26))}
    assert terms.holidays(2026) == days | {date(2026, 1, 2), date(2026, 5, 15)}, "and two days of a decree"
    assert date(2025, 4, 26) in terms.holidays(2025), "27 April 2025 is a Sunday"


@pytest.mark.rule("request.objection")
@pytest.mark.parametrize(
    ("sent", "ends"),
    [
        (datetime(2026, 11, 3, 9, tzinfo=UTC), date(2026, 12, 15)),  # a Tuesday
        (datetime(2026, 11, 13, 12, tzinfo=UTC), date(2026, 12, 28)),  # Christmas on Friday and Saturday, then Sunday
        (datetime(2026, 11, 15, 23, 30, tzinfo=UTC), date(2026, 12, 28)),  # Monday already where the municipality is
        (datetime(2026, 3, 16, 9, tzinfo=UTC), date(2026, 4, 28)),  # the King's birthday
        (datetime(2025, 11, 21, 9, tzinfo=UTC), date(2026, 1, 5)),  # Friday 2 January 2026, by decree
        (datetime(2026, 4, 3, 9, tzinfo=UTC), date(2026, 5, 18)),  # Friday 15 May 2026, by decree
        (datetime(2027, 3, 26, 11, tzinfo=UTC), date(2027, 5, 10)),  # Friday 7 May 2027, by decree
        (datetime(2028, 3, 17, 9, tzinfo=UTC), date(2028, 5, 1)),  # Friday 28 April 2028, by decree
        (datetime(2028, 4, 14, 9, tzinfo=UTC), date(2028, 5, 29)),  # Friday 26 May 2028, by decree
    ],
)
def test_the_term_to_object_ends_with_a_working_day(sent: datetime, ends: date, protocol: Protocol) -> None:
    assert terms.objection_ends(sent, protocol) == datetime(
        ends.year, ends.month, ends.day, tzinfo=terms.ZONE
    ) + timedelta(days=1)


@pytest.mark.rule("request.objection", "request.post")
@given(sent=moments)
def test_nobody_has_less_than_six_weeks_and_nobody_a_week_more(sent: datetime) -> None:
    days = terms.objection_ends(sent, base()).date() - sent.astimezone(terms.ZONE).date()
    longest = 5  # 5 to 9 May 2027: Liberation Day, Ascension, a day of the decree, a weekend
    assert timedelta(days=43) <= days <= timedelta(days=43 + longest)
    week = terms.final_from(sent, base()).astimezone(terms.ZONE) - terms.objection_ends(sent, base())
    assert week == timedelta(days=7), "calendar days: what is posted in time may arrive a week later (Awb 6:9(2))"


@pytest.mark.rule("request.objection")
def test_a_decision_that_did_not_leave_is_never_final(protocol: Protocol) -> None:
    asked = {"state": CaseState.REFUSED, "settled_at": None, "protocol": protocol}
    late = MOMENT + timedelta(days=4000)
    assert not terms.is_final(sent_at=None, now=late, **asked)  # type: ignore[arg-type] - a table of keywords
    ends = terms.final_from(MOMENT, protocol)
    for now, final in ((ends - timedelta(seconds=1), False), (ends, True)):
        assert terms.is_final(sent_at=MOMENT, now=now, **asked) == final  # type: ignore[arg-type] - a table of keywords
    for running in (CaseState.OBJECTION, CaseState.APPEAL):
        assert not terms.is_final(sent_at=MOMENT, now=late, **asked | {"state": running})  # type: ignore[arg-type] - the same
    settled = asked | {"settled_at": ends}
    assert not terms.is_final(sent_at=MOMENT, now=ends, **settled)  # type: ignore[arg-type] - the same


@pytest.mark.rule("request.objection", "retention.hold-until-resolved")
@given(
    state=st.sampled_from(CaseState), final=st.booleans(), resolved=st.booleans(), complaints=st.integers(0, 2),
    kind=st.sampled_from(CaseKind),
)  # fmt: skip
def test_a_case_closes_when_nothing_asks_to_keep_footage(
    state: CaseState, final: bool, resolved: bool, complaints: int, kind: CaseKind
) -> None:
    verdict = terms.may_close(kind=kind, state=state, final=final, resolved=resolved, open_complaints=complaints)
    decided = state in {CaseState.GRANTED, CaseState.REFUSED, CaseState.NO_FOOTAGE, CaseState.SET_ASIDE}
    waits = state in {CaseState.GRANTED, CaseState.FORWARDED}
    assert verdict.allowed == (complaints == 0 and (final or not decided) and (resolved or not waits))
