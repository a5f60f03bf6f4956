"""Under which path each clip lies in a package: the camera's own name, as far as every system can unpack it."""

import unicodedata
from dataclasses import dataclass

from beeldkluis.bag.contents import Clip, Package, Recording
from beeldkluis.bag.frame import is_plain

FOOTAGE = "data/beelden"
WITHOUT_NAME = "zonder-naam"
LONGEST = 80  # letters
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 _.()+,=@#&~-")


@dataclass(frozen=True, slots=True)
class Placed:
    """A clip and its path in the package."""

    recording: Recording
    clip: Clip
    path: str


def placed(package: Package) -> tuple[Placed, ...]:
    """Every clip with its path, in order. No two paths are the same, also where capitals do not count."""
    found: list[Placed] = []
    taken: set[str] = set()
    for recording in package.recordings:
        for clip in recording.clips:
            path = free(f"{FOOTAGE}/{plain(recording.number)}", plain(clip.name), taken)
            taken.add(path.lower())
            found.append(Placed(recording, clip, path))
    return tuple(found)


def plain(name: str) -> str:
    """A name that unpacks everywhere as it is written: that of the camera when it is one, and else the nearest.

    The last part of a path; letters without their marks; anything else that is refused becomes an underscore.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    if is_plain(last) and len(last) <= LONGEST:
        return last
    spelled = "".join(
        one for one in unicodedata.normalize("NFKD", last) if not unicodedata.category(one).startswith("M")
    )
    made = "".join(one if one in _PLAIN else "_" for one in spelled).lstrip(" .()+,=@#&~-").rstrip(" .") or WITHOUT_NAME
    stem, dot, ending = made.rpartition(".")
    if not stem or len(ending) > 8:
        stem, dot, ending = made, "", ""
    stem = stem[: LONGEST - 9].rstrip(" .") or WITHOUT_NAME
    made = f"{stem}{dot}{ending}"
    return made if is_plain(made) else f"_{made}"  # a device of Windows: CON, COM1


def free(folder: str, name: str, taken: set[str]) -> str:
    """The path in the folder, with a number when the name is taken."""
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    path, number = f"{folder}/{name}", 1
    while path.lower() in taken:
        number += 1
        path = f"{folder}/{stem}-{number}{dot}{ending}"
    return path
