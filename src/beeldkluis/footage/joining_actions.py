"""What is made of a recording's film is sealed and joins the recording: one shred key, so it goes with the recording."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID

from beeldkluis.footage.models import Recording
from beeldkluis.journal.actions import serialised
from beeldkluis.sealed.age import Recipient, Sealer, build_header
from beeldkluis.vault import actions as vault
from beeldkluis.vault.arrival import Arrival
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.files import digest_from_disk, new_file, write_all
from beeldkluis.vault.queries import generation


def put_away(
    pieces: Iterable[bytes],
    *,
    recording: UUID,
    object_id: UUID,
    file_key: bytes,
    recipients: tuple[str, ...],
    look_up: Callable[[int], None],
) -> vault.Prepared:
    """Seal the pieces under this file key for these recipients, and put them away durably; the caller's step admits the object.
    `look_up` is called at every piece with the bytes written so far; what it raises goes on, and nothing stays in the staging
    folder. GoneError when the recording is destroyed.
    """
    path = Arrival.of(object_id).path
    vault.discard_staged(path)
    try:
        sealed_sha256, written = _stage(pieces, path, file_key, recipients, look_up)
        found = digest_from_disk(path)
        look_up(written)
        return vault.prepare(
            recording=recording,
            object_id=object_id,
            staged=path,
            sealed_sha256=sealed_sha256,
            read_back=found,
            generation=_generation(recording),
            joins=True,
        )
    finally:
        vault.discard_staged(path)


def _stage(
    pieces: Iterable[bytes], path: Path, file_key: bytes, recipients: tuple[str, ...], look_up: Callable[[int], None]
) -> tuple[str, int]:
    """Seal into a file of its own; the SHA-256 of all of it, and how many bytes of payload that were."""
    digest, written = hashlib.sha256(), 0
    header = build_header(file_key, [Recipient.parse(to) for to in recipients])
    with new_file(path) as descriptor:
        write_all(descriptor, header)
        digest.update(header)
        for sealed in Sealer(file_key).chunks(pieces):
            write_all(descriptor, sealed)
            digest.update(sealed)
            written += len(sealed)
            look_up(written)
    return digest.hexdigest(), written


def _generation(recording: UUID) -> int:
    """Of the shred key that it shares, asked at the last moment and under the recording's lock."""
    with serialised():
        row = Recording.objects.select_for_update(of=("self",)).get(pk=recording)
        number = generation(recording)
        if number is None or row.state == Recording.State.DESTROYED:
            raise GoneError(f"recording {recording} has been destroyed")
        return number
