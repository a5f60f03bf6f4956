from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.protocol.holding import review_at
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.retention import (
    Destroy,
    HoldFact,
    Keep,
    announced_until,
    decide,
    due_at,
    is_overdue,
)

HERE = ZoneInfo("Europe/Amsterdam")
ENDED = datetime(2026, 10, 31, 22, 42, tzinfo=HERE)
DOCKED = ENDED + timedelta(hours=3)
SECOND = timedelta(seconds=1)
RULES = ("retention.hold-on-request", "retention.hold-until-resolved")

moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.sampled_from([UTC, HERE]))  # noqa: DTZ001 - hypothesis adds the zone
spans = st.timedeltas(timedelta(0), timedelta(days=400))
holds = st.lists(
    st.builds(HoldFact, st.sampled_from(RULES), st.just("2026-0001"), moments, st.none() | moments), max_size=4
)


def asked(
    protocol: Protocol, now: datetime, *, received: datetime = DOCKED, held: list[HoldFact] | None = None
) -> object:
    return decide(ended_at=ENDED, received_at=received, holds=held or [], protocol=protocol, now=now)


@pytest.mark.rule("retention.period", "retention.no-request")
def test_it_is_kept_until_the_very_second_and_destroyed_from_then_on(protocol: Protocol) -> None:
    due = ENDED.astimezone(UTC) + timedelta(days=28)
    assert asked(protocol, due - SECOND) == Keep(until=due, because=("retention.period",))
    assert asked(protocol, due) == Destroy(due=due, because=("retention.period", "retention.no-request"))


@pytest.mark.rule("retention.clock-unknown")
@given(ended=moments, stayed=st.timedeltas(timedelta(days=-400), timedelta(days=4000)), waited=spans)
def test_with_a_clock_that_was_not_measured_the_term_runs_from_receipt(
    protocol: Protocol, ended: datetime, stayed: timedelta, waited: timedelta
) -> None:
    received = ended.astimezone(UTC) + stayed
    due, now = received + protocol.days("retention.period"), received + waited
    answer = decide(ended_at=ended, received_at=received, holds=[], protocol=protocol, now=now, clock_measured=False)
    if now < due:
        assert answer == Keep(until=due, because=("retention.period", "retention.clock-unknown"))
    else:
        assert answer == Destroy(
            due=due, because=("retention.period", "retention.clock-unknown", "retention.no-request")
        )


@pytest.mark.rule("retention.period")
@pytest.mark.parametrize(
    "ended",
    [
        datetime(2026, 10, 20, 2, 30, tzinfo=HERE),  # winter time begins within the term
        datetime(2026, 3, 20, 2, 30, tzinfo=HERE),  # summer time begins within the term
        datetime(2028, 2, 15, 12, 0, tzinfo=HERE),  # a leap day lies within the term
        datetime(2026, 10, 25, 2, 30, tzinfo=HERE, fold=1),  # the hour that is there twice
    ],
)
def test_a_term_is_28_times_24_hours_whatever_the_clock_on_the_wall_does(ended: datetime, protocol: Protocol) -> None:
    due = due_at(ended_at=ended, received_at=ended, protocol=protocol)
    assert due - ended.astimezone(UTC) == timedelta(hours=28 * 24)
    assert due.tzinfo is UTC


@pytest.mark.rule("retention.hold-on-request", "retention.hold-until-resolved")
def test_a_lasting_hold_keeps_it_however_long_and_names_itself(protocol: Protocol) -> None:
    lasting = [HoldFact(rule, "2026-0042", ENDED, None) for rule in (*RULES, RULES[0])]
    assert asked(protocol, ENDED + timedelta(days=4000), held=lasting) == Keep(until=None, because=RULES)


def test_a_hold_that_was_released_keeps_nothing(protocol: Protocol) -> None:
    over = [HoldFact(RULES[0], "2026-0042", ENDED, ENDED + timedelta(days=30))]
    assert isinstance(asked(protocol, ENDED + timedelta(days=30), held=over), Destroy)


