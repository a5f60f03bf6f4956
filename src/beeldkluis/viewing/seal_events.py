"""What the journal keeps of seals that are not right."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class SealBroken(Event):
    """The browser could not open a clip with our key, or a piece of it was not authentic."""

    act: ClassVar[str] = "viewing.seal_broken"
    sentence: ClassVar[str] = "Het zegel van een opname klopt niet, gezien onder zaak {case}"

    clip: UUID
    no_key: bool
