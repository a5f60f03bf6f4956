"""What whoever reviews a copy says was played, held beside what the server gave out before it counts."""

from collections.abc import Sequence
from datetime import datetime

from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import serialised
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import require
from beeldkluis.protocol.watching import was_given
from beeldkluis.redaction import actions
from beeldkluis.redaction.models import Redaction
from beeldkluis.redaction.queries import reviewed
from beeldkluis.viewing.look_queries import share_given


def report_look(
    one: Redaction, spans: Sequence[tuple[int, int, bool]], *, version: int, person: Person, now: datetime
) -> bool:
    """See redaction.actions.report_look. Refused for more seconds of this version than the server gave this person bytes for
    (access.played): a copy is not called good by who never fetched it.
    """
    with serialised():
        had = reviewed(one, person)
        played = [*had.played, *((start, end) for start, end, _heard in spans)]
        share = share_given(one, person)
        require(was_given(played=played, duration_ms=had.duration_ms, share=share, protocol=in_force()))
        return actions.report_look(one, spans, version=version, person=person, now=now)
