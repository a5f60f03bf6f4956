"""Leases: the file key of one object for one job, where a task needs plain pictures.

The browser of the person who opened the object seals the file key to a key that the worker made in memory at its
start. Only that sealed copy crosses the database, for a limited time; a worker that starts again has another key and
asks again.
"""

from datetime import datetime
from io import BytesIO
from uuid import UUID

from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.sealed.age import check_header, read_header
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.events import LeaseEnded, LeaseGranted, LeaseTaken
from beeldkluis.vault.models import Lease, SealedObject

MAX_SEALED_KEY = 65_536  # bytes: an age file around 16 bytes is far smaller


def grant_lease(
    *,
    object_id: UUID,
    sealed_file_key: bytes,
    worker: str,
    task: str,
    expires_at: datetime,
    actor: Actor,
    now: datetime,
) -> Lease:
    """Lend the file key of one object to one job, as an act of its own.

    `sealed_file_key` is an age file made for the recipient `worker` (SealError, or ValueError when too large).
    GoneError when the object has been destroyed.
    """
    if len(sealed_file_key) > MAX_SEALED_KEY:
        raise ValueError(f"a sealed file key of {len(sealed_file_key)} bytes")
    check_header(read_header(BytesIO(sealed_file_key)))
    with step("vault.grant_lease", actor=actor) as record:
        kept = SealedObject.objects.select_for_update().filter(pk=object_id, state=SealedObject.State.KEPT).first()
        if kept is None:
            raise GoneError(f"object {object_id} has been destroyed or never was here")
        lease = Lease.objects.create(
            object=kept,
            task=task,
            worker=worker,
            sealed_file_key=sealed_file_key,
            granted_at=now,
            expires_at=expires_at,
        )
        record(
            LeaseGranted(recording=kept.recording, lease=lease.id, object=kept.id, task=task, expires_at=expires_at),
        )
    return lease


def take_lease(
    *, lease_id: UUID, worker: str, actor: Actor, now: datetime, expires_at: datetime | None = None
) -> bytes:
    """The sealed file key, for the worker to whose recipient it was sealed. GoneError when over, or another's.

    `expires_at`: until when the job may keep it from here on; it has waited for its turn, and how long is no part of the job.
    """
    with step("vault.take_lease", actor=actor) as record:
        lease = Lease.objects.select_for_update().select_related("object").filter(pk=lease_id, worker=worker).first()
        if lease is None or lease.ended_at or lease.expires_at <= now or lease.sealed_file_key is None:
            raise GoneError(f"lease {lease_id} is over, or was given to another worker")
        kept = lease.object
        if expires_at is not None:
            lease.expires_at = expires_at
            lease.save(update_fields=["expires_at"])
        taken = LeaseTaken(
            recording=kept.recording, lease=lease.id, object=kept.id, task=lease.task, expires_at=lease.expires_at
        )
        record(taken)
        return bytes(lease.sealed_file_key)


def end_lease(*, lease_id: UUID, actor: Actor, now: datetime) -> None:
    """Remove the sealed file key: the job is done, failed or expired. GoneError when it ended before."""
    with step("vault.end_lease", actor=actor) as record:
        lease = Lease.objects.select_for_update().select_related("object").filter(pk=lease_id, ended_at=None).first()
        if lease is None:
            raise GoneError(f"lease {lease_id} is over")
        lease.sealed_file_key = None
        lease.ended_at = now
        lease.save(update_fields=["sealed_file_key", "ended_at"])
        event = LeaseEnded(
            recording=lease.object.recording,
            lease=lease.id,
            object=lease.object.id,
            task=lease.task,
            expired=lease.expires_at <= now,
        )
        record(event)
