"""What the vault writes in the journal. Hashes and identifiers only; nothing here says who is in a picture."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class DestructionBegun(Event):
    """From here on the recording's shred key may be gone at any moment."""

    act: ClassVar[str] = "vault.destruction_begun"
    sentence: ClassVar[str] = "Vernietiging begonnen volgens {rules}; de bewaartermijn eindigde op {due_at}"

    rules: tuple[str, ...]
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class DestructionWithdrawn(Event):
    """A reason to keep came up before the key was destroyed."""

    act: ClassVar[str] = "vault.destruction_withdrawn"
    sentence: ClassVar[str] = "Vernietiging niet doorgegaan: {because}"

    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Shredded(Event):
    """The key is gone: no copy of these objects, in any backup, can be opened again.

    `key_found` is false when an interrupted destruction, or a restored backup, left nothing to destroy.
    """

    act: ClassVar[str] = "vault.shredded"
    sentence: ClassVar[str] = "Sleutel vernietigd: de opname kan door niemand meer geopend worden"

    rules: tuple[str, ...]
    due_at: datetime
    objects: tuple[UUID, ...]
    wrapped_headers_sha256: tuple[str, ...]
    key_found: bool


@dataclass(frozen=True, kw_only=True)
class DestructionCertified(Event):
    """Nothing of the recording is left in the store."""

    act: ClassVar[str] = "vault.destruction_certified"
    sentence: ClassVar[str] = "Vernietiging afgerond: {objects} bestanden ({bytes_removed} bytes) verwijderd"

    objects: int
    bytes_removed: int
    shredded_at: datetime
    shred_entry: int


@dataclass(frozen=True, kw_only=True)
class HeadersSetBeside(Event):
    """Headers for a new team key stand beside the ones in force, under a shred key of their own. Nothing in force changed."""

    act: ClassVar[str] = "vault.headers_set_beside"
    sentence: ClassVar[str] = "Kopteksten voor een nieuwe teamsleutel klaargezet; de oude gelden nog"

    objects: tuple[UUID, ...]
    wrapped_headers_sha256: tuple[str, ...]
    next_wrapped_headers_sha256: tuple[str, ...]
    next_generation: int


@dataclass(frozen=True, kw_only=True)
class HeadersPutInForce(Event):
    """All headers that were set beside are in force from here on, together."""

    act: ClassVar[str] = "vault.headers_put_in_force"
    sentence: ClassVar[str] = "Kopteksten voor de nieuwe teamsleutel gelden vanaf nu: {objects} bestanden"

    objects: int


@dataclass(frozen=True, kw_only=True)
class HeadersDropped(Event):
    """What was set beside is not used: the headers in force stay."""

    act: ClassVar[str] = "vault.headers_dropped"
    sentence: ClassVar[str] = "Klaargezette kopteksten vervallen: {objects} bestanden houden hun oude"

    objects: int


@dataclass(frozen=True, kw_only=True)
class OldKeysDestroyed(Event):
    """Shred keys of these recordings that wrap no header any more are gone."""

    act: ClassVar[str] = "vault.old_keys_destroyed"
    sentence: ClassVar[str] = "Oude sleutels vernietigd van {recordings} opnames"

    recordings: int
    which: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class LeaseGranted(Event):
    """Somebody handed the file key of one object to one job."""

    act: ClassVar[str] = "vault.lease_granted"
    sentence: ClassVar[str] = "Sleutel van één bestand uitgeleend aan taak {task} tot {expires_at}"

    lease: UUID
    object: UUID
    task: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class LeaseTaken(Event):
    """The job took the file key."""

    act: ClassVar[str] = "vault.lease_taken"
    sentence: ClassVar[str] = "Uitgeleende sleutel opgehaald door taak {task}"

    lease: UUID
    object: UUID
    task: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class LeaseEnded(Event):
    """The file key was removed from the database."""

    act: ClassVar[str] = "vault.lease_ended"
    sentence: ClassVar[str] = "Uitgeleende sleutel teruggenomen van taak {task}"

    lease: UUID
    object: UUID
    task: str
    expired: bool


@dataclass(frozen=True, kw_only=True)
class LeftoverRemoved(Event):
    """What an interrupted step had left behind was removed.

    No recording ever stood in the register for it, or the recording had been destroyed before.
    """

    act: ClassVar[str] = "vault.leftover_removed"
    sentence: ClassVar[str] = "Restant opgeruimd: {kind} {name}"

    kind: str
    name: str
