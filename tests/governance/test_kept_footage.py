"""Whatever versions came, were withdrawn or began in the middle of a day: footage goes when the page said when it was filmed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import example, given, settings
from hypothesis import strategies as st

from beeldkluis.footage.actions import place_hold, register
from beeldkluis.governance import actions, queries
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.people.models import Person
from beeldkluis.protocol.retention import Destroy, Keep
from beeldkluis.retention.queries import decision
from beeldkluis.web import ticking
from tests.conftest import SETUP, START
from tests.footage.conftest import a_recording
from tests.governance.test_versions import TEXT, base_text, shorter

DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@dataclass(frozen=True)
class Change:
    """A version that is published so many hours after the last event, for so many days later; maybe withdrawn before its day."""

    hours: int
    ahead: int
    days: int
    withdrawn: bool


changes = st.lists(
    st.builds(Change, st.integers(1, 400), st.integers(0, 5), st.sampled_from([3, 14, 21, 28, 40]), st.booleans()),
    max_size=4,
)
recorded = st.lists(
    st.tuples(st.integers(-100, 60 * 24), st.integers(1, 60 * 24), st.booleans(), st.booleans()), min_size=1, max_size=6
)


def live(plan: list[Change], team_manager: Person, dpo: Person) -> list[tuple[datetime, int]]:
    """Let the versions come through the real steps; what the public page told, from when on."""
    told, now = [(START, 28)], START
    for number, one in enumerate(plan, 2):
        now += timedelta(hours=one.hours)
        today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        day = timezone.make_aware(datetime.combine((today + one.ahead * DAY).date(), datetime.min.time()))
        made = actions.draft(shorter(str(number), days=one.days), TEXT, actor=team_manager.as_actor, now=now)
        actions.propose(made, takes_effect_at=day, touched=0, today=today, actor=team_manager.as_actor, now=now)
        if one.withdrawn:
            actions.withdraw(made, actor=dpo.as_actor)
            continue
        actions.publish(made, touched=0, today=today, actor=dpo.as_actor, now=now)
        now = max(now, day)
        actions.take_effect(actor=SETUP, now=now)
        told.append((now, one.days))
        assert queries.in_force().number("retention.period", "days") == one.days
    return told


def days_at(told: list[tuple[datetime, int]], moment: datetime) -> int:
    return [days for since, days in told if since <= moment or since == START][-1]


@pytest.mark.slow
@pytest.mark.rule("retention.new-version", "governance.new-version")
@settings(max_examples=40)
@given(plan=changes, films=recorded)
@example(
    plan=[Change(20, 0, 14, withdrawn=False)], films=[(17, 1, True, False)]
)  # filmed on its day, before it was published
def test_footage_goes_when_the_page_said_when_it_was_filmed(
    db: None,
    settings: object,
    tmp_path: Path,
    team_manager: Person,
    dpo: Person,
    plan: list[Change],
    films: list[tuple[int, int, bool, bool]],
) -> None:
    settings.PROTOCOLS_FOLDER = tmp_path / "protocols"  # type: ignore[attr-defined]
    with transaction.atomic():
        actions.adopt(base_text(), takes_effect_at=START, actor=SETUP, now=START)
        told = live(plan, team_manager, dpo)
        for hours, docked, measured, held in films:
            ended = START + hours * HOUR
            received = ended + docked * HOUR
            new = a_recording(ended - 5 * MINUTE, id=uuid4(), clock_offset_ms=0 if measured else None)
            made = register(new, actor=SETUP, now=received)
            if measured:
                due = ended + days_at(told, ended) * DAY
            else:  # filmed at any moment until it came in: the longest that was told meanwhile, from the receipt
                spans = [days for since, days in told if ended < since <= received] + [days_at(told, ended)]
                due = received + max(spans) * DAY
            goes = max(due, received + 10 * MINUTE) if measured else due
            assert isinstance(decision(made, goes - SECOND), Keep)
            answer = decision(made, goes)
            assert isinstance(answer, Destroy)
            assert answer.due == due == made.due_at
            if held:
                place_hold(made.pk, rule="retention.hold-on-request", case="2026-0001", actor=SETUP, now=received)
                assert isinstance(decision(made, goes + 400 * DAY), Keep)
        transaction.set_rollback(True)
    assert not ProtocolVersion.objects.exists()


def test_what_an_older_program_gave_the_newer_term_gets_its_own_back(
    db: None, settings: object, tmp_path: Path, team_manager: Person, dpo: Person
) -> None:
    settings.PROTOCOLS_FOLDER = tmp_path / "protocols"  # type: ignore[attr-defined]
    actions.adopt(base_text(), takes_effect_at=START, actor=SETUP, now=START)
    made = register(a_recording(), actor=SETUP, now=START + 9 * HOUR)
    live([Change(48, 1, 14, withdrawn=False)], team_manager, dpo)
    type(made).objects.filter(pk=made.pk).update(due_at=made.ended_at + 14 * DAY, due_under="2", assessed_under="")
    ticking.protocol(START + 10 * DAY)
    ticking.new_version(START + 10 * DAY)
    made.refresh_from_db()
    assert (made.due_at, made.due_under) == (made.ended_at + 28 * DAY, "1")
