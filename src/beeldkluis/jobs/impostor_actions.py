"""A program that is no worker and says it is: found, told, and never lent a key (docs/spec/viewing-copy.md)."""

from datetime import datetime

from beeldkluis.findings.actions import raise_finding
from beeldkluis.jobs import events, queries
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.people.notice_actions import tell_dpo

IMPOSTOR = (
    "Bij de werkers stond een programma dat deze server niet kent. Het kreeg geen sleutel en is weggehaald."
    " Iemand kan in de database schrijven. Behandel dit als beveiligingsincident."
)


def report_impostors(*, actor: Actor, now: datetime) -> int:
    """Somebody who writes in the database made himself a worker, or put an old one back: nothing was lent to it, its row goes,
    and who must know is told. How many rows that were.
    """
    found = queries.impostors()
    if found:
        with step("jobs.report_impostors", actor=actor) as record:
            for one in found:
                record(events.ImpostorFound(recipient=one.recipient[:100]))
                one.delete()
            raise_finding(
                rule="storage.sealed", key="impostor", text=IMPOSTOR, recording=None, bodycam=None, actor=actor, now=now
            )
            tell_dpo(subject="Onbekend programma bij de werkers", text=IMPOSTOR, actor=actor, now=now)
    return len(found)
