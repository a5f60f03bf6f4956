"""Stretches of pictures: which lie at one picture, and which of them meet. A stretch is its first and its last picture."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
SHELF = 64  # pictures that share one list of what lies in them


class ByPicture(Generic[Thing]):
    """Things that each lie in a stretch. It is asked in any order; a picture costs what lies near it."""

    def __init__(self, things: Iterable[tuple[int, int, Thing]]) -> None:
        """`things`: first picture, last picture and the thing."""
        self._shelves: dict[int, list[tuple[int, int, Thing]]] = defaultdict(list)
        for thing in things:
            first, last, _ = thing
            for shelf in range(first // SHELF, last // SHELF + 1):
                self._shelves[shelf].append(thing)

    def at(self, frame: int) -> list[Thing]:
        """What lies at this picture, in the order in which it was given."""
        return [thing for first, last, thing in self._shelves.get(frame // SHELF, ()) if first <= frame <= last]


def meeting(stretches: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Places in the list of each two stretches that have a picture in common."""
    going_on: list[int] = []
    for at in sorted(range(len(stretches)), key=lambda one: stretches[one][0]):
        going_on = [one for one in going_on if stretches[one][1] >= stretches[at][0]]
        yield from ((one, at) for one in going_on)
        going_on.append(at)
