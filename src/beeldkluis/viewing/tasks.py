"""What the tick does for viewings."""

from datetime import datetime

from beeldkluis.journal.actor import Actor
from beeldkluis.viewing.actions import close_expired
from beeldkluis.viewing.presence_actions import end_expired

ACTOR = Actor.system("viewing")


def close_what_is_over(now: datetime) -> None:
    """Close openings and viewings that are over or left alone."""
    close_expired(actor=ACTOR, now=now)
    end_expired(actor=ACTOR, now=now)
