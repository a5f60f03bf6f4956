"""What crosses to the enforcement system, and by which of four ways: by hand, a list, the Zaken API, a webhook."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from beeldkluis.footage.models import Observation
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.actions import queue
from beeldkluis.outbox.models import Outgoing

BY_MACHINE = {"zgw": Outgoing.Channel.ZGW, "webhook": Outgoing.Channel.WEBHOOK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that ever crosses: our reference, when it was recorded (UTC), and the kind of observation. No officer, no person,
    no place, no words, and nothing that leads to footage.
    """

    reference: str
    observation: str
    started_at: datetime
    ended_at: datetime
    kind: str

    @property
    def identification(self) -> str:
        """Names this registration on the other side, at most 40 characters; the same each time it is sent."""
        return f"{self.reference}-{self.observation[:8]}"


def propose(observation: Observation) -> Draft:
    """What the other side may know of an observation."""
    recording = observation.recording
    return Draft(
        reference=str(recording),
        observation=str(observation.pk),
        started_at=recording.started_at,
        ended_at=recording.ended_at,
        kind=observation.kind,
    )


def announce(observation: Observation, *, actor: Actor, now: datetime) -> Outgoing | None:
    """Queue an observation without a number for the other system, in the step that made it. None when people type numbers."""
    channel = BY_MACHINE.get(settings.ENFORCEMENT)
    if channel is None or observation.enforcement_number:
        return None
    about = f"Waarneming bij opname {observation.recording}"
    return queue(channel=channel, about=about, body={"observation": str(observation.pk)}, actor=actor, now=now)
