"""What the page of a demand says, put together from its row and the rules: words, never new facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from beeldkluis.cases.recording_queries import recordings_of
from beeldkluis.disclosure.models import Demand
from beeldkluis.disclosure.queries import demanded
from beeldkluis.footage.models import Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.protocol.demand import (
    CHECKS,
    NAMES,
    ORAL,
    Demanded,
    asked_part,
    blanks,
    confirm_by,
    may_honour,
    questions,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A recording of the case, and which part of it is demanded; `begin` None: none of it."""

    recording: Recording
    begin: datetime | None
    end: datetime | None

    @property
    def whole(self) -> bool:
        """Is all of it demanded?"""
        return (self.begin, self.end) == (self.recording.earliest_start, self.recording.latest_end)


def _asked(demand: Demand, known: Demanded) -> Sequence[Asked]:
    found = []
    for one in recordings_of(demand.case):
        part = asked_part(known, one.earliest_start, one.latest_end)
        found.append(Asked(one, *(part or (None, None))))
    return found


def page(demand: Demand, *, now: datetime) -> dict[str, Any]:
    """What lacks, whether it may be honoured and why, until when it must come in writing, and a lawyer's questions."""
    known, protocol = demanded(demand), in_force()
    waits = known.form == ORAL and known.confirmed_at is None and known.demanded_at is not None
    return {
        "demand": demand,
        "blanks": [(NAMES | CHECKS)[name] for name in blanks(known)],
        "verdict": may_honour(known, protocol, now=now),
        "confirm_by": confirm_by(known.demanded_at, protocol) if waits and known.demanded_at else None,
        "questions": questions(known),
        "asked": _asked(demand, known),
    }
