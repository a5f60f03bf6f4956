"""When a film was made, by a clock that is compared, missing or lost."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.camera.folder import FolderCamera
from beeldkluis.camera.port import CameraFile
from beeldkluis.dock.look import Film
from beeldkluis.dock.offload import AHEAD, EARLIEST, Clock, film_times

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def film(seconds: int | None = 60, made: str = "") -> Film:
    return Film(None if seconds is None else seconds * 1000, True, "video/mp4", "", made)


def file(**told: datetime) -> CameraFile:
    return CameraFile(name="a.mp4", size=1, changed_ns=int((NOW - 5 * MINUTE).timestamp()) * 10**9, **told)


def test_the_camera_s_own_words_are_moved_by_what_its_clock_was_off() -> None:
    said = NOW - 30 * MINUTE
    told = file(started_at=said, activated_at=said + 2 * MINUTE, ended_at=said + 3 * MINUTE)
    times = film_times(told, film(), Clock(-600_000, NOW))
    assert (times.started, times.activated, times.ended) == tuple(
        one - 10 * MINUTE for one in (said, said + 2 * MINUTE, said + 3 * MINUTE)
    )
    assert times.known


def test_a_film_without_words_began_when_its_container_says() -> None:
    times = film_times(file(), film(made="2026-11-23T09:00:00.000000Z"), Clock(0, NOW))
    assert (times.started, times.ended) == (NOW - 180 * MINUTE, NOW - 179 * MINUTE)
    assert times.activated == times.started  # no time before activation, which is flagged


def test_a_film_without_any_words_ended_when_its_file_was_last_changed() -> None:
    times = film_times(file(), film(), Clock(0, NOW))
    assert (times.started, times.ended) == (NOW - 6 * MINUTE, NOW - 5 * MINUTE)


@pytest.mark.rule("recording.clock")
@pytest.mark.parametrize("said", [datetime(1980, 1, 1, tzinfo=UTC), datetime(2031, 5, 5, tzinfo=UTC)])
def test_a_film_dated_by_a_lost_clock_counts_as_ended_now_and_its_clock_as_unknown(said: datetime) -> None:
    times = film_times(file(started_at=said, activated_at=said + MINUTE), film(180), Clock(None, NOW))
    assert not times.known
    assert (times.started, times.activated, times.ended) == (NOW - 3 * MINUTE, NOW - 2 * MINUTE, NOW)


@pytest.mark.rule("recording.clock", "retention.clock-unknown")
@pytest.mark.parametrize(
    "said", [datetime(2021, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC), NOW - timedelta(days=31)]
)
def test_a_clock_that_was_reset_and_cannot_be_measured_dates_no_film(said: datetime) -> None:
    """What it says would make the film docked late: destroyed ten minutes after it came in."""
    times = film_times(file(started_at=said, ended_at=said + 3 * MINUTE), film(180), Clock(None, NOW))
    assert (times.started, times.ended, times.known) == (NOW - 3 * MINUTE, NOW, False)


@pytest.mark.rule("recording.clock")
def test_a_clock_that_cannot_be_measured_is_never_known_and_its_words_stay_when_they_can_be_true() -> None:
    said = NOW - timedelta(days=6)
    times = film_times(file(started_at=said, ended_at=said + 3 * MINUTE), film(180), Clock(None, NOW))
    assert (times.started, times.ended, times.known) == (said, said + 3 * MINUTE, False)


def test_what_a_measured_clock_says_is_old_stays_old() -> None:
    said = NOW - timedelta(days=31)
    times = film_times(file(started_at=said, ended_at=said + 3 * MINUTE), film(180), Clock(0, NOW))
    assert (times.started, times.ended, times.known) == (said, said + 3 * MINUTE, True)


def test_a_lost_clock_that_is_compared_is_set_right() -> None:
    said = datetime(1980, 1, 1, 1, tzinfo=UTC)
    offset = NOW - datetime(1980, 1, 1, 2, tzinfo=UTC)
    times = film_times(file(started_at=said), film(), Clock(int(offset.total_seconds() * 1000), NOW))
    assert times.known
    assert times.started == NOW - 60 * MINUTE


MOMENTS = st.none() | st.integers(0, 80_000).map(lambda days: datetime(1980, 1, 1, tzinfo=UTC) + timedelta(days=days))


@pytest.mark.slow
@given(MOMENTS, MOMENTS, MOMENTS, st.none() | st.integers(0, 86_400), st.none() | st.integers(-(10**13), 10**13))
def test_times_are_always_in_order_and_never_far_ahead(
    started: datetime | None,
    activated: datetime | None,
    ended: datetime | None,
    seconds: int | None,
    offset: int | None,
) -> None:
    told = CameraFile(name="a", size=1, changed_ns=0, started_at=started, activated_at=activated, ended_at=ended)
    times = film_times(told, film(seconds), Clock(offset, NOW))
    assert times.started <= times.activated <= times.ended <= NOW + AHEAD
    assert not times.known or times.started >= EARLIEST


@pytest.mark.rule("recording.local-clock")
@pytest.mark.parametrize(
    ("said", "docked_said", "docked", "true"),
    [
        ((2027, 3, 27, 23), (2027, 3, 29, 11), (2027, 3, 29, 9), (2027, 3, 27, 22)),
        ((2026, 10, 24, 23), (2026, 10, 26, 10), (2026, 10, 26, 9), (2026, 10, 24, 21)),
    ],
)
def test_a_camera_that_keeps_local_time_is_turned_by_the_hours_of_that_night(
    said: tuple[int, ...], docked_said: tuple[int, ...], docked: tuple[int, ...], true: tuple[int, ...]
) -> None:
    at, there, now, was = (datetime(*one, tzinfo=UTC) for one in (said, docked_said, docked, true))  # type: ignore[arg-type,misc] - four numbers
    drift = timedelta(seconds=12)
    clock = Clock(int((now - there + drift).total_seconds() * 1000), now)
    told = CameraFile(
        name="x", size=1, changed_ns=0, started_at=at, activated_at=at + MINUTE, ended_at=at + 10 * MINUTE
    )
    times = film_times(told, film(600), clock)
    assert (times.started, times.activated, times.ended) == (
        was + drift,
        was + MINUTE + drift,
        was + 10 * MINUTE + drift,
    )
    assert times.known
    assert times.earlier + times.later == 60 * MINUTE, "a clock that was set by hand did not jump"
    zoned = film_times(replace(told, zoned=True), film(600), clock)
    assert zoned.started == clock.true(at), "what names its zone is moved by what was measured"
    assert zoned.earlier == zoned.later == timedelta(0)


def test_a_folder_s_times_name_their_zone_or_not(tmp_path: Path) -> None:
    for name, began in (("a.mp4", "2026-10-24T23:00:00"), ("b.mp4", "2026-10-24T23:00:00+02:00")):
        (tmp_path / name).write_bytes(b"x")
        (tmp_path / f"{name}.json").write_text(json.dumps({"started": began}))
    assert {one.name: one.zoned for one in FolderCamera(tmp_path).files()} == {"a.mp4": False, "b.mp4": True}
