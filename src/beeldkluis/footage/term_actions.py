"""When another version of the protocol applies, the moments at which recordings are due are asked anew."""

from beeldkluis.footage import events
from beeldkluis.footage.queries import assessed_before, term_ends
from beeldkluis.journal.actions import in_turn, step
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.register import Protocol

BATCH = 500


def reassess(protocol: Protocol, *, actor: Actor) -> int:
    """Ask the rule for up to 500 recordings that were assessed under another version. How many; 0: none are left.

    `due_at` is only an index for the round; the rule itself decides again at the moment of destruction.
    """
    with in_turn():
        found = assessed_before(protocol.version)[:BATCH]
        if not found:
            return 0
        with step("footage.reassess", actor=actor) as record:
            for recording in found:
                recording.due_at = term_ends(recording, protocol)
                recording.due_under = protocol.version
                recording.save(update_fields=["due_at", "due_under"])
            record(events.TermsReassessed(version=protocol.version, recordings=len(found)))
    return len(found)
