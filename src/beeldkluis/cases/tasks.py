"""What the tick does for cases."""

from datetime import datetime

from beeldkluis.cases.actions import match_open_cases
from beeldkluis.journal.actor import Actor


def hold_late_recordings(now: datetime) -> int:
    """Hold what was docked after the request that waits for it. Runs before the round that destroys; how many."""
    return match_open_cases(actor=Actor.system("cases"), now=now)
