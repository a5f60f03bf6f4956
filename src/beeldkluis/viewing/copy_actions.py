"""The steps of a viewing copy: asked for with a lent key, made by one worker, sealed and kept with its recording."""

import hashlib
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections

from beeldkluis.cases.about import of
from beeldkluis.cases.models import Case
from beeldkluis.film.copying import Copy, CopyError, Patience, make_copy
from beeldkluis.footage.models import Clip, Recording
from beeldkluis.journal.actions import in_turn, step
from beeldkluis.journal.actor import Actor
from beeldkluis.people.queries import current_recipients
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.sealed.age import Identity, Recipient, Sealer, SealError, build_header, new_file_key, open_bytes
from beeldkluis.vault import actions as vault
from beeldkluis.vault.arrival import DURABLE_EVERY, Arrival, has_room
from beeldkluis.vault.errors import GoneError, KeyAwayError, KeyStoreError, StoreError
from beeldkluis.vault.files import digest_from_disk, new_file, write_all
from beeldkluis.vault.queries import generation, lent_to
from beeldkluis.viewing import copy_events as events
from beeldkluis.viewing import copy_queries as queries
from beeldkluis.viewing.impostor_actions import report_impostors
from beeldkluis.viewing.lent import Read, read_lent, source_of
from beeldkluis.viewing.models import CopyWorker, Opening, ViewingCopy

TASK = "viewing-copy"
WAITS = timedelta(hours=6)  # how long a lent key may wait for its turn
SILENCE = 600.0  # seconds without a sign of the process that decodes, which goes last on a busy machine
PACE, EXTRA = 4, timedelta(hours=1)  # making takes at most so many times the film, and this
UNKNOWN, LONGEST = timedelta(hours=12), timedelta(hours=24)  # the same where the film does not say, and for any film
BEAT = timedelta(seconds=5)
MOST = 300  # letters of a reason
RETRIES = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds between two attempts at reading while the database is away
AGAIN = "De werker is gestopt voordat de kijkkopie klaar was. Vraag de kijkkopie nog een keer."
TOO_LATE = "De kijkkopie kwam niet op tijd aan de beurt. Vraag de kijkkopie nog een keer."
NO_ROOM = "Er is te weinig ruimte op de schijf voor een kijkkopie."
NOT_NEEDED = "De kijkkopie is intussen niet meer nodig."
CHANGED = "De aanvraag van deze kijkkopie is onderweg veranderd. Vraag de kijkkopie nog een keer."
AWAY = (
    "De sleutelmap of de opslag is niet bereikbaar. De opname is daarmee niet vernietigd. Vraag hem later nog een keer."
)
NEW_KEYS = "De sleutels zijn intussen overgedragen. Vraag de kijkkopie nog een keer."
NO_KEY = "De uitgeleende sleutel past niet op dit bestand. Vraag de kijkkopie nog een keer."
State = ViewingCopy.State
log = structlog.get_logger(__name__)


class StoppedError(Exception):
    """The worker is told to stop."""


def ask(
    opening: Opening, clip: UUID, *, worker: str, sealed_file_key: bytes, actor: Actor, now: datetime
) -> ViewingCopy:
    """Ask for a copy of one clip of the recording that is open, and lend its file key to the worker to whose key it was sealed in
    the browser: an act of its own. Asking again while one is being made changes nothing. Refused without a worker.
    """
    case = Case.objects.get(reference=opening.case)
    report_impostors(actor=Actor.system("copies"), now=now)
    with in_turn():
        known = ViewingCopy.objects.select_for_update().filter(clip=clip).first()
        if known is not None and known.state != State.FAILED:
            return known
        with step("viewing.ask_copy", actor=actor, about=of(case.reference, case.kind)) as record:
            _may_ask(opening, clip, worker, now)
            lease = vault.grant_lease(
                object_id=clip, sealed_file_key=sealed_file_key, worker=worker, task=TASK, expires_at=now + WAITS,
                actor=actor, now=now,
            )  # fmt: skip
            made = known or ViewingCopy(recording=opening.recording, clip=clip)
            made.state, made.lease, made.reason = State.ASKED, lease.pk, ""
            made.object, made.case, made.asked_at = uuid4(), case.reference, now
            made.save()
            record(events.CopyAsked(recording=opening.recording, case=case.reference, clip=clip, lease=lease.pk))
    return made


