"""What the journal says of access that was granted."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class AccessEnded(Event):
    """Access was given, or is not owed any more: how, and whether the term for it was kept."""

    act: ClassVar[str] = "cases.access_ended"
    sentence: ClassVar[str] = "Zaak {case}: inzage afgerond ({how}), moest vóór {until}, op tijd: {in_time}"

    how: str
    until: datetime
    in_time: bool
    note: str = personal()
