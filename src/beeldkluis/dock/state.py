"""What a dock remembers: its own key, the pinned key of the vault, what to seal for, and what it still has to report.

Never footage, never a file key. One JSON file that is replaced as a whole, durably, readable by its owner alone.
"""

import json
import os
from collections.abc import Container
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from beeldkluis.camera.port import Listing, Mark
from beeldkluis.sealed.note import Signer


class NotEnrolledError(Exception):
    """This dock has no state yet, or one that cannot be read."""


class MemoryNotWrittenError(Exception):
    """The dock's own disk does not take its memory: without a note nothing is wiped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiped:
    """A file that is being removed from a camera: the vault's clip, and what tells the file on the camera apart."""

    clip: str
    name: str
    size: int
    changed_ns: int

    @property
    def mark(self) -> Mark:
        """What tells the file apart on its camera."""
        return self.name, self.size, self.changed_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class ToReport:
    """A wipe that the vault may not know of yet. `left` is how many films the camera held afterwards; None when the dock
    stopped before it looked: then only the camera itself can tell what is gone.
    """

    serial: str
    volume_id: str
    files: tuple[Wiped, ...]
    left: int | None = None

    @property
    def clips(self) -> tuple[str, ...]:
        """The vault's names of what was wiped."""
        return tuple(one.clip for one in self.files)

    def seen(self, listing: Listing, failed: Container[Mark] = ()) -> "ToReport":
        """The same wipe after a look at the camera. What may still be there, because nobody could look or because removing it
        failed, was not wiped.
        """
        still = listing.still_there(one.mark for one in self.files)
        gone = tuple(one for one in self.files if one.mark not in still and one.mark not in failed)
        return replace(self, files=gone, left=len(listing.files))


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One dock's memory. `signer` is the dock's own key as text; `vault_key` a verifier key; `recipients` age1…"""

    server: str
    dock: str
    name: str
    token: str = field(repr=False)
    signer: str = field(repr=False)
    vault_key: str
    recipients: tuple[str, ...]
    to_report: tuple[ToReport, ...] = ()

    @property
    def own_key(self) -> Signer:
        """The dock's signing key."""
        return Signer.parse(self.signer)


def _report(content: dict[str, Any]) -> ToReport:
    return ToReport(**(content | {"files": tuple(Wiped(**one) for one in content["files"])}))


class Memory:
    """The state file in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "dock.json"

    def read(self) -> State:
        """NotEnrolledError when there is none."""
        try:
            content: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
            reports = tuple(_report(one) for one in content["to_report"])
            return State(**(content | {"recipients": tuple(content["recipients"]), "to_report": reports}))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NotEnrolledError(f"In {self.path.parent} staat geen aangemeld dockingstation.") from error

    def write(self, state: State) -> None:
        """Replace the whole file, durably: after a power cut it is the old one or the new one. MemoryNotWrittenError."""
        try:
            self._write(state)
        except OSError as error:
            raise MemoryNotWrittenError(f"Het dockingstation kan in {self.path.parent} niet schrijven.") from error

    def _write(self, state: State) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = self.path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(state), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def will_report(self, report: ToReport) -> None:
        """Remember a wipe before it is done, so that it is reported whatever happens."""
        state = self.read()
        self.write(replace(state, to_report=(*state.to_report, report)))

    def change(self, report: ToReport, after: ToReport | None) -> None:
        """Put `after` in the place of a report; None when there is nothing to tell any more."""
        state = self.read()
        kept = (after if one == report else one for one in state.to_report)
        self.write(replace(state, to_report=tuple(one for one in kept if one is not None)))
