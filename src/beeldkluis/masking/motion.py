"""How the camera moves from picture to picture, and where something new begins: by small grey pictures ("thumbnails").

The whole picture gives a first shift (phase correlation, at half the thumbnail's size). Blocks then say how each place moved, and
a similarity (shift, turn, zoom) is fitted to them so that blocks on which people walk count for little. Where the picture
before does not return under that shift, something new begins: a cut, a jerk, or a hand before the lens.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from beeldkluis.masking.geometry import STILL, Move

Grey = NDArray[np.float32]

BLOCK = 48  # pixels of a thumbnail, width and height
ROUNDS = 4  # of fitting
FLAT = 5.0  # of 255: standard deviation below which nothing is to be seen
ALIKE, NEARLY_ALIKE, DETAIL_ALIKE = 0.5, 0.85, 0.1  # correlation with the picture before
FARTHEST = 0.25  # of the picture: a larger shift from one picture to the next is a jerk
LEAST_BLOCKS = 5
MOST_ZOOM = 0.1


@dataclass(frozen=True, slots=True)
class Sight:
    """Of one picture: how the camera moved to it, does something new begin with it, and how light it is, 0 to 255."""

    move: Move
    border: bool
    light: int


class Camera:
    """Sees the thumbnails of a film one after another. They are of one size."""

    def __init__(self) -> None:
        self._thumbnail: Grey | None = None
        self._half: Grey | None = None
        self._spectrum: NDArray[Any] | None = None
        self._flat = False

    def see(self, thumbnail: NDArray[np.uint8]) -> Sight:
        """The next one. The first is a border."""
        after = thumbnail.astype(np.float32)
        half = _halved(after)
        flat = float(half.std()) < FLAT
        spectrum = np.fft.rfft2((half - half.mean()) * _window(half.shape))
        move, border = STILL, True
        if self._half is not None and self._half.shape == half.shape:
            border = flat != self._flat
            if not flat and not border:
                move, border = self._compare(after, half, spectrum)
        self._thumbnail, self._half, self._spectrum, self._flat = after, half, spectrum, flat
        return Sight(move, border, round(float(half.mean())))

    def _compare(self, after: Grey, half: Grey, spectrum: NDArray[Any]) -> tuple[Move, bool]:
        before, half_before = self._thumbnail, self._half
        assert before is not None  # noqa: S101 - told apart above
        assert half_before is not None  # noqa: S101 - likewise
        peaks = _peaks(spectrum, self._spectrum, half.shape)
        alike, right, down = max((_correlation(half_before, half, *peak), *peak) for peak in [(0, 0), *peaks])
        far = abs(right) > FARTHEST * half.shape[1] or abs(down) > FARTHEST * half.shape[0]
        if far or alike < ALIKE:
            return STILL, True
        if alike < NEARLY_ALIKE and _correlation(_detail(half_before), _detail(half), right, down) < DETAIL_ALIKE:
            return STILL, True
        return _fitted(before, after, 2 * right, 2 * down), False


def _halved(thumbnail: Grey) -> Grey:
    height, width = (size // 2 * 2 for size in thumbnail.shape)
    even = thumbnail[:height, :width]
    return (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / np.float32(4)


@cache
def _window(shape: tuple[int, ...]) -> Grey:
    return np.outer(np.hanning(shape[0]), np.hanning(shape[1])).astype(np.float32)


def _phase(after: NDArray[Any], before: Any, shape: tuple[int, ...]) -> Grey:
    """How well each shift explains the way from before to after."""
    cross = after * np.conj(before)
    surface = np.fft.irfft2(cross / (np.abs(cross) + 1e-6), s=shape, axes=(-2, -1))
    return surface.astype(np.float32)


def _signed(place: int, size: int) -> int:
    return place - size if place > size // 2 else place


def _peaks(after: NDArray[Any], before: Any, shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """The two best shifts (right, down). Text that the camera burns in stands still, so that the first may be none."""
    surface = _phase(after, before, shape)
    found = []
    for _ in range(2):
        down, right = (int(one) for one in np.unravel_index(int(surface.argmax()), shape))
        found.append((_signed(right, shape[1]), _signed(down, shape[0])))
        surface[np.ix_(*(np.arange(at - 2, at + 3) % size for at, size in zip((down, right), shape, strict=True)))] = -1
    return found


def _correlation(before: Grey, after: Grey, right: int, down: int) -> float:
    """How alike two pictures are where they overlap, -1 to 1, when the first is shifted."""
    height, width = before.shape
    if abs(right) >= width // 2 or abs(down) >= height // 2:
        return -1.0
    one = before[max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)]
    other = after[max(0, down) : height - max(0, -down), max(0, right) : width - max(0, -right)]
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return float((one * other).sum()) / size if size > 1e-3 else -1.0


def _detail(picture: Grey) -> Grey:
    """A picture without its large shapes."""
    around = np.zeros_like(picture)
    for down in (-3, 0, 3):
        for right in (-3, 0, 3):
            around += np.roll(picture, (down, right), (0, 1))
    return picture - around / np.float32(9)


def _fitted(before: Grey, after: Grey, right: int, down: int) -> Move:
    """The similarity that most blocks agree with; the plain shift where too few say anything."""
    height, width = before.shape
    shift = Move(x0=right / width, y0=down / height)
    places = _places(height, width, right, down)
    if len(places) < LEAST_BLOCKS:
        return shift
    points, moved, weight = _block_shifts(before, after, places, right, down)
    if np.count_nonzero(weight) < LEAST_BLOCKS:
        return shift
    points = points - np.array([width / 2, height / 2])
    solution = _similarity(points, moved, weight)
    if abs(solution[0] - 1) > MOST_ZOOM or abs(solution[1]) > MOST_ZOOM:
        return shift
    a, b, x, y = (float(one) for one in solution)
    tall = height / width
    return Move(
        a,
        -b * tall,
        0.5 - 0.5 * a + 0.5 * b * tall + x / width,
        b / tall,
        a,
        0.5 - 0.5 * a - 0.5 * b / tall + y / height,
    )


def _places(height: int, width: int, right: int, down: int) -> list[tuple[int, int]]:
    """Left tops of blocks that stand in both pictures."""
    lowest, rightmost = height - BLOCK - max(0, down), width - BLOCK - max(0, right)
    top, left = max(0, -down), max(0, -right)
    if lowest < top or rightmost < left:
        return []
    rows, columns = max(2, (lowest - top) // 50 + 1), max(2, (rightmost - left) // 60 + 1)
    return [(int(y), int(x)) for y in np.linspace(top, lowest, rows) for x in np.linspace(left, rightmost, columns)]


def _block_shifts(
    before: Grey, after: Grey, places: list[tuple[int, int]], right: int, down: int
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Of each block: its middle, its shift in pixels, and how much that counts."""
    one = np.stack([before[y : y + BLOCK, x : x + BLOCK] for y, x in places])
    other = np.stack([after[y + down : y + down + BLOCK, x + right : x + right + BLOCK] for y, x in places])
    window = _window((BLOCK, BLOCK))
    texture = one.std(axis=(1, 2))
    one, other = ((part - part.mean(axis=(1, 2), keepdims=True)) * window for part in (one, other))
    surface = _phase(np.fft.rfft2(other), np.fft.rfft2(one), (BLOCK, BLOCK))
    surface = np.fft.fftshift(surface, axes=(1, 2))[:, 8:-8, 8:-8]
    reach = surface.shape[1]
    at = surface.reshape(len(places), -1).argmax(axis=1)
    rows, columns, index = at // reach, at % reach, np.arange(len(places))
    peak = surface[index, rows, columns]
    inside = (rows > 0) & (rows < reach - 1) & (columns > 0) & (columns < reach - 1)
    rows, columns = rows.clip(1, reach - 2), columns.clip(1, reach - 2)
    fine_down = _between(surface[index, rows - 1, columns], peak, surface[index, rows + 1, columns])
    fine_right = _between(surface[index, rows, columns - 1], peak, surface[index, rows, columns + 1])
    middle = BLOCK // 2 - 8
    moved = np.stack([right + columns - middle + fine_right, down + rows - middle + fine_down], axis=1)
    points = np.array([(x + BLOCK / 2, y + BLOCK / 2) for y, x in places])
    return points, moved, np.where(inside & (texture > 2), peak.clip(0), 0.0)


