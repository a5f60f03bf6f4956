"""What the journal says of showing the recovery sheet."""

from dataclasses import dataclass
from typing import ClassVar

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class RecoverySheetAsked(Event):
    """Somebody is about to show the recovery sheet."""

    act: ClassVar[str] = "people.recovery_sheet_asked"
    sentence: ClassVar[str] = "Er is gevraagd de herstelsleutel te tonen ({purpose})"

    purpose: str


@dataclass(frozen=True, kw_only=True)
class RecoverySheetShown(Event):
    """Somebody proved to have the recovery sheet. The sheet itself did not reach the server."""

    act: ClassVar[str] = "people.recovery_sheet_shown"
    sentence: ClassVar[str] = "De herstelsleutel is getoond ({purpose})"

    purpose: str
    key: str
