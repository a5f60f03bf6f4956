"""Destruction, in four steps that can each be stopped and taken again.

1. begin: a row and an entry say that the key may now go; committed on their own, so that a key that is gone can always
   be told from a key that was lost.
2. shred: the key is overwritten by its tombstone; in one transaction with the entry that says so and the emptied headers.
   Stopped in between, the tombstone says when and on which ground: the sweep writes the entry.
3. remove: the payload and all its versions.
4. certify: an entry and a row that say that nothing is left.

From the middle of step 2 no copy of the recording, on any backup, can be opened by anybody. A key that is not found is not
destroyed: without a key that was overwritten, now or before, step 2 changes nothing and there is no certificate.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from beeldkluis.journal import leaves as leaf
from beeldkluis.journal.actions import serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.vault.actions.headers import NOTHING
from beeldkluis.vault.errors import GoneError, KeyAwayError
from beeldkluis.vault.events import DestructionBegun, DestructionCertified, DestructionWithdrawn, Shredded
from beeldkluis.vault.key_store import Gone, key_store_in_use
from beeldkluis.vault.models import Destruction, Lease, SealedObject
from beeldkluis.vault.place_queries import require_store
from beeldkluis.vault.places import PlaceKind
from beeldkluis.vault.queries import KeyState, certified, generations_of, key_state
from beeldkluis.vault.store import store_in_use


def destroy(*, recording: UUID, rules: Sequence[str], due_at: datetime, actor: Actor, now: datetime) -> None:
    """All four steps one after another, from wherever an earlier attempt stopped. Asks no rule: retention did."""
    begin_destruction(recording=recording, rules=rules, due_at=due_at, actor=actor, now=now)
    shred(recording=recording, actor=actor, now=now)
    finish_destruction(recording=recording, actor=actor, now=now)


def begin_destruction(*, recording: UUID, rules: Sequence[str], due_at: datetime, actor: Actor, now: datetime) -> None:
    """Step 1, always in a transaction of its own. Quiet when it was taken before."""
    with suppress(IntegrityError), transaction.atomic(durable=True):  # refused by the table: another round was first
        if Destruction.objects.filter(recording=recording).exists():
            return
        with step("vault.begin_destruction", actor=actor) as record:
            entry = record(DestructionBegun(recording=recording, rules=tuple(rules), due_at=due_at))
            Destruction.objects.create(
                recording=recording, rules=list(rules), due_at=due_at, begun_at=now, begun_entry=entry.number
            )


def withdraw_destruction(*, recording: UUID, because: Sequence[str], actor: Actor) -> None:
    """Take step 1 back because a reason to keep came up.

    GoneError when the key is destroyed already, KeyAwayError when that cannot be told now; quiet when step 1 was never taken.
    """
    with serialised():
        destruction = Destruction.objects.select_for_update().filter(recording=recording).first()
        if destruction is None:
            return
        state = key_state(recording)
        if destruction.shredded_at or state is KeyState.DESTROYED:
            raise GoneError(f"the shred key of recording {recording} has been destroyed")
        if state is KeyState.AWAY:
            raise KeyAwayError(f"whether the shred key of recording {recording} is still there cannot be told now")
        with step("vault.withdraw_destruction", actor=actor) as record:
            key_store_in_use().revive(recording, generations_of(recording))
            destruction.delete()
            record(DestructionWithdrawn(recording=recording, because=tuple(because)))


def shred(*, recording: UUID, actor: Actor, now: datetime) -> None:
    """Step 2. May be nested in the step that asked the rule under the recording's lock. Quiet when taken before.

    Destruction.DoesNotExist when step 1 was not taken: a key never goes without its reason on record. KeyAwayError when a key
    place is away, or no place has the key or a tombstone: nothing is said then.
    """
    with serialised():
        destruction = Destruction.objects.select_for_update().get(recording=recording)
        if destruction.shredded_at:
            return
        with step("vault.shred", actor=actor) as record:
            objects = list(SealedObject.objects.select_for_update().filter(recording=recording).order_by("id"))
            highest = max((max(one.key_generation, one.next_generation or 0) for one in objects), default=None)
            gone = key_store_in_use().destroy(recording, at=now, entry=destruction.begun_entry or 0, highest=highest)
            entry = record(_shredded(destruction, objects, gone))
            chosen = SealedObject.objects.filter(recording=recording)
            chosen.update(wrapped_header=None, state=SealedObject.State.SHREDDED, **NOTHING)
            Lease.objects.filter(object__in=objects, ended_at=None).update(sealed_file_key=None, ended_at=now)
            destruction.shredded_at = now
            destruction.shred_entry = entry.number
            note_proof(destruction, gone)
            destruction.save()


def _shredded(destruction: Destruction, objects: Sequence[SealedObject], gone: Gone) -> Shredded:
    return Shredded(
        recording=destruction.recording,
        rules=tuple(destruction.rules),
        due_at=destruction.due_at,
        objects=tuple(one.id for one in objects),
        wrapped_headers_sha256=tuple(one.wrapped_header_sha256 for one in objects),
        key_found=gone.key_found,
        key_destroyed_at=gone.at,
        places=gone.places,
    )


def note_proof(destruction: Destruction, gone: Gone) -> None:
    """Put in the row how it is known that the key went; the caller saves it."""
    proof = Destruction.Proof.KEY if gone.key_found else Destruction.Proof.TOMBSTONE
    destruction.proof, destruction.key_destroyed_at = proof, gone.at
    destruction.key_places = [one.value for one in gone.places]


def _prove(destruction: Destruction, now: datetime) -> None:
    """For a key that an older version destroyed, which left no tombstone. KeyAwayError when nothing proves that it went."""
    if found_key(destruction):
        destruction.proof, destruction.key_destroyed_at = Destruction.Proof.KEY, destruction.shredded_at
    else:
        entry = destruction.shred_entry or 0
        note_proof(destruction, key_store_in_use().destroy(destruction.recording, at=now, entry=entry))


def found_key(destruction: Destruction) -> bool:
    """Does the entry of the shredding say that a key was found and overwritten?"""
    entry = Entry.objects.filter(number=destruction.shred_entry or -1).first()
    return entry is not None and bool(leaf.read(bytes(entry.data)).facts.get("key_found"))


def finish_destruction(*, recording: UUID, actor: Actor, now: datetime) -> None:
    """Steps 3 and 4. Quiet when taken before; StoreError or OSError when the store is away, to be taken again, and
    KeyAwayError when nothing proves that the key went.
    """
    if certified(recording):
        return
    require_store()
    store = store_in_use()
    objects = SealedObject.objects.filter(recording=recording)
    for one in objects.exclude(state=SealedObject.State.DESTROYED):
        if one.state != SealedObject.State.SHREDDED:
            raise RuntimeError(f"object {one.id} is removed only after its shred key")
        store.delete_all_versions(str(one.id))
    with serialised():
        destruction = Destruction.objects.select_for_update().get(recording=recording)
        if destruction.certified_at or destruction.shredded_at is None or destruction.shred_entry is None:
            return
        require_store()  # what went away meanwhile was not emptied
        if destruction.key_destroyed_at is None:
            _prove(destruction, now)
        with step("vault.certify_destruction", actor=actor) as record:
            sizes = list(objects.values_list("payload_size", flat=True))
            objects.update(state=SealedObject.State.DESTROYED)
            entry = record(
                DestructionCertified(
                    recording=recording,
                    objects=len(sizes),
                    bytes_removed=sum(sizes),
                    shredded_at=destruction.shredded_at,
                    shred_entry=destruction.shred_entry,
                    key_destroyed_at=destruction.key_destroyed_at or destruction.shredded_at,
                    places=tuple(PlaceKind(one) for one in destruction.key_places),
                ),
            )
            destruction.removed_at = destruction.certified_at = now
            destruction.bytes_removed = sum(sizes)
            destruction.certificate_entry = entry.number
            destruction.save()
