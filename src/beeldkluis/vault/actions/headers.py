"""Headers leave the vault one object at a time, inside the step that says why. For a new team key others are set beside them,
and all put in force together: until then the old ones are what counts, and dropping the new ones loses nothing.
"""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import F

from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.sealed.age import check_anew
from beeldkluis.sealed.wrap import unwrap_header, wrap_header
from beeldkluis.vault.errors import GoneError, KeyGoneError, NotInStepError
from beeldkluis.vault.events import HeadersDropped, HeadersPutInForce, HeadersSetBeside, OldKeysDestroyed
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import Destruction, SealedObject

NOTHING = {"next_wrapped_header": None, "next_wrapped_header_sha256": "", "next_generation": None}


def release_header(object_id: UUID) -> bytes:
    """The age header of one object, for the browser of the person whom the gate let through.

    Inside the caller's step: the entry that says why commits together with what the caller does with the header, or
    neither does (NotInStepError outside a transaction). GoneError once the recording is destroyed; KeyAwayError when its key is
    not here, which says nothing of that.
    """
    kept = _kept(object_id)
    return _unwrap(kept, kept.key_generation, kept.wrapped_header)


def release_next_header(object_id: UUID) -> bytes:
    """The header that was set beside the one in force, to be tried with the new key. As `release_header`; GoneError when there
    is none.
    """
    kept = _kept(object_id)
    if kept.next_generation is None:
        raise GoneError(f"object {object_id} has no other header")
    return _unwrap(kept, kept.next_generation, kept.next_wrapped_header)


def _kept(object_id: UUID) -> SealedObject:
    if not connection.in_atomic_block:
        raise NotInStepError("a header is released in the step that journals it")
    kept = SealedObject.objects.select_for_update().filter(pk=object_id).first()
    if kept is None or kept.state != SealedObject.State.KEPT or kept.wrapped_header is None:
        raise GoneError(f"object {object_id} has been destroyed or never was here")
    return kept


def _unwrap(kept: SealedObject, generation: int, wrapped: bytes | memoryview | None) -> bytes:
    keys = key_store_in_use()
    if keys.tombstone(kept.recording) and not Destruction.objects.filter(recording=kept.recording).exists():
        raise GoneError(f"recording {kept.recording} was destroyed; the database is older than that")
    try:
        key = keys.get(kept.recording, generation)
    except KeyGoneError as error:
        raise GoneError(str(error)) from error
    return unwrap_header(key, bytes(wrapped or b""), kept.recording, kept.id)


def set_beside(*, recording: UUID, headers: Mapping[UUID, bytes], actor: Actor) -> int:
    """Set headers that were sealed anew for another team key beside those in force, under a shred key of their own. How many
    of them differ from the one in force.

    One for each kept object (ValueError). Each is the old one as it was, or keeps the old one's part for the recovery key byte
    for byte (SealError, protocol.succession): rubbish cannot take the recovery away. Nobody here can see whether the rest
    opens; therefore nothing in force changes. What was set beside before is replaced. GoneError when the recording is being
    destroyed. Stopped half-way the old headers are there, and at most a key that wraps nothing, which is swept.
    """
    keys = key_store_in_use()
    with step("vault.set_headers_beside", actor=actor) as record:
        kept = list(
            SealedObject.objects.select_for_update()
            .filter(recording=recording, state=SealedObject.State.KEPT)
            .order_by("id")
        )
        if not kept or Destruction.objects.filter(recording=recording).exists():
            raise GoneError(f"recording {recording} has been destroyed or never was here")
        if {one.id for one in kept} != set(headers):
            raise ValueError(f"recording {recording} has other objects than the headers that were given")
        differ = 0
        for one in kept:
            old = _unwrap(one, one.key_generation, one.wrapped_header)
            if headers[one.id] != old:
                check_anew(old, headers[one.id])
                differ += 1
        generation = max(max(one.key_generation, one.next_generation or 0) for one in kept) + 1
        key = keys.create(recording, generation)
        for one in kept:
            wrapped = wrap_header(key, headers[one.id], recording, one.id)
            one.next_wrapped_header, one.next_generation = wrapped, generation
            one.next_wrapped_header_sha256 = hashlib.sha256(wrapped).hexdigest()
            one.save(update_fields=list(NOTHING))
        record(_beside(recording, kept, generation))
    return differ


def _beside(recording: UUID, kept: Sequence[SealedObject], generation: int) -> HeadersSetBeside:
    return HeadersSetBeside(
        recording=recording,
        objects=tuple(one.id for one in kept),
        wrapped_headers_sha256=tuple(one.wrapped_header_sha256 for one in kept),
        next_wrapped_headers_sha256=tuple(one.next_wrapped_header_sha256 for one in kept),
        next_generation=generation,
    )


def drop_beside(*, actor: Actor, recording: UUID | None = None) -> int:
    """Let go of what was set beside: of one recording, or of all. The headers in force stay; the keys that wrapped the others
    are swept. How many objects.
    """
    with step("vault.drop_headers", actor=actor) as record:
        chosen = SealedObject.objects.filter(next_generation__isnull=False)
        if recording is not None:
            chosen = chosen.filter(recording=recording)
        dropped = chosen.update(**NOTHING)
        record(HeadersDropped(recording=recording, objects=dropped))
    return dropped


def put_in_force(*, actor: Actor) -> int:
    """Every header that was set beside is in force from here on, in one statement; how many. Within the step that asked whether
    each was tried (people.settle_handover). The old shred keys still stand: `destroy_old_keys`, recording by recording.
    """
    with step("vault.put_headers_in_force", actor=actor) as record:
        chosen = SealedObject.objects.filter(state=SealedObject.State.KEPT, next_generation__isnull=False)
        changed = chosen.update(
            wrapped_header=F("next_wrapped_header"),
            wrapped_header_sha256=F("next_wrapped_header_sha256"),
            key_generation=F("next_generation"),
            **NOTHING,
        )
        record(HeadersPutInForce(objects=changed))
    return changed


def destroy_old_keys(recordings: Sequence[UUID], *, actor: Actor) -> None:
    """Destroy the shred keys of these recordings that no header in the database is wrapped with any more, so that no old copy of
    an old header opens. Repeatable; KeyStoreError when the standby is away.
    """
    keys = key_store_in_use()
    with step("vault.destroy_old_keys", actor=actor) as record:
        rows = SealedObject.objects.select_for_update().filter(recording__in=recordings)
        used: dict[UUID, set[int]] = {}
        for one in rows:
            used.setdefault(one.recording, set()).update(
                {one.key_generation, one.next_generation or one.key_generation}
            )
        for recording, generations in used.items():
            keys.destroy_except(recording, generations)
        record(OldKeysDestroyed(recordings=len(used), which=tuple(sorted(used))))
