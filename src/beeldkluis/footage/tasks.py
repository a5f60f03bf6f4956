"""What time brings to recordings."""

from datetime import datetime

from beeldkluis.footage.models import Recording
from beeldkluis.footage.observation_actions import remind
from beeldkluis.footage.observation_queries import to_remind
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actor import Actor
from beeldkluis.people.queries import team_manager

ACTOR = Actor.system("footage")
AT_ONCE = 100  # reminders in one minute; the rest in the next


def remind_of_observations(now: datetime) -> int:
    """Remind, once for each recording, whoever can still fill the observation in: 100 a minute. How many were reminded."""
    found = to_remind(now, in_force().days("recording.observation"), AT_ONCE)
    manager = team_manager()
    addresses = {one.pk: _address(one) or (manager.email if manager else "") for one in found}
    return sum(remind(one, to=addresses[one.pk], actor=ACTOR, now=now) for one in found)


def _address(recording: Recording) -> str:
    officer = recording.officer
    return officer.email if officer is not None and officer.until is None else ""
