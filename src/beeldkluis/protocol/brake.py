"""The brake on destruction: one round may only destroy so much before two people have looked.

A wrong clock, a wrong term or a wrong restore would otherwise destroy everything within a minute. The protocol is
silent about this; the number and the choice stand in the protocol file as an interpretation.
"""

from collections.abc import Set as AbstractSet

from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict

PEOPLE_NEEDED = 2  # "two pairs of eyes": fewer would be no brake, so this is no number of the municipality


@rule("retention.brake")
def may_destroy_at_once(*, recordings: int, protocol: Protocol) -> Verdict:
    """Whether one round may destroy this many recordings without people looking at it first."""
    limit = protocol.number("retention.brake", "recordings")
    return Verdict(
        allowed=recordings <= limit,
        rule="retention.brake",
        reason=f"Er staan {recordings} opnames tegelijk klaar om te vernietigen; dat mogen er zonder bevestiging {limit} zijn.",
    )


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
