"""A viewing at which the requester was there, or got a copy, gives the access that was owed (request.give-access)."""

from datetime import datetime

from beeldkluis.cases.giving_actions import note_given
from beeldkluis.cases.giving_queries import owed
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.giving import Ended
from beeldkluis.protocol.presence import Present
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.viewing.models import Opening, Viewing


def seen_at(viewing: Viewing, *, actor: Actor, now: datetime) -> None:
    """Within the report of a viewing: note that the requester saw the footage. Nothing when nothing opened for the requester."""
    case = viewing.case
    if viewing.purpose != Purpose.VIEW_WITH_DATA_SUBJECT or case.state != CaseState.GRANTED or owed(case) is None:
        return
    came = viewing.attendances.filter(present=Present.REQUESTER.value).exists()
    if viewing.copy_handed:
        note_given(case, how=Ended.COPY, actor=actor, now=now)
    elif came and Opening.objects.filter(viewing=viewing).exists():
        note_given(case, how=Ended.SEEN, actor=actor, now=now)
