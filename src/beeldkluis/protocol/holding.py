"""What holds footage and when each hold ends (work-12, retention.hold-*)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from beeldkluis.protocol.kinds import ON_REQUEST, UNTIL_RESOLVED, CaseKind
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict, refuse

ENDS: Mapping[str, str] = {
    ON_REQUEST: "het besluit is definitief",
    UNTIL_RESOLVED: "het incident is opgelost",
}
if _ENDLESS := [kind.name for kind in CaseKind if kind.facts.hold not in {None, *ENDS}]:
    raise LookupError(f"kinds of case that are held by a rule without an end: {', '.join(_ENDLESS)}")


def hold_rule(kind: CaseKind) -> str | None:
    """Which rule holds footage from receipt; None for a kind that prolongs nothing, such as self-reflection."""
    return kind.facts.hold


@rule("retention.review")
def review_at(*, protocol: Protocol, now: datetime) -> datetime:
    """When somebody looks again whether a hold is still needed. Every hold has such a moment (interpretation I-05)."""
    return now + protocol.days("retention.review")


@rule("preservation.end")
def ends_unasked(registered_at: datetime, protocol: Protocol) -> datetime:
    """When a preservation after a report to the police ends by itself, because no demand came (I-69). Looking again does not move
    it: nobody keeps footage for ever by saying so.
    """
    return registered_at + protocol.days("preservation.end")


def told_until(protocol: Protocol, *, now: datetime) -> datetime:
    """Preservations that end before this moment are told of now, so that somebody can ask the police."""
    return now + timedelta(days=protocol.number("preservation.end", "told_days"))


def may_look_again(*, because: str) -> Verdict:
    """May somebody say that footage is still needed? With the reason."""
    name = "retention.review"
    if not because.strip():
        return refuse(name, "Schrijf op waarom de beelden nog nodig zijn.")
    return Verdict(allowed=True, rule=name, reason="De beelden blijven bewaard.")


def is_there(*, destroyed: bool) -> Verdict:
    """Can a recording still be held, or get more files? Not once it is destroyed."""
    name = "retention.period"
    if destroyed:
        return refuse(name, "Deze opname is al vernietigd.")
    return Verdict(allowed=True, rule=name, reason="Deze opname is er nog.")
