"""The steps of the outbox: queue with the step that causes it, note what became of it."""

from datetime import datetime, timedelta
from typing import Any

from beeldkluis.journal.actions import About, require, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.outbox import events
from beeldkluis.outbox.models import Outgoing
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.accounts import may_hold_back
from beeldkluis.protocol.naming import own_words

CLAIM = timedelta(minutes=5)  # longer than any exchange lasts
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_DOUBLINGS = 12  # the wait stays at its longest from here on


def queue(
    *,
    channel: str,
    about: str,
    body: dict[str, Any],
    actor: Actor,
    now: datetime,
    must_leave: bool = False,
    case: str = "",
) -> Outgoing:
    """Write a message down inside the step that causes it; it is sent within a minute, or later when nobody answers.

    `about` is for whoever sees it stuck and names nobody. Towards other systems `body` holds references only. What
    `must_leave` nobody withdraws. `case` is the reference under which it stands, when no step around this names it: what is
    written to a requester goes with the case's term.
    """
    with step("outbox.queue", actor=actor, about=About(case) if case else None) as record:
        message = Outgoing.objects.create(
            channel=channel,
            about=about,
            body=body,
            queued_at=now,
            next_try_at=now,
            case=record.case,
            must_leave=must_leave,
        )
        record(events.MessageQueued(message=message.pk, channel=channel, about=about))
    return message


def queue_mail(
    *,
    to: str,
    subject: str,
    text: str,
    actor: Actor,
    now: datetime,
    calendar: bytes | None = None,
    must_leave: bool = False,
    case: str = "",
) -> Outgoing:
    """A letter by e-mail, in plain text. The subject is what stands in the list of messages, so it names nobody. `calendar` is a
    file that goes with it (RFC 5545), made for this address.
    """
    subject, text = own_words(subject), own_words(text)
    body = {"to": to, "text": text} | ({"calendar": calendar.decode()} if calendar is not None else {})
    mail = Outgoing.Channel.MAIL
    return queue(channel=mail, about=subject, body=body, actor=actor, now=now, must_leave=must_leave, case=case)


def _about(message: Outgoing) -> About | None:
    """What becomes of a message stands under its case too: what a mail server answers often names the address."""
    return About(message.case) if message.case else None


def claim(message: Outgoing, *, actor: Actor, now: datetime) -> bool:
    """Take a message to send: whoever comes at the same time leaves it. It comes up again when nothing is noted."""
    with serialised():
        locked = Outgoing.objects.select_for_update().get(pk=message.pk)
        if locked.sent_at is not None or locked.withdrawn_at is not None or locked.next_try_at > now:
            return False
        with step("outbox.claim", actor=actor, about=_about(message)) as record:
            locked.next_try_at = now + CLAIM
            locked.save(update_fields=["next_try_at"])
            record(events.MessageClaimed(message=locked.pk))
    return True


def hurry(message: Outgoing, *, actor: Actor, now: datetime) -> None:
    """Somebody asks to try it now rather than after the wait."""
    with step("outbox.hurry", actor=actor, about=_about(message)) as record:
        require(allowed(actor, Act.SEE_OUTGOING))
        locked = Outgoing.objects.select_for_update().get(pk=message.pk)
        locked.next_try_at = min(locked.next_try_at, now)
        locked.save(update_fields=["next_try_at"])
        record(events.MessageHurried(message=locked.pk))


def note_sent(message: Outgoing, *, actor: Actor, now: datetime) -> None:
    """It left. What it said is not kept any longer than needed: the body of a letter is emptied."""
    with step("outbox.note_sent", actor=actor, about=_about(message)) as record:
        locked = Outgoing.objects.select_for_update().get(pk=message.pk)
        locked.sent_at, locked.tries, locked.last_error = now, locked.tries + 1, ""
        if locked.channel == Outgoing.Channel.MAIL:
            locked.body = {}
        locked.save(update_fields=["sent_at", "tries", "last_error", "body"])
        record(events.MessageSent(message=locked.pk, tries=locked.tries))


def note_failed(message: Outgoing, *, why: str, actor: Actor, now: datetime) -> None:
    """It did not leave: try again after a wait that doubles from a minute up to six hours. It is never given up."""
    with step("outbox.note_failed", actor=actor, about=_about(message)) as record:
        locked = Outgoing.objects.select_for_update().get(pk=message.pk)
        locked.tries += 1
        wait = min(FIRST_WAIT * 2 ** min(locked.tries - 1, MOST_DOUBLINGS), LONGEST_WAIT)
        locked.next_try_at, locked.last_error = now + wait, why[:300]
        locked.save(update_fields=["tries", "next_try_at", "last_error"])
        record(events.MessageFailed(message=locked.pk, tries=locked.tries, why=locked.last_error))


def withdraw(message: Outgoing, *, because: str, actor: Actor, now: datetime) -> None:
    """Somebody decides that it need not go any more. What was sent or withdrawn stays as it is. Refused for what must leave."""
    with step("outbox.withdraw", actor=actor, about=_about(message)) as record:
        require(allowed(actor, Act.SEE_OUTGOING))
        locked = Outgoing.objects.select_for_update().get(pk=message.pk)
        require(may_hold_back(must_leave=locked.must_leave))
        if locked.sent_at is None and locked.withdrawn_at is None:
            locked.withdrawn_at = now
            locked.save(update_fields=["withdrawn_at"])
        record(events.MessageWithdrawn(message=locked.pk, because=because))


def empty(case: str, *, actor: Actor, now: datetime) -> int:
    """What messages under a case say is erased, with what mail servers answered; a message that still waited is withdrawn, as
    nothing is left of it to send. How many there are.
    """
    with step("outbox.empty", actor=actor, about=About(case)) as record:
        found = Outgoing.objects.select_for_update().filter(case=case)
        count = found.count()
        found.filter(sent_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=now)
        Outgoing.objects.filter(case=case).update(body={}, last_error="")
        record(events.MessagesEmptied(messages=count))
    return count
