"""Telling people what somebody else did: in the step that did it, so that one does not happen without the other."""

from datetime import datetime, timedelta

from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people import events, queries
from beeldkluis.people.models import Officer, OfficerNotice
from beeldkluis.protocol.roles import Role

STANDS = timedelta(days=60)  # so long a notice stands at the dock's screen: longer than a holiday
TOLD = """{text}

U krijgt dit bericht omdat u toeziet. In het logboek staat wie wat deed.
"""
TOLD_OFFICER = """{text}

Klopt dit niet? Zeg het dan meteen tegen de functionaris gegevensbescherming{where}. Dit bericht staat ook bij het
dockingstation, achter uw nummer en code.
"""


def tell_dpo(*, subject: str, text: str, actor: Actor, now: datetime) -> None:
    """A mail to every data protection officer, queued in the step that is told of. The subject names nobody."""
    for person in queries.active_with(Role.DPO):
        queue_mail(to=person.email, subject=subject, text=TOLD.format(text=text), actor=actor, now=now)


def tell_officer(officer: Officer, *, subject: str, text: str, actor: Actor, now: datetime) -> None:
    """A mail to every address that this officer has or had until a short while ago, and a notice at the dock's screen, which
    reaches who has no address, and who does not read the mail that somebody withdrew. The subject names nobody.
    """
    with step("people.tell_officer", actor=actor) as record:
        OfficerNotice.objects.filter(officer=officer, until__lte=now).delete()  # no longer shown, so not kept either
        OfficerNotice.objects.create(officer=officer, text=text, told_at=now, until=now + STANDS)
        desks = ", ".join(one.email for one in queries.active_with(Role.DPO))
        body = TOLD_OFFICER.format(text=text, where=f": {desks}" if desks else "")
        addresses = queries.addresses_of(officer, now)
        for address in addresses:
            queue_mail(to=address, subject=subject, text=body, actor=actor, now=now)
        record(events.OfficerTold(officer=str(officer.pseudonym), about=subject, addresses=len(addresses)))
