"""Sending observations to the enforcement system, and keeping the number that comes back."""

from datetime import datetime

from beeldkluis.footage.enforcement import webhook, zgw
from beeldkluis.footage.enforcement.port import propose
from beeldkluis.footage.models import Observation
from beeldkluis.footage.observation_events import EnforcementNumberKept
from beeldkluis.footage.observation_queries import observation
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.models import Outgoing

ACTOR = Actor.system("enforcement")


def note_number(observation: Observation, number: str, *, actor: Actor) -> None:
    """Keep the number that the enforcement system gave; one that somebody typed stays."""
    with step("footage.note_enforcement_number", actor=actor) as record:
        locked = Observation.objects.select_for_update().get(pk=observation.pk)
        if not locked.enforcement_number:
            locked.enforcement_number = number
            locked.save(update_fields=["enforcement_number"])
        record(
            EnforcementNumberKept(
                recording=locked.recording_id, observation=locked.pk, enforcement_number=locked.enforcement_number
            )
        )


def send_to_zgw(message: Outgoing, now: datetime) -> None:
    """The sender of the channel "zgw". OtherSideError when it did not work."""
    found = observation(str(message.body.get("observation", "")))
    if found is None or found.enforcement_number or found.replaced_at is not None:
        return  # typed meanwhile, or corrected: the correction has a message of its own
    number = zgw.register(propose(found), zgw.target(), now=now)
    note_number(found, number, actor=ACTOR)


def send_to_webhook(message: Outgoing, now: datetime) -> None:
    """The sender of the channel "webhook". OtherSideError when it did not work."""
    found = observation(str(message.body.get("observation", "")))
    if found is not None and found.replaced_at is None:
        webhook.send(propose(found), now=now)
