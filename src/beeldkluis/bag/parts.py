"""A hand-over for a receiver who takes no large files: several packages, each whole and checked by itself.

Not one ZIP cut into pieces: a piece of a ZIP plays nowhere and proves nothing until all are there, and a bag in several ZIPs is
no bag (RFC 8493, section 4.2). A single clip that is too large is refused: cutting film is an act that a person decides on.
"""

from collections.abc import Iterable
from dataclasses import replace

from beeldkluis.bag.contents import Clip, Elsewhere, Package, Recording
from beeldkluis.bag.writing import BagError
from beeldkluis.sealed.age import payload_length

BESIDE = 32 * 1024**2  # bytes kept free for papers, lists, proofs and what a ZIP and age add of their own
SMALLEST = 2 * BESIDE


def in_parts(package: Package, largest: int) -> tuple[Package, ...]:
    """The package as as few as go in order, each at most `largest` bytes when it is sealed; itself when it fits.

    BagError for a clip that fits in none, with its name, and for a limit that leaves no room.
    """
    if largest < SMALLEST:
        raise BagError(f"Een pakket past niet in {largest} bytes.")
    groups = list(_groups(package, largest))
    clips = tuple(
        Elsewhere(recording=recording.number, name=clip.name, sha256=clip.sha256, position=position)
        for position, group in enumerate(groups, 1)
        for recording, clip in group
    )
    if len(groups) <= 1:
        return (package,)
    return tuple(
        replace(
            package,
            name=f"{package.name}-{position}",
            recordings=tuple(_recordings(group)),
            position=position,
            count=len(groups),
            all_clips=clips,
        )
        for position, group in enumerate(groups, 1)
    )


def _groups(package: Package, largest: int) -> Iterable[list[tuple[Recording, Clip]]]:
    group: list[tuple[Recording, Clip]] = []
    size = 0
    for recording in package.recordings:
        for clip in recording.clips:
            if payload_length(clip.size) + BESIDE > largest:
                raise BagError(
                    f"{clip.name} van opname {recording.number} is te groot voor de ontvanger: knip een deel."
                )
            if group and payload_length(size + clip.size) + BESIDE > largest:
                yield group
                group, size = [], 0
            group.append((recording, clip))
            size += clip.size
    yield group


def _recordings(group: list[tuple[Recording, Clip]]) -> Iterable[Recording]:
    """Each recording with the clips that are in this group; where it came from and its gaps go along whole."""
    found: dict[str, tuple[Recording, list[Clip]]] = {}
    for recording, clip in group:
        found.setdefault(recording.number, (recording, []))[1].append(clip)
    return [replace(recording, clips=tuple(clips)) for recording, clips in found.values()]
