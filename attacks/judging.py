"""What an attack is, and how it is counted: tried, held, and what happened where something did not hold."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from attacks.place import Place

MOST_TOLD = 12  # of one kind: the first ones say enough


@dataclass(slots=True)
class Tally:
    """The count of one kind: how often it was tried and how often the program held; `lost` says what happened otherwise."""

    tried: int = 0
    held: int = 0
    lost: list[str] = field(default_factory=list)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def judge(self, held: object, what: str) -> bool:
        """One try: did it hold? `what` says what happened, for when it did not."""
        with self.turn:  # a kind may try several things at once
            self.tried += 1
            self.held += bool(held)
            if not held and len(self.lost) < MOST_TOLD:
                self.lost.append(what)
        return bool(held)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of attack: its name, who attacks, what is tried in one plain sentence, and how long it may take (seconds).

    `shares`: it leaves the demonstration fit for the next kind that shares. `browser`: it needs Chromium.
    """

    name: str
    role: str
    tries: str
    run: Callable[[Place, Tally], None]
    seconds: int
    shares: bool = False
    browser: bool = False


KINDS: list[Kind] = []


def kind(
    name: str, *, role: str, tries: str, seconds: int = 60, shares: bool = False, browser: bool = False
) -> Callable[[Callable[[Place, Tally], None]], Callable[[Place, Tally], None]]:
    """Make a function an attack of this name. It gets a demonstration of its own, which it may wreck, unless it shares."""

    def register(run: Callable[[Place, Tally], None]) -> Callable[[Place, Tally], None]:
        KINDS.append(Kind(name=name, role=role, tries=tries, run=run, seconds=seconds, shares=shares, browser=browser))
        return run

    return register


class TooLongError(Exception):
    """The time of this kind is over: it is not finished, which is not held."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """TooLongError in the main thread after so many seconds."""

    def over(_number: int, _frame: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, max(0.1, seconds))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
