"""What the journal says of jobs and workers. What was asked and what came of it stands in the events of each kind of job."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class JobClaimed(Event):
    """A worker took the job, and has its lent key from here on."""

    act: ClassVar[str] = "jobs.claimed"
    sentence: ClassVar[str] = "Werker begonnen aan {kind}"

    job: UUID
    kind: str
    parts_done: int


@dataclass(frozen=True, kw_only=True)
class PartKept(Event):
    """A part of the job is durable: another attempt goes on after it."""

    act: ClassVar[str] = "jobs.part_kept"
    sentence: ClassVar[str] = "Deel {part} van {kind} is klaar"

    job: UUID
    kind: str
    part: int


@dataclass(frozen=True, kw_only=True)
class UnknownEnded(Event):
    """A job of a kind that this installation does not know was ended: nobody can do it."""

    act: ClassVar[str] = "jobs.unknown_ended"
    sentence: ClassVar[str] = "Werk gestopt dat deze server niet kent: {kind}"

    job: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class ImpostorFound(Event):
    """A row of a worker that the vault's key never signed, or did not sign as it stands. Nothing was lent to it. The act is named
    from when viewing copies were the only kind of job.
    """

    act: ClassVar[str] = "viewing.impostor_found"
    sentence: ClassVar[str] = "Onbekend programma bij de werkers gevonden en weggehaald: {recipient}"

    recipient: str
