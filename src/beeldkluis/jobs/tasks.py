"""What the tick does for jobs."""

from datetime import datetime

from beeldkluis.jobs.actions import expire
from beeldkluis.jobs.impostor_actions import report_impostors
from beeldkluis.journal.actor import Actor

ACTOR = Actor.system("jobs")


def watch_workers(now: datetime) -> None:
    """Find workers that are none, and fail the jobs whose worker or lent key is gone, so that they may be asked again."""
    report_impostors(actor=ACTOR, now=now)
    expire(actor=ACTOR, now=now)
