"""Reading from the vault: ciphertext by range, sizes, and what is certified about a destruction."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from beeldkluis.sealed.proof import last_chunk, proves
from beeldkluis.sealed.stream import NONCE
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.key_store import KeptKey, key_store_in_use
from beeldkluis.vault.models import Destruction, Lease, Place, SealedObject
from beeldkluis.vault.places import PlaceKind
from beeldkluis.vault.store import store_in_use

AT_ONCE = 2_000  # objects that are looked at in one go


def payload(object_id: UUID, first: int, last_exclusive: int) -> Iterator[bytes]:
    """Bytes of the sealed payload (nonce first), in pieces of at most 1 MiB.

    GoneError once destroyed; ValueError when the range lies outside the payload.
    """
    payload_size(object_id)
    return store_in_use().read(str(object_id), first, last_exclusive)


def opened_payload(object_id: UUID, recording: UUID) -> tuple[int, Callable[[int, int], Iterator[bytes]]]:
    """How many bytes the sealed payload of one object of this recording has, and a way to read [first, last) of it in pieces of
    at most 1 MiB; asked once. GoneError once destroyed, and for an object of another recording.
    """
    kept = SealedObject.objects.filter(pk=object_id, recording=recording, state=SealedObject.State.KEPT)
    if (size := kept.values_list("payload_size", flat=True).first()) is None:
        raise GoneError(f"object {object_id} has been destroyed, or is no part of recording {recording}")
    store = store_in_use()
    return size, lambda first, last: store.read(str(object_id), first, last)


def payload_size(object_id: UUID) -> int:
    """Bytes of nonce and chunks in the store; GoneError once destroyed."""
    size = SealedObject.objects.filter(pk=object_id, state=SealedObject.State.KEPT)
    if (found := size.values_list("payload_size", flat=True).first()) is None:
        raise GoneError(f"object {object_id} has been destroyed or never was here")
    return found


@dataclass(frozen=True, slots=True)
class CertifiedObject:
    """One destroyed object: what its header and its sealed file hashed to (SHA-256), and its size in bytes."""

    id: UUID
    wrapped_header_sha256: str
    sealed_sha256: str
    payload_size: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """What can be said of a recording's destruction. Moments are UTC; None: this step is still to come.

    Entries are numbers in the journal; their inclusion proofs prove the certificate to an outsider. `key_places`: where the key
    was overwritten, in Dutch; `left_places`: places that were in use while the key existed and were given up or replaced since,
    and when. `proof`: Destruction.Proof.
    """

    recording: UUID
    rules: tuple[str, ...]
    due_at: datetime
    begun_at: datetime
    shredded_at: datetime | None
    shred_entry: int | None
    certified_at: datetime | None
    certificate_entry: int | None
    bytes_removed: int
    proof: str
    key_destroyed_at: datetime | None
    key_places: tuple[str, ...]
    corrected_at: datetime | None
    correction_entry: int | None
    left_places: tuple[tuple[str, datetime], ...]
    objects: tuple[CertifiedObject, ...]

    @property
    def is_proved(self) -> bool:
        """Is it known that the key went? Not of what an older version certified without having found one."""
        return self.key_destroyed_at is not None


def certificate(recording: UUID) -> Certificate | None:
    """The certificate of a recording's destruction, as far as it has come; None when it was never begun."""
    found = Destruction.objects.filter(recording=recording).first()
    if found is None:
        return None
    objects = SealedObject.objects.filter(recording=recording).order_by("id")
    return Certificate(
        proof=found.proof,
        key_destroyed_at=found.key_destroyed_at,
        key_places=tuple(PlaceKind(one).dutch for one in found.key_places),
        corrected_at=found.corrected_at,
        correction_entry=found.correction_entry,
        left_places=_left_places(found, min((one.taken_in_at for one in objects), default=found.begun_at)),
        recording=recording,
        rules=tuple(found.rules),
        due_at=found.due_at,
        begun_at=found.begun_at,
        shredded_at=found.shredded_at,
        shred_entry=found.shred_entry,
        certified_at=found.certified_at,
        certificate_entry=found.certificate_entry,
        bytes_removed=found.bytes_removed,
        objects=tuple(
            CertifiedObject(one.id, one.wrapped_header_sha256, one.sealed_sha256, one.payload_size) for one in objects
        ),
    )


def _left_places(found: Destruction, since: datetime) -> tuple[tuple[str, datetime], ...]:
    until = found.key_destroyed_at or found.begun_at
    rows = Place.objects.filter(retired_at__gte=since, retired_at__lte=until).exclude(kind=PlaceKind.STORE.value)
    left: list[tuple[str, datetime]] = []
    for one in rows.order_by("retired_at"):
        left += [(PlaceKind(one.kind).dutch, one.retired_at)] if one.retired_at else []
    return tuple(left)


