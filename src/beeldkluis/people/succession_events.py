"""What the journal says when somebody acts for the team manager."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class DeputationBegun(Event):
    """From now on the deputy acts as team manager, and the team manager rests."""

    act: ClassVar[str] = "people.deputation_begun"
    sentence: ClassVar[str] = "{deputy_name} neemt waar voor {team_manager_name} tot {until}"

    team_manager: str
    deputy: str
    until: datetime
    emergency: bool
    team_manager_name: str = personal()
    deputy_name: str = personal()
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class DeputationEnded(Event):
    """The team manager acts again."""

    act: ClassVar[str] = "people.deputation_ended"
    sentence: ClassVar[str] = "Waarneming beëindigd"

    team_manager: str
    deputy: str


@dataclass(frozen=True, kw_only=True)
class CopySealed(Event):
    """A copy of the team's key, sealed with a deputy's own passphrase, was kept."""

    act: ClassVar[str] = "people.copy_sealed"
    sentence: ClassVar[str] = "Verzegelde kopie van de teamsleutel vastgelegd voor {name}"

    person: str
    key: str
    name: str = personal()
