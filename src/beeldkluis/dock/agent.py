"""The dock's round: every camera that stands in it, every file on it, and the wipe that is earned."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from beeldkluis.camera.folder import find_cameras
from beeldkluis.camera.port import Camera, CameraFile, CameraGoneError, Identity
from beeldkluis.dock.client import Docked, NoRoomError, OtherVaultError, Vault, VaultAwayError, VaultRefusesError
from beeldkluis.dock.offload import Clock, Offloaded, Work, offload
from beeldkluis.dock.reading import ChangedWhileReadError
from beeldkluis.dock.slots import Board, Meter, SlotState, Told
from beeldkluis.dock.state import Memory, State, ToReport, Wiped
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.statement import read_time, write_time

DRIFT = 60  # seconds that the dock's own clock may be off before it says so
REST = 60.0  # seconds before a file that could not be offloaded is tried again; doubles each time
LONGEST_REST = 3600.0
FULL_AFTER = (
    "no-room",
    "vault-fails",
    "refused",
)  # the vault keeps the film on its camera; after others a person looks


class Teller(Protocol):
    """Says on the terminal what happens."""

    def say(self, what: str, **facts: Any) -> None:
        """One line."""

    def progress(self, name: str, done: int, size: int) -> None:
        """How far one file is, in bytes."""


class RecipientsChangedError(Exception):
    """The vault wants us to seal for other keys than were pinned. A person must compare the fingerprints and say yes."""

    def __init__(self, recipients: Sequence[str]) -> None:
        super().__init__("De sleutels om voor te verzegelen zijn veranderd. Vergelijk ze en doe: beeldkluis-dock trust")
        self.recipients = tuple(recipients)


@dataclass(slots=True)
class Round:
    """What a round came to. `left` counts the films that stay on cameras."""

    cameras: int = 0
    offloaded: int = 0
    wiped: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Rest:
    """A file rests until this moment (monotonic seconds), for so many seconds; `state` is its slot's meanwhile."""

    until: float
    pause: float
    state: SlotState


@dataclass(slots=True)
class Attention:
    """What the running program knows from round to round: who stands here and was told of, with the vault's answer, which
    files rest because they could not be offloaded, and what the screen beside the dock shows. Lost when the program stops,
    which only makes it ask again.
    """

    told: dict[Identity, Docked] = field(default_factory=dict)
    board: Board = field(default_factory=Board)
    _resting: dict[tuple[str, CameraFile], Rest] = field(default_factory=dict)

    def awake(self, serial: str, files: Sequence[CameraFile]) -> list[CameraFile]:
        """The files that may be tried now."""
        now = time.monotonic()
        return [one for one in files if (serial, one) not in self._resting or self._resting[serial, one].until <= now]

    def rest(self, serial: str, file: CameraFile, state: SlotState) -> None:
        """Leave this file alone for a while, longer each time. Meanwhile its slot is in this state."""
        before = self._resting.get((serial, file))
        pause = min(2 * before.pause, LONGEST_REST) if before else REST
        self._resting[serial, file] = Rest(time.monotonic() + pause, pause, state)

    def hindered(self, serial: str, files: Sequence[CameraFile]) -> SlotState:
        """What keeps these files on their camera; the worst counts."""
        states = {self._resting[serial, one].state for one in files if (serial, one) in self._resting}
        return next((one for one in (SlotState.HELP, SlotState.FULL) if one in states), SlotState.READING)

    def only(self, present: set[Identity]) -> None:
        """Forget cameras that were taken out."""
        self.told = {identity: known for identity, known in self.told.items() if identity in present}
        serials = {one.serial for one in present}
        self._resting = {key: value for key, value in self._resting.items() if key[0] in serials}


def run_once(cameras: Path, memory: Memory, teller: Teller, attention: Attention) -> Round:
    """One round over the folder of slots. VaultAwayError, VaultRefusesError, RecipientsChangedError and SealError end it:
    every camera that was not done stays full.
    """
    state = memory.read()
    with Vault(state.server, state.token) as vault:
        told = vault.configuration(state.vault_key)
        recipients = tuple(str(one) for one in told["recipients"])
        if recipients != state.recipients:
            raise RecipientsChangedError(recipients)
        attention.board.hold(None)
        visit = Visit(state, vault, memory, teller, attention, Round())
        visit.all(find_cameras(cameras))
        return visit.done