@pytest.mark.rule("retention.late-docking")
@pytest.mark.parametrize("days", [28, 40])
def test_footage_docked_after_its_term_is_looked_at_first_and_then_destroyed(days: int, protocol: Protocol) -> None:
    docked = ENDED.astimezone(UTC) + timedelta(days=days)
    looked = docked + timedelta(minutes=10)
    assert asked(protocol, docked, received=docked) == Keep(until=looked, because=("retention.late-docking",))
    answer = asked(protocol, looked, received=docked)
    assert isinstance(answer, Destroy)
    assert "retention.late-docking" in answer.because
    hold = [HoldFact(RULES[0], "2026-0042", docked, None)]
    assert asked(protocol, looked, received=docked, held=hold) == Keep(until=None, because=(RULES[0],))


@given(ended=moments, after=spans, later=spans, held=holds)
def test_never_early_never_under_a_hold_never_late_without_a_reason_that_names_itself(
    protocol: Protocol, ended: datetime, after: timedelta, later: timedelta, held: list[HoldFact]
) -> None:
    received, now = ended + after, ended + later
    answer = decide(ended_at=ended, received_at=received, holds=held, protocol=protocol, now=now)
    due = ended.astimezone(UTC) + timedelta(days=28)
    under_hold = any(hold.released_at is None or now < hold.released_at for hold in held)
    assert answer.because
    assert set(answer.because) <= set(protocol.rules)
    if isinstance(answer, Destroy):
        assert now >= due == answer.due
        assert not under_hold
    elif now >= due:
        looking = now < received.astimezone(UTC) + timedelta(minutes=10)
        assert under_hold or (looking and answer.because == ("retention.late-docking",))
    if isinstance(answer, Keep) and answer.until is not None:
        assert answer.until > now


@pytest.mark.rule("recording.not-after-receipt", "retention.period")
@given(told=moments, received=moments, now=moments)
def test_whatever_a_clock_tells_it_goes_28_days_after_it_came_in_at_the_latest(
    protocol: Protocol, told: datetime, received: datetime, now: datetime
) -> None:
    latest = received.astimezone(UTC) + timedelta(days=28)
    assert due_at(ended_at=told, received_at=received, protocol=protocol) <= latest
    answer = decide(ended_at=told, received_at=received, holds=[], protocol=protocol, now=now)
    if now >= latest:
        assert isinstance(answer, Destroy)
    if told <= received:
        assert due_at(ended_at=told, received_at=received, protocol=protocol) == told.astimezone(UTC) + timedelta(
            days=28
        )


@given(ended=moments, held=holds, moment=moments)
def test_the_order_of_holds_and_the_zone_of_a_moment_change_nothing(
    protocol: Protocol, ended: datetime, held: list[HoldFact], moment: datetime
) -> None:
    far = timezone(timedelta(hours=-11))
    one = decide(ended_at=ended, received_at=ended, holds=held, protocol=protocol, now=moment)
    other = decide(
        ended_at=ended.astimezone(far),
        received_at=ended.astimezone(far),
        holds=held[::-1],
        protocol=protocol,
        now=moment.astimezone(far),
    )
    assert one == other


@pytest.mark.rule("retention.prompt")
def test_what_is_still_there_after_an_hour_is_a_fault(protocol: Protocol) -> None:
    due = due_at(ended_at=ENDED, received_at=DOCKED, protocol=protocol)
    assert not is_overdue(due=due, protocol=protocol, now=due + timedelta(hours=1))
    assert is_overdue(due=due, protocol=protocol, now=due + timedelta(hours=1) + SECOND)


@pytest.mark.rule("retention.notice")
def test_destruction_is_announced_a_week_ahead(protocol: Protocol) -> None:
    assert announced_until(protocol=protocol, now=ENDED) == ENDED + timedelta(days=7)


def test_a_granted_request_is_looked_at_again_after_ninety_days(protocol: Protocol) -> None:
    assert review_at(protocol=protocol, now=ENDED) == ENDED + timedelta(days=90)


@pytest.mark.rule("retention.no-library")
def test_no_rule_that_keeps_footage_is_about_learning(protocol: Protocol) -> None:
    holding = {name for name in protocol.rules if ".hold-" in name}
    assert holding == set(RULES)


def test_another_municipality_keeps_two_weeks_with_the_same_code(elsewhere: Protocol) -> None:
    due = ENDED.astimezone(UTC) + timedelta(days=14)
    assert isinstance(asked(elsewhere, due - SECOND), Keep)
    assert isinstance(asked(elsewhere, due), Destroy)
    assert not is_overdue(due=due, protocol=elsewhere, now=due + timedelta(hours=24))
