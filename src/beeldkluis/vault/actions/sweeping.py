"""The sweep finishes what was stopped half-way and removes what interrupted steps left behind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings

from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.vault.actions.admission import discard_staged
from beeldkluis.vault.actions.destruction import finish_destruction, shred
from beeldkluis.vault.actions.leases import end_lease
from beeldkluis.vault.actions.returning import Again, destroy_again
from beeldkluis.vault.errors import KeyStoreError, StoreError
from beeldkluis.vault.events import LeftoverRemoved
from beeldkluis.vault.files import written_before
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import Destruction, Lease, SealedObject
from beeldkluis.vault.place_queries import require_store
from beeldkluis.vault.queries import KeyState, key_state, keys_that_wrap_nothing, returned_keys, within
from beeldkluis.vault.store import store_in_use

AT_ONCE = 200  # keys that came back, destroyed in one round: the next is a minute later
LEFT_ALONE = timedelta(days=1)  # an intake may still be busy with anything younger (admission.STILL_GOOD is shorter)


@dataclass(slots=True)
class Swept:
    """What one sweep did. `problems` are sentences for the operator about what it could not finish this time."""

    finished: list[UUID] = field(default_factory=list)
    keyless: list[UUID] = field(default_factory=list)  # begun, and neither a key nor a tombstone is here
    returned: list[Again] = field(default_factory=list)
    keys: int = 0
    payloads: int = 0
    staged: int = 0
    unfinished: int = 0
    leases: int = 0
    problems: list[str] = field(default_factory=list)


def sweep(*, actor: Actor, now: datetime, first: str = "") -> Swept:
    """Finish halves: destructions, expired leases, and files of interrupted intakes older than a day. Repeatable. Keys and
    payloads that nothing keeps are looked for among those whose name begins with `first` (vault.queries.parts).

    A destruction of which the key is still whole is left to retention, which asks the rule again. What fails because a
    disk or store is away is named in the answer and does not stop the rest.
    """
    swept = Swept()
    with _named(swept, "destructions"):
        _destructions(swept, actor, now)
    with _named(swept, "leases"):
        _leases(swept, actor, now)
    for leftovers in (_keys, _payloads, _staged):
        with _named(swept, leftovers.__name__.strip("_")):
            leftovers(swept, actor, now, first)
    return swept


@contextmanager
def _named(swept: Swept, what: str) -> Iterator[None]:
    try:
        yield
    except (StoreError, KeyStoreError, OSError) as error:
        swept.problems.append(f"{what}: {error}")


def _destructions(swept: Swept, actor: Actor, now: datetime) -> None:
    for destruction in Destruction.objects.filter(certified_at=None).order_by("begun_at"):
        recording = destruction.recording
        if destruction.shredded_at is None and (state := key_state(recording)) is not KeyState.DESTROYED:
            if state is KeyState.AWAY:
                swept.keyless.append(recording)
            continue
        with _named(swept, f"destruction of {recording}"):
            shred(recording=recording, actor=actor, now=now)
            finish_destruction(recording=recording, actor=actor, now=now)
            swept.finished.append(recording)


def _leases(swept: Swept, actor: Actor, now: datetime) -> None:
    for lease in Lease.objects.filter(ended_at=None, expires_at__lte=now):
        end_lease(lease_id=lease.id, actor=actor, now=now)
        swept.leases += 1


def _keys(swept: Swept, actor: Actor, now: datetime, first: str) -> None:
    """Keys that wrap nothing: of intakes that were never admitted, old generations, and what was destroyed and came back."""
    keys, before, loose = key_store_in_use(), written_before(LEFT_ALONE), keys_that_wrap_nothing(first)
    if loose:
        keys.require_places()
    back = {one.recording for one in returned_keys(loose)}
    for recording in sorted(back)[:AT_ONCE]:
        swept.returned.append(destroy_again(recording, actor=actor, now=now))
    for key in loose:
        if key.recording in back or key.touched_at >= before:
            continue
        destroy = partial(keys.destroy_generation, key.recording, key.generation)
        _remove("key", f"{key.recording}.{key.generation}", key.recording, actor, destroy)
        swept.keys += 1
    swept.unfinished += keys.forget_unfinished(before)


def _payloads(swept: Swept, actor: Actor, _now: datetime, first: str) -> None:
    """Payloads that no row keeps: of intakes never admitted, or put back from an old copy of the store."""
    require_store()
    store, before = store_in_use(), written_before(LEFT_ALONE)
    rows = SealedObject.objects.filter(pk__range=within(first)).exclude(state=SealedObject.State.DESTROYED)
    kept = {str(one) for one in rows.values_list("pk", flat=True)}
    for stored in list(store.listing(first)):
        if stored.key in kept or stored.written_at >= before:
            continue
        row = SealedObject.objects.filter(pk=stored.key).first()
        if row and row.state != SealedObject.State.DESTROYED:
            continue  # admitted meanwhile
        delete = partial(store.delete_all_versions, stored.key)
        _remove("payload", stored.key, row.recording if row else None, actor, delete)
        swept.payloads += 1
    swept.unfinished += store.forget_unfinished(before)


def _staged(swept: Swept, actor: Actor, _now: datetime, _first: str) -> None:
    """Uploads to which nothing was added for a day. The camera still has the footage and the dock starts anew."""
    before = written_before(LEFT_ALONE).timestamp()
    for path in sorted(Path(settings.STAGING_FOLDER).glob("*")):  # an upload comes before what stands beside it
        if path.is_file() and path.stat().st_mtime < before:
            _remove("upload", path.name, None, actor, partial(discard_staged, path))
            swept.staged += 1


def _remove(kind: str, name: str, recording: UUID | None, actor: Actor, remove: Callable[[], None]) -> None:
    with step("vault.remove_leftover", actor=actor) as record:
        record(LeftoverRemoved(recording=recording, kind=kind, name=name))
        remove()
