"""What detectors found in one picture, each person once: two detectors see the same people, and faces belong to somebody."""

from collections.abc import Sequence

from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.geometry import contained, hull, middle, on_grain, outward, overlap

SAME = 0.6  # overlap from which two boxes of a kind are about one
PART_WITHIN, PART_TOP, PART_WIDTH = (
    0.85,
    0.08,
    0.55,
)  # a box of somebody's upper half: it lies within, with the same top
HEAD_WITHIN = 0.5  # of a head that lies within a person's box, to be that person's


def tidy(found: Sequence[Found]) -> tuple[Found, ...]:
    """Boxes of one thing become one around both; a person's head becomes part of the person, a second head in a box stays.

    Places and scores are whole steps afterwards, boxes never smaller than they were.
    """
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (-one.score, one.box.x0, one.box.y0)):
        box = outward(one.box)
        if not box.area:
            continue
        at = next((at for at, other in enumerate(kept) if _same(one.kind, box, other)), None)
        if at is None:
            kept.append(Found(box, one.kind, on_grain(one.score)))
        else:
            kept[at] = Found(hull((kept[at].box, box)), one.kind, kept[at].score)
    return tuple(_without_own_heads(kept))


def _same(kind: Kind, box: Box, other: Found) -> bool:
    if kind is not other.kind:
        return False
    if overlap(box, other.box) >= SAME:
        return True
    small, large = sorted((box, other.box), key=lambda one: one.area)
    # Not whoever stands lower before another: a child before an adult is somebody else.
    top = abs(small.y0 - large.y0) <= PART_TOP * large.height
    return top and small.width >= PART_WIDTH * large.width and contained(small, large) >= PART_WITHIN


def _without_own_heads(found: list[Found]) -> list[Found]:
    """Each person takes the one head that lies best in the upper half of the box."""
    people = [one for one in found if one.kind is Kind.PERSON]
    heads = [one for one in found if one.kind is Kind.HEAD]
    rest = [one for one in found if one.kind not in (Kind.PERSON, Kind.HEAD)]
    for at, person in enumerate(people):
        fitting = (
            (_off(head.box, person.box), place) for place, head in enumerate(heads) if _is_of(head.box, person.box)
        )
        best = min(fitting, default=None)
        if best:
            own = heads.pop(best[1])
            people[at] = Found(hull((person.box, own.box)), Kind.PERSON, max(person.score, own.score))
    return people + heads + rest


def _is_of(head: Box, person: Box) -> bool:
    upper = Box(person.x0, person.y0 - 0.15 * person.height, person.x1, person.y0 + 0.5 * person.height)
    return contained(head, upper) >= HEAD_WITHIN and head.width < 1.2 * person.width


def _off(head: Box, person: Box) -> float:
    """How far from the middle of a person's top."""
    (x, y), (middle_x, _) = middle(head), middle(person)
    return abs(x - middle_x) / max(1e-4, person.width) + abs(y - person.y0) / max(1e-4, person.height)
