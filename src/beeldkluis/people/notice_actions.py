"""Telling people what somebody else did: in the transaction that did it, so that one does not happen without the other. By mail
that nobody withdraws, and by a notice on the own start page or at the dock's screen, which need no mail.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people import events, notice_queries, queries
from beeldkluis.people.account_events import NoticeSeen
from beeldkluis.people.models import Notice, Officer, OfficerNotice, Person
from beeldkluis.protocol.access import may_see_notice
from beeldkluis.protocol.naming import own_words
from beeldkluis.protocol.roles import Role

STANDS = timedelta(days=60)  # so long a notice stands at the dock's screen: longer than a holiday
TOLD = """{text}

U krijgt dit bericht omdat u toeziet. In het logboek staat wie wat deed.
"""
TOLD_OFFICER = """{text}

Klopt dit niet? Zeg het dan meteen tegen de functionaris gegevensbescherming{where}. Dit bericht staat ook bij het
dockingstation, achter uw nummer en code.
"""
CONCERNED = """{text}

U krijgt dit bericht omdat het u aangaat. In het logboek staat wie wat deed.
"""


def tell_dpo(*, subject: str, text: str, actor: Actor, now: datetime) -> None:
    """Every data protection officer, beside the step that is told of. The subject names nobody. When there is none with an
    account, the team manager and the administrators hear it, and it waits for the next officer.
    """
    if watchers := queries.active_with(Role.DPO):
        tell(watchers, subject=subject, text=text, actor=actor, now=now)
        return
    with step("people.tell", actor=actor) as record:
        Notice.objects.create(receiver=None, subject=own_words(subject), text=own_words(text), made_at=now)
        record(events.WatchersTold(about=subject, people=0))
    others = [*queries.active_with(Role.TEAM_MANAGER), *queries.active_with(Role.ADMINISTRATOR)]
    tell(others, subject=subject, text=text, actor=actor, now=now)


def tell(
    people: Iterable[Person], *, subject: str, text: str, actor: Actor, now: datetime, mail: str | None = None
) -> None:
    """Each of these people once, by mail and by notice, beside the step that is told of. The subject names nobody. `mail` is
    what stands in the mail, when that is more than what stands on the page.
    """
    receivers = {one.pk: one for one in people}.values()
    if not receivers:
        return
    with step("people.tell", actor=actor) as record:
        for person in receivers:
            frame = TOLD if person.role == Role.DPO.value else CONCERNED
            told = frame.format(text=mail or text)
            queue_mail(to=person.email, subject=subject, text=told, actor=actor, now=now, must_leave=True)
            Notice.objects.create(receiver=person, subject=own_words(subject), text=own_words(text), made_at=now)
        record(events.WatchersTold(about=subject, people=len(receivers)))


def tell_officer(officer: Officer, *, subject: str, text: str, actor: Actor, now: datetime) -> None:
    """A mail to every address that this officer has or had until a short while ago, and a notice at the dock's screen, which
    reaches who has no address, and who does not read the mail that somebody withdrew. The subject names nobody.
    """
    with step("people.tell_officer", actor=actor) as record:
        OfficerNotice.objects.filter(officer=officer, until__lte=now).delete()  # no longer shown, so not kept either
        OfficerNotice.objects.create(officer=officer, text=own_words(text), told_at=now, until=now + STANDS)
        desks = ", ".join(one.email for one in queries.active_with(Role.DPO))
        body = TOLD_OFFICER.format(text=text, where=f": {desks}" if desks else "")
        addresses = queries.addresses_of(officer, now)
        for address in addresses:
            queue_mail(to=address, subject=subject, text=body, actor=actor, now=now, must_leave=True)
        record(events.OfficerTold(officer=str(officer.pseudonym), about=subject, addresses=len(addresses)))


def see_notice(notice: Notice, person: Person, *, actor: Actor, now: datetime) -> None:
    """The receiver saw it: its words go, the moment stays. Again changes nothing. Refused for anybody else."""
    with step("people.see_notice", actor=actor) as record:
        locked = Notice.objects.select_for_update().get(pk=notice.pk)
        require(may_see_notice(own=notice_queries.is_for(locked, person)))
        if locked.seen_at is None:
            locked.receiver, locked.seen_at, locked.text = person, now, ""
            locked.save(update_fields=["receiver", "seen_at", "text"])
        record(NoticeSeen(notice=locked.pk, subject=locked.subject, made_at=locked.made_at))
