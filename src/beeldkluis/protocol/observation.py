"""What the officer says of a recording (waarneming): complete, or what lacks; what deserves a second look; when it is late."""

from dataclasses import dataclass
from datetime import datetime

from beeldkluis.protocol.finding import Doubt
from beeldkluis.protocol.register import Protocol, rule
from beeldkluis.protocol.verdict import Verdict

GIVEN, NOT_POSSIBLE = "given", "not_possible"
OTHER_PLACE = "other"
NEEDS_NUMBER = frozenset({"aggression", "unsafety"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationFacts:
    """What was told. `kind`, `warning` and `place` are values of footage.models.Observation."""

    kind: str
    enforcement_number: str
    warning: str
    warning_because: str
    one_to_one: bool
    place: str
    place_because: str
    off_when_over: bool
    facts: str


@rule("recording.reason")
def is_told(facts: ObservationFacts) -> Verdict:
    """Is enough said of why the camera was on and how? Whoever did not warn says why; another place is named (privacy-1)."""
    lacking = ""
    if facts.warning != GIVEN and not facts.warning_because.strip():
        lacking = "Schrijf op waarom er niet is gewaarschuwd."
    elif facts.place == OTHER_PLACE and not facts.place_because.strip():
        lacking = "Schrijf op wat voor plaats het was."
    return Verdict(allowed=not lacking, rule="recording.reason", reason=lacking or "De waarneming is volledig.")


@rule("recording.warning", "recording.public-place")
def doubts(facts: ObservationFacts) -> tuple[Doubt, ...]:
    """What a person must look at: a warning that was due and was not given (work-4), a place
    that is not public (work-5), a camera that stayed on (work-6).
    """
    found = []
    if facts.one_to_one and facts.warning != GIVEN:
        found.append(Doubt("recording.warning", "one-to-one", "één persoon is gefilmd zonder waarschuwing vooraf."))
    elif facts.warning not in (GIVEN, NOT_POSSIBLE):
        found.append(Doubt("recording.warning", "not-given", "er is niet gewaarschuwd, terwijl dat wel kon."))
    if facts.place == OTHER_PLACE:
        found.append(Doubt("recording.public-place", "place", "er is gefilmd op een plaats die niet openbaar is."))
    if not facts.off_when_over:
        found.append(Doubt("recording.long", "stayed-on", "de camera bleef aan toen de situatie voorbij was."))
    return tuple(found)


def may_observe_own(*, own: bool) -> Verdict:
    """May an officer say something of this recording? Of the own ones only."""
    reason = "Dit is uw eigen opname." if own else "U kunt alleen iets zeggen over uw eigen opnames."
    return Verdict(allowed=own, rule="access.roles", reason=reason)


@rule("recording.observation")
def late_when_received_by(*, protocol: Protocol, now: datetime) -> datetime:
    """The moment of receipt up to which a recording without its observation, or without its number, is late now (work-7)."""
    return now - protocol.days("recording.observation")
