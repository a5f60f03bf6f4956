"""What the running program knows from round to round."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from beeldkluis.camera.port import CameraFile, Identity
from beeldkluis.dock.client import Docked
from beeldkluis.dock.slots import Board, SlotState

REST = 60.0  # seconds before a file that could not be offloaded is tried again; doubles each time
LONGEST_REST = 3600.0


@dataclass(frozen=True, slots=True)
class Rest:
    """A file rests until this moment (monotonic seconds), for so many seconds, because of this event; `state` is its slot's
    meanwhile.
    """

    until: float
    pause: float
    state: SlotState
    event: str


@dataclass(slots=True)
class Attention:
    """What the running program knows from round to round: who stands here and was told of, with the vault's answer, which
    files rest because they could not be offloaded, and what the screen beside the dock shows. Lost when the program stops,
    which only makes it ask again.
    """

    told: dict[Identity, Docked] = field(default_factory=dict)
    board: Board = field(default_factory=Board)
    left: dict[Identity, list[dict[str, Any]]] = field(default_factory=dict)  # what the vault was told of what stays
    _resting: dict[tuple[str, CameraFile], Rest] = field(default_factory=dict)
    _said: dict[tuple[str, str], str] = field(default_factory=dict)  # by slot and event

    def is_news(self, slot: str, event: str, words: str) -> bool:
        """Was this not said of this slot before, as the last of its kind?"""
        before, self._said[slot, event] = self._said.get((slot, event), ""), words
        return words != before

    def is_tried(self, serial: str, file: CameraFile) -> bool:
        """Was this file tried before, since its camera stands here?"""
        return (serial, file) in self._resting

    def awake(self, serial: str, files: Sequence[CameraFile]) -> list[CameraFile]:
        """The files that may be tried now."""
        now = time.monotonic()
        return [one for one in files if (serial, one) not in self._resting or self._resting[serial, one].until <= now]

    def rest(self, serial: str, file: CameraFile, state: SlotState, event: str) -> None:
        """Leave this file alone for a while, longer each time. Meanwhile its slot is in this state."""
        before = self._resting.get((serial, file))
        pause = min(2 * before.pause, LONGEST_REST) if before else REST
        self._resting[serial, file] = Rest(time.monotonic() + pause, pause, state, event)

    def hindered(self, serial: str, files: Sequence[CameraFile]) -> SlotState:
        """What keeps these files on their camera; the worst counts."""
        states = {self._resting[serial, one].state for one in files if (serial, one) in self._resting}
        return next((one for one in (SlotState.HELP, SlotState.FULL) if one in states), SlotState.READING)

    def why_left(self, serial: str, files: Sequence[CameraFile]) -> list[tuple[CameraFile, str]]:
        """These files with the event that keeps each on its camera. What changed once may be whole the next time."""
        found = [(one, self._resting[serial, one]) for one in files if (serial, one) in self._resting]
        return [(one, rest.event) for one, rest in found if rest.event != "changed" or rest.pause > REST]

    def only(self, present: set[Identity], slots: set[str]) -> None:
        """Forget cameras that were taken out: `present` said who they are, in `slots` stands something."""
        self.told = {identity: known for identity, known in self.told.items() if identity in present}
        self.left = {identity: rows for identity, rows in self.left.items() if identity in present}
        serials = {one.serial for one in present}
        self._resting = {key: value for key, value in self._resting.items() if key[0] in serials}
        self._said = {key: words for key, words in self._said.items() if key[0] in slots}