def _may_ask(opening: Opening, clip: UUID, worker: str, now: datetime) -> None:
    if not queries.is_running(worker, now):
        raise _refused("Er is nu geen werker die kijkkopieën maakt. Probeer het over een minuut opnieuw.")
    if not Clip.objects.filter(recording=opening.recording, object=clip).exists():
        raise _refused("Dit bestand hoort niet bij de opname die open is.")


def _refused(reason: str) -> Refused:
    return Refused(Verdict(allowed=False, rule="access.case-required", reason=reason))


def say_alive(identity: Identity, *, now: datetime, copy: UUID | None = None, done_ms: int = 0) -> None:
    """This worker runs, and is so far with this copy. No entry: see journal.guard."""
    said = queries.sign_of_life(str(identity.recipient), now)
    told = {"seen_at": now, "copy": copy, "done_ms": done_ms, "said": said}
    CopyWorker.objects.update_or_create(
        recipient=str(identity.recipient), defaults=told, create_defaults=told | {"begun_at": now}
    )
    CopyWorker.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()


@dataclass(slots=True)
class _Worker:
    """Who makes copies, and how it looks up from its work now and then."""

    identity: Identity
    actor: Actor
    time: Callable[[], datetime]
    stopping: Callable[[], bool]
    copy: UUID | None = None
    done_ms: int = 0
    said: datetime | None = None
    room_at: int = 0

    def look_up(self, written: int, *, still_to_come: int = 0) -> None:
        """Say that it is there, every few seconds, and see whether there is room, every 64 MiB that were `written`. StoppedError
        when it must stop, CopyError when the disk is nearly full.
        """
        if self.stopping():
            raise StoppedError
        now = self.time()
        if self.said is None or now - self.said > BEAT:
            self.said = now
            try:
                say_alive(self.identity, now=now, copy=self.copy, done_ms=self.done_ms)
            except DatabaseError:
                log.warning("a sign of life was missed")
                close_old_connections()
        if not self.room_at <= written < self.room_at + DURABLE_EVERY:
            self.room_at = written
            if not has_room(DURABLE_EVERY + still_to_come):
                raise CopyError(NO_ROOM)


def work(
    identity: Identity, *, actor: Actor, time: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False
) -> int:
    """Make every copy whose key was lent to this worker. How many were tried; each ends as made or as failed with a reason,
    unless the database is away (OperationalError, InterfaceError): then it waits.
    """
    worker, tried = _Worker(identity, actor, time, stopping), 0
    for one in queries.waiting():
        if stopping():
            break
        until = time() + _allowed(one) + EXTRA  # and what putting it away takes
        try:
            assert one.lease is not None  # noqa: S101 - a copy that waits has one
            lent = vault.take_lease(
                lease_id=one.lease, worker=str(identity.recipient), actor=actor, now=time(), expires_at=until
            )
        except GoneError:
            continue  # another worker's, or too late
        tried += 1
        _try(one, lent, worker)
    return tried


def _allowed(one: ViewingCopy) -> timedelta:
    told = queries.told_length(one)
    return UNKNOWN if told is None else min(LONGEST, EXTRA + PACE * min(told, LONGEST))


def _try(one: ViewingCopy, lent: bytes, worker: _Worker) -> None:
    try:
        _make(one, lent, worker)
    except StoppedError:
        reason = AGAIN
    except CopyError as error:
        reason = error.reason
    except GoneError:
        reason = NOT_NEEDED
    except (KeyAwayError, StoreError):  # not here now: that is another answer than gone
        log.exception("a place is away", copy=str(one.pk))
        reason = AWAY
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        log.exception("no viewing copy", copy=str(one.pk))
        reason = f"Het maken is mislukt ({type(error).__name__})."
    else:
        return
    fail(one, reason, actor=worker.actor, now=worker.time())


