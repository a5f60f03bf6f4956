from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.protocol.recording import (
    NEAR,
    IssueFact,
    Moments,
    Resolved,
    Unresolved,
    belongs,
    by_receipt,
    flags,
    may_hand_in,
    may_issue,
    resolve_officer,
)
from beeldkluis.protocol.register import Protocol

START = datetime(2026, 10, 1, 6, tzinfo=UTC)
SHIFT = timedelta(hours=8)
FIRST = IssueFact("officer-1", START, START + SHIFT)
SECOND = IssueFact("officer-2", START + SHIFT, None)


@pytest.mark.rule("recording.officer-known")
def test_the_officer_of_the_moment_is_found_to_the_second() -> None:
    assert resolve_officer([FIRST, SECOND], START) == Resolved("officer-1")
    assert resolve_officer([FIRST, SECOND], START + SHIFT - timedelta(seconds=1)) == Resolved("officer-1")
    assert resolve_officer([FIRST, SECOND], START + SHIFT) == Resolved("officer-2")


@pytest.mark.rule("recording.officer-known")
def test_nobody_and_two_people_are_both_flagged_with_a_reason() -> None:
    nobody = resolve_officer([FIRST], START - timedelta(seconds=1))
    two = resolve_officer([FIRST, IssueFact("officer-3", START, None)], START)
    assert isinstance(nobody, Unresolved)
    assert isinstance(two, Unresolved)
    assert "niemand" in nobody.reason
    assert "meer dan een" in two.reason
    assert nobody.rule == two.rule == "recording.officer-known"


@pytest.mark.rule("camera.issue")
def test_a_bodycam_is_issued_when_nobody_has_it_then_or_later() -> None:
    assert may_issue([], START, blocked=False).allowed
    assert may_issue([FIRST], START + SHIFT, blocked=False).allowed
    assert not may_issue([FIRST], START + SHIFT - timedelta(seconds=1), blocked=False).allowed
    assert not may_issue([SECOND], START, blocked=False).allowed
    assert not may_issue([], START, blocked=True).allowed


def test_a_bodycam_is_handed_in_after_it_was_issued() -> None:
    assert may_hand_in([SECOND], START + SHIFT + timedelta(seconds=1)).allowed
    assert not may_hand_in([SECOND], START + SHIFT).allowed
    assert not may_hand_in([FIRST], START + SHIFT).allowed


@pytest.mark.rule("camera.issue", "recording.officer-known")
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 50), st.booleans()), max_size=12), st.integers(0, 300))
def test_what_may_be_issued_never_gives_a_moment_two_officers(wishes: list[tuple[int, int, bool]], moment: int) -> None:
    periods: list[IssueFact] = []
    for number, (hour, length, comes_back) in enumerate(wishes):
        at = START + timedelta(hours=hour)
        if may_issue(periods, at, blocked=False).allowed:
            back = at + timedelta(hours=length) if comes_back else None
            periods.append(IssueFact(f"officer-{number}", at, back))
    covering = [one for one in periods if one.covers(START + timedelta(hours=moment))]
    assert len(covering) <= 1
    answer = resolve_officer(periods, START + timedelta(hours=moment))
    assert isinstance(answer, Resolved) == bool(covering)


def flagged(protocol: Protocol, **changed: object) -> tuple[str, ...]:
    calm: dict[str, object] = {
        "pre_event_ms": 120_000, "duration_ms": 240_000, "clock_offset_ms": 0, "resolved": True,
    }  # fmt: skip
    return flags(**(calm | changed), protocol=protocol)  # type: ignore[arg-type] - a table of keywords


@pytest.mark.rule("recording.pre-event", "recording.clock", "recording.long")
def test_each_flag_begins_exactly_beyond_its_number(protocol: Protocol) -> None:
    assert flagged(protocol) == ()
    assert flagged(protocol, pre_event_ms=119_999) == ("recording.pre-event",)
    assert flagged(protocol, clock_offset_ms=60_000) == flagged(protocol, clock_offset_ms=-60_000) == ()
    assert flagged(protocol, clock_offset_ms=60_001) == flagged(protocol, clock_offset_ms=-60_001)
    assert flagged(protocol, clock_offset_ms=-60_001) == ("recording.clock",)
    assert flagged(protocol, clock_offset_ms=None) == ("recording.clock",)
    assert flagged(protocol, duration_ms=3_600_000) == ()
    assert flagged(protocol, duration_ms=3_600_001) == ("recording.long",)
    assert flagged(protocol, resolved=False) == ("recording.officer-known",)


def test_another_municipality_asks_thirty_seconds_with_the_same_code(elsewhere: Protocol) -> None:
    assert flagged(elsewhere, pre_event_ms=30_000) == ()
    assert flagged(elsewhere, pre_event_ms=29_999) == ("recording.pre-event",)


ANY = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@pytest.mark.rule("recording.not-after-receipt")
@given(st.lists(ANY, min_size=3, max_size=3), ANY)
def test_whatever_a_camera_tells_nothing_of_it_is_later_than_its_receipt(
    told: list[datetime], received: datetime
) -> None:
    said = Moments(*sorted(told))
    counted = by_receipt(said, received_at=received)
    assert counted.started_at <= counted.activated_at <= counted.ended_at <= received
    if said.ended_at <= received:
        assert counted == said, "what can be so stays as it was told"


@pytest.mark.rule("recording.not-after-receipt")
@given(begin=ANY, lasts=st.timedeltas(timedelta(0), timedelta(days=40_000)), now=ANY)
def test_a_file_of_another_time_joins_no_recording(begin: datetime, lasts: timedelta, now: datetime) -> None:
    known, received = Moments(START, START, START + SHIFT), START + SHIFT * 2
    told = Moments(begin, begin, begin + lasts)
    answer = belongs(told, known=known, received_at=received, now=now, clock_known=True)
    if answer.allowed:
        assert begin <= known.ended_at + NEAR
        assert begin + lasts >= known.started_at - NEAR
        assert begin + lasts <= received + timedelta(minutes=5), "the camera stood in the dock by then"
    else:
        assert "passen niet" in answer.reason


def test_parts_of_a_camera_that_lost_its_clock_stay_together_while_they_come_in() -> None:
    known, received = Moments(START, START, START), START
    guessed = Moments(START + SHIFT, START + SHIFT, START + SHIFT)
    soon, late = received + SHIFT, received + NEAR + SHIFT
    assert belongs(guessed, known=known, received_at=received, now=soon, clock_known=False).allowed
    assert not belongs(guessed, known=known, received_at=received, now=late, clock_known=False).allowed


@pytest.mark.rule("recording.not-after-receipt")
@pytest.mark.parametrize("apart", [timedelta(days=7), timedelta(days=-7), timedelta(days=2)])
def test_a_group_number_that_a_camera_uses_again_joins_no_film_of_another_day(apart: timedelta) -> None:
    """A week apart, read one after the other, by a clock that nobody measured: two events, maybe of two officers."""
    received = START + timedelta(days=10)
    known, told = (Moments(at, at, at + SHIFT) for at in (START, START + apart))
    assert not belongs(told, known=known, received_at=received, now=received, clock_known=False).allowed
