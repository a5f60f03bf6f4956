"""What a person made of an analysis: who is freed, what was drawn, what may be heard."""

from dataclasses import dataclass
from enum import StrEnum

from beeldkluis.masking.boxes import Box

DRAWN = range(1_001, 1_000_001)  # numbers of tracks that a person drew; a detector's tracks have none of these


class Mode(StrEnum):
    """What is covered when nobody says anything."""

    INVERTED = "inverted"  # the whole picture, but the freed person
    COVERED = "covered"  # everyone and everything that was found


@dataclass(frozen=True, slots=True)
class Key:
    """A person put the box of a track here in this picture; None ends it before this picture, until a later key."""

    frame: int
    box: Box | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a person changed of a track, or a track that a person drew (numbers from 1001 on). Only what people put are keys:
    what a detector found never is one. Between two keys the box moves in a straight line.

    `free`: this is whom the copy is for. `joined`: tracks that are this one too. `begin` and `end`: the change is about these
    pictures of the track only (a track that was split is two changes); None is from its first, or to its last.
    """

    track: int
    begin: int | None = None
    end: int | None = None
    free: bool = False
    keys: tuple[Key, ...] = ()
    joined: tuple[int, ...] = ()
    removed: bool = False  # nothing to cover here: only what a person drew, or a reason stands in the log
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """The whole of it. `audible` are stretches in milliseconds that may be heard; everything else is silent. `checked` are
    places of "look here" that a person looked at, by their names (masking.doubts).
    """

    mode: Mode
    changes: tuple[Change, ...] = ()
    audible: tuple[tuple[int, int], ...] = ()
    checked: tuple[str, ...] = ()
