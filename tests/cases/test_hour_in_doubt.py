"""A request finds a recording at every moment that a camera's local time leaves open, asked before or after it came in."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from beeldkluis.cases.models import Case
from beeldkluis.cases.tasks import hold_late_recordings
from beeldkluis.footage.actions import NewRecording, register
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.journal.actor import Actor
from tests.cases.conftest import INCIDENT, NOW

HOUR = timedelta(hours=1)


def filmed(hours: float, *, earlier: int = 0, later: int = 0) -> Recording:
    begin = INCIDENT + hours * HOUR
    new = NewRecording(
        id=uuid4(), source="dock", serial="S-1", started_at=begin, activated_at=begin, ended_at=begin + HOUR / 20,
        clock_offset_ms=-3_600_000, has_sound=True, said_apart="", clips=(),
        may_begin_earlier_ms=earlier * 3_600_000, may_end_later_ms=later * 3_600_000,
    )  # fmt: skip
    return register(new, actor=Actor.system("tests"), now=NOW)


@pytest.mark.rule("recording.local-clock", "request.search-window")
@pytest.mark.parametrize("first", ["request", "recording"])
def test_both_hours_are_found(received: Callable[..., Case], first: str) -> None:
    """The window is an hour on both sides; an hour and a half away is found only where an hour is in doubt."""
    if first == "request":
        received()
    made = [filmed(1.5, earlier=1), filmed(-1.5, later=1), filmed(1.5), filmed(-1.5), filmed(1.5, later=1)]
    if first == "recording":
        received()
    hold_late_recordings(NOW)
    assert [bool(live_holds(one.pk)) for one in made] == [True, True, False, False, False]
