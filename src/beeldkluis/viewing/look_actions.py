"""Whoever reviews a copy gets it, and what that person says was played of it is held beside what the server gave out."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import serialised, step
from beeldkluis.people.models import Person
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.verdict import require
from beeldkluis.protocol.watching import was_given
from beeldkluis.redaction import actions
from beeldkluis.redaction import queries as redaction
from beeldkluis.redaction.models import Redaction, Rendering
from beeldkluis.redaction.queries import rendering_of, reviewed
from beeldkluis.vault import actions as vault
from beeldkluis.viewing import events, gate, queries
from beeldkluis.viewing.look_queries import share_given
from beeldkluis.viewing.models import Opening


def report_look(
    one: Redaction, spans: Sequence[tuple[int, int, bool]], *, version: int, person: Person, now: datetime
) -> bool:
    """See redaction.actions.report_look. Refused for more seconds of the copy than the server gave this person bytes of it for
    (access.played): a copy is not called good by who never fetched it, and looking at the film is not looking at its copy.
    """
    with serialised():
        made = rendering_of(one)
        if made is None:
            return False
        had = reviewed(one, person)
        played = [*had.played, *((start, end) for start, end, _heard in spans)]
        share = share_given(made, person)
        require(was_given(played=played, duration_ms=had.duration_ms, share=share, protocol=in_force()))
        return actions.report_look(one, spans, version=version, person=person, now=now)


def open_copy(opening: Opening, clip: UUID, *, person: Person, now: datetime) -> tuple[Rendering, bytes]:
    """Release the header of the copy that was made of a film which is open here to make others unrecognisable. The gate is asked
    again: people may have left since. Raises Refused, and Rendering.DoesNotExist when nothing is open here any more, or no copy
    of the newest draft is made.
    """
    with step("viewing.open_copy", actor=person.as_actor) as record:
        found = queries.opening_for(opening.pk, person, now=now)
        if found is None or found.purpose != Purpose.REDACT:
            raise Rendering.DoesNotExist
        require(gate.still_allowed(found, now))
        made = redaction.to_check(found.case, found.recording).get(clip)
        if made is None:
            raise Rendering.DoesNotExist
        header = vault.release_header(made.object)
        record(
            events.RedactedCopyOpened(
                recording=found.recording, case=found.case, opening=found.pk, clip=clip, object=made.object
            )
        )
    return made, header
