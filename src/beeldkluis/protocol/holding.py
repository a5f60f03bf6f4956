"""What holds footage and when each hold ends (work-12, retention.hold-*)."""

from collections.abc import Mapping
from datetime import datetime

from beeldkluis.protocol.cases import CaseKind
from beeldkluis.protocol.register import Protocol, rule

ON_REQUEST = "retention.hold-on-request"
UNTIL_RESOLVED = "retention.hold-until-resolved"
ENDS: Mapping[str, str] = {
    ON_REQUEST: "het besluit is definitief",
    UNTIL_RESOLVED: "het incident is opgelost",
}


def hold_rule(kind: CaseKind) -> str | None:
    """Which rule holds footage from receipt. Empty for self-reflection, which prolongs nothing."""
    if kind in {CaseKind.ACCESS, CaseKind.INTEREST, CaseKind.PUBLIC_RECORDS}:
        return ON_REQUEST
    return UNTIL_RESOLVED if kind in {CaseKind.DEMAND, CaseKind.PRESERVATION} else None


@rule("retention.review")
def review_at(*, protocol: Protocol, now: datetime) -> datetime:
    """When somebody looks again whether a hold is still needed. Every hold has such a moment (interpretation I-05)."""
    return now + protocol.days("retention.review")
