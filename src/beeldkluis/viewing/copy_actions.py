"""The steps of a viewing copy: asked for with a lent key, made by one worker, sealed and kept with its recording."""

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings

from beeldkluis.cases.about import of
from beeldkluis.cases.models import Case
from beeldkluis.film.copying import Copy, CopyError, make_copy
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.journal.actions import in_turn, step
from beeldkluis.journal.actor import Actor
from beeldkluis.people.queries import current_recipients
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.sealed.age import Identity, Recipient, Sealer, SealError, build_header, new_file_key, open_bytes
from beeldkluis.vault import actions as vault
from beeldkluis.vault.arrival import Arrival, has_room
from beeldkluis.vault.errors import GoneError, HashMismatchError, KeyStoreError, StoreError
from beeldkluis.vault.files import new_file, write_all
from beeldkluis.vault.queries import generation, lent_to
from beeldkluis.viewing import copy_events as events
from beeldkluis.viewing import copy_queries as queries
from beeldkluis.viewing.lent import read_lent, source_of
from beeldkluis.viewing.models import CopyWorker, Opening, ViewingCopy

TASK = "viewing-copy"
LEASE = timedelta(hours=6)
PATIENCE = 120.0  # seconds without a sign of the process that decodes
BEAT = timedelta(seconds=5)
AGAIN = "De werker is gestopt voordat de kijkkopie klaar was. Vraag de kijkkopie nog een keer."
State = ViewingCopy.State


def ask(
    opening: Opening, clip: UUID, *, worker: str, sealed_file_key: bytes, actor: Actor, now: datetime
) -> ViewingCopy:
    """Ask for a copy of one clip of the recording that is open, and lend its file key to the worker to whose key it was sealed in
    the browser: an act of its own. Asking again while one is being made changes nothing. Refused without a worker.
    """
    case = Case.objects.get(reference=opening.case)
    with in_turn():
        known = ViewingCopy.objects.select_for_update().filter(clip=clip).first()
        if known is not None and known.state != State.FAILED:
            return known
        with step("viewing.ask_copy", actor=actor, about=of(case.reference, case.kind)) as record:
            _may_ask(opening, clip, worker, now)
            lease = vault.grant_lease(
                object_id=clip, sealed_file_key=sealed_file_key, worker=worker, task=TASK, expires_at=now + LEASE,
                actor=actor, now=now,
            )  # fmt: skip
            made = known or ViewingCopy(recording=opening.recording, clip=clip)
            made.state, made.lease, made.reason = State.ASKED, lease.pk, ""
            made.object, made.case, made.asked_at = uuid4(), case.reference, now
            made.save()
            record(events.CopyAsked(recording=opening.recording, case=case.reference, clip=clip, lease=lease.pk))
    return made


def _may_ask(opening: Opening, clip: UUID, worker: str, now: datetime) -> None:
    found = queries.worker(now)
    if found is None or found.recipient != worker:
        raise _refused("Er is nu geen werker die kijkkopieën maakt. Probeer het over een minuut opnieuw.")
    if not Clip.objects.filter(recording=opening.recording, object=clip).exists():
        raise _refused("Dit bestand hoort niet bij de opname die open is.")


def _refused(reason: str) -> Refused:
    return Refused(Verdict(allowed=False, rule="access.case-required", reason=reason))


def say_alive(identity: Identity, *, now: datetime) -> None:
    """This worker runs. No entry: see journal.guard."""
    recipient = str(identity.recipient)
    CopyWorker.objects.update_or_create(
        recipient=recipient, defaults={"seen_at": now}, create_defaults={"seen_at": now, "begun_at": now}
    )
    CopyWorker.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()


def work(identity: Identity, *, actor: Actor, time: Callable[[], datetime]) -> int:
    """Make every copy whose key was lent to this worker. How many were tried; each ends as made or as failed with a reason."""
    tried = 0
    for one in queries.waiting():
        try:
            assert one.lease is not None  # noqa: S101 - a copy that waits has one
            lent = vault.take_lease(lease_id=one.lease, worker=str(identity.recipient), actor=actor, now=time())
        except GoneError:
            continue  # another worker's
        tried += 1
        try:
            _make(one, lent, identity, actor, time)
        except CopyError as error:
            fail(one, error.reason, actor=actor, now=time())
        except (GoneError, HashMismatchError, KeyStoreError, StoreError, SealError, OSError) as error:
            fail(one, f"Het maken is mislukt ({type(error).__name__}).", actor=actor, now=time())
    return tried


