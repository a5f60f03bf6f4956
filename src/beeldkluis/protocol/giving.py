"""When a filmed person who may see the footage sees it: within a month of the request (GDPR art. 12(3); access-3, access-5).

A period in months ends with the last hour of the same date, or of the month's last day when there is no such date, and on the
next working day when that is none (Regulation 1182/71, article 3).
"""

from calendar import monthrange
from datetime import date, datetime
from enum import StrEnum

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.terms import ZONE, end_of
from beeldkluis.protocol.verdict import Verdict

NAME = "request.give-access"


class Ended(StrEnum):
    """How the duty to give access ended."""

    SEEN = "seen"
    COPY = "copy"
    ABSENT = "absent"
    DECLINED = "declined"
    REVISED = "revised"

    @property
    def dutch(self) -> str:
        """How it ended, on screen."""
        return _ENDED[self]


_ENDED = {
    Ended.SEEN: "De verzoeker heeft de beelden bekeken",
    Ended.COPY: "De verzoeker heeft een kopie gekregen",
    Ended.ABSENT: "De verzoeker is niet gekomen",
    Ended.DECLINED: "De verzoeker wil de beelden niet meer zien",
    Ended.REVISED: "Het besluit is herzien",
}
CHOSEN = (Ended.SEEN, Ended.COPY, Ended.ABSENT, Ended.DECLINED)  # what a person can note; a revision comes by itself


@rule(NAME)
def give_by(began: datetime, protocol: Protocol, *, extended: bool) -> datetime:
    """The end of the last day to give access. `began` is when the term began: the receipt, and whatever it stood still."""
    months = protocol.number(NAME, "months") + (protocol.number(NAME, "months_extended") if extended else 0)
    return end_of(months_after(began.astimezone(ZONE).date(), months))


def months_after(day: date, months: int) -> date:
    """The same date so many months later, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def may_end(*, owed: bool, how: str, note: str, invited: bool) -> Verdict:
    """May it be noted that access is no longer owed? When it is `owed` now. Somebody who did not come was invited by a letter
    that left, and what the requester said is written down.
    """
    reason = ""
    if not owed:
        reason = "Er is geen inzage meer te geven in deze zaak."
    elif how not in CHOSEN:
        reason = "Kies hoe het is gegaan."
    elif how == Ended.ABSENT and not invited:
        reason = "Er is nog geen uitnodiging verstuurd. Dan kan de verzoeker niet zijn weggebleven."
    elif how in {Ended.ABSENT, Ended.DECLINED} and not note.strip():
        reason = "Schrijf op hoe u dat weet, en of er een nieuwe afspraak is aangeboden."
    return Verdict(allowed=not reason, rule=NAME, reason=reason or "Vastgelegd.")
