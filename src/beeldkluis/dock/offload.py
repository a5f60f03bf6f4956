"""One file from a camera to the vault: read, seal while sending, compare, receipt. Nothing of it is ever written here."""

import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from beeldkluis.camera.port import Camera, CameraFile, CameraGoneError, Identity
from beeldkluis.dock.client import UploadGoneError, Vault, VaultAwayError
from beeldkluis.dock.container import Film, look
from beeldkluis.dock.state import State
from beeldkluis.protocol.intake import may_wipe
from beeldkluis.protocol.verdict import Verdict
from beeldkluis.sealed import age
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.sealed.receipt import Receipt

PIECE = 1024 * 1024
TRIES = 5  # times that one file is gone on with or begun anew before the dock turns to the next

Progress = Callable[[int, int], None]


class ChangedWhileReadError(Exception):
    """Two readings of one file differ: the card or the reader is failing, or the camera still writes."""


@dataclass(frozen=True, slots=True)
class Offloaded:
    """A file that the vault has: its receipt, checked, and whether it may now be removed from the camera."""

    file: CameraFile
    receipt: Receipt
    wipe: Verdict


@dataclass(frozen=True, slots=True)
class Clock:
    """`offset_ms` is true time minus camera time, by the vault's clock; empty when the camera tells no time."""

    offset_ms: int | None

    def true(self, said: datetime) -> datetime:
        """A camera's time as true time."""
        return said + timedelta(milliseconds=self.offset_ms or 0)


def first_reading(camera: Camera, file: CameraFile) -> str:
    """SHA-256 of the file, hexadecimal. CameraGoneError."""
    try:
        with camera.open(file) as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except OSError as error:
        raise CameraGoneError(f"{file.name} is niet tot het einde te lezen") from error


