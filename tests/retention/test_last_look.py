"""What goes now is held beside the open cases once more, whatever was remembered of an earlier look."""

from datetime import timedelta

import pytest
from tests.cases.conftest import LETTER
from tests.retention.world import DUE, ENDED, World

from beeldkluis.cases import actions, matching_queries
from beeldkluis.cases.models import RecordingLooked
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import live_holds
from beeldkluis.governance.queries import in_force
from beeldkluis.people.models import Person
from beeldkluis.web.ticking import JOBS, tick


def say_it_was_looked_at(recording: Recording) -> None:
    """As somebody does who has the database: with the facts that the recording has now."""
    window = matching_queries.window(in_force())
    (seen,) = [one for one in matching_queries.not_looked_at(window, after=0) if one.recording == recording.pk]
    RecordingLooked.objects.create(
        recording=seen.recording,
        started_at=seen.started_at,
        ended_at=seen.ended_at,
        clock=seen.clock,
        officer=seen.officer,
        window=window,
    )


@pytest.mark.rule("retention.hold-on-request", "request.search-window")
def test_what_somebody_wrote_into_the_list_of_what_was_looked_at_lets_nothing_go_that_is_asked_for(
    world: World, inspector: Person, manager: Person
) -> None:
    moment = {"moment_from": ENDED - timedelta(minutes=4), "moment_until": ENDED}
    case = actions.receive(**(LETTER | moment), actor=inspector.as_actor, now=ENDED + timedelta(hours=3))
    minute = ENDED + timedelta(hours=4)
    tick(minute, {"verzoeken": JOBS["verzoeken"]})
    asked_for, other = world.receive(received=minute), world.receive(ENDED - timedelta(days=1), received=minute)
    say_it_was_looked_at(asked_for)
    for later in (minute, DUE + timedelta(minutes=1)):
        tick(later, {"verzoeken": JOBS["verzoeken"]})
        assert live_holds(asked_for.pk) == [], "the row hides it from the look of each minute"
    tick(DUE + timedelta(minutes=1), {"bewaartermijn": JOBS["bewaartermijn"]})
    assert [(hold.rule, hold.case) for hold in live_holds(asked_for.pk)] == [
        ("retention.hold-on-request", case.reference)
    ]
    assert world.still_opens(asked_for)
    assert not world.still_opens(other), "what nobody asks for goes"
