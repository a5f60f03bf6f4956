"""How long footage is kept: keep or destroy, until when, because of which rules (work-11, work-12).

The period runs from the end of the recording by corrected clock, in exact days of 24 hours in UTC, so that a change to
or from daylight saving neither shortens nor lengthens it (docs/interpretations.md, I-01).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

from beeldkluis.protocol.register import Protocol, RegisterError, rule


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


class KeptUnder(IntEnum):
    """Which version decides how long footage stays that was recorded before that version: a choice in the protocol file."""

    RECORDED = 1  # the version that held when it was recorded
    SHORTER = 2  # the shorter of that one and the version in force
    IN_FORCE = 3  # the version in force


def kept_under(protocol: Protocol) -> KeptUnder:
    """What this version chooses. RegisterError for a number that is no choice."""
    chosen = protocol.number("retention.new-version", "choice")
    try:
        return KeptUnder(chosen)
    except ValueError:
        raise RegisterError(f"regel retention.new-version: {chosen} is geen keuze; het is 1, 2 of 3") from None


@rule("retention.new-version")
def deciding(protocol: Protocol, recorded_under: Sequence[Protocol] = ()) -> Protocol:
    """The version that says how long a recording is kept: of `protocol`, which is in force, and the versions under which it was
    recorded. Those are more than one where its moment is in doubt; then the longest counts, so that nothing goes early.
    """
    if not recorded_under:
        return protocol
    recorded = max(recorded_under, key=lambda one: one.days("retention.period"))
    chosen = kept_under(protocol)
    if chosen is KeptUnder.SHORTER:
        return min(recorded, protocol, key=lambda one: one.days("retention.period"))
    return protocol if chosen is KeptUnder.IN_FORCE else recorded


def due_at(
    *,
    ended_at: datetime,
    received_at: datetime,
    protocol: Protocol,
    clock_measured: bool = True,
    recorded_under: Sequence[Protocol] = (),
) -> datetime:
    """The moment the period is over, in UTC, without regard to holds. `ended_at` is by corrected clock; an end after the
    receipt counts as the receipt (recording.not-after-receipt), whatever stands in a row. Of a clock that nobody measured
    (`clock_measured` is false) only the receipt is sure: the period runs from there (I-48). `protocol` is in force;
    `recorded_under` are the versions that held when it was recorded (retention.new-version), empty: the same.

    Arithmetic in a zone with summer time counts hours on the wall; so it is done in UTC.
    """
    received, kept = received_at.astimezone(UTC), deciding(protocol, recorded_under).days("retention.period")
    return (min(ended_at.astimezone(UTC), received) if clock_measured else received) + kept


@rule(
    "retention.period",
    "retention.no-request",
    "retention.hold-on-request",
    "retention.hold-until-resolved",
    "retention.late-docking",
    "retention.clock-unknown",
    "retention.no-library",
)
def decide(
    *,
    ended_at: datetime,
    received_at: datetime,
    holds: Sequence[HoldFact],
    protocol: Protocol,
    now: datetime,
    clock_measured: bool = True,
    recorded_under: Sequence[Protocol] = (),
) -> Keep | Destroy:
    """Keep while a hold lasts or the period runs, otherwise destroy. Learning is no hold, so it prolongs nothing.

    Footage that came in (`received_at`) when its period was over, or nearly, stays a few minutes more: an open request
    that waits for it can only hold it once it is here. With a clock that was not measured nothing is docked late.
    """
    lasting = tuple(sorted({hold.rule for hold in holds if hold.lasts(now)}))
    due = due_at(
        ended_at=ended_at,
        received_at=received_at,
        protocol=protocol,
        clock_measured=clock_measured,
        recorded_under=recorded_under,
    )
    period = ("retention.period",) if clock_measured else ("retention.period", "retention.clock-unknown")
    if lasting:
        return Keep(until=None, because=lasting)
    if now < due:
        return Keep(until=due, because=period)
    looked_at = received_at.astimezone(UTC) + protocol.minutes("retention.late-docking")
    if now < looked_at:
        return Keep(until=looked_at, because=("retention.late-docking",))
    late = ("retention.late-docking",) if received_at >= due else ()
    return Destroy(due=due, because=(*period, "retention.no-request", *late))


@rule("retention.prompt")
def is_overdue(*, due: datetime, protocol: Protocol, now: datetime) -> bool:
    """Whether footage that is still here without a reason that names itself is a fault by now."""
    return now > due + protocol.minutes("retention.prompt")


@rule("retention.notice")
def announced_until(*, protocol: Protocol, now: datetime) -> datetime:
    """What falls due before this moment is announced as going soon."""
    return now + protocol.days("retention.notice")