def _make(one: ViewingCopy, lent: bytes, worker: _Worker) -> None:
    recipients = current_recipients()
    try:
        key = read_lent(open_bytes(lent, [worker.identity]))
        if (key.recording, key.clip) != (one.recording, one.clip) or not queries.is_of_its_recording(one):
            raise CopyError(CHANGED)
        read, size = source_of(one.clip, key)
    except SealError as error:
        raise CopyError(NO_KEY) from error
    if not has_room(2 * size):
        raise CopyError(NO_ROOM)
    worker.copy, worker.done_ms, worker.said, worker.room_at = one.pk, 0, None, 0

    def look_up(made: int, done_ms: int) -> None:
        worker.done_ms = done_ms
        worker.look_up(made, still_to_come=made)

    patience = Patience(SILENCE, _allowed(one).total_seconds(), look_up)
    with tempfile.TemporaryFile(dir=settings.STAGING_FOLDER) as scratch:
        copy = make_copy(_patient(read), size, scratch, patience)
        _keep(one, copy, recipients, worker)


def _patient(read: Read) -> Read:
    """Reads as `read`, and waits a minute for a database that is away: hours of work may hang on it."""

    def reading(start: int, stop: int) -> bytes:
        for wait in RETRIES:
            try:
                return read(start, stop)
            except (OperationalError, InterfaceError):
                log.warning("the database is away")
                close_old_connections()
                sleep(wait)
        return read(start, stop)

    return reading


def _keep(one: ViewingCopy, copy: Copy, recipients: tuple[str, ...], worker: _Worker) -> None:
    """Seal the copy, put it away durably, and enter it."""
    path = Arrival.of(one.object).path
    vault.discard_staged(path)
    try:
        sealed_sha256 = _stage(copy, path, recipients, worker)
        found = digest_from_disk(path)
        worker.look_up(0)
        prepared = vault.prepare(
            recording=one.recording,
            object_id=one.object,
            staged=path,
            sealed_sha256=sealed_sha256,
            read_back=found,
            generation=_generation(one),
            joins=True,
        )
        _enter(one, prepared, copy, recipients, worker)
    finally:
        vault.discard_staged(path)


def _stage(copy: Copy, path: Path, recipients: tuple[str, ...], worker: _Worker) -> str:
    """Seal the copy in a file of its own; the SHA-256 of all of it."""
    file_key, digest, written = new_file_key(), hashlib.sha256(), 0
    header = build_header(file_key, [Recipient.parse(to) for to in recipients])
    with new_file(path) as descriptor:
        write_all(descriptor, header)
        digest.update(header)
        for sealed in Sealer(file_key).chunks(copy.pieces()):
            write_all(descriptor, sealed)
            digest.update(sealed)
            written += len(sealed)
            worker.look_up(written)
    return digest.hexdigest()


def _generation(one: ViewingCopy) -> int:
    """Of the shred key that the copy shares, asked at the last moment and under the recording's lock. CopyError when it is
    destroyed.
    """
    with in_turn():
        recording = Recording.objects.select_for_update(of=("self",)).get(pk=one.recording)
        number = generation(one.recording)
        if number is None or recording.state == Recording.State.DESTROYED:
            raise CopyError(NOT_NEEDED)
        return number


