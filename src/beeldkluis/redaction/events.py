"""What the journal says of copies in which others cannot be recognised."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class AnalysisAsked(Event):
    """Somebody asked to find who and what must be covered in a film; its file key was lent for it."""

    act: ClassVar[str] = "redaction.analysis_asked"
    sentence: ClassVar[str] = "Gevraagd om te zoeken wie en wat onherkenbaar moet, onder zaak {case}"

    clip: UUID
    lease: UUID


@dataclass(frozen=True, kw_only=True)
class AnalysisMade(Event):
    """What is where was found and sealed with its recording; the lent key is gone. `models`: SHA-256 of each detector."""

    act: ClassVar[str] = "redaction.analysis_made"
    sentence: ClassVar[str] = "Gezocht wie en wat onherkenbaar moet: {tracks} gevonden"

    clip: UUID
    object: UUID
    sealed_sha256: str
    duration_ms: int
    frames: int
    tracks: int
    models: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnalysisFailed(Event):
    """Nothing came of the search; the lent key is gone."""

    act: ClassVar[str] = "redaction.analysis_failed"
    sentence: ClassVar[str] = "Niet gezocht wie en wat onherkenbaar moet: {reason}"

    clip: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class DraftSaved(Event):
    """Somebody saved what is covered, freed or heard. The hash is of the draft (docs/spec/redaction.md)."""

    act: ClassVar[str] = "redaction.draft_saved"
    sentence: ClassVar[str] = "Onherkenbaar maken bijgewerkt tot versie {version}; {freed} vrijgegeven"

    clip: UUID
    version: int
    changed_in: int
    freed: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class UseChosen(Event):
    """Somebody said whether the copy is given away or stays in the room."""

    act: ClassVar[str] = "redaction.use_chosen"
    sentence: ClassVar[str] = "Vastgelegd of de kopie het huis uit gaat: {leaves}"

    clip: UUID
    leaves: str


@dataclass(frozen=True, kw_only=True)
class CopyAsked(Event):
    """Somebody asked for the copy of one version; the film's file key was lent for it."""

    act: ClassVar[str] = "redaction.copy_asked"
    sentence: ClassVar[str] = "Onherkenbare kopie gevraagd van versie {version}, onder zaak {case}"

    clip: UUID
    version: int
    lease: UUID


@dataclass(frozen=True, kw_only=True)
class CopyRendered(Event):
    """The copy was made, looked over by the program and sealed; the lent key is gone."""

    act: ClassVar[str] = "redaction.copy_rendered"
    sentence: ClassVar[str] = "Onherkenbare kopie gemaakt van versie {version}"

    clip: UUID
    version: int
    object: UUID
    sealed_sha256: str
    plain_sha256: str
    duration_ms: int


@dataclass(frozen=True, kw_only=True)
class CopyLost(Event):
    """No copy was made; the lent key is gone."""

    act: ClassVar[str] = "redaction.copy_lost"
    sentence: ClassVar[str] = "Onherkenbare kopie niet gemaakt: {reason}"

    clip: UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class StretchReviewed(Event):
    """Somebody played a stretch of this version."""

    act: ClassVar[str] = "redaction.stretch_reviewed"
    sentence: ClassVar[str] = "Nagekeken: van {start_ms} tot {end_ms} milliseconden, versie {version}"
    oversight: ClassVar[bool] = True

    clip: UUID
    version: int
    start_ms: int
    end_ms: int
    heard: bool


@dataclass(frozen=True, kw_only=True)
class CopyChecked(Event):
    """Somebody who saw and heard all of it called the copy good."""

    act: ClassVar[str] = "redaction.copy_checked"
    sentence: ClassVar[str] = "Onherkenbare kopie gecontroleerd, versie {version}"

    clip: UUID
    version: int
    object: UUID


@dataclass(frozen=True, kw_only=True)
class CopyApproved(Event):
    """The copy may be shown. `second`: another person than who checked it looked at all of it too."""

    act: ClassVar[str] = "redaction.copy_approved"
    sentence: ClassVar[str] = "Onherkenbare kopie goedgekeurd, versie {version}"

    clip: UUID
    version: int
    object: UUID
    second: bool


@dataclass(frozen=True, kw_only=True)
class RedactionWithdrawn(Event):
    """The copy is not used, and is no longer shown."""

    act: ClassVar[str] = "redaction.withdrawn"
    sentence: ClassVar[str] = "Onherkenbare kopie ingetrokken"

    clip: UUID


@dataclass(frozen=True, kw_only=True)
class DraftErased(Event):
    """The film was destroyed, and what people drew of it was erased."""

    act: ClassVar[str] = "redaction.draft_erased"
    sentence: ClassVar[str] = "Wat mensen aanwezen om onherkenbaar te maken, is gewist: de opname is vernietigd"

    clip: UUID
