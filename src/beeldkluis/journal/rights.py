"""May this actor do this? People by their role; the program's own parts under their name."""

from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.protocol.access import Act, by_program, may
from beeldkluis.protocol.verdict import Verdict


def allowed(actor: Actor, act: Act) -> Verdict:
    """The verdict for a person's role. A part of the program (set-up, intake, the demonstration) may do what it calls."""
    if actor.kind is ActorKind.SYSTEM:
        return by_program(actor.pseudonym)
    return may(actor.role, act)
