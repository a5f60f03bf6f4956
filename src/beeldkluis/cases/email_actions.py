"""Whether the requester's letters go by e-mail or by post (Awb 2:14)."""

from datetime import datetime

from beeldkluis.cases import events
from beeldkluis.cases.actions import case_step, move_on
from beeldkluis.cases.models import Case
from beeldkluis.journal.actions import require
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.cases import Step
from beeldkluis.protocol.letters import TO_OTHERS, may_agree


def set_by_email(case: Case, *, agreed: bool, email: str, actor: Actor, now: datetime) -> Case:
    """Note what the requester said: letters by e-mail, to this address, or by post. Holds for every letter that did not
    leave yet, until it is said otherwise. Refused by e-mail without an address.
    """
    with case_step("by_email", case, Step.BY_EMAIL, actor) as (locked, record):
        require(may_agree(agreed=agreed, address=email))
        address = email if agreed else locked.requester_email
        move_on(locked, Step.BY_EMAIL, email_agreed_at=now if agreed else None, requester_email=address)
        if agreed:
            locked.letters.filter(how="", kind__in=_to_requester(locked)).update(email=email)
        record((events.EmailAgreed if agreed else events.EmailWithdrawn)(case=locked.reference))
    return locked


def _to_requester(case: Case) -> list[str]:
    kinds = case.letters.filter(how="").values_list("kind", flat=True)
    return [kind for kind in kinds if kind not in TO_OTHERS]
