"""What the journal says of viewing copies."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class CopyAsked(Event):
    """A copy that every browser plays was asked for; the file key of this one clip was lent for it."""

    act: ClassVar[str] = "viewing.copy_asked"
    sentence: ClassVar[str] = "Kijkkopie gevraagd onder zaak {case}"

    clip: UUID
    lease: UUID


@dataclass(frozen=True, kw_only=True)
class CopyMade(Event):
    """The copy is there, sealed under the same shred key as its recording, and the lent key is gone."""

    act: ClassVar[str] = "viewing.copy_made"
    sentence: ClassVar[str] = "Kijkkopie gemaakt"

    clip: UUID
    object: UUID
    sealed_sha256: str
    duration_ms: int
    skipped: int = 0  # pieces of the film that could not be decoded
    jumps: int = 0  # how often the film's own clock was set anew on the way


@dataclass(frozen=True, kw_only=True)
class CopyFailed(Event):
    """No copy could be made; the lent key is gone."""

    act: ClassVar[str] = "viewing.copy_failed"
    sentence: ClassVar[str] = "Kijkkopie niet gemaakt: {reason}"

    clip: UUID
    reason: str
