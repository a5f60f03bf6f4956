"""What the journal says when what was noted of a visitor is erased."""

from dataclasses import dataclass
from typing import ClassVar

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class PresenceErased(Event):
    """Names of visitors and what was noted at viewings of a case were erased; who was there by role, how and when stays."""

    act: ClassVar[str] = "viewing.presence_erased"
    sentence: ClassVar[str] = "Namen en aantekeningen bij {viewings} inzage(s) van zaak {case} gewist"

    viewings: int
