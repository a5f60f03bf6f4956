"""Who had which bodycam when: the rule in words, and the database behind it."""

from datetime import datetime, timedelta
from itertools import combinations

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from beeldkluis.devices import queries
from beeldkluis.devices.actions import block_bodycam, hand_in, issue
from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.journal.models import Entry
from beeldkluis.people.actions import add_officer, end_officer
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START

HOURS = 12
ON_THE_DATABASE = settings(max_examples=60, deadline=None)  # each example rolls its own rows back


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def give(bodycam: Bodycam, officer: Officer, hours: float) -> IssuePeriod:
    return issue(bodycam, officer, at=at(hours), actor=SETUP, now=at(HOURS))


def back(bodycam: Bodycam, hours: float) -> IssuePeriod:
    return hand_in(bodycam, at=at(hours), actor=SETUP, now=at(HOURS))


@pytest.fixture
def colleague(db: None) -> Officer:
    return add_officer(number="1301", name="T. Postma", employment="hired", since=START, actor=SETUP, now=START)


@pytest.mark.rule("recording.officer-known")
def test_a_bodycam_is_its_officers_from_issue_up_to_hand_in(bodycam: Bodycam, officer: Officer) -> None:
    give(bodycam, officer, 1)
    back(bodycam, 3)
    for hours, wearer in ((0.99, None), (1, officer), (2.99, officer), (3, None)):
        assert queries.officer_at(bodycam, at(hours)).officer == wearer
    assert queries.officer_at(None, at(2)).unresolved is not None


@pytest.mark.rule("camera.issue")
def test_a_bodycam_that_somebody_has_is_not_issued(
    bodycam: Bodycam, officer: Officer, colleague: Officer, team_manager: Person
) -> None:
    give(bodycam, officer, 1)
    for hours in (0, 1, 2):
        with pytest.raises(Refused, match="al uitgegeven"):
            give(bodycam, colleague, hours)
    back(bodycam, 3)
    with pytest.raises(Refused, match="al uitgegeven"):
        give(bodycam, colleague, 2)
    assert give(bodycam, colleague, 3).officer == colleague


@pytest.mark.rule("camera.issue")
def test_not_for_a_moment_to_come_not_when_blocked_not_out_of_service(
    bodycam: Bodycam, officer: Officer, team_manager: Person, administrator: Person
) -> None:
    with pytest.raises(Refused, match="nog komen"):
        give(bodycam, officer, HOURS + 1)
    with pytest.raises(Refused, match="niet in dienst"):
        give(bodycam, officer, -1)
    end_officer(officer, until=at(5), actor=team_manager.as_actor)
    with pytest.raises(Refused, match="niet in dienst"):
        give(bodycam, officer, 5)
    give(bodycam, officer, 4)
    with pytest.raises(Refused, match="nog komen"):
        back(bodycam, HOURS + 1)
    back(bodycam, 4.5)
    block_bodycam(bodycam, actor=administrator.as_actor, now=at(6))
    with pytest.raises(Refused, match="geblokkeerd"):
        give(bodycam, officer, 4.6)
    with pytest.raises(Refused, match="niet uitgegeven"):
        back(bodycam, 7)


def test_only_the_team_manager_issues(bodycam: Bodycam, officer: Officer, administrator: Person, dpo: Person) -> None:
    for person in (administrator, dpo):
        with pytest.raises(Refused):
            issue(bodycam, officer, at=at(1), actor=person.as_actor, now=at(1))
    assert not IssuePeriod.objects.exists()
    give(bodycam, officer, 1)
    for person in (administrator, dpo):
        with pytest.raises(Refused):
            hand_in(bodycam, at=at(2), actor=person.as_actor, now=at(2))
    assert IssuePeriod.objects.get().handed_in_at is None
    assert Entry.objects.filter(act="journal.step_refused").count() == 4


def test_the_journal_names_the_officer_by_pseudonym(issued: IssuePeriod) -> None:
    leaf = bytes(Entry.objects.get(act="devices.bodycam_issued").data)
    assert str(issued.officer.pseudonym).encode() in leaf
    assert issued.officer.number.encode() not in leaf


Attempt = tuple[str, int, int]
ATTEMPTS = st.lists(
    st.tuples(st.sampled_from(["issue", "hand_in"]), st.integers(0, 1), st.integers(0, HOURS)), max_size=8
)


def covers(period: IssuePeriod, moment: datetime) -> bool:
    return period.issued_at <= moment and (period.handed_in_at is None or moment < period.handed_in_at)


@pytest.mark.slow
@pytest.mark.rule("recording.officer-known")
@ON_THE_DATABASE
@given(attempts=ATTEMPTS)
def test_whatever_is_tried_every_moment_has_at_most_one_officer(
    attempts: list[Attempt], bodycam: Bodycam, officer: Officer, colleague: Officer
) -> None:
    with transaction.atomic():
        done = 0
        for verb, who, hours in attempts:
            try:
                if verb == "issue":
                    give(bodycam, (officer, colleague)[who], hours)
                else:
                    back(bodycam, hours)
                done += 1
            except Refused:
                pass
        periods = list(IssuePeriod.objects.select_related("officer"))
        assert done == len(periods) + sum(one.handed_in_at is not None for one in periods)
        for half_hours in range(2 * HOURS + 2):
            moment = at(half_hours / 2)
            having = [one.officer for one in periods if covers(one, moment)]
            assert len(having) <= 1
            assert queries.officer_at(bodycam, moment).officer == (having[0] if having else None)
        transaction.set_rollback(True)


PERIODS = st.lists(st.tuples(st.integers(0, 6), st.one_of(st.none(), st.integers(1, 4))), min_size=2, max_size=4)


def overlap(one: tuple[int, int | None], other: tuple[int, int | None]) -> bool:
    (start, length), (start2, _) = sorted([one, other], key=lambda period: period[0])
    return start == start2 or length is None or start + length > start2


@ON_THE_DATABASE
@given(periods=PERIODS)
def test_the_database_itself_refuses_exactly_what_overlaps(
    periods: list[tuple[int, int | None]], bodycam: Bodycam, officer: Officer
) -> None:
    rows = [
        IssuePeriod(bodycam=bodycam, officer=officer, issued_at=at(start), handed_in_at=at(start + length) if length else None)
        for start, length in periods
    ]  # fmt: skip
    with transaction.atomic():
        if any(overlap(one, other) for one, other in combinations(periods, 2)):
            with pytest.raises(IntegrityError), transaction.atomic():
                IssuePeriod.objects.bulk_create(rows)
        else:
            IssuePeriod.objects.bulk_create(rows)
        transaction.set_rollback(True)


def test_the_database_refuses_a_change_into_somebody_elses_time(bodycam: Bodycam, officer: Officer) -> None:
    give(bodycam, officer, 1)
    first = back(bodycam, 2)
    give(bodycam, officer, 3)
    for change in ({"handed_in_at": at(4)}, {"handed_in_at": None}, {"handed_in_at": at(1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            IssuePeriod.objects.filter(pk=first.pk).update(**change)
    assert IssuePeriod.objects.filter(pk=first.pk).update(handed_in_at=at(3)) == 1
