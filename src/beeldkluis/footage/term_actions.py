"""When another version of the protocol applies, the moments at which recordings are due are asked anew."""

from dataclasses import replace

from beeldkluis.footage import events
from beeldkluis.footage.queries import assessed_before, decided_under, term_ends
from beeldkluis.governance.queries import history
from beeldkluis.journal.actions import serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.protocol.register import Protocol

BATCH = 500


def reassess(protocol: Protocol, *, actor: Actor) -> int:
    """Ask the rule for up to 500 recordings that were assessed while another version was in force. How many; 0: none are left.

    `due_at` is only an index for the round; the rule itself decides again at the moment of destruction.
    """
    with serialised():
        found, version = assessed_before(protocol.version)[:BATCH], protocol.version
        if not found:
            return 0
        versions = replace(history(), in_force=protocol)
        with step("footage.reassess", actor=actor) as record:
            for recording in found:
                recording.due_at, recording.due_under = (
                    term_ends(recording, versions),
                    decided_under(recording, versions),
                )
                recording.assessed_under = version
                recording.save(update_fields=["due_at", "due_under", "assessed_under"])
            record(events.TermsReassessed(version=version, recordings=len(found)))
    return len(found)
