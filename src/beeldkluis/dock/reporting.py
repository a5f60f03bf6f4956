"""Telling the vault how each slot is doing: in a thread of its own, so that no report ever holds up a camera."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from beeldkluis.dock.client import VaultAwayError, VaultRefusesError
from beeldkluis.dock.slots import Board

GLANCE = 0.3  # seconds between two looks at the slots
SOONEST = 1.0  # seconds between two reports at least
LATEST = 25.0  # seconds after which the same is said again, so that the vault knows that this dock is there
AFTER_FAILURE = 5.0  # seconds before a report that failed is made again
LAST_WORD = 8.0  # seconds that the program waits for its last report when it stops

Send = Callable[[Sequence[dict[str, Any]]], None]


def is_due(*, changed: bool, since: float, failed: bool) -> bool:
    """Is it time for a report, `since` seconds after the one before?"""
    return since >= (AFTER_FAILURE if failed else SOONEST) and (changed or since >= LATEST)


@contextmanager
def reporting(cameras: Path, board: Board, send: Send) -> Iterator[None]:
    """As long as it lasts, the vault hears of every change. What goes wrong with a report is nobody's business but its own."""
    stop = threading.Event()
    thread = threading.Thread(target=_report, args=(stop, cameras, board, send), name="reporting", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(LAST_WORD)


def _report(stop: threading.Event, cameras: Path, board: Board, send: Send) -> None:
    last: list[dict[str, Any]] | None = None
    at, failed, stopping = -LATEST, False, False
    while not stopping:
        stopping = stop.wait(GLANCE)
        told = board.report(cameras)
        if stopping and told != last and not failed:
            time.sleep(max(0.0, at + SOONEST - time.monotonic()))
        if is_due(changed=told != last, since=time.monotonic() - at, failed=failed):
            at = time.monotonic()
            failed = not _heard(send, told)
            last = None if failed else told


def _heard(send: Send, report: list[dict[str, Any]]) -> bool:
    try:
        send(report)
    except (VaultAwayError, VaultRefusesError):
        return False
    return True
