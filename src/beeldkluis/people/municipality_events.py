"""What the journal says of the municipality's own addresses."""

from dataclasses import dataclass
from typing import ClassVar

from beeldkluis.journal.events import Event, personal


@dataclass(frozen=True, kw_only=True)
class ContactSet(Event):
    """The addresses that stand in letters and on the public page were changed. An address can name a person: it is a detail."""

    act: ClassVar[str] = "people.contact_set"
    sentence: ClassVar[str] = "Gegevens van de gemeente gewijzigd: {changed}"

    changed: tuple[str, ...]
    now: str = personal()
