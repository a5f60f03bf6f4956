"""What time brings to people: reminders to sign, and to review rights."""

from collections.abc import Iterator
from datetime import datetime

from beeldkluis.governance import queries as governance
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.journal.actor import Actor
from beeldkluis.people import queries
from beeldkluis.people.acknowledgement_actions import Mail, remind_each
from beeldkluis.people.acknowledgement_queries import gaps
from beeldkluis.people.review_queries import overdue
from beeldkluis.protocol.acknowledgement import reminder_round
from beeldkluis.protocol.roles import Role

ACTOR = Actor.system("people")
SIGN = """U hebt nog niet getekend voor versie {version} van het protocol bodycams en de werkinstructie.

Teken op het scherm bij het dockingstation, met uw eigen account, of vraag de teammanager om een persoonlijke link.
"""
REVIEW = """De controle van rechten per {kind} is niet op tijd gedaan. Log in en kijk bij Rechten.
"""


def remind_to_sign(now: datetime) -> int:
    """Remind everybody with an address who has not signed for the version in force. How many mails were queued."""
    version = governance.current()
    if version is None or not version.sections or version.takes_effect_at is None:
        return 0
    return remind_each(_to_sign(version, now), actor=ACTOR, now=now)


def _to_sign(version: ProtocolVersion, now: datetime) -> Iterator[Mail]:
    protocol, began = governance.in_force(), version.takes_effect_at
    assert began is not None  # noqa: S101 - asked by the caller
    for line in gaps(version):
        one = line.officer or line.person
        number = reminder_round(since=max(began, _since(line.officer, began)), protocol=protocol, now=now)
        if one is not None and one.email and number:
            key, subject = (
                f"sign/{version.number}/{one.pseudonym}/{number}",
                f"Teken voor protocolversie {version.number}",
            )
            yield Mail(key=key, to=one.email, subject=subject, text=SIGN.format(version=version.number))


def _since(officer: object, otherwise: datetime) -> datetime:
    return getattr(officer, "since", otherwise)


def remind_to_review(now: datetime) -> int:
    """Remind whoever reviews rights of a review that is overdue. How many mails were queued."""
    people = (*queries.active_with(Role.TEAM_MANAGER), *queries.active_with(Role.DPO))
    mails = (
        Mail(
            key=f"review/{late.kind}/{late.due_at:%Y-%m-%d}/{person.pseudonym}",
            to=person.email,
            subject=f"Controle van rechten per {late.dutch} is te laat",
            text=REVIEW.format(kind=late.dutch),
        )
        for late in overdue(now)
        for person in people
    )
    return remind_each(mails, actor=ACTOR, now=now)
