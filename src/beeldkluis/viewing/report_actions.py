"""Telling who was filmed who looked (GDPR art. 15; CJEU C-579/21: moments and purposes, not the names of staff)."""

from datetime import datetime

from beeldkluis.cases import letters
from beeldkluis.cases.about import about
from beeldkluis.cases.letter_actions import make as make_letter
from beeldkluis.cases.models import Case, Letter
from beeldkluis.documents.words import day
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.queries import begun_at
from beeldkluis.journal.rights import allowed
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.presence import Present, may_tell_who_looked, required
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.viewing import events, reports


def tell_who_looked(case: Case, *, actor: Actor, now: datetime) -> Letter:
    """A letter to whoever was filmed and asks, with every time that footage of this case was opened, under whichever case.
    Refused under a case of anybody else.
    """
    with step("viewing.tell_who_looked", actor=actor, about=about(case)) as record:
        require(allowed(actor, Act.READ_VIEWINGS))
        require(may_tell_who_looked(kind=CaseKind(case.kind)))
        lines = reports.who_looked(case)
        words = {
            "about": letters.about(case),
            "viewings": [reports.in_words(one) for one in lines],
            "kept_since": day(begun_at() or now),
            "officer_there": Present.OFFICER in required(Purpose.ASSESS_REQUEST, in_force()),
        }
        made = make_letter(case, "seen_by", words, actor=actor, now=now)
        record(events.LookersTold(case=case.reference, openings=len(lines)))
    return made