def _between(low: Grey, peak: Grey, high: Grey) -> Grey:
    """Where between the pixels a peak stands, from -0.5 to 0.5."""
    bend = low - 2 * peak + high
    return np.where(np.abs(bend) > 1e-9, 0.5 * (low - high) / np.where(bend == 0, 1, bend), 0).clip(-0.5, 0.5)


def _similarity(points: NDArray[Any], moved: NDArray[Any], weight: NDArray[Any]) -> NDArray[Any]:
    """a, b, x and y of x' = ax - by + x, y' = bx + ay + y, by least squares in which what lies far off counts little."""
    x, y = points.T
    zero, unit = np.zeros_like(x), np.ones_like(x)
    rows = np.concatenate([np.stack([x, -y, unit, zero], 1), np.stack([y, x, zero, unit], 1)])
    goal = np.concatenate([x + moved[:, 0], y + moved[:, 1]])
    off = np.linalg.norm(moved - np.median(moved[weight > 0], axis=0), axis=1)
    solution = np.array([1.0, 0.0, 0.0, 0.0])
    for _ in range(ROUNDS):
        share = np.sqrt(weight / (1 + off**2))
        both = np.concatenate([share, share])
        solution = np.linalg.lstsq(rows * both[:, None], goal * both, rcond=None)[0]
        miss = (rows @ solution - goal).reshape(2, -1)
        off = np.hypot(*miss)
    return solution
