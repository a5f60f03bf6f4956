"""What the journal says of demands."""

from dataclasses import dataclass
from typing import ClassVar

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class DemandSaved(Event):
    """Somebody wrote down what a demand says, or what was checked of it. What it says stands beside its case alone. `secret`:
    yes, no or not said, in Dutch; `checked` and `unchecked`: which checks this person ticked, and which count no more.
    """

    act: ClassVar[str] = "disclosure.demand_saved"
    sentence: ClassVar[str] = (
        "Bijgewerkt wat er van de vordering bekend is, tot versie {version}; {blanks} punten ontbreken; geheim: {secret}; "
        "nagekeken: {checked}; niet meer nagekeken: {unchecked}"
    )

    version: int
    blanks: int
    secret: str
    checked: str
    unchecked: str