@dataclass(frozen=True, slots=True)
class Visit:
    """One round's company: who speaks to whom."""

    state: State
    vault: Vault
    memory: Memory
    teller: Teller
    attention: Attention
    done: Round

    def all(self, cameras: Sequence[Camera]) -> None:
        """Every camera that stands here, one after the other."""
        present: set[Identity] = set()
        for camera in cameras:
            self.report_wipes()
            try:
                identity = camera.identity()
                doubled = identity.serial in {one.serial for one in present}
                if doubled:
                    words = (
                        f"{identity.slot}: nog een camera zegt dat zij {identity.serial} is. Laat de beheerder kijken."
                    )
                    self.teller.say(words, event="same-serial", serial=identity.serial, slot=identity.slot)
                present.add(identity)
                self.camera(camera, doubled=doubled)
            except CameraGoneError as gone:
                self.attention.board.tell(camera.slot, Told(SlotState.HELP))
                self.teller.say(f"{gone}. Er is niets van gewist.", event="camera-gone")
        self.report_wipes()
        self.attention.only(present)

    def report_wipes(self) -> None:
        """Tell the vault of every wipe of which it is known what came of it."""
        for report in self.memory.read().to_report:
            if report.left is None:
                continue
            try:
                if report.files:
                    self.vault.wiped(report.serial, report.clips, report.left)
            except VaultRefusesError as refusal:
                self.teller.say(f"De melding van het wissen is geweigerd: {refusal}", event="wipe-report-refused")
            self.memory.change(report, None)

    def camera(self, camera: Camera, *, doubled: bool = False) -> None:
        """Everything on one camera that may be tried now. `doubled`: another one has its serial number. CameraGoneError."""
        identity, files = camera.identity(), camera.files()
        self._look_back(identity, files)
        ready: list[Offloaded] = []
        awake = self.attention.awake(identity.serial, files)
        if awake or identity not in self.attention.told:
            clock = self._meet(camera, identity, len(files))
            self.done.cameras += 1
            told = Told(self._state(identity, files, doubled=doubled), serial=identity.serial)
            meter = Meter(self.attention.board, identity.slot, told, [one.size for one in awake])
            try:
                for file in awake:
                    self._file(camera, identity, file, clock, ready, meter)
                    meter.next(file.size)
            finally:
                self._wipe(camera, identity, ready)
        left = camera.files()
        self.done.left += len(left)
        state = self._state(identity, left, doubled=doubled)
        self.attention.board.tell(identity.slot, Told(state, serial=identity.serial))

    def _state(self, identity: Identity, left: Sequence[CameraFile], *, doubled: bool) -> SlotState:
        """What the screen says of a camera with these films left on it."""
        known = self.attention.told[identity]
        if not known.known:
            return SlotState.UNKNOWN
        if known.blocked or doubled:
            return SlotState.HELP
        return self.attention.hindered(identity.serial, left) if left else SlotState.READY

    def _look_back(self, identity: Identity, files: Sequence[CameraFile]) -> None:
        """This dock stopped while it wiped this camera: what is gone from it now was wiped then."""
        present = [(file.name, file.size, file.changed_ns) for file in files]
        for report in self.memory.read().to_report:
            if report.left is None and (report.serial, report.volume_id) == (identity.serial, identity.volume_id):
                self.memory.change(report, report.seen(present))

    def _meet(self, camera: Camera, identity: Identity, files: int) -> Clock:
        """Tell the vault that the camera is here, and measure its clock against the vault's."""
        vault_time = read_time(self.vault.configuration(self.state.vault_key)["time"])
        here, said = datetime.now(UTC), camera.clock()
        facts = {
            "serial": identity.serial,
            "slot": identity.slot,
            "volume_id": identity.volume_id,
            "files": files,
            "dock_time": write_time(vault_time),
            "camera_time": write_time(said) if said else None,
            "free_bytes": camera.free_bytes(),
        }
        known = self.attention.told[identity] = self.vault.docked(facts)
        label = known.label or f"onbekende camera {identity.serial}"
        how_many = f"{files} {'opname' if files == 1 else 'opnames'}" if files else "geen opnames"
        self.teller.say(f"{label}: {how_many}.", event="docked", serial=identity.serial, files=files)
        if not known.known or known.blocked:
            self.teller.say(f"{label}: wordt apart gezet en gemeld.", event="apart", serial=identity.serial)
        drift = abs((vault_time - here).total_seconds())
        if drift > DRIFT:
            words = f"De klok van dit dockingstation wijkt {drift:.0f} seconden af van de server."
            self.teller.say(words, event="dock-clock")
        return Clock(int((vault_time - said).total_seconds() * 1000) if said else None, vault_time)

    def _file(
        self,
        camera: Camera,
        identity: Identity,
        file: CameraFile,
        clock: Clock,
        ready: list[Offloaded],
        meter: Meter,
    ) -> None:
        """One file: to be wiped (`ready`), or left on the camera after saying why. CameraGoneError when the camera itself is
        gone, VaultRefusesError when it is this dock that is refused.
        """
        work = Work(camera, file, identity, self.state, self.vault, clock)

        def told(at: int, size: int) -> None:
            self.teller.progress(file.label, at, size)
            meter.at(at)

        try:
            result = offload(work, told)
        except (ChangedWhileReadError, SealError, VaultAwayError, VaultRefusesError, CameraGoneError) as error:
            if self._is_more_than_this_file(error, camera, identity):
                raise
            self._leave(identity, file, *_why(error))
            return
        if not result.wipe.allowed:
            self._leave(identity, file, "not-wiped", result.wipe.reason)
            return
        self.done.offloaded += 1
        receipt = result.receipt
        words = f"{file.label}: opgeslagen, ontvangstbewijs {receipt.index} gecontroleerd."
        self.teller.say(words, event="stored", file=file.label, recording=str(receipt.recording))
        ready.append(result)

    def _is_more_than_this_file(self, error: Exception, camera: Camera, identity: Identity) -> bool:
        """Would the next file fare no better? One file must not keep all others from the vault."""
        match error:
            case VaultRefusesError():
                return error.dock
            case CameraGoneError():
                return camera.identity() != identity
            case VaultAwayError():
                self.vault.configuration(self.state.vault_key)  # raises when the vault is away for everything
        return False

    def _leave(self, identity: Identity, file: CameraFile, event: str, why: str) -> None:
        state = SlotState.FULL if event in FULL_AFTER else SlotState.HELP
        self.attention.rest(identity.serial, file, state)
        words = f"{file.label}: {why.rstrip('.')}. Het bestand blijft op de camera."
        self.teller.say(words, event=event, file=file.label)

    def _wipe(self, camera: Camera, identity: Identity, ready: Sequence[Offloaded]) -> None:
        """Remove what earned it, look again, and remember what is to be reported before and after. CameraGoneError."""
        if not ready:
            return
        wiped = tuple(
            Wiped(clip=str(one.receipt.object), name=one.file.name, size=one.file.size, changed_ns=one.file.changed_ns)
            for one in ready
        )
        report = ToReport(serial=identity.serial, volume_id=identity.volume_id, files=wiped)
        self.memory.will_report(report)
        camera.clear([one.file for one in ready])
        present = [(file.name, file.size, file.changed_ns) for file in camera.files()]
        after = report.seen(present)
        self.memory.change(report, after)
        self.done.wiped += len(after.files)
        what = f"nog {len(present)} op de camera" if present else "de camera is leeg"
        words = f"{identity.slot}: {len(after.files)} gewist, {what}."
        self.teller.say(words, event="wiped", wiped=len(after.files), left=len(present))


def _why(error: Exception) -> tuple[str, str]:
    """The event's name, and why a file stays on the camera."""
    match error:
        case ChangedWhileReadError():
            return "changed", "twee lezingen verschillen"
        case SealError():
            return "bad-receipt", "het ontvangstbewijs klopt niet"
        case CameraGoneError():
            return "unreadable", "niet tot het einde te lezen"
        case NoRoomError():
            return "no-room", str(error)
        case VaultAwayError():
            return "vault-fails", f"de server kan dit bestand nu niet aannemen ({error})"
        case _:
            return "refused", str(error)


def held_by(error: Exception) -> SlotState:
    """What every camera that is not done shows after a round that ended with this: a vault that is away or refuses leaves it
    full, other keys than were pinned want a person.
    """
    strange = isinstance(error, RecipientsChangedError | OtherVaultError | SealError)
    return SlotState.HELP if strange else SlotState.FULL
