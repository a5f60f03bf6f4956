"""Keys that should be gone and are here: destroyed again, on record; and the certificates of older versions, looked at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.vault.actions.destruction import found_key, note_proof
from beeldkluis.vault.events import CertificateCorrected, CertificatesDoubted, KeyCameBack
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import Destruction

AT_ONCE = 200  # older certificates looked at in one step


@dataclass(frozen=True, slots=True)
class Again:
    """A key that was there again. `corrected`: a certificate had called it destroyed without that being so."""

    recording: UUID
    corrected: bool
    entry: int


def destroy_again(recording: UUID, *, actor: Actor, now: datetime) -> Again:
    """Destroy a key that came back after its recording's destruction stood on record. KeyAwayError when a place is away.

    Where an older version had certified without having found the key, this is the correction of that certificate.
    """
    with step("vault.destroy_again", actor=actor) as record:
        row = Destruction.objects.select_for_update().get(recording=recording, shredded_at__isnull=False)
        wrong = row.proof in (Destruction.Proof.NONE, Destruction.Proof.UNASKED) and not found_key(row)
        gone = key_store_in_use().destroy(recording, at=now, entry=row.shred_entry or 0)
        said = row.key_destroyed_at or row.shredded_at or now
        if wrong:
            entry = record(
                CertificateCorrected(
                    recording=recording, shred_entry=row.shred_entry or 0,
                    certificate_entry=row.certificate_entry or 0, said_destroyed_at=said, key_destroyed_at=now,
                    places=gone.places,
                )
            )  # fmt: skip
            note_proof(row, gone)
            row.key_destroyed_at = now
        else:
            entry = record(KeyCameBack(recording=recording, destroyed_at=said, again_at=now, places=gone.places))
        row.corrected_at, row.correction_entry = now, entry.number
        row.save()
    return Again(recording, wrong, entry.number)


def look_at_old_certificates(*, actor: Actor) -> list[UUID]:
    """Of destructions by versions before tombstones: did they find a key? The next few hundred, each looked at once. The
    recordings of which nothing proves that the key went; a tombstone proves it after all.
    """
    asked = Destruction.objects.filter(proof=Destruction.Proof.UNASKED, shredded_at__isnull=False)
    rows = list(asked.order_by("recording")[:AT_ONCE])
    if not rows:
        return []
    keys = key_store_in_use()
    doubted = []
    for row in rows:
        stone = keys.tombstone(row.recording)
        if found_key(row):
            row.proof, row.key_destroyed_at = Destruction.Proof.KEY, row.shredded_at
        elif stone is not None:
            row.proof, row.key_destroyed_at = Destruction.Proof.TOMBSTONE, stone.at
        else:
            row.proof = Destruction.Proof.NONE
            doubted.append(row.recording)
    with step("vault.look_at_certificates", actor=actor) as record:
        Destruction.objects.bulk_update(rows, ["proof", "key_destroyed_at"], batch_size=100)
        record(CertificatesDoubted(recordings=len(doubted), which=tuple(doubted)))
    return doubted
