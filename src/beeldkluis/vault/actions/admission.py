"""Taking a sealed object in: first everything on disk, durably, then the row in the step of the intake."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import connection

from beeldkluis.journal.actor import Actor
from beeldkluis.sealed.age import SealError, check_header, plain_length
from beeldkluis.vault.actions.places import take_up_places
from beeldkluis.vault.errors import GoneError, HashMismatchError, KeyGoneError, NotInStepError
from beeldkluis.vault.files import digest, digest_from_disk, written_before
from beeldkluis.vault.key_store import KeyStore, key_store_in_use
from beeldkluis.vault.local_store import preamble
from beeldkluis.vault.models import Destruction, SealedObject
from beeldkluis.vault.place_queries import in_use, require_store
from beeldkluis.vault.staging import Staged
from beeldkluis.vault.store import store_in_use

STILL_GOOD = timedelta(hours=12)  # half of what the sweep leaves alone, so that the two never meet


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sealed object of which every byte is durable and which no row knows yet. Sizes in bytes, hashes hexadecimal."""

    recording: UUID
    object_id: UUID
    wrapped_header: bytes
    wrapped_header_sha256: str
    sealed_sha256: str
    payload_size: int
    plain_size: int
    generation: int = 1


def prepare(
    *,
    recording: UUID,
    object_id: UUID,
    staged: Path,
    sealed_sha256: str,
    read_back: str = "",
    generation: int = 1,
    joins: bool = False,
) -> Prepared:
    """Check a staged age file and put its payload and its recording's shred key away durably. Writes no row, but for the places
    of an installation that takes in something for the first time.

    `staged` is synchronised, and written by nobody any more. `read_back` is its SHA-256 when the disk gave all of it back
    already, while it arrived. `generation` is of the shred key that wraps the recording's other headers; `joins` says that it
    must be there already, since making one again would undo a destruction (GoneError).

    In this order: read back and hash, compare (HashMismatchError), parse the header and check that the payload's length is a
    possible one (SealError), shred key (KeyStoreError), header wrapped and overwritten in the staged file, payload
    (StoreError). OSError when a disk is full. May be called again after a crash at any point, also with other identifiers;
    what is never admitted is swept after a day. Afterwards: `discard_staged`. KeyAwayError and StoreAwayError when a key place
    or the store is not the one that belongs here: nothing is made there.
    """
    _use_places_for_the_first_time()
    file, keys = Staged(staged), key_store_in_use()
    header, fault = _header(file, keys, generation)
    found = read_back or digest_from_disk(staged, len(header), before=header)
    if found != sealed_sha256:
        raise HashMismatchError(f"the staged file has SHA-256 {found}, the sender said {sealed_sha256}")
    if fault:
        raise fault
    check_header(header)
    start, payload_size = len(header), staged.stat().st_size - len(header)
    plain_size = plain_length(payload_size)
    require_store()
    key = _key(keys, recording, generation, joins=joins)
    wrapped = file.put_header_away(header, key, recording, object_id, preamble(start))
    _put_payload_away(object_id, staged, start)
    wrapped_sha256 = hashlib.sha256(wrapped).hexdigest()
    return Prepared(recording, object_id, wrapped, wrapped_sha256, sealed_sha256, payload_size, plain_size, generation)


def _put_payload_away(object_id: UUID, staged: Path, start: int) -> None:
    store = store_in_use()
    if not store.adopt(str(object_id), staged, start):
        with staged.open("rb") as source:
            source.seek(start)
            store.put(str(object_id), source, digest(staged, start))


def _use_places_for_the_first_time() -> None:
    if not in_use():
        take_up_places(actor=Actor.system("vault"), now=written_before(timedelta()))


def _key(keys: KeyStore, recording: UUID, generation: int, *, joins: bool) -> bytes:
    try:
        return keys.touch(recording, generation) if joins else keys.create(recording, generation)
    except KeyGoneError as error:
        raise GoneError(f"recording {recording} has been destroyed") from error


def _header(file: Staged, keys: KeyStore, generation: int) -> tuple[bytes, SealError | None]:
    """The header, or what is wrong with it: told only after the hash, since a broken transfer breaks headers too."""
    try:
        return file.header(keys, generation), None
    except SealError as fault:
        return b"", fault


def discard_staged(staged: Path) -> None:
    """Remove a staged file for good, with its header: after the commit, or when the upload was given up. Repeatable."""
    Staged(staged).discard()


def admit(prepared: Prepared, *, inner_kind: str, now: datetime) -> SealedObject:
    """Enter a prepared object in the vault's own register, inside the caller's step, which writes the entry.

    Admitting the same object twice gives the same row. GoneError when the recording was destroyed meanwhile,
    KeyGoneError when `prepare` was so long ago that the sweep may be taking the key for a leftover, and when the recording's
    headers were sealed anew since.
    """
    if not connection.in_atomic_block:
        raise NotInStepError("an object is admitted in the step that registers its recording")
    if Destruction.objects.filter(recording=prepared.recording).exists():
        raise GoneError(f"recording {prepared.recording} has been destroyed")
    if known := SealedObject.objects.select_for_update().filter(pk=prepared.object_id).first():
        return known
    if key_store_in_use().touched_at(prepared.recording, prepared.generation) < written_before(STILL_GOOD):
        raise KeyGoneError(f"recording {prepared.recording} was prepared too long ago; prepare the object again")
    others = SealedObject.objects.filter(recording=prepared.recording).exclude(key_generation=prepared.generation)
    if others.exists():  # all headers of a recording are replaced together, under one key
        raise KeyGoneError(f"recording {prepared.recording} has another key by now; prepare the object again")
    return SealedObject.objects.create(
        id=prepared.object_id,
        recording=prepared.recording,
        wrapped_header=prepared.wrapped_header,
        wrapped_header_sha256=prepared.wrapped_header_sha256,
        sealed_sha256=prepared.sealed_sha256,
        payload_size=prepared.payload_size,
        key_generation=prepared.generation,
        inner_kind=inner_kind,
        taken_in_at=now,
    )
