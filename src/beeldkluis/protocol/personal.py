"""How long what people told of themselves is kept, and when it may go (GDPR art. 5(1)(e); the protocol is silent: I-64, I-65).

What is erased is about persons: names, addresses, words, papers. What stays names nobody: reference, kind, dates, outcome, the
hash of each letter, and the leaves of the journal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from beeldkluis.protocol.cases import WEIGHED, CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.letters import DECISIONS
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.terms import ZONE
from beeldkluis.protocol.verdict import Verdict

ERASER = "terms"  # the part of the program that erases, and the only one that may touch the journal's details
UNDECIDED = "undecided_years"
OWED = DECISIONS | {"closing", "withdrawn", "elsewhere", "seen_by"}  # letters that a closed case still owes somebody


def later(moment: datetime, years: int) -> datetime:
    """So many calendar years later, where the municipality is; 29 February becomes 1 March in a year without one."""
    local = moment.astimezone(ZONE)
    try:
        return local.replace(year=local.year + years)
    except ValueError:
        return local.replace(year=local.year + years, month=3, day=1)


def earlier(moment: datetime, years: int) -> datetime:
    """So many calendar years before; to look for what may be over, which `later` then decides."""
    local = moment.astimezone(ZONE)
    try:
        return local.replace(year=local.year - years)
    except ValueError:
        return local.replace(year=local.year - years, month=3, day=1)


def case_years(kind: CaseKind, *, decided: bool, protocol: Protocol) -> int:
    """How many years a closed case keeps what it knows of people: a request on which nothing was decided (withdrawn, or
    referred to where it belongs) has its own, shorter term.
    """
    name = kind.facts.years if decided or kind not in WEIGHED else UNDECIDED
    return protocol.number("personal.case", name)


@rule("personal.case")
def kept_until(kind: CaseKind, *, decided: bool, last: Sequence[datetime], protocol: Protocol) -> datetime:
    """Until when the data of a closed case stay: so many years after the last thing that happened in it. `last`: when it was
    closed, its letters left, its remedies got their outcome and its holds ended; one moment at least.
    """
    return later(max(last), case_years(kind, decided=decided, protocol=protocol))


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What may still run on a case: how many of each."""

    state: CaseState
    holds: int = 0
    remedies: int = 0
    letters: int = 0
    viewings: int = 0


@rule("personal.runs")
def may_erase(running: Running, *, until: datetime | None, now: datetime) -> Verdict:
    """May the data of a case go? Not while anything runs on it, whatever the date; and not before its term is over. `until` is
    empty while it was never closed.
    """
    reason = ""
    if running.state is not CaseState.CLOSED or until is None:
        reason = "De zaak is nog niet gesloten. De termijn begint pas daarna."
    elif running.remedies:
        reason = "Er loopt nog een bezwaar, beroep of klacht."
    elif running.holds:
        reason = "Er worden nog opnames voor deze zaak bewaard."
    elif running.letters:
        reason = "Er ligt nog een brief die niet weg is. Verstuur die eerst."
    elif running.viewings:
        reason = "Er is nog een inzage open."
    elif now < until:
        reason = "De bewaartermijn is nog niet voorbij."
    return Verdict(allowed=not reason, rule="personal.runs", reason=reason or "De bewaartermijn is voorbij.")


@rule("personal.pace")
def room_today(erased_today: int, protocol: Protocol) -> int:
    """Of how many more cases the data may go today. A wrong term does its harm slowly: somebody can see it before all is gone."""
    return max(protocol.number("personal.pace", "cases") - erased_today, 0)


@rule("personal.papers")
def papers_kept_until(closed_at: datetime, protocol: Protocol) -> datetime:
    """Until when papers that came in with a case stay, such as a scan: much shorter than the case itself."""
    return closed_at + protocol.days("personal.papers")


@rule("personal.oversight")
def oversight_over_before(now: datetime, protocol: Protocol) -> datetime:
    """Entries of the journal from before this moment keep no names or words beside them: not who looked at what, nor anything
    else. The entries themselves stay for ever.
    """
    return earlier(now, protocol.number("personal.oversight", "years"))


@rule("personal.attempts")
def attempts_over_before(now: datetime, protocol: Protocol) -> datetime:
    """What strangers typed when they tried to sign in before this moment goes: it may be anybody's name, or a password."""
    return now - protocol.days("personal.attempts")


@rule("personal.left")
def left_before(now: datetime, protocol: Protocol) -> tuple[datetime, datetime]:
    """Of who left before the first moment, what is only needed to reach or recognise that person goes: address, code, what the
    own screen told. Of who left before the second, the name and the scan of the signature as well.
    """
    return now - protocol.days("personal.left"), earlier(now, protocol.number("personal.left", "name_years"))


@rule("personal.only-by-term")
def may_erase_details(*, by_program: bool, pseudonym: str) -> Verdict:
    """May this one erase details of the journal? Only the part of the program that keeps the terms: no person, whatever the
    role, so nobody erases what was written about an own act.
    """
    reason = (
        "Bijzonderheden in het logboek verdwijnen alleen als hun bewaartermijn voorbij is. Niemand kan ze zelf wissen."
    )
    return Verdict(allowed=by_program and pseudonym == ERASER, rule="personal.only-by-term", reason=reason)
