"""Reasons to keep a recording, and what falls due."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from beeldkluis.devices.models import Bodycam
from beeldkluis.findings.models import Finding
from beeldkluis.footage import queries
from beeldkluis.footage.actions import mark_destroyed, place_hold, release_hold, report_openable
from beeldkluis.footage.models import Hold, Recording
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP
from tests.footage.conftest import BEGIN, RECEIVED, Register

RULE = "retention.hold-on-request"
LATER = RECEIVED + timedelta(days=1)


def hold(recording: Recording, case: str = "2026-0001") -> Hold:
    return place_hold(recording.pk, rule=RULE, case=case, actor=SETUP, now=RECEIVED)


def release(one: Hold) -> None:
    release_hold(one, because="afgewezen", actor=SETUP, now=LATER)


@pytest.mark.rule("retention.hold-on-request")
def test_the_same_hold_twice_is_one_hold(add: Register, bodycam: Bodycam) -> None:
    made = add()
    assert hold(made) == hold(made)
    assert hold(made, "2026-0002") != hold(made)
    assert [one.case for one in queries.live_holds(made.pk)] == ["2026-0001", "2026-0002"]


def test_the_database_too_keeps_one_live_hold_a_reason(add: Register, bodycam: Bodycam) -> None:
    one = hold(add())
    with pytest.raises(IntegrityError), transaction.atomic():
        Hold.objects.create(recording=one.recording, rule=one.rule, case=one.case, placed_at=LATER)


def test_a_hold_ends_once_and_may_come_back(add: Register, bodycam: Bodycam) -> None:
    made = add()
    first = hold(made)
    release(first)
    release_hold(first, because="iets anders", actor=SETUP, now=LATER + timedelta(days=1))
    ended = Hold.objects.get()
    assert (ended.released_at, ended.released_because) == (LATER, "afgewezen")
    assert not queries.live_holds(made.pk)
    assert hold(made) != first
    assert [fact.released_at for fact in queries.hold_facts_of(made)] == [LATER, None]


def test_a_hold_names_its_case_in_the_journal(add: Register, bodycam: Bodycam) -> None:
    made = add()
    release(hold(made))
    lines = Entry.objects.filter(recording=made.pk, case="2026-0001").values_list("act", flat=True)
    assert sorted(lines) == ["footage.hold_placed", "footage.hold_released"]


def test_what_is_destroyed_is_not_held(add: Register, bodycam: Bodycam) -> None:
    made = add()
    for days in (1, 2):
        when = RECEIVED + timedelta(days=days)
        mark_destroyed(made.pk, rules=["retention.period"], actor=SETUP, now=when)
    assert Recording.objects.get().destroyed_at == RECEIVED + timedelta(days=1)
    with pytest.raises(Refused, match="al vernietigd"):
        hold(made)
    assert not Hold.objects.exists()


@pytest.mark.rule("retention.notice")
def test_what_will_go_is_announced_unless_a_hold_lasts(add: Register, bodycam: Bodycam) -> None:
    free, held, was_held, both = add(), add(), add(), add()
    hold(held)
    release(hold(was_held))
    release(hold(both))
    hold(both, "2026-0002")
    due = free.due_at
    assert list(queries.due_soon(due - timedelta(days=1), due)) == [free, was_held]
    assert list(queries.due_soon(due - timedelta(days=1), due - timedelta(seconds=1))) == []
    assert list(queries.due_soon(due, due + timedelta(days=1))) == []
    assert set(queries.due(due)) == {free, held, was_held, both}
    assert queries.due(due - timedelta(microseconds=1)) == []


def test_what_is_destroyed_is_in_no_list_of_what_is_there(add: Register, bodycam: Bodycam) -> None:
    made = add()
    assert queries.overlapping(BEGIN, BEGIN) == [made]
    assert queries.count_unchecked() == 1
    mark_destroyed(made.pk, rules=["retention.period"], actor=SETUP, now=RECEIVED)
    assert queries.overlapping(BEGIN, BEGIN) == queries.due(made.due_at) == []
    assert queries.count_unchecked() == 0


@pytest.mark.parametrize(
    ("start", "end", "found"), [(-60, -1, False), (-60, 0, True), (100, 200, True), (300, 400, True), (301, 400, False)]
)
def test_overlap_counts_the_edges(add: Register, bodycam: Bodycam, start: int, end: int, found: bool) -> None:
    add()
    window = [BEGIN + timedelta(seconds=one) for one in (start, end)]
    assert bool(queries.overlapping(*window)) is found


def test_a_seal_that_does_not_open_becomes_a_finding(add: Register, bodycam: Bodycam, team_manager: Person) -> None:
    good, bad = add(), add()
    Finding.objects.all().delete()
    for made, opens in ((good, True), (bad, False)):
        report_openable(made.pk, opens, actor=team_manager.as_actor, now=LATER)
    assert queries.count_unchecked() == 0
    assert [one.openable for one in Recording.objects.filter(pk__in=[good.pk, bad.pk]).order_by("openable")] == [
        False,
        True,
    ]
    assert Finding.objects.get().recording == bad.pk


@pytest.mark.parametrize("role", ["dpo", "administrator"])
def test_only_the_team_manager_says_whether_it_opens(
    add: Register, bodycam: Bodycam, role: str, request: pytest.FixtureRequest
) -> None:
    made = add()
    with pytest.raises(Refused):
        report_openable(made.pk, True, actor=request.getfixturevalue(role).as_actor, now=LATER)
    assert queries.count_unchecked() == 1


def test_an_unknown_recording_is_none(db: None) -> None:
    assert queries.get(uuid4()) is None
