"""Sending what waits: each message alone, tried again later when it did not work."""

from collections.abc import Callable, Mapping
from datetime import datetime

from beeldkluis.journal.actor import Actor
from beeldkluis.outbox import actions, queries
from beeldkluis.outbox.models import Outgoing

ACTOR = Actor.system("outbox")
Sender = Callable[[Outgoing, datetime], None]


def send_due(now: datetime, senders: Mapping[str, Sender]) -> list[str]:
    """Try what is due. A channel without a sender waits (mail that is not configured). What is stuck, in Dutch sentences.

    A message is claimed before it is sent, so that two processes do not send it at once; a process that dies in between
    leaves it to be sent again, so receivers must bear a message twice.
    """
    for message in queries.due(now):
        sender = senders.get(message.channel)
        if sender is not None and actions.claim(message, actor=ACTOR, now=now):
            _try(message, sender, now)
    return [f"Bericht over {one.about} komt niet weg: {one.last_error}" for one in queries.stuck()]


def _try(message: Outgoing, sender: Sender, now: datetime) -> None:
    try:
        sender(message, now)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong on the other side, the next message is tried, and this one is noted
        actions.note_failed(message, why=str(error) or type(error).__name__, actor=ACTOR, now=now)
    else:
        actions.note_sent(message, actor=ACTOR, now=now)
