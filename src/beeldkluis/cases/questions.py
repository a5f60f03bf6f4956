"""What is still to be asked of the requester, beside what must be there before it can be decided: none of it keeps anything
back.
"""

from typing import Any

from django.utils import timezone

from beeldkluis.cases.models import Case
from beeldkluis.documents.words import day
from beeldkluis.protocol.cases import WEIGHED
from beeldkluis.protocol.deciding import FORMS
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.legal import Regime
from beeldkluis.protocol.representation import AUTHORITIES, PROOFS, may_ask, to_ask

WISH = "Wilt u de beelden bekijken, of wilt u een kopie? U mag kiezen."
REACH = (
    "Wij hebben geen postadres van u. Geef ons uw adres, of laat ons weten dat wij u per e-mail mogen schrijven."
    " Zonder uw toestemming"
    " sturen wij geen brieven per e-mail."
)


def open_questions(case: Case) -> list[str]:
    """What to ask the requester, in sentences that stand in the first letter, on the page after the form, and for the desk."""
    asked = [
        *_which_hour(case),
        *to_ask(authority=case.authority, age=case.on_behalf_of_age, proof=case.authority_proof),
    ]
    by_right = CaseKind(case.kind).facts.by_right
    if by_right and case.regime == Regime.AVG and not case.wish:  # the Wpg gives no copy to choose
        asked.append(WISH)
    if case.kind in WEIGHED and not case.by_email and not _has_address(case):
        asked.append(REACH)
    return asked


def _has_address(case: Case) -> bool:
    return bool(case.requester_address.strip() and case.requester_place.strip())


def _which_hour(case: Case) -> list[str]:
    """Which of two equal times it was, in the night in which the clock was put back."""
    told = []
    for name in ("moment_from", "moment_until"):
        moment = getattr(case, name)
        if name in case.in_doubt and moment is not None:
            told.append(
                f"U noemde {day(moment)}, {timezone.localtime(moment):%H.%M} uur. In die nacht ging de klok een uur"
                f" terug, dus die tijd"
                " kwam twee keer. Was het de eerste of tweede keer? Tot wij dat weten, gaan wij uit van allebei."
            )
    return told


def shown(case: Case) -> dict[str, Any]:
    """What the page of a case says of it."""
    told = may_ask(authority=case.authority, age=case.on_behalf_of_age, proof=case.authority_proof)
    return {
        "authority": AUTHORITIES.get(case.authority, ""),
        "questions": open_questions(case),
        "wish": FORMS.get(case.wish, ""),
        "asks_wish": CaseKind(case.kind).facts.by_right,
        "proof": PROOFS.get(case.authority_proof, ""),
        "not_shown": "" if told.allowed else told.reason,
    }
