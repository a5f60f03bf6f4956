"""What the vault writes in the journal. Hashes and identifiers only; nothing here says who is in a picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from beeldkluis.journal.events import Event, personal
from beeldkluis.vault.places import PlaceKind


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

    `key_found` is false when an interrupted destruction had overwritten it before: then the tombstone in its place says since
    when (`key_destroyed_at`). Entries of versions before tombstones lack that; where such an entry says false, nobody knows.
    `places`: where a key was overwritten.
    """

    act: ClassVar[str] = "vault.shredded"
    sentence: ClassVar[str] = "Sleutel vernietigd: de opname kan door niemand meer geopend worden"
    PROVED: ClassVar[str] = "Sleutel vernietigd op {key_destroyed_at}: de opname kan door niemand meer geopend worden"
    UNPROVED: ClassVar[str] = "De sleutel werd niet gevonden; of hij is vernietigd, staat hiermee niet vast"

    rules: tuple[str, ...]
    due_at: datetime
    objects: tuple[UUID, ...]
    wrapped_headers_sha256: tuple[str, ...]
    key_found: bool
    key_destroyed_at: datetime
    places: tuple[PlaceKind, ...]

    @classmethod
    def words(cls, facts: Mapping[str, Any]) -> str:
        """As much as the entry proves, and no more."""
        if "key_destroyed_at" in facts:
            return cls.PROVED
        return cls.sentence if facts.get("key_found") else cls.UNPROVED


@dataclass(frozen=True, kw_only=True)
class DestructionCertified(Event):
    """Nothing of the recording is left in the store."""

    act: ClassVar[str] = "vault.destruction_certified"
    sentence: ClassVar[str] = "Vernietiging afgerond: {objects} bestanden ({bytes_removed} bytes) verwijderd"

    objects: int
    bytes_removed: int
    shredded_at: datetime
    shred_entry: int
    key_destroyed_at: datetime
    places: tuple[PlaceKind, ...]


@dataclass(frozen=True, kw_only=True)
class CertificateCorrected(Event):
    """A certificate said that a key was destroyed while it still existed. It was found, and destroyed now."""

    act: ClassVar[str] = "vault.certificate_corrected"
    sentence: ClassVar[str] = (
        "Verbetering van de verklaring in regel {certificate_entry}: de sleutel bestond nog en is nu pas vernietigd, op "
        "{key_destroyed_at}"
    )

    shred_entry: int
    certificate_entry: int
    said_destroyed_at: datetime
    key_destroyed_at: datetime
    places: tuple[PlaceKind, ...]


@dataclass(frozen=True, kw_only=True)
class KeyCameBack(Event):
    """A destroyed key was there again, from an old copy or from a disk that had been away, and was destroyed once more."""

    act: ClassVar[str] = "vault.key_came_back"
    sentence: ClassVar[str] = "Een vernietigde sleutel was weer aanwezig en is opnieuw vernietigd"

    destroyed_at: datetime
    again_at: datetime
    places: tuple[PlaceKind, ...]


@dataclass(frozen=True, kw_only=True)
class CertificatesDoubted(Event):
    """Destructions by an older version that had found no key: nothing proves that it is gone."""

    act: ClassVar[str] = "vault.certificates_doubted"
    sentence: ClassVar[str] = "Oudere verklaringen nagekeken: bij {recordings} staat niet vast dat de sleutel weg is"

    recordings: int
    which: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class PlacesTakenUp(Event):
    """Places got the mark by which they are known from here on."""

    act: ClassVar[str] = "vault.places_taken_up"
    sentence: ClassVar[str] = "Sleutelmappen en opslag in gebruik genomen en gemerkt"

    places: tuple[PlaceKind, ...]
    identities: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class PlaceReplaced(Event):
    """Somebody with a shell on the server took another disk, folder or bucket into use. What lay on the one before it stays."""

    act: ClassVar[str] = "vault.place_replaced"
    sentence: ClassVar[str] = (
        "Een andere plaats in gebruik genomen ({place}), met {keys} sleutels van de andere: {because}"
    )

    place: str
    identity: UUID
    before: UUID | None
    keys: int
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class PlaceGivenUp(Event):
    """There is no standby any more. What lay on it stays there."""

    act: ClassVar[str] = "vault.place_given_up"
    sentence: ClassVar[str] = "Plaats opgegeven ({place}): {because}"

    place: str
    identity: UUID
    because: str = personal()


@dataclass(frozen=True, kw_only=True)
class PlaceAway(Event):
    """A place is not there, or something else is. Until it is back no key is made or destroyed."""

    act: ClassVar[str] = "vault.place_away"
    sentence: ClassVar[str] = "Niet bereikbaar: {place}. Er wordt niets opgenomen, vernietigd of verklaard"

    place: str


@dataclass(frozen=True, kw_only=True)
class PlaceBack(Event):
    """It is there again."""

    act: ClassVar[str] = "vault.place_back"
    sentence: ClassVar[str] = "Weer bereikbaar: {place}"

    place: str
    since: datetime


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
