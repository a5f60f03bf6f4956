"""What stays on a camera after its turn: in words for whoever stands beside it, in numbers for the vault.

Nothing may outlive its term on a camera unseen (I-54): film that cannot be read, wiped or taken in, folders that nobody can
look into, and files that are the camera's own.
"""

import errno
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from beeldkluis.camera.kinds import ending
from beeldkluis.camera.port import CameraFile, CameraGoneError, Cleared, Listing

READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
# The event after which a film stays, and what the vault is told of it. What the vault itself keeps waiting is not here.
TOLD = {
    "unreadable": "unreadable",
    "changed": "unreadable",
    "locked": "locked",
    "wipe-failed": "locked",
    "refused": "refused",
    "bad-receipt": "refused",
    "not-wiped": "refused",
}
MOST_ROWS = 64  # in one message
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


def remains(listing: Listing, resting: Iterable[tuple[CameraFile, str]]) -> list[dict[str, Any]]:
    """What the vault is told (docs/spec/dock.md, section 6): rows of `why`, `kind` (the name's ending) and `count`."""
    found: Counter[tuple[str, str]] = Counter()
    for file, event in resting:
        if event in TOLD:
            found[TOLD[event], _known(ending(file.name))] += 1
    for one in listing.others:
        if one.unread:
            found["unreadable", "folder" if one.folder else _known(one.ending)] += 1
        elif not one.text:
            found["unrecognised", _known(one.ending)] += 1
    rows = sorted(found.items())
    for (why, _kind), count in rows[MOST_ROWS - 4 :]:  # too many kinds to name: only how many
        del found[why, _kind]
        found[why, ""] += count
    return [{"why": why, "kind": kind, "count": count} for (why, kind), count in sorted(found.items())]


def _known(said: str) -> str:
    return said if _ENDING.fullmatch(said) else ""


def of_unread(listing: Listing) -> str:
    """Which folders and files could not be looked at, and why; empty when all could."""
    some = [f"{'map' if one.folder else 'bestand'} {one.label} ({one.why})" for one in listing.unread[:5]]
    more = len(listing.unread) - len(some)
    return ", ".join([*some, *([f"en nog {more}"] if more else [])])


def of_others(listing: Listing) -> str:
    """How many files that are no footage stay, by kind; empty when there are none."""
    known = [one for one in listing.others if not one.unread]
    counted = Counter(_known(one.ending) or "zonder soort" for one in known)
    kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(counted.items()))
    if not known:
        return ""
    verb = (
        "bestand is geen beeld of geluid en blijft"
        if len(known) == 1
        else "bestanden zijn geen beeld of geluid en blijven"
    )
    return f"{len(known)} {verb} staan: {kinds}"


def left_after(listing: Listing) -> str:
    """What is left on a camera after a wipe, as a part of a sentence that is true."""
    if listing.files:
        return f"nog {len(listing.files)} op de camera"
    if listing.unread:
        return "maar niet alles op de camera was te lezen"
    return "er staat geen opname meer op de camera" if listing.others else "de camera is leeg"


@dataclass(slots=True)
class Turn:
    """How far one camera is: how many films were on it, how many were to be wiped, and how many are known to be wiped, or to
    be still there.
    """

    files: int = 0
    wiping: int = 0
    wiped: int = 0
    stayed: int = 0

    def cleared(self, asked: int, done: Cleared) -> None:
        """The camera was asked to remove so many films, and said this."""
        self.wiping, self.wiped, self.stayed = asked, len(done.removed), len(done.failed)

    def broken_off(self, gone: CameraGoneError) -> str:
        """What to say when the camera went: how many were wiped and how many were not."""
        if not self.wiping:
            return f"{gone}. Er is niets van gewist."
        words = f"{gone}. {self.wiped} van de {self.wiping} gewist"
        if self.stayed:
            words += f", {self.stayed} niet"
        if unsure := self.wiping - self.wiped - self.stayed:
            words += f"; van {unsure} is het niet zeker, dat blijkt als de camera weer in dit dockingstation staat"
        return f"{words}."


def locked_or_failed(number: int) -> str:
    """The event for a film that could not be wiped with this error number (errno)."""
    return "locked" if number in READ_ONLY else "wipe-failed"


def not_wiped(slot: str, wiped: int, failed: Sequence[tuple[CameraFile, int]], why: str) -> str:
    """What to say when films that the vault has stay on their camera; `why` is the system's own reason, may be empty."""
    locked = any(number in READ_ONLY for _file, number in failed)
    reason = "De kaart kan niet worden beschreven: zij is op slot of alleen te lezen" if locked else "Wissen lukte niet"
    reason += f" ({why})" if why and not locked else ""
    count = len(failed)
    stay = "1 opname is opgeslagen maar blijft" if count == 1 else f"{count} opnames zijn opgeslagen maar blijven"
    return f"{slot}: {wiped} van de {wiped + count} gewist. {reason}. {stay} op de camera."
