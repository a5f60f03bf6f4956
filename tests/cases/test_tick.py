from collections.abc import Callable
from datetime import timedelta

import pytest

from beeldkluis.cases.letter_actions import note_posted
from beeldkluis.cases.letting_go_actions import withdraw
from beeldkluis.cases.models import Case, Letter
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.people.models import Person
from beeldkluis.protocol.cases import CaseState
from beeldkluis.web.ticking import HERE, JOBS, tick
from tests.cases.conftest import NOW
from tests.conftest import Machine


@pytest.mark.rule("retention.late-docking", "request.search-window")
def test_time_alone_holds_what_was_docked_after_its_request_before_anything_is_destroyed(
    received: Callable[..., Case], add_recording: Callable[..., Recording]
) -> None:
    received()
    docked = NOW + timedelta(days=40)
    late = add_recording(received=docked)
    assert list(JOBS).index("verzoeken") < list(JOBS).index("bewaartermijn")
    tick(docked + timedelta(hours=1), {name: JOBS[name] for name in ("verzoeken", "bewaartermijn")})
    assert [hold.rule for hold in live_holds(late.pk)] == ["retention.hold-on-request"]
    late.refresh_from_db()
    assert late.destroyed_at is None


@pytest.mark.rule("retention.clock-jump", "request.withdrawal")
def test_a_clock_that_jumps_ends_no_hold(
    machine: Machine, received: Callable[..., Case], add_recording: Callable[..., Recording], dpo: Person
) -> None:
    """For a minute it is a year later: the fourteen days after the letter seem over, and what went on that account stays gone."""
    recording, case = add_recording(), received()
    withdraw(case, because="Per brief.", actor=dpo.as_actor, now=NOW)
    note_posted(Letter.objects.get(kind="withdrawn"), actor=dpo.as_actor, now=NOW)
    jobs = {name: HERE[name] for name in ("klok", "protocol", "ingang", "verzoeken", "loslaten", "bewaartermijn")}
    tick(NOW, jobs)
    for seconds in (20, 40):
        tick(NOW + timedelta(days=365, seconds=seconds), jobs)
    assert len(live_holds(recording.pk)) == 1
    case.refresh_from_db()
    assert case.state == CaseState.WITHDRAWN
    machine.run(timedelta(minutes=1))
    tick(NOW + timedelta(minutes=1), jobs)
    assert len(live_holds(recording.pk)) == 1
    machine.run(timedelta(days=14))
    tick(NOW + timedelta(days=14, minutes=1), jobs)
    assert not live_holds(recording.pk), "when those days are really over"