def _make(one: ViewingCopy, lent: bytes, identity: Identity, actor: Actor, time: Callable[[], datetime]) -> None:
    key = read_lent(open_bytes(lent, [identity]))
    read, size = source_of(one.clip, key)
    if not has_room(2 * size):
        raise CopyError("Er is te weinig ruimte op de schijf voor een kijkkopie.")
    beat = time()

    def reading(start: int, stop: int) -> bytes:
        nonlocal beat
        if time() - beat > BEAT:
            beat = time()
            say_alive(identity, now=beat)
        return read(start, stop)

    with tempfile.TemporaryFile(dir=settings.STAGING_FOLDER) as scratch:
        copy = make_copy(reading, size, scratch, patience=PATIENCE)
        _keep(one, copy, actor, time)


def _keep(one: ViewingCopy, copy: Copy, actor: Actor, time: Callable[[], datetime]) -> None:
    """Seal the copy for the keys in force, put it away durably, and enter it."""
    recipients, path = current_recipients(), Arrival.of(one.object).path
    vault.discard_staged(path)
    file_key, digest = new_file_key(), hashlib.sha256()
    header = build_header(file_key, [Recipient.parse(to) for to in recipients])
    try:
        with new_file(path) as descriptor:
            write_all(descriptor, header)
            digest.update(header)
            for sealed in Sealer(file_key).chunks(copy.pieces()):
                write_all(descriptor, sealed)
                digest.update(sealed)
        prepared = vault.prepare(
            recording=one.recording,
            object_id=one.object,
            staged=path,
            sealed_sha256=digest.hexdigest(),
            generation=generation(one.recording) or 1,
        )
        _enter(one, prepared, copy, recipients, actor, time())
    finally:
        vault.discard_staged(path)


def _enter(
    one: ViewingCopy, prepared: vault.Prepared, copy: Copy, recipients: tuple[str, ...], actor: Actor, now: datetime
) -> None:
    with step("viewing.keep_copy", actor=actor) as record:
        locked = ViewingCopy.objects.select_for_update().get(pk=one.pk)
        recording = Recording.objects.select_for_update(of=("self",)).get(pk=one.recording)
        if locked.state != State.ASKED or locked.lease != one.lease or recording.state != Recording.State.KEPT:
            raise CopyError("De kijkkopie is intussen niet meer nodig.")
        if recipients != current_recipients():
            raise CopyError("De sleutels zijn intussen overgedragen. Vraag de kijkkopie nog een keer.")
        vault.admit(prepared, inner_kind="plain", now=now)
        _return_key(locked, actor, now)
        locked.state, locked.made_at, locked.lease = State.MADE, now, None
        locked.save(update_fields=["state", "made_at", "lease"])
        record(
            events.CopyMade(
                recording=one.recording,
                case=one.case,
                clip=one.clip,
                object=one.object,
                sealed_sha256=prepared.sealed_sha256,
                duration_ms=copy.duration_ms,
            )
        )


def _return_key(one: ViewingCopy, actor: Actor, now: datetime) -> None:
    if one.lease is not None:
        with suppress(GoneError):  # over already
            vault.end_lease(lease_id=one.lease, actor=actor, now=now)


def fail(one: ViewingCopy, reason: str, *, actor: Actor, now: datetime) -> None:
    """No copy this time, and why; the lent key goes, and what a stopped worker left behind of it."""
    vault.discard_staged(Arrival.of(one.object).path)
    with step("viewing.fail_copy", actor=actor) as record:
        locked = ViewingCopy.objects.select_for_update().get(pk=one.pk)
        _return_key(locked, actor, now)
        if locked.state == State.ASKED:
            locked.state, locked.reason, locked.lease = State.FAILED, reason, None
            locked.save(update_fields=["state", "reason", "lease"])
        record(events.CopyFailed(recording=locked.recording, case=locked.case, clip=locked.clip, reason=reason))


def ask_again(*, actor: Actor, now: datetime) -> int:
    """A worker that stopped took its key with it: what was lent to it must be asked for again. How many copies that were."""
    running = {one.recipient for one in CopyWorker.objects.filter(seen_at__gt=now - queries.LOST)}
    lost = [one for one in queries.waiting() if one.asked_at < now - queries.LOST and _worker_of(one) not in running]
    for one in lost:
        fail(one, AGAIN, actor=actor, now=now)
    return len(lost)


def _worker_of(one: ViewingCopy) -> str:
    return lent_to(one.lease) if one.lease is not None else ""
