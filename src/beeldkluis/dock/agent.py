"""The dock's round: every camera that stands in it, every file on it, and the wipe that is earned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from beeldkluis.camera.faults import in_words
from beeldkluis.camera.makes import find_cameras
from beeldkluis.camera.port import Camera, CameraFile, CameraGoneError, Identity, Listing
from beeldkluis.dock.attention import Attention
from beeldkluis.dock.client import NoRoomError, OtherVaultError, Vault, VaultAwayError, VaultRefusesError
from beeldkluis.dock.offload import Clock, Offloaded, Work, offload
from beeldkluis.dock.reading import ChangedWhileReadError
from beeldkluis.dock.remains import Turn, left_after, locked_or_failed, not_wiped, of_others, of_unread, remains
from beeldkluis.dock.slots import Meter, SlotState, SlotStatus
from beeldkluis.dock.state import Memory, State, ToReport, Wiped
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.statement import read_time, write_time

DRIFT = 60  # seconds that the dock's own clock may be off before it says so
ASK_FOR_HELP = "Laat de camera staan en vraag om hulp."  # a dock does not know what this municipality calls a role
MOST = 10_000  # films of one camera in one round; the rest comes in the next
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
    """What a round came to. `left` counts the films that stay on cameras, `unread` the cameras, folders and files that could
    not be looked at, `others` the files that are no footage.
    """

    cameras: int = 0
    offloaded: int = 0
    wiped: int = 0
    left: int = 0
    unread: int = 0
    others: int = 0

    @property
    def everything(self) -> bool:
        """Is nothing left that is film, or may be?"""
        return not self.left and not self.unread


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
        try:
            found = find_cameras(cameras)
        except OSError as error:
            visit.unseen(error)
        else:
            visit.all(found)
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
            turn = Turn()
            try:
                identity = camera.identity()
                doubled = identity.serial in {one.serial for one in present}
                if doubled:
                    words = f"{identity.slot}: nog een camera zegt dat zij {identity.serial} is. {ASK_FOR_HELP}"
                    self.teller.say(words, event="same-serial", serial=identity.serial, slot=identity.slot)
                present.add(identity)
                self.camera(camera, turn, doubled=doubled)
            except CameraGoneError as gone:
                self._gone(camera.slot, turn, gone)
        self.report_wipes()
        self.attention.only(present, {one.slot for one in cameras})

    def _gone(self, slot: str, turn: Turn, gone: CameraGoneError) -> None:
        """A camera was taken out during its turn, or cannot be read at all. What was on it is left, as far as is known."""
        self.done.wiped += turn.wiped
        self.done.left += turn.files - turn.wiped
        self.done.unread += 1
        self.attention.board.tell(slot, SlotStatus(SlotState.HELP))
        words = turn.broken_off(gone)
        if self.attention.is_news(slot, "camera-gone", words):
            self.teller.say(words, event="camera-gone", wiped=turn.wiped)

    def unseen(self, error: OSError) -> None:
        """No slot can be seen at all."""
        self.done.unread += 1
        words = f"De map met plaatsen is niet te lezen ({in_words(error)})."
        if self.attention.is_news("", "slots-unreadable", words):
            self.teller.say(words, event="slots-unreadable")

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

    def camera(self, camera: Camera, turn: Turn, *, doubled: bool = False) -> None:
        """Everything on one camera that may be tried now. `doubled`: another one has its serial number. CameraGoneError."""
        identity = camera.identity()
        listing = _listed(camera, identity)
        turn.files = len(listing.files)
        self._look_back(identity, listing)
        ready: list[Offloaded] = []
        awake = self.attention.awake(identity.serial, listing.files)[:MOST]
        if awake or identity not in self.attention.told:
            clock = self._meet(camera, identity, listing, awake)
            self.done.cameras += 1
            told = SlotStatus(self._state(identity, listing, doubled=doubled), serial=identity.serial)
            meter = Meter(self.attention.board, identity.slot, told, [one.size for one in awake])
            try:
                for file in awake:
                    self._file(camera, identity, file, clock, ready, meter)
                    meter.next(file.size)
            finally:
                self._wipe(camera, identity, ready, turn)
            listing = _listed(camera, identity)
        self._tell_remains(identity, listing)
        state = self._state(identity, listing, doubled=doubled)
        self.attention.board.tell(identity.slot, SlotStatus(state, serial=identity.serial))
        self.done.left += len(listing.files)
        self.done.unread += len(listing.unread)
        self.done.others += len(listing.others) - len(listing.unread)

    def _state(self, identity: Identity, left: Listing, *, doubled: bool) -> SlotState:
        """What the screen says of a camera on which this is left."""
        known = self.attention.told[identity]
        if not known.known:
            return SlotState.UNKNOWN
        if known.blocked or doubled or (left.unread and not left.files):
            return SlotState.HELP
        if not left.files:
            return SlotState.READY
        state = self.attention.hindered(identity.serial, left.files)
        return SlotState.HELP if left.unread and state is SlotState.FULL else state

    def _look_back(self, identity: Identity, listing: Listing) -> None:
        """This dock stopped while it wiped this camera: what is gone from it now was wiped then."""
        for report in self.memory.read().to_report:
            if report.left is None and (report.serial, report.volume_id) == (identity.serial, identity.volume_id):
                self.memory.change(report, report.seen(listing))

    def _tell_remains(self, identity: Identity, listing: Listing) -> None:
        """Say once what stays on this camera and why, here and to the vault. A message that fails is sent again in the next
        round, and keeps no camera waiting.
        """
        slot, unread, others = identity.slot, of_unread(listing), of_others(listing)
        if self.attention.is_news(slot, "unreadable-folder", unread) and unread:
            words = f"{slot}: niet te lezen: {unread}. Daar kan beeld in staan. {ASK_FOR_HELP}"
            self.teller.say(words, event="unreadable-folder", unread=len(listing.unread))
        if self.attention.is_news(slot, "others", others) and others:
            count = len(listing.others) - len(listing.unread)
            self.teller.say(f"{slot}: {others}.", event="others", others=count)
        rows = remains(listing, self.attention.why_left(identity.serial, listing.files))
        if rows and self.attention.left.get(identity) != rows:
            try:
                self.vault.left(identity.serial, slot, rows)
            except (VaultAwayError, VaultRefusesError):
                return
        self.attention.left[identity] = rows

    def _meet(self, camera: Camera, identity: Identity, listing: Listing, awake: Sequence[CameraFile]) -> Clock:
        """Measure the camera's clock against the vault's, and tell the vault that the camera is here, once: not again each
        time that films which rested are tried anew.
        """
        vault_time = read_time(self.vault.configuration(self.state.vault_key)["time"])
        here, said = datetime.now(UTC), camera.clock()
        clock = Clock(int((vault_time - said).total_seconds() * 1000) if said else None, vault_time)
        before, files = self.attention.told.get(identity), len(listing.files)
        tried = all(self.attention.is_tried(identity.serial, one) for one in awake)
        if before is not None and before.known and not before.blocked and tried:
            return clock
        facts = {
            "serial": identity.serial,
            "slot": identity.slot,
            "volume_id": identity.volume_id,
            "files": files,
            "dock_time": write_time(vault_time),
            "camera_time": write_time(said) if said else None,
            "free_bytes": _room(camera),
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
        return clock

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
        self.attention.rest(identity.serial, file, state, event)
        words = f"{file.label}: {why.rstrip('.')}. Het bestand blijft op de camera."
        self.teller.say(words, event=event, file=file.label)

    def _wipe(self, camera: Camera, identity: Identity, ready: Sequence[Offloaded], turn: Turn) -> None:
        """Remove what earned it, look again, and remember what is to be reported before and after. What cannot be removed
        rests. CameraGoneError when nobody can see what came of it: then the note tells that there is something to look for.
        """
        if not ready:
            return
        wiped = tuple(
            Wiped(clip=str(one.receipt.object), name=one.file.name, size=one.file.size, changed_ns=one.file.changed_ns)
            for one in ready
        )
        report = ToReport(serial=identity.serial, volume_id=identity.volume_id, files=wiped)
        self.memory.will_report(report)
        cleared = camera.clear([one.file for one in ready])
        turn.cleared(len(ready), cleared)
        listing = _listed(camera, identity)
        failed = {one.mark: number for one, number in cleared.failed}
        after = report.seen(listing, failed)
        self.memory.change(report, after)
        turn.wiped = len(after.files)
        self.done.wiped += turn.wiped
        if after.files:
            words = f"{identity.slot}: {turn.wiped} gewist, {left_after(listing)}."
            self.teller.say(words, event="wiped", wiped=turn.wiped, left=len(listing.files))
        self._stayed(identity, [one.file for one in ready], listing, failed, turn.wiped)

    def _stayed(
        self,
        identity: Identity,
        asked: Sequence[CameraFile],
        listing: Listing,
        failed: Mapping[tuple[str, int, int], int],
        wiped: int,
    ) -> None:
        """Films that the vault has and that could not be wiped rest, and it is said how many they are and why."""
        still = listing.still_there(one.mark for one in asked) | failed.keys()
        stay = [(one, failed.get(one.mark, 0)) for one in asked if one.mark in still]
        for file, number in stay:
            self.attention.rest(identity.serial, file, SlotState.HELP, locked_or_failed(number))
        if stay:
            number = next((one for _file, one in stay if one), 0)
            words = not_wiped(identity.slot, wiped, stay, in_words(OSError(number, "")) if number else "")
            left = len(listing.files)
            self.teller.say(words, event=locked_or_failed(number), wiped=wiped, left=left)


def _room(camera: Camera) -> int:
    """Room left on it, 0 when it does not say: that keeps nothing from being read."""
    try:
        return camera.free_bytes()
    except CameraGoneError:
        return 0


def _listed(camera: Camera, identity: Identity) -> Listing:
    """What is on the camera that said this of itself. A slot from which it was taken out meanwhile looks like an empty
    camera, so it is asked again who it is. CameraGoneError.
    """
    listing = camera.listing()
    if camera.identity() != identity:
        raise CameraGoneError(f"{identity.slot}: er staat een andere camera")
    return listing


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
