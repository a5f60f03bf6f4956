"""What the dock says of each of its slots, for the screen beside it: one word, how far, and which camera."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from beeldkluis.camera.makes import docked_in
from beeldkluis.camera.port import SlotMark, printable

MOST_SLOTS = 64  # in one report


class SlotState(StrEnum):
    """How the camera in a slot is doing, for whoever brought it."""

    EMPTY = "empty"  # no camera
    READING = "reading"  # being read, or waiting for its turn
    READY = "ready"  # everything is in the vault and wiped: it may be taken out
    UNKNOWN = "unknown"  # not in the register
    FULL = "full"  # the vault is away, has no room or refuses: nothing is wiped
    HELP = "help"  # a person must look


PASSING = (SlotState.READING, SlotState.FULL)  # what a vault that is away makes full


@dataclass(frozen=True, slots=True)
class SlotStatus:
    """State of the camera in one slot, as reported. `percent` of the reading, where it is known."""

    state: SlotState
    percent: int | None = None
    serial: str = ""


@dataclass(slots=True)
class Board:
    """What the round says of cameras, beside what stands in the slots at this moment. Used by two threads."""

    _told: dict[str, SlotStatus] = field(default_factory=dict)
    _seen: dict[str, SlotMark | None] = field(default_factory=dict)
    _held: SlotState | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, slot: str, status: SlotStatus) -> None:
        """Say something of the camera that stands in this slot."""
        with self._lock:
            self._told[slot] = status

    def hold(self, state: SlotState | None) -> None:
        """Nothing can be taken in now: every camera that is not done is in this state. None: it can again."""
        with self._lock:
            self._held = state

    def report(self, cameras: Path) -> list[dict[str, Any]]:
        """Each slot as the vault is told of it, by name. A slot in which something stood stays, empty."""
        present = _look(cameras)
        with self._lock:
            for slot in self._seen.keys() - present.keys():
                present[slot] = None
            for slot, mark in present.items():
                before = self._seen.get(slot)
                if mark is None or (before is not None and mark != before):
                    self._told.pop(slot, None)  # it was said of a camera that is gone
            self._seen = present
            return [self._line(slot, present[slot]) for slot in sorted(present)[:MOST_SLOTS]]

    def _line(self, slot: str, mark: SlotMark | None) -> dict[str, Any]:
        told = self._told.get(slot, SlotStatus(SlotState.EMPTY if mark is None else SlotState.READING))
        if self._held and told.state in PASSING:
            told = SlotStatus(self._held, serial=told.serial)
        return {"slot": slot, "state": told.state.value, "percent": told.percent, "serial": told.serial}


def _look(cameras: Path) -> dict[str, SlotMark | None]:
    """The slots, and what marks the camera in each; None for a slot without a camera. A slot that cannot be looked into holds
    something, as long as the same is said of it.
    """
    found: dict[str, SlotMark | None] = {}
    with suppress(OSError):
        for folder in cameras.iterdir():
            if not folder.name.startswith(".") and _is_slot(folder):
                docked = docked_in(folder)
                found[printable(folder.name, 120)] = docked.mark_of(folder) if docked is not None else None
    return found


def _is_slot(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:
        return True


class Meter:
    """How far the reading of one camera is, over all its films together."""

    def __init__(self, board: Board, slot: str, status: SlotStatus, sizes: Sequence[int]) -> None:
        self._board, self._slot, self._told = board, slot, status
        self._total, self._done = sum(sizes), 0
        self.at(0)

    def at(self, count: int) -> None:
        """So many bytes of this film were read."""
        percent = min(100 * (self._done + count) // self._total, 100) if self._total else 100
        shown = percent if self._told.state is SlotState.READING else None
        self._board.tell(self._slot, SlotStatus(self._told.state, shown, self._told.serial))

    def next(self, size: int) -> None:
        """This film, of `size` bytes, had its turn."""
        self._done += size
        self.at(0)
