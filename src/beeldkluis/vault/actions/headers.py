"""Headers leave the vault one object at a time, inside the step that says why, and are replaced all together."""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from django.db import connection, transaction

from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.sealed.age import check_header
from beeldkluis.sealed.wrap import unwrap_header, wrap_header
from beeldkluis.vault.errors import GoneError, KeyGoneError, NotInStepError
from beeldkluis.vault.events import HeadersReplaced
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import Destruction, SealedObject


def release_header(object_id: UUID) -> bytes:
    """The age header of one object, for the browser of the person whom the gate let through.

    Inside the caller's step: the entry that says why commits together with what the caller does with the header, or
    neither does (NotInStepError outside a transaction). GoneError once the recording is destroyed or its key is gone.
    """
    if not connection.in_atomic_block:
        raise NotInStepError("a header is released in the step that journals it")
    kept = SealedObject.objects.select_for_update().filter(pk=object_id).first()
    if kept is None or kept.state != SealedObject.State.KEPT or kept.wrapped_header is None:
        raise GoneError(f"object {object_id} has been destroyed or never was here")
    try:
        key = key_store_in_use().get(kept.recording, kept.key_generation)
    except KeyGoneError as error:
        raise GoneError(str(error)) from error
    return unwrap_header(key, bytes(kept.wrapped_header), kept.recording, kept.id)


def replace_headers(*, recording: UUID, headers: Mapping[UUID, bytes], actor: Actor) -> None:
    """Put headers that were sealed anew (to a new team key) in the place of all of a recording's old ones.

    The new headers are wrapped with a new shred key and the old key is destroyed after the commit, so no old copy of
    an old header can be opened again. Needs one header for each kept object (ValueError), each parsable (SealError).
    Nobody here can see whether they open: the browser that made them tried them first. Stopped half-way the old
    headers stay in force, or the sweep destroys the old key.
    """
    for header in headers.values():
        check_header(header)
    keys = key_store_in_use()
    with transaction.atomic(durable=True), step("vault.replace_headers", actor=actor) as record:
        kept = list(SealedObject.objects.select_for_update().filter(recording=recording).order_by("id"))
        if not kept or Destruction.objects.filter(recording=recording).exists():
            raise GoneError(f"recording {recording} has been destroyed or never was here")
        if {one.id for one in kept} != set(headers):
            raise ValueError(f"recording {recording} has other objects than the headers that were given")
        old_generation, old_hashes = kept[0].key_generation, tuple(one.wrapped_header_sha256 for one in kept)
        generation = old_generation + 1
        key = keys.create(recording, generation)
        for one in kept:
            wrapped = wrap_header(key, headers[one.id], recording, one.id)
            one.wrapped_header = wrapped
            one.wrapped_header_sha256 = hashlib.sha256(wrapped).hexdigest()
            one.key_generation = generation
            one.save(update_fields=["wrapped_header", "wrapped_header_sha256", "key_generation"])
        record(
            HeadersReplaced(
                recording=recording,
                objects=tuple(one.id for one in kept),
                old_wrapped_headers_sha256=old_hashes,
                new_wrapped_headers_sha256=tuple(one.wrapped_header_sha256 for one in kept),
                generation=generation,
            ),
        )
    keys.destroy_generation(recording, old_generation)
