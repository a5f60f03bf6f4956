"""One file from a camera to the vault: read, seal while sending, compare, receipt. Nothing of it is ever written here."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import TypeVar

from beeldkluis.camera.port import Camera, CameraFile, CameraGoneError, Identity
from beeldkluis.dock.ahead import ahead
from beeldkluis.dock.client import NoRoomError, Upload, UploadGoneError, Vault, VaultAwayError, VaultBusyError
from beeldkluis.dock.look import NOT_LOOKED, UNKNOWN, Film, look
from beeldkluis.dock.reading import ChangedWhileReadError, Reading, SecondReading, read_first
from beeldkluis.dock.state import State
from beeldkluis.protocol.intake import may_wipe
from beeldkluis.protocol.local_clock import Said, place
from beeldkluis.protocol.recording import UNLIKELY
from beeldkluis.protocol.verdict import Verdict
from beeldkluis.sealed import age
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.sealed.receipt import Receipt

TRIES = 3  # times that one file is begun anew because the vault lost it or got other bytes, before the next file's turn
PAUSES = (0.2, 0.5, 1, 2, 4, 8, 15, 30)  # seconds to wait on a line that stays broken; then the camera waits
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)  # a camera that says it filmed before this lost its clock
AHEAD = timedelta(minutes=5)  # a film that ended later than this from now was dated by a wrong clock
BY_NAME = {".mp4": "video/mp4", ".mov": "video/mp4", ".mkv": "video/x-matroska", ".avi": "video/x-msvideo"}

Progress = Callable[[int, int], None]
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Offloaded:
    """A file that the vault has: its receipt, checked, and whether it may now be removed from the camera."""

    file: CameraFile
    receipt: Receipt
    wipe: Verdict


@dataclass(frozen=True, slots=True)
class Clock:
    """`offset_ms` is true time minus camera time, by the vault's clock, which said `now`; empty when the camera tells none."""

    offset_ms: int | None
    now: datetime

    def true(self, said: datetime) -> datetime:
        """A camera's time as true time."""
        return said + timedelta(milliseconds=self.offset_ms or 0)


@dataclass(frozen=True, slots=True)
class Work:
    """One file to offload, and all that is needed for it."""

    camera: Camera
    file: CameraFile
    identity: Identity
    state: State
    vault: Vault
    clock: Clock


def offload(work: Work, progress: Progress) -> Offloaded:
    """Bring one file to the vault, or find that it is there already (work-9).

    CameraGoneError, ChangedWhileReadError, VaultAwayError, NoRoomError, VaultRefusesError, SealError (a receipt that does
    not hold): the camera stays as it is.
    """
    with work.camera.open(work.file) as source:
        first = read_first(source)
    if first.size != work.file.size:
        raise ChangedWhileReadError(work.file.label)
    note = work.vault.receipt(work.identity.serial, first.sha256)
    if note is None:
        note = _bring(work, first, progress)
    receipt = Receipt.verify(note, work.state.vault_key)
    same_file = receipt.serial == work.identity.serial
    wipe = may_wipe(
        receipt_verified=True,
        own_hash=first.sha256,
        receipt_hash=receipt.source_sha256 if same_file else "",
        still_same=work.camera.unchanged(work.file),
    )
    return Offloaded(work.file, receipt, wipe)


class _Sealing:
    """One file under one file key, which lives here and nowhere else. Reading again gives the same bytes again."""

    def __init__(self, work: Work, first: Reading) -> None:
        self._camera, self._file, self._first = work.camera, work.file, first
        self._key = age.new_file_key()
        self._sealer = age.Sealer(self._key)
        self._header = age.build_header(self._key, [age.Recipient.parse(one) for one in work.state.recipients])
        self.length = len(self._header) + age.payload_length(first.size)
        self.sha256 = ""  # of the sealed object, once it was read to the end

    def pieces(self, offset: int, progress: Progress) -> Iterator[memoryview]:
        """The sealed bytes from `offset` on, each piece good until the next is asked for.

        Everything is read and sealed from the start, so that the hash is of the whole; what the vault has is not given.
        """
        digest, at = hashlib.sha256(), 0
        with self._camera.open(self._file) as source:
            again = SecondReading(source, self._first)
            with closing(ahead(self._sealer.chunks(again), age.LARGEST_PIECE)) as sealed:
                for piece in chain([memoryview(self._header)], sealed):
                    digest.update(piece)
                    if at + len(piece) > offset:
                        yield piece[max(0, offset - at) :]
                    at += len(piece)
                    progress(again.count, self._first.size)
        if at != self.length:
            raise ChangedWhileReadError(self._file.label)
        self.sha256 = digest.hexdigest()


def _bring(work: Work, first: Reading, progress: Progress) -> str:
    """Seal and send; the note that the vault answers with."""
    film = _look(work)
    for _ in range(TRIES):
        sealing = _Sealing(work, first)
        upload = _begin(work, sealing.length)
        try:
            _send(work.vault, upload, sealing, progress)
            manifest = _manifest(work, upload, first, sealing, film).sign(work.state.own_key)
            return _patiently(partial(work.vault.close, upload, manifest))
        except UploadGoneError:
            continue
        except (ChangedWhileReadError, CameraGoneError):
            work.vault.end(upload)
            raise
    raise VaultAwayError("De server raakt deze aanlevering steeds kwijt.")


def _look(work: Work) -> Film:
    """What the container says. A machine on which no process can be started says nothing of a film."""
    with work.camera.open(work.file) as source:
        try:
            return look(source.fileno())
        except OSError:
            return NOT_LOOKED


