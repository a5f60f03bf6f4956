"""A camera that begins its count again when its card is emptied: one event is one recording, far apart is two."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.conftest import SETUP, START
from tests.footage.conftest import a_clip, a_recording
from tests.intake.conftest import Door

from beeldkluis.devices.actions import hand_in, issue
from beeldkluis.devices.models import Bodycam, Dock
from beeldkluis.findings.models import Finding
from beeldkluis.footage.actions import mark_destroyed, place_hold, register
from beeldkluis.footage.models import Recording
from beeldkluis.footage.tasks import find_joined
from beeldkluis.people.actions import add_officer
from beeldkluis.people.models import Officer
from beeldkluis.vault import actions as vault

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FILMED = datetime(2026, 10, 5, 20, 0, tzinfo=UTC)


@pytest.fixture
def officers(bodycam: Bodycam, officer: Officer) -> list[Officer]:
    """Each week the camera is another officer's, from Monday morning on."""
    second = add_officer(number="1208", name="B. Bos", employment="own", since=START, actor=SETUP, now=START)
    found = [officer, second]
    for week in range(4):
        at = datetime(2026, 10, 5, 8, tzinfo=UTC) + week * 7 * DAY
        if week:
            hand_in(bodycam, at=at, actor=SETUP, now=at)
        issue(bodycam, found[week % 2], at=at, because="x", actor=SETUP, now=at)
    return found


def findings(recording: Recording) -> list[str]:
    return list(
        Finding.objects.filter(recording=recording.pk, rule="recording.one-event").values_list("text", flat=True)
    )


@pytest.mark.rule("recording.one-event")
@pytest.mark.parametrize("clock", [0, None])
def test_a_week_later_under_the_same_number_is_another_recording(
    door: Door, officers: list[Officer], clock: int | None
) -> None:
    docked = FILMED + 8 * DAY
    first = door.deliver(FILMED, MINUTE, now=docked, clock_offset_ms=clock)
    second = door.deliver(FILMED + 7 * DAY, MINUTE, now=docked + MINUTE, clock_offset_ms=clock)
    assert first.pk != second.pk
    first.refresh_from_db()
    assert [first.officer, second.officer] == officers
    assert [first.ended_at, second.ended_at] == [FILMED + MINUTE, FILMED + 7 * DAY + MINUTE]
    if clock == 0:
        assert [first.due_at, second.due_at] == [first.ended_at + 28 * DAY, second.ended_at + 28 * DAY]
    assert findings(first) == []
    (told,) = findings(second)
    assert f"gebruikte het nummer van opname {first} opnieuw" in told
    assert f"als opname {second} bewaard, met een eigen handhaver, einde en termijn" in told


def test_the_third_time_a_number_is_used_its_parts_are_one_recording_too(door: Door, officers: list[Officer]) -> None:
    docked = FILMED + 20 * DAY
    made = [
        door.deliver(FILMED + week * 7 * DAY + part * MINUTE, MINUTE, now=docked, position=part)
        for week in range(3)
        for part in range(2)
    ]
    assert [one.number for one in made] == [1, 1, 2, 2, 3, 3]
    assert [one.clips.count() for one in Recording.objects.order_by("number")] == [2, 2, 2]


@pytest.mark.slow
@pytest.mark.parametrize("apart", [5 * HOUR, 13 * HOUR, 24 * HOUR])
@pytest.mark.parametrize("clock", [0, None])
def test_a_card_that_is_emptied_each_day_makes_a_recording_each_day(
    door: Door, officers: list[Officer], apart: timedelta, clock: int | None
) -> None:
    first = door.deliver(FILMED, MINUTE, now=FILMED + HOUR, clock_offset_ms=clock)
    door.wipe(first, now=FILMED + HOUR)
    second = door.deliver(FILMED + apart, MINUTE, now=FILMED + apart + 20 * MINUTE, clock_offset_ms=clock)
    assert first.pk != second.pk


def test_the_next_officer_of_the_same_day_has_an_own_recording(
    door: Door, bodycam: Bodycam, officers: list[Officer]
) -> None:
    change = FILMED + 20 * MINUTE
    later = bodycam.issue_periods.order_by("issued_at")[1:]
    type(later[0]).objects.filter(pk__in=[one.pk for one in later]).delete()
    bodycam.issue_periods.update(handed_in_at=None)
    hand_in(bodycam, at=change, actor=SETUP, now=change)
    issue(bodycam, officers[1], at=change + MINUTE, because="x", actor=SETUP, now=change + MINUTE)
    first = door.deliver(FILMED, MINUTE, now=FILMED + 2 * HOUR)
    second = door.deliver(change + 5 * MINUTE, MINUTE, now=FILMED + 2 * HOUR)
    first.refresh_from_db()
    assert [first.officer, second.officer] == officers


def test_parts_of_a_lost_clock_that_are_read_later_still_belong_until_the_camera_is_emptied(
    door: Door, officers: list[Officer]
) -> None:
    """Dated by when they were read: the line was away for five hours."""
    first = door.deliver(FILMED, MINUTE, now=FILMED + MINUTE, clock_offset_ms=None)
    read = FILMED + 5 * HOUR
    second = door.deliver(read, MINUTE, now=read + MINUTE, clock_offset_ms=None, position=1)
    assert second.pk == first.pk
    door.wipe(first, now=read)
    third = door.deliver(read + 5 * HOUR, MINUTE, now=read + 6 * HOUR, clock_offset_ms=None, position=2)
    assert third.pk != first.pk


