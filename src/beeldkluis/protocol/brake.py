"""The brake on destruction: one round may only destroy so much before two people have looked, and none when the clock jumped.

A wrong clock, a wrong term or a wrong restore would otherwise destroy everything within a minute. The protocol is
silent about this; the numbers and the choice stand in the protocol file as an interpretation.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict

PEOPLE_NEEDED = 2  # "two pairs of eyes": fewer would be no brake, so this is no number of the municipality


@rule("retention.brake")
def may_destroy_at_once(
    *, recordings: int, protocol: Protocol, kept: int | None = None, came_in: int | None = None
) -> Verdict:
    """Whether one round may destroy this many recordings without people looking at it first.

    `kept`: how many there are; `came_in`: how many did in the last period. Where these are told the limit is a share of what is
    kept, or so many usual days when that is more, and not below `least`: where few are kept, two that are due on one day need
    nobody. Never above `recordings`.
    """
    limit = protocol.number("retention.brake", "recordings")
    if kept is not None and came_in is not None:
        share = kept * protocol.number("retention.brake", "percent") // 100
        period = protocol.number("retention.period", "days")
        usual = came_in * protocol.number("retention.brake", "usual-days") // period
        limit = min(limit, max(protocol.number("retention.brake", "least"), share, usual))
    return Verdict(
        allowed=recordings <= limit,
        rule="retention.brake",
        reason=f"Er staan {recordings} opnames tegelijk klaar om te vernietigen; dat mogen er zonder bevestiging {limit} zijn.",
    )


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the clock: what it said, and how long the machine ran since its start `boot` (seconds); empty when not asked."""

    clock: datetime
    boot: str = ""
    ran: int = 0


@rule("retention.clock-jump")
def clock_holds(*, last: datetime, anchor: Look, look: Look, protocol: Protocol) -> Verdict:
    """May the clock be believed, so that what it says to be due may go? `last`: what it said when a round last believed it, or
    a line of the journal was written; `anchor`: an earlier look in which the machine was asked as well.

    While a machine runs its clock gains no more on its running time than `minutes`, since the anchor and so also in small
    steps. After a start of the machine not more than `hours` are without a look. Where the machine is not asked, no more than
    `days` since `last`.
    """
    name = "retention.clock-jump"
    gap, allowed = look.clock - last, protocol.days(name)
    if look.boot and look.boot == anchor.boot:
        gap = (look.clock - anchor.clock) - timedelta(seconds=look.ran - anchor.ran)
        allowed = protocol.minutes(name)
    elif look.boot:
        gap -= timedelta(seconds=look.ran)
        allowed = timedelta(hours=protocol.number(name, "hours"))
    if gap <= allowed:
        return Verdict(allowed=True, rule=name, reason="De klok liep gewoon door.")
    reason = (
        f"De klok van de server sprong {_in_words(gap)} vooruit, of het systeem stond zo lang stil. Gaat de klok voor, dan gaan"
        " opnames te vroeg weg. Tot er is gekeken wordt niets vernietigd."
    )
    return Verdict(allowed=False, rule=name, reason=reason)


@rule("retention.clock-node")
def node_clock_holds(*, ahead: timedelta, protocol: Protocol) -> Verdict:
    """May this machine destroy by its own clock? Not when that differs from the clock of the database by more than `seconds`:
    of several machines each then has another moment at which a term ends. `ahead`: negative when this machine is behind.
    """
    name = "retention.clock-node"
    allowed = protocol.number(name, "seconds")
    if abs(ahead) <= timedelta(seconds=allowed):
        return Verdict(allowed=True, rule=name, reason="De klok van deze machine loopt gelijk met die van de database.")
    reason = (
        f"De klok van deze machine en die van de database lopen meer dan {allowed} seconden uiteen. Tot dat is verholpen,"
        " vernietigt deze machine niets. Zet op beide de tijd gelijk (NTP)."
    )
    return Verdict(allowed=False, rule=name, reason=reason)


def _in_words(span: timedelta) -> str:
    hours = int(span.total_seconds()) // 3600
    if hours >= 48:
        return f"{hours // 24} dagen"
    return f"{hours} uur" if hours else f"{int(span.total_seconds()) // 60} minuten"


def may_confirm(*, waiting: bool, confirmed_by: AbstractSet[str], person: str) -> Verdict:
    """Whether this person (a pseudonym) may confirm a stopped round that `confirmed_by` confirmed before."""
    if not waiting:
        return Verdict(
            allowed=False, rule="retention.brake", reason="Deze vernietiging wacht niet meer op bevestiging."
        )
    if person in confirmed_by:
        reason = "U heeft deze vernietiging al bevestigd. Een ander moet dat ook doen."
        return Verdict(allowed=False, rule="retention.brake", reason=reason)
    return Verdict(allowed=True, rule="retention.brake", reason="Een van de twee bevestigingen.")


def is_released(confirmed_by: AbstractSet[str]) -> bool:
    """Whether enough different people have confirmed."""
    return len(confirmed_by) >= PEOPLE_NEEDED
