"""A camera that keeps local time: which hour it was, whatever zone and season, and what stays in doubt."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from beeldkluis.protocol.local_clock import Placed, Said, place
from beeldkluis.protocol.recording import flags
from beeldkluis.protocol.register import Protocol

HERE = ZoneInfo("Europe/Amsterdam")
MINUTE, HOUR, NOTHING = timedelta(minutes=1), timedelta(hours=1), timedelta(0)
pytestmark = [pytest.mark.rule("recording.local-clock")]


def on_the_wall(true: datetime, zone: ZoneInfo = HERE, drift: timedelta = NOTHING) -> datetime:
    """What a camera in this zone, whose clock is this much behind, shows at a true moment; as if it were UTC."""
    return (true - drift).astimezone(zone).replace(tzinfo=UTC, fold=0)


def placed(
    begin: datetime,
    lasts: timedelta,
    docked: datetime,
    *,
    shows: ZoneInfo = HERE,
    drift: timedelta = NOTHING,
    length: bool = True,
) -> Placed | None:
    said = Said(on_the_wall(begin, shows, drift), on_the_wall(begin + lasts, shows, drift), lasts if length else None)
    offset = docked - on_the_wall(docked, shows, drift)
    return place(said, offset=offset, now=docked, latest=docked + 5 * MINUTE)


SPRING, AUTUMN = datetime(2027, 3, 29, 9, tzinfo=UTC), datetime(2026, 10, 26, 9, tzinfo=UTC)  # docked, on Monday


@pytest.mark.parametrize("drift", [NOTHING, timedelta(seconds=12), -timedelta(seconds=12), 4 * MINUTE])
@pytest.mark.parametrize(
    ("true", "docked", "earlier", "later"),
    [
        (datetime(2027, 3, 27, 22, tzinfo=UTC), SPRING, HOUR, NOTHING),
        (datetime(2026, 10, 24, 21, tzinfo=UTC), AUTUMN, NOTHING, HOUR),
        (datetime(2027, 3, 28, 6, tzinfo=UTC), SPRING, NOTHING, NOTHING),  # after the change: nothing is in doubt
        (datetime(2026, 10, 25, 6, tzinfo=UTC), AUTUMN, NOTHING, NOTHING),
    ],
)
def test_a_film_from_before_the_change_is_of_the_hour_that_the_clock_showed_then(
    true: datetime, docked: datetime, earlier: timedelta, later: timedelta, drift: timedelta
) -> None:
    found = placed(true, 10 * MINUTE, docked, drift=drift)
    assert found == Placed(true, true + 10 * MINUTE, earlier, later)


def test_of_the_hour_that_comes_twice_the_later_counts_and_the_other_stays_in_mind() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = first + HOUR
    for true in (first, second):
        assert placed(true, 10 * MINUTE, AUTUMN) == Placed(second, second + 10 * MINUTE, HOUR, NOTHING)
    docked = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # in the first of the two: the second has yet to come
    assert placed(first, 10 * MINUTE, docked) == Placed(first, first + 10 * MINUTE)


@pytest.mark.parametrize("length", [True, False])
@pytest.mark.parametrize("begin", [(23, 50), (0, 50)])
def test_the_length_of_a_film_over_the_change_tells_which_hour_it_was(begin: tuple[int, int], length: bool) -> None:
    """From 01:50 to 02:10, and from 02:50 to 02:10: twenty minutes both."""
    true = datetime(2026, 10, 24 if begin[0] == 23 else 25, *begin, tzinfo=UTC)
    found = placed(true, 20 * MINUTE, AUTUMN, length=length)
    assert found is not None
    if begin[0] == 23 or length:
        assert (found.started, found.ended) == (true, true + 20 * MINUTE)


def test_the_hour_that_never_was_counts_as_the_later() -> None:
    """Only a clock that did not jump shows 02:30 in that night."""
    said = datetime(2027, 3, 28, 2, 30, tzinfo=UTC)
    found = place(Said(said, said + 5 * MINUTE, 5 * MINUTE), offset=-2 * HOUR, now=SPRING, latest=SPRING)
    assert found is not None
    assert found.ended == datetime(2027, 3, 28, 1, 35, tzinfo=UTC)
    assert (found.earlier, found.later) == (HOUR, NOTHING)


@pytest.mark.parametrize(
    "offset", [NOTHING, 4 * MINUTE, -40 * MINUTE, -(HOUR + 17 * MINUTE), timedelta(days=-31), 90 * MINUTE, HOUR / 2]
)
def test_a_difference_that_is_no_zone_s_is_a_drift_as_ever(offset: timedelta) -> None:
    said = SPRING - timedelta(days=3)
    assert place(Said(said, said, NOTHING), offset=offset, now=SPRING, latest=SPRING) is None


def test_another_zone_is_moved_by_what_was_measured_and_what_it_may_have_been_stays_in_mind() -> None:
    """London, of which the clocks jump too; India, of which they never do; New York; Sydney, the other way round."""
    true = datetime(2027, 3, 27, 22, tzinfo=UTC)
    london = placed(true, MINUTE, SPRING, shows=ZoneInfo("Europe/London"))
    assert london is not None
    assert london.started == true - HOUR, "what was measured"
    assert (london.earlier, london.later) == (NOTHING, HOUR), "and the true hour"
    assert placed(true, MINUTE, SPRING, shows=ZoneInfo("Asia/Kolkata")) == Placed(true, true + MINUTE)
    july = datetime(2026, 7, 20, 12, tzinfo=UTC)
    assert placed(july, MINUTE, july + HOUR, shows=ZoneInfo("America/New_York")) == Placed(july, july + MINUTE)
    april = datetime(2027, 4, 2, 12, tzinfo=UTC)
    sydney = placed(april, MINUTE, april + timedelta(days=5), shows=ZoneInfo("Australia/Sydney"))
    assert sydney is not None
    assert sydney.started - sydney.earlier <= april
    assert april + MINUTE <= sydney.ended + sydney.later


@given(
    begin=st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)),  # noqa: DTZ001 - made UTC below
    lasts=st.integers(0, 120),
    waits=st.integers(1, 60 * 24 * 60),
    drift=st.integers(-200, 200),
    zone=st.sampled_from(["Europe/Amsterdam", "Europe/London", "Asia/Kolkata", "Australia/Sydney", "Europe/Athens"]),
    stands_still=st.booleans(),
)
def test_never_too_early_never_missed_and_without_a_change_exact(
    begin: datetime, lasts: int, waits: int, drift: int, zone: str, stands_still: bool
) -> None:
    """Whether the camera's clock jumps with its zone or was set at the dock and stands still."""
    true, shows, off = begin.replace(tzinfo=UTC), ZoneInfo(zone), timedelta(seconds=drift)
    ended = true + lasts * MINUTE
    docked = ended + waits * MINUTE
    now_there = docked.astimezone(shows).utcoffset() or NOTHING
    assume(now_there)
    if stands_still:
        offset = off - now_there
        said = Said(true - offset, ended - offset, lasts * MINUTE)
    else:
        offset = docked - on_the_wall(docked, shows, off)
        said = Said(on_the_wall(true, shows, off), on_the_wall(ended, shows, off), lasts * MINUTE)
    found = place(said, offset=offset, now=docked, latest=docked + 5 * MINUTE)
    assert found is not None
    assert found.started <= found.ended <= docked + 5 * MINUTE
    assert found.started - found.earlier - MINUTE <= true
    assert found.ended + found.later + MINUTE >= ended
    same = all(moment.astimezone(shows).utcoffset() == now_there for moment in (true - 2 * HOUR, ended + 2 * HOUR))
    if same and zone == "Europe/Amsterdam":
        assert found == Placed(true, ended)
    if zone == "Europe/Amsterdam":
        assert found.earlier + found.later <= 2 * HOUR


def test_doubt_is_a_flag(protocol: Protocol) -> None:
    told = flags(
        pre_event_ms=120_000, duration_ms=1, clock_offset_ms=0, resolved=True, protocol=protocol, hour_in_doubt=True
    )
    assert told == ("recording.local-clock",)
