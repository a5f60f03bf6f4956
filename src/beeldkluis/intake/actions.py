"""Taking footage in: two doors, one `accept`. It says yes only after every byte, key and row is durable (work-9)."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from beeldkluis.devices.actions import dock_actor
from beeldkluis.devices.models import Dock
from beeldkluis.findings.actions import raise_finding
from beeldkluis.footage import actions as footage
from beeldkluis.footage import queries as footage_queries
from beeldkluis.footage.models import Recording
from beeldkluis.intake import events, queries
from beeldkluis.intake.grouping import namesakes, recording_for
from beeldkluis.intake.models import Receipt, Upload
from beeldkluis.journal import anchor
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.journal.signer import signer
from beeldkluis.people.queries import current_recipients
from beeldkluis.protocol.intake import NotAccepted, may_accept, why_not
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.sealed.receipt import Receipt as ReceiptNote
from beeldkluis.vault import actions as vault
from beeldkluis.vault import errors as vault_errors
from beeldkluis.vault.arrival import Arrival
from beeldkluis.vault.queries import generation, is_shredded
from beeldkluis.vault.read_back import ReadBack

ABANDONED = timedelta(days=1)
APART = (
    "Dockingstation {dock} leverde een bestand aan als deel van opname {taken}, maar die kwam van een ander dockingstation of"
    " uit een andere tijd. Het is als opname {made} bewaard; opname {taken} bleef zoals zij was. Kijk wat er is gebeurd."
)
REUSED = (
    "Camera {serial} gebruikte het nummer van opname {taken} opnieuw. Wat nu binnenkwam past daar niet bij en is als opname"
    " {made} bewaard, met een eigen handhaver, einde en termijn. Opname {taken} bleef zoals zij was. Kijk of het twee"
    " gebeurtenissen zijn."
)


class WrongUploadError(Exception):
    """What arrived is not what the manifest says, or is no sealed object. The sender must send it again."""


class TakenError(Exception):
    """Another dock made this recording in the same moment. Nothing was entered; closing the upload again sees it."""


def note_offset(upload: Upload, offset: int, *, now: datetime) -> None:
    """So many bytes are durable. Technical progress, so no entry."""
    state = Upload.State.COMPLETE if offset == upload.length else Upload.State.RECEIVING
    Upload.objects.filter(pk=upload.pk).update(offset=offset, state=state, touched_at=now)
    upload.offset, upload.state = offset, state


def take_in(upload: Upload, read: Callable[[int], bytes], length: int, *, time: Callable[[], datetime]) -> int:
    """Add up to `length` bytes that `read` gives; answers the new end. Technical progress, so no entry.

    While the last bytes arrive, the file is read back from its disk behind them, so that closing need not wait for it.
    BusyError, FileNotFoundError (cleared away), OSError (disk full): what is durable by then is noted all the same.
    """
    arrival, finishes = Arrival.of(upload.pk), upload.offset + length == upload.length
    with ReadBack(arrival.path) as back:

        def durable(end: int) -> None:
            note_offset(upload, end, now=time())  # an upload may take hours, and is not abandoned meanwhile
            if finishes:
                back.reached(end)

        end = arrival.add(read, upload.offset, length, durable)
    if end == upload.length:
        Upload.objects.filter(pk=upload.pk).update(read_back=back.sha256)
        upload.read_back = back.sha256
    return end


def give_up(upload: Upload) -> None:
    """The sender ends an upload that was not accepted; its bytes go."""
    vault.discard_staged(Arrival.of(upload.pk).path)
    Upload.objects.filter(pk=upload.pk).exclude(state=Upload.State.ACCEPTED).delete()


def receipt_note(receipt: Receipt) -> str:
    """The receipt as signed; when the recording was destroyed since, a new note that says so."""
    if not is_shredded(receipt.recording):
        return receipt.note
    given = ReceiptNote.verify(receipt.note, signer().vkey)
    anchor.proved()  # nothing is signed over a journal that does not hold
    values = {name: getattr(given, name) for name in ReceiptNote.__slots__}
    return ReceiptNote(**(values | {"destroyed": True})).sign(signer())


def accept(upload: Upload, manifest: Manifest, *, now: datetime) -> str:
    """Take one file in, in the order of docs/spec/intake.md; the receipt's note is the yes.

    Asked again it gives the same receipt. Refused when it may not come in, WrongUploadError when it is not what the
    manifest says (the staged bytes go, the camera stays full), OSError or StoreError when a disk is away or full, TakenError.
    """
    actor, path = dock_actor(upload.dock), Arrival.of(upload.pk).path
    if known := queries.receipt_for(manifest.serial, manifest.source_sha256):
        vault.discard_staged(path)
        return receipt_note(known)
    if (why := _why_not(upload, manifest)) is not None:
        vault.discard_staged(path)
        verdict = may_accept(why)
        _refuse(upload, why, verdict.reason, actor, now)
        raise Refused(verdict)
    recording = recording_for(upload.dock_id, manifest, now)
    try:
        prepared = vault.prepare(
            recording=recording,
            object_id=upload.pk,
            staged=path,
            sealed_sha256=manifest.sealed_sha256,
            read_back=upload.read_back,
            generation=generation(recording) or 1,
        )
    except (vault_errors.HashMismatchError, SealError) as fault:
        vault.discard_staged(path)
        _refuse(upload, "bytes", "De aangekomen bytes zijn niet wat het dockingstation zei te sturen.", actor, now)
        raise WrongUploadError(str(fault)) from fault
    receipt = _admit(upload, manifest, prepared, actor, now)
    vault.discard_staged(path)
    return receipt.note


def _why_not(upload: Upload, manifest: Manifest) -> NotAccepted | None:
    return why_not(
        dock_retired=upload.dock.retired_at is not None,
        sealed_for=frozenset(manifest.recipients),
        current=frozenset(current_recipients()),
    )


def _refuse(upload: Upload, why: str, reason: str, actor: Actor, now: datetime) -> None:
    with step("intake.refuse", actor=actor) as record:
        Upload.objects.filter(pk=upload.pk).update(state=Upload.State.REFUSED, refused_because=reason)
        record(events.UploadRefused(upload=upload.pk, reason=reason))
        text = f"Dockingstation {upload.dock.name} leverde iets aan dat is geweigerd. {reason}"
        key = f"refused:{upload.dock.name}:{why}"
        raise_finding(rule="intake.automatic", key=key, text=text, recording=None, bodycam=None, actor=actor, now=now)


def _admit(upload: Upload, manifest: Manifest, prepared: vault.Prepared, actor: Actor, now: datetime) -> Receipt:
    """The one transaction: recording, wrapped header, entry, receipt."""
    with step("intake.accept", actor=actor) as record:
        row = Upload.objects.select_for_update().get(pk=upload.pk)
        # again, now that no other step goes on: keys may just have been handed over
        require(may_accept(_why_not(upload, manifest)))
        entry = record(
            events.ClipAccepted(
                recording=prepared.recording,
                clip=prepared.object_id,
                sealed_sha256=manifest.sealed_sha256,
                source_sha256=manifest.source_sha256,
                size=manifest.sealed_size,
                sender=str(upload.dock_id),
            )
        )
        if raced := queries.receipt_for(manifest.serial, manifest.source_sha256):
            return raced
        if (
            recording_for(upload.dock_id, manifest, now) != prepared.recording
        ):  # another dock was first; the next attempt sees it
            raise TakenError(f"recording {prepared.recording} is another's since")
        _register(upload, manifest, prepared, actor, now)
        vault.admit(prepared, inner_kind="plain", now=now)
        row.state = Upload.State.ACCEPTED
        row.save(update_fields=["state"])
        return Receipt.objects.create(
            clip=prepared.object_id,
            recording=prepared.recording,
            serial=manifest.serial,
            source_sha256=manifest.source_sha256,
            group=manifest.group,
            note=_sign(manifest, prepared, entry),
            given_at=now,
        )


def _register(upload: Upload, manifest: Manifest, prepared: vault.Prepared, actor: Actor, now: datetime) -> Recording:
    clip = footage.NewClip(
        object=prepared.object_id,
        position=manifest.position,
        name=manifest.name,
        content_type=manifest.content_type,
        source_sha256=manifest.source_sha256,
        source_size=manifest.source_size,
        sealed_sha256=manifest.sealed_sha256,
        duration_ms=manifest.duration_ms,
        note=manifest.note,
    )
    new = footage.NewRecording(
        id=prepared.recording,
        source="dock",
        serial=manifest.serial,
        started_at=manifest.started_at,
        activated_at=manifest.activated_at,
        ended_at=manifest.ended_at,
        clock_offset_ms=manifest.clock_offset_ms,
        has_sound=manifest.has_sound,
        said_apart=manifest.quarantine_reason,
        clips=[clip],
        may_begin_earlier_ms=manifest.may_begin_earlier_ms,
        may_end_later_ms=manifest.may_end_later_ms,
    )
    known = footage_queries.get(prepared.recording)
    if known:
        return footage.extend(known, new, actor=actor, now=now)
    made = footage.register(new, actor=actor, now=now)
    _tell_of_namesake(upload, manifest, made, actor, now)
    return made


def _tell_of_namesake(upload: Upload, manifest: Manifest, made: Recording, actor: Actor, now: datetime) -> None:
    """A recording that carries the number of another one that is there: somebody looks whether these are two events."""
    if not (others := namesakes(manifest, upload.dock_id, made.pk)):
        return
    own = [one for one in others if queries.docks_of(one.pk) == {upload.dock_id}]
    taken = (own or others)[-1]
    if own:
        text = REUSED.format(serial=manifest.serial, taken=taken, made=made)
    else:
        text = APART.format(dock=upload.dock.name, taken=taken, made=made)
    rule = "recording.one-event" if own else "intake.automatic"
    raise_finding(
        rule=rule, key=f"namesake:{taken}", text=text, recording=made.pk, bodycam=made.bodycam_id, actor=actor, now=now
    )


def _sign(manifest: Manifest, prepared: vault.Prepared, entry: Entry) -> str:
    size, root = anchor.proved()
    return ReceiptNote(
        recording=prepared.recording,
        object=prepared.object_id,
        serial=manifest.serial,
        source_sha256=manifest.source_sha256,
        sealed_sha256=manifest.sealed_sha256,
        size=manifest.sealed_size,
        log=settings.JOURNAL_ORIGIN,
        index=entry.number,
        tree_size=size,
        leaf=bytes(entry.leaf_hash),
        root=root,
        proof=anchor.inclusion(entry.number, bytes(entry.leaf_hash), size, root),
    ).sign(signer())


def report_wiped(dock: Dock, *, serial: str, clips: Sequence[UUID], left: int, now: datetime) -> None:
    """A dock wiped these clips from a camera and listed it again: `left` files are still on it."""
    actor = dock_actor(dock)
    with step("intake.report_wiped", actor=actor) as record:
        receipts = list(Receipt.objects.select_for_update().filter(clip__in=clips, serial=serial))
        for receipt in receipts:
            receipt.wiped_reported_at = receipt.wiped_reported_at or now
            receipt.save(update_fields=["wiped_reported_at"])
        record(
            events.CameraWiped(
                serial=serial,
                wiped=len(receipts),
                left=left,
                clips=tuple(receipt.clip for receipt in receipts),
            )
        )
        if len(receipts) != len(set(clips)):
            text = f"Dockingstation {dock.name} meldt iets gewist te hebben waarvoor geen ontvangstbewijs is gegeven."
            raise_finding(
                rule="intake.wipe-after-receipt",
                key=dock.name,
                text=text,
                recording=None,
                bodycam=None,
                actor=actor,
                now=now,
            )


def sweep_uploads(*, actor: Actor, now: datetime) -> int:
    """Remove uploads that nobody went on with for a day; their cameras are still full. How many."""
    found = queries.stale(now - ABANDONED)
    if not found:
        return 0
    with step("intake.sweep_uploads", actor=actor) as record:
        for upload in found:
            vault.discard_staged(Arrival.of(upload.pk).path)
            upload.delete()
        record(events.UploadsSwept(uploads=len(found)))
    return len(found)
