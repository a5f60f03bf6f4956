"""Telling people what somebody else did: in the step that did it, so that one does not happen without the other."""

from datetime import datetime

from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people import queries
from beeldkluis.protocol.roles import Role

TOLD = """{text}

U krijgt dit bericht omdat u toeziet. In het logboek staat wie wat deed.
"""


def tell_dpo(*, subject: str, text: str, actor: Actor, now: datetime) -> None:
    """A mail to every data protection officer, queued in the step that is told of. The subject names nobody."""
    for person in queries.active_with(Role.DPO):
        queue_mail(to=person.email, subject=subject, text=TOLD.format(text=text), actor=actor, now=now)
