"""Canonical JSON, and the pieces that analyses and drafts are written in. What is of another shape is refused with ValueError.

Canonical: UTF-8, the names of each object in alphabetical order, no spaces, no floating-point numbers. Places are whole steps of
1/10,000 of the picture's width or height, scores likewise. Long lists of boxes are Base64 of little-endian 16-bit numbers, four
for each box.
"""

import json
import sys
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable
from itertools import pairwise
from typing import NoReturn, cast

from beeldkluis.masking.boxes import Box
from beeldkluis.masking.geometry import GRAIN

# Boxes share these numbers: an hour of film has millions of them.
_SHARES = tuple(step / GRAIN for step in range(GRAIN + 1))


def dump(value: object) -> bytes:
    """The bytes. ValueError for what is not plain JSON."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def load(data: bytes, most: int) -> object:
    """What bytes say, of at most `most` bytes."""
    if len(data) > most:
        raise ValueError(f"{len(data)} bytes, and {most} at most")
    try:
        return json.loads(data.decode(), parse_float=_no_float, parse_constant=_no_float)
    except RecursionError as error:
        raise ValueError("lists in lists without end") from error


def _no_float(text: str) -> NoReturn:
    raise ValueError(f"{text} is no whole number")


def record(value: object, names: str) -> dict[str, object]:
    """An object with exactly these names, given with spaces between."""
    if not isinstance(value, dict) or value.keys() != set(names.split()):
        raise ValueError(f"not an object of {names}")
    return cast("dict[str, object]", value)


def listed(value: object, most: int) -> list[object]:
    """A list of at most so many."""
    if not isinstance(value, list) or len(value) > most:
        raise ValueError(f"not a list of at most {most}")
    return cast("list[object]", value)


def whole(value: object, least: int, most: int) -> int:
    """A whole number from least up to and with most."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError(f"not a number from {least} to {most}")
    return value


def yes_or_no(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")  # noqa: TRY004 - whatever is wrong with bytes is a ValueError
    return value


def text(value: object, most: int) -> str:
    """Text of at most so many characters."""
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"not a text of at most {most} characters")
    return value


def numbers(value: object, count: int, least: int, most: int) -> tuple[int, ...]:
    """At most `count` whole numbers, each not below the one before it."""
    found = tuple(whole(one, least, most) for one in listed(value, count))
    if any(later < earlier for earlier, later in pairwise(found)):
        raise ValueError("numbers out of order")
    return found


def stretches(value: object, count: int, most: int) -> tuple[tuple[int, int], ...]:
    """At most `count` pairs of numbers from 0 to most; in each the first is not above the second."""
    found = []
    for one in listed(value, count):
        begin, end = (whole(number, 0, most) for number in just(one, 2))
        if begin > end:
            raise ValueError("a stretch that ends before it begins")
        found.append((begin, end))
    return tuple(found)


def just(value: object, count: int) -> list[object]:
    """A list of just so many."""
    found = listed(value, count)
    if len(found) != count:
        raise ValueError(f"not a list of {count}")
    return found


def steps(share: float) -> int:
    """A share in whole steps."""
    return round(share * GRAIN)


def share(value: object) -> float:
    """Steps as a share."""
    return _SHARES[whole(value, 0, GRAIN)]


def box_list(box: Box) -> list[int]:
    """A box as four numbers."""
    return [steps(box.x0), steps(box.y0), steps(box.x1), steps(box.y1)]


def box_from(value: object) -> Box:
    """Four numbers as a box."""
    return _box([whole(one, 0, GRAIN) for one in just(value, 4)])


def _box(four: Iterable[int]) -> Box:
    x0, y0, x1, y1 = four
    if not (x0 <= x1 <= GRAIN and y0 <= y1 <= GRAIN):
        raise ValueError("a box that is none")
    return Box(_SHARES[x0], _SHARES[y0], _SHARES[x1], _SHARES[y1])


def boxes_text(boxes: Iterable[Box]) -> str:
    """Many boxes as Base64."""
    return _packed(array("H", [number for box in boxes for number in box_list(box)]))


def boxes_from(value: object, most: int) -> tuple[Box, ...]:
    """At most so many boxes from Base64."""
    found = array("H")
    _fill(found, value, 4 * most)
    if len(found) % 4:
        raise ValueError("a part of a box")
    return tuple(_box(found[at : at + 4]) for at in range(0, len(found), 4))


def doubles_text(values: Iterable[float]) -> str:
    """Numbers as Base64, bit for bit."""
    return _packed(array("d", values))


def doubles_from(value: object, most: int) -> "array[float]":
    """At most so many numbers from Base64."""
    found = array("d")
    _fill(found, value, most)
    return found


def _packed(values: "array[int] | array[float]") -> str:
    if sys.byteorder == "big":
        values.byteswap()
    return b64encode(values.tobytes()).decode()


def _fill(values: "array[int] | array[float]", value: object, most: int) -> None:
    values.frombytes(bytes_from(value, most * values.itemsize))
    if sys.byteorder == "big":
        values.byteswap()


def bytes_text(data: bytes) -> str:
    """Bytes as Base64."""
    return b64encode(data).decode()


def bytes_from(value: object, most: int) -> bytes:
    """At most so many bytes from Base64."""
    return b64decode(text(value, 4 * (most // 3 + 1)), validate=True)
