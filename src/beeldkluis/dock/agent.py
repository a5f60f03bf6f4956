"""The dock's round: every camera that stands in it, every file on it, and the wipe that is earned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from beeldkluis.camera.folder import find_cameras
from beeldkluis.camera.port import Camera, CameraGoneError, Identity
from beeldkluis.dock.client import Vault, VaultAwayError, VaultRefusesError
from beeldkluis.dock.offload import ChangedWhileReadError, Clock, Offloaded, offload
from beeldkluis.dock.state import Memory, State
from beeldkluis.sealed import age
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.statement import read_time, write_time


class Teller(Protocol):
    """Says on the terminal what happens."""

    def say(self, what: str, **facts: Any) -> None:
        """One line."""

    def progress(self, name: str, done: int, size: int) -> None:
        """How far one file is, in bytes."""


@dataclass(slots=True)
class Round:
    """What a round came to. `left` counts the files that stay on cameras."""

    cameras: int = 0
    offloaded: int = 0
    wiped: int = 0
    left: int = 0


def enrol(server: str, code: str, name: str, memory: Memory, signer_text: str) -> State:
    """Let this dock in, and pin the vault's key and what to seal for. VaultRefusesError, VaultAwayError, SealError."""
    own = State(
        server=server.rstrip("/"),
        dock="",
        name=name,
        token="",
        signer=signer_text,
        vault_key="",
        recipients=(),
    )
    answer = Vault(server).enrol(code, name, own.own_key.vkey)
    recipients = tuple(str(one) for one in answer["recipients"])
    for one in recipients:
        age.Recipient.parse(one)
    state = replace(
        own,
        dock=str(answer["dock"]),
        token=str(answer["token"]),
        vault_key=str(answer["vault_key"]),
        recipients=recipients,
    )
    memory.write(state)
    return state


class RecipientsChangedError(Exception):
    """The vault wants us to seal for other keys than were pinned. A person must compare the fingerprints and say yes."""

    def __init__(self, recipients: Sequence[str]) -> None:
        super().__init__("De sleutels om voor te verzegelen zijn veranderd.")
        self.recipients = tuple(recipients)


def run_once(cameras: Path, memory: Memory, teller: Teller) -> Round:
    """One round over the folder of slots. VaultAwayError, VaultRefusesError and RecipientsChangedError end it: every camera
    that was not done stays full.
    """
    state = memory.read()
    vault = Vault(state.server, state.token)
    _check(state, vault)
    _report(memory, vault)
    done = Round()
    for camera in find_cameras(cameras):
        try:
            _camera(camera, state, vault, memory, teller, done)
        except CameraGoneError as gone:
            teller.say(f"{gone}. Er is niets gewist.", event="camera-gone")
    return done


def _check(state: State, vault: Vault) -> None:
    told = vault.configuration(state.vault_key)
    recipients = tuple(str(one) for one in told["recipients"])
    if recipients != state.recipients:
        raise RecipientsChangedError(recipients)


def _report(memory: Memory, vault: Vault) -> None:
    """Tell the vault of wipes that it may not know of: this dock stopped in between."""
    for report in memory.read().to_report:
        vault.wiped(report.serial, report.clips, 0)
        memory.reported(report)


def _camera(camera: Camera, state: State, vault: Vault, memory: Memory, teller: Teller, done: Round) -> None:
    identity = camera.identity()
    files = camera.files()
    if not files:
        return
    done.cameras += 1
    clock = _measure(camera, identity, len(files), state, vault, teller)
    ready: list[Offloaded] = []
    for file in files:
        try:
            result = offload(
                camera, file, state, vault, clock, lambda at, size, name=file.name: teller.progress(name, at, size)
            )
        except ChangedWhileReadError:
            teller.say(
                f"{file.name}: twee lezingen verschillen. Het bestand blijft op de camera.",
                event="changed",
                file=file.name,
            )
            continue
        except SealError:
            teller.say(
                f"{file.name}: het ontvangstbewijs klopt niet. Het bestand blijft op de camera.", event="bad-receipt"
            )
            continue
        done.offloaded += 1
        teller.say(
            f"{file.name}: opgeslagen, ontvangstbewijs {result.receipt.index} gecontroleerd.",
            event="stored",
            file=file.name,
            recording=str(result.receipt.recording),
        )
        if result.wipe.allowed:
            ready.append(result)
        else:
            teller.say(f"{file.name}: {result.wipe.reason}", event="not-wiped", file=file.name)
    _wipe(camera, identity, ready, vault, memory, teller, done)


def _measure(camera: Camera, identity: Identity, files: int, state: State, vault: Vault, teller: Teller) -> Clock:
    """Tell the vault that the camera is here, and measure its clock against the vault's."""
    vault_time = read_time(vault.configuration(state.vault_key)["time"])
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
    known = vault.docked(facts)
    label = known.label or f"onbekende camera {identity.serial}"
    teller.say(
        f"{label}: {files} {'opname' if files == 1 else 'opnames'}.",
        event="docked",
        serial=identity.serial,
        files=files,
    )
    if not known.known or known.blocked:
        teller.say(f"{label}: wordt apart gezet en gemeld.", event="apart", serial=identity.serial)
    drift = abs((vault_time - here).total_seconds())
    if drift > 60:
        teller.say(f"De klok van dit dockingstation wijkt {drift:.0f} seconden af van de server.", event="dock-clock")
    return Clock(int((vault_time - said).total_seconds() * 1000) if said else None)


def _wipe(
    camera: Camera,
    identity: Identity,
    ready: Sequence[Offloaded],
    vault: Vault,
    memory: Memory,
    teller: Teller,
    done: Round,
) -> None:
    if ready:
        clips = tuple(str(one.receipt.object) for one in ready)
        memory.will_report(identity.serial, clips)
        camera.clear([one.file for one in ready])
        left = camera.files()
        gone = {one.file.name for one in ready} - {file.name for file in left}
        done.wiped += len(gone)
        done.left += len(left)
        report = next(one for one in memory.read().to_report if one.clips == clips)
        vault.wiped(identity.serial, clips, len(left))
        memory.reported(report)
        what = "leeg" if not left else f"nog {len(left)} bestanden"
        teller.say(
            f"{identity.slot}: {len(gone)} gewist, camera {what}. Klaar.",
            event="wiped",
            wiped=len(gone),
            left=len(left),
        )
    else:
        done.left += len(camera.files())


__all__ = ["RecipientsChangedError", "Round", "VaultAwayError", "VaultRefusesError", "enrol", "run_once"]
