"""What the tick does about access that is owed: a mail in the last week, and one when it is too late."""

from datetime import datetime, timedelta

from beeldkluis.cases import giving_queries as queries
from beeldkluis.cases import queries as cases
from beeldkluis.documents.words import day
from beeldkluis.journal.actor import Actor
from beeldkluis.people.acknowledgement_actions import remind_once
from beeldkluis.people.queries import active_with, team_manager
from beeldkluis.protocol.roles import Role

ACTOR = Actor.system("cases")
WEEK = timedelta(days=7)
SOON = """De verzoeker van zaak {reference} mag de beelden zien. Dat moet uiterlijk op {day} gebeuren. Maak een afspraak, of leg
vast dat de inzage is gegeven. Log in en kijk bij Verzoeken.
"""
LATE = """De verzoeker van zaak {reference} had de beelden uiterlijk op {day} moeten zien. Er is niet vastgelegd dat dat is
gebeurd. Log in en kijk bij Verzoeken.
"""


def remind_of_access(now: datetime) -> int:
    """Mail whoever decides once when a week is left, and both who decides and who watches once when it is too late. How many
    mails were queued.
    """
    acting, sent = team_manager(), 0
    judges = [acting] if acting else []
    untold = {case.pk for case in cases.untold()}  # of a letter that did not leave, other mails tell
    for one in queries.all_owed():
        late = now >= one.until
        if one.case_id in untold:
            continue
        if not late and one.until > now + WEEK:
            continue
        text = (LATE if late else SOON).format(reference=one.case.reference, day=day(one.until - timedelta(seconds=1)))
        subject = f"Inzage bij {one.case.reference} {'is te laat' if late else 'moet deze week'}"
        key = f"cases/{'give-late' if late else 'give'}/{one.case.reference}/{one.until:%Y-%m-%d}"
        for person in [*judges, *active_with(Role.DPO)] if late else judges:
            sent += remind_once(
                f"{key}/{person.pseudonym}", to=person.email, subject=subject, text=text, actor=ACTOR, now=now
            )
    return sent
