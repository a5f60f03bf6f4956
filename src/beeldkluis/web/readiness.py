"""Can this machine do its work now? For whatever sends visitors and docks to it; `/gezond/` only says that it answers."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from beeldkluis.vault.place_queries import away
from beeldkluis.web import belongings, doctor

REMEMBERED = 3.0  # seconds: whoever asks a hundred times a second looks once


def unready() -> str:
    """Why not, in a word for the technical log; empty when it can."""
    if not doctor.database_answers():
        return "database"
    for name, wrong in PARTS.items():
        if next(iter(wrong()), None) is not None:
            return name
    return ""


def _folders() -> Iterable[str]:
    return [] if Path(settings.STAGING_FOLDER).is_dir() else ["staging"]


def _places() -> Iterable[str]:
    """Keys, standby and store are there, and are those of this installation."""
    return [one.problem for one in away()]


def _shape() -> Iterable[str]:
    """Looked at until it is right: a program whose database is right meets no other one while it runs."""
    if not _seen.shape:
        _seen.shape = next(iter(doctor.migrations()), None) is None
    return [] if _seen.shape else ["version"]


PARTS: dict[str, Callable[[], Iterable[str]]] = {
    "version": _shape,
    "installation": belongings.differing,
    "protocol": doctor.protocol,
    "folders": _folders,
    "places": _places,
}


@dataclass(slots=True)
class _Seen:
    shape: bool = False
    at: float = -REMEMBERED
    why: str = ""


_seen = _Seen()
_lock = threading.Lock()


def why_not() -> str:
    """`unready`, asked at most every three seconds in each process."""
    with _lock:
        if time.monotonic() - _seen.at >= REMEMBERED:
            _seen.why, _seen.at = unready(), time.monotonic()
        return _seen.why