def _begin(work: Work, length: int) -> Upload:
    """Begin, and wait when the vault says that this dock asks too much at once. VaultBusyError when it keeps saying so."""
    told = {"serial": work.identity.serial, "name": work.file.label}
    for _ in range(TRIES):
        try:
            return work.vault.begin(length, told)
        except VaultBusyError as busy:
            time.sleep(busy.seconds)
    return work.vault.begin(length, told)


def _send(vault: Vault, upload: Upload, sealing: _Sealing, progress: Progress) -> None:
    """Send, and after a broken line go on from where the vault is, for as long as it gets any further."""
    offset, stuck = 0, 0
    while True:
        try:
            vault.send(upload, offset, sealing.length - offset, sealing.pieces(offset, progress))
        except NoRoomError:
            raise
        except VaultAwayError:
            if stuck == len(PAUSES):
                raise
            time.sleep(PAUSES[stuck])
            before, offset = offset, _patiently(partial(vault.offset, upload))
            stuck = 0 if offset > before else stuck + 1
        else:
            return


def _patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask until there is an answer, for about a minute. VaultAwayError after that, NoRoomError at once."""
    for pause in PAUSES:
        try:
            return ask()
        except NoRoomError:
            raise
        except VaultAwayError:
            time.sleep(pause)
    return ask()


def _manifest(work: Work, upload: Upload, first: Reading, sealing: _Sealing, film: Film) -> Manifest:
    file, clock = work.file, work.clock
    times = film_times(file, film, clock)
    return Manifest(
        upload=upload.id,
        serial=work.identity.serial,
        slot=work.identity.slot,
        volume_id=work.identity.volume_id,
        name=file.label,
        content_type=film.content_type
        if film.content_type != UNKNOWN
        else BY_NAME.get(file.name[-4:].lower(), film.content_type),
        source_sha256=first.sha256,
        source_size=file.size,
        sealed_sha256=sealing.sha256,
        sealed_size=sealing.length,
        started_at=times.started,
        activated_at=times.activated,
        ended_at=times.ended,
        duration_ms=film.duration_ms,
        has_sound=film.has_sound,
        pre_event_ms=(times.activated - times.started) // timedelta(milliseconds=1),
        clock_offset_ms=clock.offset_ms if times.known else None,
        recipients=work.state.recipients,
        quarantine_reason=film.reason,
        note=film.note,
        group=file.group or first.sha256,
        position=file.position,
        may_begin_earlier_ms=times.earlier // timedelta(milliseconds=1),
        may_end_later_ms=times.later // timedelta(milliseconds=1),
    )


@dataclass(frozen=True, slots=True)
class Times:
    """Begin, activation and end of a film by corrected clock. `known` is false when that clock was not measured, or was lost
    when it dated this film. It may also have begun so much `earlier` or ended so much `later`: by a clock that keeps local time.
    """

    started: datetime
    activated: datetime
    ended: datetime
    known: bool
    earlier: timedelta = timedelta(0)
    later: timedelta = timedelta(0)


def film_times(file: CameraFile, film: Film, clock: Clock) -> Times:
    """When a film was made. What the camera does not say follows from the container, then from the file's own moment of
    change, and the film's length; without an activation the film begins with it, which shows as no time before.

    A film from before 2020 or from the future was dated by a clock that was lost. Such a film counts as ended now, so that
    it is not destroyed before its time, and the clock as unknown, so that a person looks. So does a film that a clock which
    nobody measured says to be older than four weeks: clocks that are reset begin in 2021 or 2023 as well (I-48). A clock that
    keeps local time is turned by the hour that its zone kept then (I-53).
    """
    length = timedelta(milliseconds=film.duration_ms or 0)
    told = _said(file, film)
    if (turned := _by_local_clock(file, told, clock)) is not None:
        return turned
    ended = told.ended or (told.started or clock.now) + length
    started = min(told.started or ended - length, ended)
    activated = min(max(file.activated_at or started, started), ended)
    lost = clock.now - ended
    measured = clock.offset_ms is not None
    earliest = EARLIEST if measured else clock.now - UNLIKELY
    if clock.true(started) >= EARLIEST and earliest <= clock.true(ended) <= clock.now + AHEAD:
        return Times(clock.true(started), clock.true(activated), clock.true(ended), known=measured)
    return Times(started + lost, activated + lost, ended + lost, known=False)


def _said(file: CameraFile, film: Film) -> Said:
    """What the camera, the container or the card say of begin and end. One of the two is there."""
    started = file.started_at or (None if file.ended_at else film.made_at)
    changed = file.changed_at
    ended = file.ended_at or (None if started else changed)
    if film.duration_ms is None and not file.ended_at:
        ended = max(ended or started or changed, changed)  # its length is not known, and it may not go before its time
    return Said(started, ended, None if film.duration_ms is None else timedelta(milliseconds=film.duration_ms))


def _by_local_clock(file: CameraFile, said: Said, clock: Clock) -> Times | None:
    """By a clock that keeps local time and names no zone; None for every other, and for one that was lost."""
    if clock.offset_ms is None or file.zoned:
        return None
    latest = clock.now + AHEAD
    placed = place(said, offset=timedelta(milliseconds=clock.offset_ms), now=clock.now, latest=latest)
    if placed is None or placed.started < EARLIEST or placed.ended > latest:
        return None
    before = said.started or (said.ended or clock.now) - (said.length or timedelta(0))
    pressed = (file.activated_at or before) - before  # how long after the first picture
    activated = min(placed.started + max(pressed, timedelta(0)), placed.ended)
    return Times(placed.started, activated, placed.ended, known=True, earlier=placed.earlier, later=placed.later)