def destructions_begun() -> set[UUID]:
    """Recordings of which a destruction was begun and is not certified yet."""
    return set(Destruction.objects.filter(certified_at__isnull=True).values_list("recording", flat=True))


def certified(recording: UUID) -> bool:
    """Whether the recording's destruction was certified."""
    return Destruction.objects.filter(recording=recording, certified_at__isnull=False).exists()


def is_shredded(recording: UUID) -> bool:
    """Whether the recording's key has been destroyed, on record or by a destruction that was stopped in between."""
    found = Destruction.objects.filter(recording=recording).first()
    return found is not None and (found.shredded_at is not None or key_state(recording) is KeyState.DESTROYED)


class KeyState(Enum):
    """What can be said of a recording's key now."""

    WHOLE = "whole"  # it can be read
    DESTROYED = "destroyed"  # a tombstone stands in its place
    AWAY = "away"  # neither: a place is away, or the key was lost


def key_state(recording: UUID) -> KeyState:
    """Of the keys that the recording's headers are wrapped with. While the first folder has the key, the destruction has not
    happened, even where the standby's went already; unless no destruction is on record: then the database is the older one.
    """
    keys, generations = key_store_in_use(), generations_of(recording)
    stone = keys.tombstone(recording, generations)
    if stone and not Destruction.objects.filter(recording=recording, shredded_at=None).exists():
        return KeyState.DESTROYED
    if any(keys.exists(recording, generation) for generation in generations):
        return KeyState.WHOLE
    return KeyState.DESTROYED if stone else KeyState.AWAY


def generations_of(recording: UUID) -> set[int]:
    """The generations of the recording's keys that wrap a header; 1 when there is none yet."""
    rows = SealedObject.objects.filter(recording=recording).values_list("key_generation", "next_generation")
    return {number for row in rows for number in row if number} or {1}


def not_sealed_anew(most: int) -> list[UUID]:
    """The next recordings, `most` at most, of which an object has no header beside the one in force; not those that are being
    destroyed.
    """
    rows = _without_next().exclude(Exists(Destruction.objects.filter(recording=OuterRef("recording"))))
    return list(rows.order_by("recording").values_list("recording", flat=True).distinct()[:most])


def count_not_sealed_anew(most: int | None = None) -> int:
    """How many recordings have an object without a header beside the one in force, those that are being destroyed included: a
    destruction may still be withdrawn. Counted no further than `most`.
    """
    return _without_next().order_by("recording").values("recording").distinct()[:most].count()


def _without_next() -> QuerySet[SealedObject]:
    return SealedObject.objects.filter(state=SealedObject.State.KEPT, next_generation__isnull=True)


def lacks_new_header(recording: UUID) -> bool:
    """Has an object of the recording no header beside the one in force?"""
    return _without_next().filter(recording=recording).exists()


def objects_beside(recording: UUID) -> list[UUID]:
    """The recording's kept objects with a header beside the one in force, in a fixed order."""
    kept = SealedObject.objects.filter(recording=recording, state=SealedObject.State.KEPT)
    return list(kept.filter(next_generation__isnull=False).order_by("id").values_list("pk", flat=True))


def seal_beside(recording: UUID) -> str:
    """A text that is another for other headers beside those in force: a hash over theirs (SHA-256, hexadecimal)."""
    kept = SealedObject.objects.filter(recording=recording, state=SealedObject.State.KEPT).order_by("id")
    hashes = kept.values_list("next_wrapped_header_sha256", flat=True)
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def fits_last_chunk(object_id: UUID, proof: bytes) -> bool:
    """Does this one-time key (sealed.proof) fit the last chunk of the object's payload? GoneError once destroyed."""
    size = payload_size(object_id)
    _number, first = last_chunk(size)
    return proves(proof, b"".join(payload(object_id, first, size)))


def begins_with(object_id: UUID) -> tuple[bytes, int]:
    """The payload's nonce, and how many bytes the payload has: what a browser needs to show that a key is this film's."""
    size = payload_size(object_id)
    return b"".join(payload(object_id, 0, NONCE)), size


def generation(recording: UUID) -> int | None:
    """The generation of the shred key that wraps the recording's headers; None once it is destroyed."""
    kept = SealedObject.objects.filter(recording=recording, state=SealedObject.State.KEPT)
    if Destruction.objects.filter(recording=recording).exists():
        return None
    return kept.values_list("key_generation", flat=True).first()


def objects_of(recording: UUID) -> list[UUID]:
    """The recording's sealed objects that are kept, in a fixed order."""
    kept = SealedObject.objects.filter(recording=recording, state=SealedObject.State.KEPT)
    return list(kept.order_by("id").values_list("pk", flat=True))


