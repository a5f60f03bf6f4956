"""What the journal says when what is known of somebody who left is erased. Pseudonyms stay, and name nobody then."""

from dataclasses import dataclass
from typing import ClassVar

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ReachErased(Event):
    """Address, code and messages of somebody who left were erased."""

    act: ClassVar[str] = "people.reach_erased"
    sentence: ClassVar[str] = "Adres en code gewist van iemand die hier niet meer werkt"

    whose: str


@dataclass(frozen=True, kw_only=True)
class NameErased(Event):
    """The name and the signature of somebody who left were erased."""

    act: ClassVar[str] = "people.name_erased"
    sentence: ClassVar[str] = "Naam gewist van iemand die hier niet meer werkt"

    whose: str
