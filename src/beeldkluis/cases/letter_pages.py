"""What the page of a letter says before it leaves: whether it may go by e-mail, and what it cannot print."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from beeldkluis.cases import letters
from beeldkluis.cases.models import Letter
from beeldkluis.documents.script import lost
from beeldkluis.protocol.letters import may_email


def before_sending(letter: Letter, now: datetime) -> dict[str, Any]:
    """Beside the letter itself, while it did not leave."""
    agreed = may_email(kind=letter.kind, agreed=bool(letter.case.by_email))
    case = letter.case
    reach = bool(case.requester_address and case.requester_place) or agreed.allowed
    return {
        "agreed": agreed.allowed,
        "no_email": "" if agreed.allowed or letter.how else agreed.reason,
        "no_address": not reach and not letter.how,
        "lost": [] if letter.how else lost(asdict(letters.facts(letter, at=now))),
    }