def parts() -> tuple[str, ...]:
    """By what the identifiers of recordings and objects begin with, so that what lies on the disks can be looked at a part each
    minute: one part, the empty one, while there is little.
    """
    kept = SealedObject.objects.filter(state=SealedObject.State.KEPT)
    return ("",) if kept[: AT_ONCE + 1].count() <= AT_ONCE else tuple("0123456789abcdef")


def within(first: str) -> tuple[UUID, UUID]:
    """The lowest and the highest identifier that begin so."""
    return UUID(first.ljust(32, "0")), UUID(first.ljust(32, "f"))


def lost_keys(first: str = "") -> list[UUID]:
    """Recordings that should be readable but of which the key is gone without a destruction on record; of those whose identifier
    begins so.

    Then the key folder was lost, or the database was put back from a copy older than a destruction.
    """
    return _lost(SealedObject.objects.filter(recording__range=within(first)))


def still_lost(recordings: Sequence[UUID]) -> list[UUID]:
    """`lost_keys` of these."""
    return _lost(SealedObject.objects.filter(recording__in=recordings))


def _lost(asked: QuerySet[SealedObject]) -> list[UUID]:
    begun = Destruction.objects.filter(recording=OuterRef("recording"))
    rows = asked.filter(~Exists(begun), state=SealedObject.State.KEPT)
    keys = key_store_in_use()
    pairs = rows.order_by("recording").values_list("recording", "key_generation").distinct()
    return [one for one, generation in pairs if not keys.exists(one, generation)]


def destroyed_before_database(first: str = "") -> set[UUID]:
    """Recordings that should be readable but of which a tombstone says that they were destroyed: the database is older than that,
    and perhaps a key folder as well. They do not open. Of those whose identifier begins so.
    """
    buried = set(key_store_in_use().buried(first))
    return buried & set(_readable(SealedObject.objects.filter(recording__range=within(first))))


def still_buried(recordings: Sequence[UUID]) -> list[UUID]:
    """`destroyed_before_database` of these."""
    keys = key_store_in_use()
    kept = _readable(SealedObject.objects.filter(recording__in=recordings))
    return [one for one in kept if keys.tombstone(one, generations_of(one))]


def _readable(asked: QuerySet[SealedObject]) -> list[UUID]:
    """Recordings of these objects that should be readable: kept, and no destruction was begun."""
    begun = Destruction.objects.filter(recording=OuterRef("recording"))
    rows = asked.filter(~Exists(begun), state=SealedObject.State.KEPT)
    return list(rows.order_by("recording").values_list("recording", flat=True).distinct())


def keys_that_wrap_nothing(first: str = "") -> list[KeptKey]:
    """Keys in the places that are here and that no kept object's header is wrapped with, of recordings beginning with `first`."""
    kept_rows = SealedObject.objects.filter(state=SealedObject.State.KEPT, recording__range=within(first))
    wanted = set(kept_rows.values_list("recording", "key_generation"))
    beside = kept_rows.filter(next_generation__isnull=False)
    wanted.update((one, number) for one, number in beside.values_list("recording", "next_generation") if number)
    return [key for key in key_store_in_use().list(first) if (key.recording, key.generation) not in wanted]


def returned_keys(loose: Sequence[KeptKey] | None = None) -> list[KeptKey]:
    """Of the keys that wrap nothing, those whose recording was destroyed: from an old copy, or from a disk that was away."""
    keys = keys_that_wrap_nothing() if loose is None else loose
    destroyed: set[UUID] = set()
    for start in range(0, len(keys), 500):  # as many as every database takes in one question
        asked = {one.recording for one in keys[start : start + 500]}
        rows = Destruction.objects.filter(shredded_at__isnull=False, recording__in=asked)
        destroyed.update(rows.values_list("recording", flat=True))
    return [one for one in keys if one.recording in destroyed]


def inner_kind(object_id: UUID) -> str:
    """What lies inside the sealed object: "plain" or "axis-cbc"; GoneError when there is no such object."""
    found = SealedObject.objects.filter(pk=object_id).values_list("inner_kind", flat=True).first()
    if found is None:
        raise GoneError(f"object {object_id} never was here")
    return found


def lent_to(lease_id: UUID) -> str:
    """The recipient of the worker to whom a key was lent; empty when the lease ended."""
    found = Lease.objects.filter(pk=lease_id, ended_at=None).values_list("worker", flat=True).first()
    return found or ""


def lent_object(lease_id: UUID) -> tuple[UUID, UUID] | None:
    """The object whose key was lent, and the recording that it belongs to; None when the lease ended."""
    asked = Lease.objects.filter(pk=lease_id, ended_at=None, object__state=SealedObject.State.KEPT)
    return asked.values_list("object_id", "object__recording").first()


def lease_ended(lease_id: UUID) -> bool:
    """Was the lent key taken back, or never lent?"""
    return not Lease.objects.filter(pk=lease_id, ended_at=None).exists()