def test_what_comes_after_its_recording_was_destroyed_is_one_recording_more(
    door: Door, officers: list[Officer]
) -> None:
    first, gone = door.deliver(FILMED, MINUTE, now=FILMED + HOUR), FILMED + 29 * DAY
    vault.destroy(recording=first.pk, rules=("retention.period",), due_at=first.due_at, actor=SETUP, now=gone)
    mark_destroyed(first.pk, rules=("retention.period",), actor=SETUP, now=gone)
    late = [door.deliver(FILMED + part * MINUTE, MINUTE, now=gone + HOUR, position=part) for part in (1, 2)]
    assert late[0].pk == late[1].pk != first.pk
    assert late[1].due_at == FILMED + 3 * MINUTE + 28 * DAY, "its own end counts, not when it came"
    assert late[1].officer == officers[0]


def test_a_part_that_comes_for_a_held_recording_is_held_with_it(door: Door, officers: list[Officer]) -> None:
    first = door.deliver(FILMED, MINUTE, now=FILMED + HOUR)
    place_hold(first.pk, rule="retention.hold-on-request", case="2026-0001", actor=SETUP, now=FILMED + DAY)
    part = door.deliver(FILMED + MINUTE, MINUTE, now=FILMED + 2 * DAY, position=1)
    assert part.pk == first.pk
    assert part.is_held
    other = door.deliver(FILMED + 2 * DAY, MINUTE, now=FILMED + 3 * DAY)
    assert not other.is_held, "of another day"


def test_another_dock_still_cannot_add_to_what_this_one_delivered(door: Door, officers: list[Officer]) -> None:
    first = door.deliver(FILMED, MINUTE, now=FILMED + HOUR)
    door.dock = Dock.objects.create(name="schuur", public_key="y", token_hash="y", enrolled_at=START)
    second = door.deliver(FILMED + MINUTE, MINUTE, now=FILMED + HOUR, position=1)
    assert second.pk != first.pk
    text = Finding.objects.get(recording=second.pk, rule="intake.automatic").text
    assert "kwam van een ander dockingstation" in text


events = st.lists(
    st.tuples(st.integers(2 * 60, 9 * 24 * 60), st.integers(1, 3), st.integers(1, 50)), min_size=1, max_size=3
)  # minutes since the last event, parts, minutes that a part lasts


@pytest.mark.slow
@settings(max_examples=8)
@given(plan=events, data=st.data(), told=st.booleans())
def test_in_whatever_order_its_parts_come_each_event_is_one_recording(
    door: Door, officers: list[Officer], plan: list[tuple[int, int, int]], data: Any, told: bool
) -> None:
    """By a measured clock, docked at the end; also where the camera numbers no parts."""
    parts, begin = [], FILMED
    for number, (pause, count, lasts) in enumerate(plan):
        begin += pause * MINUTE if number else timedelta(0)
        parts += [(number, begin + n * lasts * MINUTE, lasts * MINUTE, n if told else 0) for n in range(count)]
        begin += count * lasts * MINUTE
    weeks = [
        {(at - datetime(2026, 10, 5, 8, tzinfo=UTC)) // (7 * DAY) for n, at, *_ in parts if n == one}
        for one in range(3)
    ]
    assume(all(len(one) <= 1 for one in weeks))  # the camera changes hands on Monday at eight, in no event
    order = data.draw(st.permutations(parts))
    with transaction.atomic():
        made: dict[int, set[Any]] = {}
        for number, at, lasts, position in order:
            made.setdefault(number, set()).add(door.deliver(at, lasts, now=FILMED + 27 * DAY, position=position).pk)
        assert all(len(one) == 1 for one in made.values())
        assert len(set.union(*made.values())) == len(plan)
        for number, (one,) in ((number, found) for number, found in made.items()):
            recording = Recording.objects.get(pk=one)
            mine = [part for part in parts if part[0] == number]
            assert recording.started_at == mine[0][1]
            assert recording.ended_at == mine[-1][1] + mine[-1][2]
            assert recording.due_at == recording.ended_at + 28 * DAY
            week = (recording.activated_at - datetime(2026, 10, 5, 8, tzinfo=UTC)) // (7 * DAY)
            assert recording.officer == officers[week % 2]
        transaction.set_rollback(True)


def test_what_an_older_program_put_together_is_named_once(officers: list[Officer]) -> None:
    """It took a week for one recording; and a shift of parts that follow each other is one."""

    def add(**told: Any) -> Recording:
        return register(a_recording(FILMED, **told), actor=SETUP, now=FILMED + 8 * DAY)

    parts = [a_clip(position=n, source_sha256=f"{n + 5:064x}", duration_ms=60_000) for n in range(2)]
    joined = add(lasts=7 * 24 * 3600, clips=parts)
    hours = add(lasts=3 * 3600, clips=[a_clip(n, duration_ms=60_000) for n in range(2)])
    whole = add(lasts=3 * 3600, clips=[a_clip(n, duration_ms=3_600_000) for n in range(3)])
    alone = add(lasts=3 * 3600, clips=[a_clip(duration_ms=60_000)])
    assert find_joined(FILMED + 9 * DAY) == 2
    assert find_joined(FILMED + 9 * DAY) == 0
    assert "liggen ver uit elkaar" in findings(joined)[0]
    assert findings(hours)
    assert findings(whole) == findings(alone) == []
    Finding.objects.filter(recording=joined.pk).update(settled_at=FILMED + 10 * DAY)
    assert find_joined(FILMED + 11 * DAY) == 0, "somebody looked"
