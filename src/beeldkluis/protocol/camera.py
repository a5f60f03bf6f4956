"""What a camera that stays away, or shows up strangely, tells (work-1, work-9)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from beeldkluis.protocol.finding import Doubt
from beeldkluis.protocol.register import Protocol, rule

RULE = "camera.blocked"
ELSEWHERE_WITHIN = timedelta(minutes=1)  # faster than anybody carries a camera from one dock to another


@rule("camera.docked")
def stays_away(*, last_docked_at: datetime | None, issued_at: datetime, protocol: Protocol, now: datetime) -> bool:
    """Was an issued camera in no dock for so many days? Counted from the issue when that is later."""
    last = max(last_docked_at, issued_at) if last_docked_at else issued_at
    return now - last >= protocol.days("camera.docked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where a serial number was seen last, and where it is seen now. Volume ids may be empty: not told."""

    label: str
    volume_before: str
    volume_now: str
    other_label_of_volume: str  # the camera that this memory was in before, empty when none
    dock_before: str
    dock_now: str
    seen_before: datetime | None
    now: datetime


def strange(sighting: Sighting) -> Doubt | None:
    """What does not fit of a serial number and what stands beside it; None when they do. A serial is a label that can be
    rewritten, so slot, memory and dock are compared.
    """
    label, other = sighting.label, sighting.other_label_of_volume
    if other:
        text = f"Het geheugen in bodycam {label} zat eerder in bodycam {other}."
        return Doubt(RULE, f"memory-moved:{label}:{other}", text)
    if sighting.volume_before and sighting.volume_before != sighting.volume_now:
        return Doubt(RULE, f"memory-changed:{label}", f"Bodycam {label} heeft een ander geheugen dan de vorige keer.")
    moved = sighting.dock_before and sighting.dock_before != sighting.dock_now
    if moved and sighting.seen_before is not None and sighting.now - sighting.seen_before < ELSEWHERE_WITHIN:
        text = f"Bodycam {label} staat op twee plaatsen tegelijk. Een van beide is een andere camera."
        return Doubt(RULE, f"two-places:{label}", text)
    return None
