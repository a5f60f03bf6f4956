"""What time brings to people: reminders to sign, and to review rights."""

from datetime import datetime

from beeldkluis.governance import queries as governance
from beeldkluis.journal.actor import Actor
from beeldkluis.people import queries
from beeldkluis.people.acknowledgement_actions import remind_once
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
    sent = 0
    for line in gaps(version):
        one = line.officer or line.person
        since = max(version.takes_effect_at, _since(line.officer, version.takes_effect_at))
        number = reminder_round(since=since, protocol=governance.in_force(), now=now)
        if one is None or not one.email or number == 0:
            continue
        sent += remind_once(
            f"sign/{version.number}/{one.pseudonym}/{number}",
            to=one.email,
            subject=f"Teken voor protocolversie {version.number}",
            text=SIGN.format(version=version.number),
            actor=ACTOR,
            now=now,
        )
    return sent


def _since(officer: object, otherwise: datetime) -> datetime:
    return getattr(officer, "since", otherwise)


def remind_to_review(now: datetime) -> int:
    """Remind whoever reviews rights of a review that is overdue. How many mails were queued."""
    sent = 0
    for late in overdue(now):
        for person in (*queries.active_with(Role.TEAM_MANAGER), *queries.active_with(Role.DPO)):
            sent += remind_once(
                f"review/{late.kind}/{late.due_at:%Y-%m-%d}/{person.pseudonym}",
                to=person.email,
                subject=f"Controle van rechten per {late.dutch} is te laat",
                text=REVIEW.format(kind=late.dutch),
                actor=ACTOR,
                now=now,
            )
    return sent