def _enter(
    one: ViewingCopy, prepared: vault.Prepared, copy: Copy, recipients: tuple[str, ...], worker: _Worker
) -> None:
    actor, now = worker.actor, worker.time()
    with step("viewing.keep_copy", actor=actor) as record:
        locked = ViewingCopy.objects.select_for_update().get(pk=one.pk)
        recording = Recording.objects.select_for_update(of=("self",)).get(pk=one.recording)
        if _is_another(locked, one) or recording.state == Recording.State.DESTROYED:
            raise CopyError(NOT_NEEDED)
        if recipients != current_recipients():
            raise CopyError(NEW_KEYS)
        _admit(prepared, now)
        _return_key(locked, actor, now)
        locked.state, locked.made_at, locked.lease, locked.reason = State.MADE, now, None, _remark(copy)
        locked.save(update_fields=["state", "made_at", "lease", "reason"])
        record(
            events.CopyMade(
                recording=one.recording,
                case=one.case,
                clip=one.clip,
                object=one.object,
                sealed_sha256=prepared.sealed_sha256,
                duration_ms=copy.duration_ms,
                skipped=copy.skipped,
                jumps=copy.jumps,
            )
        )


def _admit(prepared: vault.Prepared, now: datetime) -> None:
    try:
        vault.admit(prepared, inner_kind="plain", now=now)
    except GoneError as error:
        raise CopyError(NOT_NEEDED) from error
    except KeyAwayError:
        raise
    except KeyStoreError as error:  # sealed anew since, or too slow
        raise CopyError(NEW_KEYS) from error


def _remark(copy: Copy) -> str:
    """What whoever looks must know of the film behind this copy; empty when there is nothing."""
    told = []
    if copy.skipped:
        told.append("Een deel van het bestand is beschadigd en staat niet in de kijkkopie.")
    if copy.jumps:
        told.append("De klok van het bestand verspringt. De kijkkopie loopt daar door.")
    return " ".join(told)


def _is_another(locked: ViewingCopy, one: ViewingCopy) -> bool:
    """Is this no longer the request that `one` was read as? Then what comes of `one` says nothing of it."""
    return locked.state != State.ASKED or locked.lease != one.lease


def _return_key(one: ViewingCopy, actor: Actor, now: datetime) -> None:
    if one.lease is not None:
        with suppress(GoneError):  # over already
            vault.end_lease(lease_id=one.lease, actor=actor, now=now)


def fail(one: ViewingCopy, reason: str, *, actor: Actor, now: datetime) -> None:
    """No copy this time, and why; the lent key goes, and what a stopped worker left behind of it. Changes nothing when `one` was
    made, failed or asked for anew since it was read.
    """
    with in_turn():
        locked = ViewingCopy.objects.select_for_update().get(pk=one.pk)
        if _is_another(locked, one):
            return
        with step("viewing.fail_copy", actor=actor) as record:
            _return_key(locked, actor, now)
            locked.state, locked.reason, locked.lease = State.FAILED, reason[:MOST], None
            locked.save(update_fields=["state", "reason", "lease"])
            record(
                events.CopyFailed(recording=locked.recording, case=locked.case, clip=locked.clip, reason=locked.reason)
            )
    with suppress(OSError):  # the sweep takes it after a day
        vault.discard_staged(Arrival.of(one.object).path)


def ask_again(*, actor: Actor, now: datetime) -> int:
    """A worker that stopped took its key with it, and a key that waited too long was taken back: what was lent must be asked for
    again. How many copies that were.
    """
    lost = [one for one in queries.waiting() if queries.is_lost(one, now)]
    for one in lost:
        fail(one, AGAIN if _worker_of(one) else TOO_LATE, actor=actor, now=now)
    return len(lost)


def give_back(identity: Identity, *, actor: Actor, now: datetime) -> int:
    """This worker stops, and its key with it: what was lent to it may be asked of another at once. How many copies that were."""
    mine = [one for one in queries.waiting() if _worker_of(one) == str(identity.recipient)]
    for one in mine:
        fail(one, AGAIN, actor=actor, now=now)
    CopyWorker.objects.filter(recipient=str(identity.recipient)).delete()
    return len(mine)


def _worker_of(one: ViewingCopy) -> str:
    return lent_to(one.lease) if one.lease is not None else ""