class _Hashing(io.RawIOBase):
    """The second reading: hashes what is read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.digest = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # always a memoryview here
        try:
            count = self._source.readinto(buffer)  # type: ignore[attr-defined]  # a raw file has it
        except OSError as error:
            raise CameraGoneError("de camera is tijdens het lezen weggegaan") from error
        self.digest.update(buffer[:count])
        self.count += count
        return int(count)


class _Sealing:
    """One file under one file key, which lives here and nowhere else. Reading again gives the same bytes again."""

    def __init__(self, camera: Camera, file: CameraFile, recipients: tuple[str, ...]) -> None:
        self.camera, self.file = camera, file
        self._key = age.new_file_key()
        self._sealer = age.Sealer(self._key)
        self.header = age.build_header(self._key, [age.Recipient.parse(one) for one in recipients])
        self.length = len(self.header) + age.payload_length(file.size)
        self.source_sha256 = self.sealed_sha256 = ""

    def pieces(self, offset: int, told: Progress) -> Iterator[bytes]:
        """The sealed bytes from `offset` on. Everything is read from the start, so that both hashes are of the whole."""
        sealed = hashlib.sha256(self.header)
        at = len(self.header)
        if offset < at:
            yield self.header[offset:]
        with self.camera.open(self.file) as raw:
            source = _Hashing(raw)
            for piece in self._sealer.chunks(source):  # type: ignore[arg-type]  # a RawIOBase is read like a file
                sealed.update(piece)
                end = at + len(piece)
                if end > self.length:
                    raise ChangedWhileReadError(self.file.name)
                if end > offset:
                    yield bytes(piece[max(0, offset - at) :])
                at = end
                told(source.count, self.file.size)
        if at != self.length:
            raise ChangedWhileReadError(self.file.name)
        self.source_sha256, self.sealed_sha256 = source.digest.hexdigest(), sealed.hexdigest()


def offload(camera: Camera, file: CameraFile, state: State, vault: Vault, clock: Clock, told: Progress) -> Offloaded:
    """Bring one file to the vault, or find that it is there already (work-9).

    CameraGoneError, ChangedWhileReadError, VaultAwayError, VaultRefusesError: the camera stays as it is.
    """
    identity = camera.identity()
    own_hash = first_reading(camera, file)
    note = vault.receipt(identity.serial, own_hash)
    if note is None:
        note = _bring(camera, file, identity, own_hash, state, vault, clock, told)
    receipt = Receipt.verify(note, state.vault_key)
    same_file = receipt.source_sha256 == own_hash and receipt.serial == identity.serial
    wipe = may_wipe(
        receipt_verified=True,
        own_hash=own_hash,
        receipt_hash=receipt.source_sha256 if same_file else "",
        still_same=camera.unchanged(file),
    )
    return Offloaded(file, receipt, wipe)


def _bring(
    camera: Camera,
    file: CameraFile,
    identity: Identity,
    own_hash: str,
    state: State,
    vault: Vault,
    clock: Clock,
    told: Progress,
) -> str:
    film = _look(camera, file)
    for _ in range(TRIES):
        sealing = _Sealing(camera, file, state.recipients)
        upload = vault.begin(sealing.length, {"serial": identity.serial, "name": file.name})
        try:
            _send(sealing, upload, vault, told)
            if sealing.source_sha256 != own_hash:
                raise ChangedWhileReadError(file.name)
            manifest = _manifest(upload, file, identity, sealing, film, state, clock)
            return vault.close(upload, manifest.sign(state.own_key))
        except UploadGoneError:
            continue
        except (ChangedWhileReadError, CameraGoneError):
            vault.end(upload)
            raise
    raise VaultAwayError("De server raakt deze aanlevering steeds kwijt.")


def _send(sealing: _Sealing, upload: str, vault: Vault, told: Progress) -> None:
    """Send, and after a broken line go on from where the vault is."""
    for attempt in range(TRIES):
        offset = vault.offset(upload) if attempt else 0
        try:
            vault.send(upload, offset, sealing.length - offset, sealing.pieces(offset, told))
        except VaultAwayError:
            if attempt == TRIES - 1:
                raise
            continue
        return


def _look(camera: Camera, file: CameraFile) -> Film:
    """The container check reads the file where it is; a driver without paths hands it over through an unnamed file."""
    folder = getattr(camera, "folder", None)
    if isinstance(folder, Path):
        return look(folder / file.name)
    with camera.open(file) as source, tempfile.TemporaryFile(dir="/dev/shm") as memory:
        os.sendfile(memory.fileno(), source.fileno(), 0, file.size)
        return look(Path(f"/proc/{os.getpid()}/fd/{memory.fileno()}"))


def _manifest(
    upload: str, file: CameraFile, identity: Identity, sealing: _Sealing, film: Film, state: State, clock: Clock
) -> Manifest:
    started, activated, ended = _times(file, film, clock)
    return Manifest(
        upload=UUID(upload.rsplit("/", 1)[-1]),
        serial=identity.serial,
        slot=identity.slot,
        volume_id=identity.volume_id,
        name=file.name[:200],
        content_type=film.content_type,
        source_sha256=sealing.source_sha256,
        source_size=file.size,
        sealed_sha256=sealing.sealed_sha256,
        sealed_size=sealing.length,
        started_at=started,
        activated_at=activated,
        ended_at=ended,
        duration_ms=film.duration_ms,
        has_sound=film.has_sound,
        pre_event_ms=int((activated - started).total_seconds() * 1000),
        clock_offset_ms=clock.offset_ms,
        recipients=state.recipients,
        quarantine_reason=film.reason,
        group=file.group or sealing.source_sha256,
        position=file.position,
    )


def _times(file: CameraFile, film: Film, clock: Clock) -> tuple[datetime, datetime, datetime]:
    """Begin, activation and end by corrected clock. What the camera does not say follows from the file's own moment of
    change and the film's length; without an activation the film begins with it, which shows as no time before.
    """
    length = timedelta(milliseconds=film.duration_ms or 0)
    ended = file.ended_at or (file.started_at + length if file.started_at else None)
    if ended is None:
        ended = datetime.fromtimestamp(file.changed_ns / 1e9, UTC)
    started = file.started_at or ended - length
    started = min(started, ended)
    activated = min(max(file.activated_at or started, started), ended)
    return clock.true(started), clock.true(activated), clock.true(ended)
