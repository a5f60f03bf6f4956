"""How long footage is kept: keep or destroy, until when, because of which rules (work-11, work-12).

The period runs from the end of the recording by corrected clock, in exact days of 24 hours in UTC, so that a change to
or from daylight saving neither shortens nor lengthens it (docs/interpretations.md, I-01).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from beeldkluis.protocol.register import Protocol, rule


@dataclass(frozen=True, slots=True)
class HoldFact:
    """A reason to keep a recording: the rule that asks for it, the case, and from when to when (empty: still)."""

    rule: str
    case: str
    placed_at: datetime
    released_at: datetime | None

    def lasts(self, now: datetime) -> bool:
        """Does it hold at this moment? A hold that is written down holds, also when a clock says it is yet to begin."""
        return self.released_at is None or now < self.released_at


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep until this moment (empty: until a hold ends), because of these rules."""

    until: datetime | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Destroy:
    """Destroy; it was due at this moment, because of these rules."""

    due: datetime
    because: tuple[str, ...]


def due_at(*, ended_at: datetime, protocol: Protocol) -> datetime:
    """The moment the period is over, without regard to holds."""
    return ended_at + protocol.days("retention.period")


@rule(
    "retention.period",
    "retention.no-request",
    "retention.hold-on-request",
    "retention.hold-until-resolved",
    "retention.late-docking",
    "retention.no-library",
)
def decide(
    *,
    ended_at: datetime,
    received_at: datetime,
    holds: Sequence[HoldFact],
    protocol: Protocol,
    now: datetime,
) -> Keep | Destroy:
    """Keep while a hold lasts or the period runs, otherwise destroy. Holds are looked at first, also for footage that was
    already due when it was docked (`received_at`); learning is no hold, so it prolongs nothing.
    """
    lasting = tuple(sorted({hold.rule for hold in holds if hold.lasts(now)}))
    due = due_at(ended_at=ended_at, protocol=protocol)
    if lasting:
        return Keep(until=None, because=lasting)
    if now < due:
        return Keep(until=due, because=("retention.period",))
    late = ("retention.late-docking",) if received_at >= due else ()
    return Destroy(due=due, because=("retention.period", "retention.no-request", *late))
