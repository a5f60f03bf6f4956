"""The step of reviewing rights: somebody looked at the list of who may do what."""

from datetime import datetime

from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.people.events import RightsReviewed
from beeldkluis.people.models import Person, RightsReview
from beeldkluis.people.review_queries import list_of_rights
from beeldkluis.protocol.access import Act


def review_rights(*, kind: str, remarks: str, actor: Actor, now: datetime) -> RightsReview:
    """Keep that this person looked at the list as it is now, with remarks. The list is kept along."""
    with step("people.review_rights", actor=actor) as record:
        require(allowed(actor, Act.REVIEW_RIGHTS))
        reviewer = Person.objects.get(pseudonym=actor.pseudonym)
        made = RightsReview.objects.create(
            kind=kind, reviewer=reviewer, reviewed_at=now, list=list_of_rights(), remarks=remarks
        )
        record(RightsReviewed(kind=kind, accounts=len(made.list), remarks=remarks))
    return made
