"""Made scenes of which the truth is known exactly: people as boxes that walk before a drawn background, and a detector that errs.

Places are pixels of a picture of 320 by 180 in a world that is larger; feet stand at y. Whoever is named later stands before who
is named earlier.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from beeldkluis.masking.analysing import Film, Shown, analyse
from beeldkluis.masking.analysis import Analysis
from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.geometry import clipped, contained, overlap
from beeldkluis.masking.plan import Covers

WIDTH, HEIGHT, FRAME_US = 320, 180, 40_000
WIDE = 0.38  # of a person's height
FILM = Film(width=1280, height=720, duration_ms=0)

Place = tuple[float, float, float]  # middle, feet, height
Path = Callable[[int], Place | None]


def walk(*places: tuple[int, float, float, float]) -> Path:
    """Straight ways between places (picture, middle, feet, height); nobody before the first or after the last."""

    def at(frame: int) -> Place | None:
        for (begin, *one), (end, *other) in pairwise(places):
            if begin <= frame <= end:
                share = (frame - begin) / (end - begin)
                middle, feet, height = ((1 - share) * a + share * b for a, b in zip(one, other, strict=True))
                return middle, feet, height
        return None

    return at


@dataclass(frozen=True)
class Scene:
    """`people` by name; `things` hide who stands behind them and nobody finds them; `camera`: left top of the picture in the
    world; `cuts`: pictures with another background; `hand`: pictures in which a hand lies before the lens.
    """

    frames: int
    people: dict[str, Path]
    things: dict[str, Path] = field(default_factory=dict)
    camera: Callable[[int], tuple[float, float]] = lambda _frame: (0.0, 0.0)
    cuts: tuple[int, ...] = ()
    hand: range = range(0)

    def order(self) -> list[tuple[str, Path]]:
        """Everybody and everything, the farthest first."""
        return [*self.people.items(), *self.things.items()]

    def boxes(self, frame: int) -> dict[str, Box]:
        """Where everybody and everything is, in shares of the picture; also outside it."""
        left, top = self.camera(frame)
        found = {}
        for name, path in self.order():
            if (place := path(frame)) is not None:
                middle, feet, height = place
                half = height * WIDE / 2
                found[name] = Box(
                    (middle - half - left) / WIDTH,
                    (feet - height - top) / HEIGHT,
                    (middle + half - left) / WIDTH,
                    (feet - top) / HEIGHT,
                )
        return found

    def seen(self, frame: int, name: str, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """Those points of somebody that stand in the picture and behind nobody."""
        if frame in self.hand:
            return []
        boxes = self.boxes(frame)
        before = [box for other, box in boxes.items() if list(boxes).index(other) > list(boxes).index(name)]
        return [
            (x, y) for x, y in points if 0 <= x < 1 and 0 <= y < 1 and not any(inside((x, y), box) for box in before)
        ]


def inside(point: tuple[float, float], box: Box) -> bool:
    return box.x0 <= point[0] < box.x1 and box.y0 <= point[1] < box.y1


def grid(box: Box, across: int, down: int) -> list[tuple[float, float]]:
    return [
        (box.x0 + (at + 0.5) / across * box.width, box.y0 + (row + 0.5) / down * box.height)
        for at in range(across)
        for row in range(down)
    ]


def head(box: Box) -> Box:
    """The head of a person with this box."""
    middle, half = (box.x0 + box.x1) / 2, 0.22 * box.width
    return Box(middle - half, box.y0, middle + half, box.y0 + 0.15 * box.height)


@cache
def world(number: int) -> NDArray[np.float32]:
    """A background with large and small shapes."""
    dice = np.random.default_rng(number)
    whole = np.zeros((704, 1984), np.float32)
    for size in (4, 8, 16, 32, 64):
        shapes = dice.normal(size=(704 // size, 1984 // size)).astype(np.float32)
        whole += np.kron(shapes, np.ones((size, size), np.float32)) * np.float32(size**0.5)
    return (whole - whole.min()) / (whole.max() - whole.min()) * 180 + 30


def thumbnail(scene: Scene, frame: int) -> NDArray[np.uint8]:
    """The picture, small and grey."""
    dice = np.random.default_rng(frame)
    if frame in scene.hand:
        return dice.integers(4, 9, (HEIGHT, WIDTH)).astype(np.uint8)
    left, top = (round(one) for one in scene.camera(frame))
    background = world(1 + sum(cut <= frame for cut in scene.cuts))
    picture = background[256 + top : 256 + top + HEIGHT, 832 + left : 832 + left + WIDTH].copy()
    for at, box in enumerate(scene.boxes(frame).values()):
        rows = slice(max(0, round(box.y0 * HEIGHT)), max(0, round(box.y1 * HEIGHT)))
        columns = slice(max(0, round(box.x0 * WIDTH)), max(0, round(box.x1 * WIDTH)))
        picture[rows, columns] = 60 + 37 * at % 160
    noisy = picture + dice.normal(scale=2, size=picture.shape)
    return noisy.clip(0, 255).astype(np.uint8)


@dataclass(frozen=True)
class Detector:
    """Finds who shows enough of themselves: with jitter, misses, false boxes and boxes of half a person."""

    scene: Scene
    seed: int = 1
    misses: float = 0.06
    jitter: float = 0.03
    false: float = 0.02
    halves: float = 0.03
    guesses: bool = False  # the box of somebody half hidden is that of the whole person

    def __call__(self, picture: NDArray[np.uint8]) -> list[Found]:
        """What it finds in a picture of `shown`, which holds nothing but its number."""
        return self.at(int(picture.view(np.uint32)[0, 0, 0]))

    def at(self, frame: int) -> list[Found]:
        """What it finds in the picture of this number."""
        dice = random.Random(1_000_003 * self.seed + frame)
        found: list[Found] = []
        for name in reversed(self.scene.people):
            box = self.scene.boxes(frame).get(name)
            if box is None:
                continue
            points = grid(box, 9, 12)
            seen = self.scene.seen(frame, name, points)
            share, unlucky = len(seen) / len(points), dice.random() < self.misses
            if share < 0.15 or unlucky:
                continue
            shaken = self._shaken(dice, grid(clipped(box), 9, 12) if self.guesses else seen)
            score = min(0.9, 0.9 * share + dice.uniform(-0.05, 0.1)) if share > 0.4 else dice.uniform(0.12, 0.4)
            # As every detector does, this one drops boxes that lie over a surer one.
            if not any(overlap(shaken, other.box) > 0.6 for other in found):
                found.append(Found(shaken, Kind.PERSON, round(score, 3)))
                if dice.random() < self.halves:
                    half = Box(shaken.x0, shaken.y0, shaken.x1, (shaken.y0 + shaken.y1) / 2)
                    found.append(Found(half, Kind.PERSON, round(0.8 * score, 3)))
        if dice.random() < self.false:
            x, y = dice.random() * 0.9, dice.random() * 0.7
            found.append(Found(Box(x, y, x + 0.08, y + 0.3), Kind.PERSON, 0.35))
        return found

    def _shaken(self, dice: random.Random, seen: list[tuple[float, float]]) -> Box:
        """The box around points, a little wrong."""
        x0, x1 = min(x for x, _ in seen), max(x for x, _ in seen)
        y0, y1 = min(y for _, y in seen), max(y for _, y in seen)
        wrong = [dice.gauss(0, self.jitter) * size for size in (x1 - x0, y1 - y0, x1 - x0, y1 - y0)]
        return Box(
            max(0.0, x0 + wrong[0] - 0.004), max(0.0, y0 + wrong[1] - 0.004),
            min(1.0, x1 + wrong[2] + 0.004), min(1.0, y1 + wrong[3] + 0.004),
        )  # fmt: skip


def shown(scene: Scene, begin: int = 0) -> Iterator[Shown]:
    """The pictures of a scene."""
    for frame in range(begin, scene.frames):
        yield Shown(frame, frame * FRAME_US, numbered(frame), lambda frame=frame: thumbnail(scene, frame))


def numbered(frame: int) -> Callable[[], NDArray[np.uint8]]:
    """A picture that holds its number."""
    return lambda: np.array([frame], np.uint32).view(np.uint8).reshape(1, 1, 4)


def analysed(scene: Scene, detector: Detector) -> Analysis:
    return analyse(shown(scene), detector, FILM)


def exposed(scene: Scene, frame: int, covers: Covers, *, but: str = "") -> list[str]:
    """Whose head shows in a copy in which people are covered: any of nine points of it."""
    found = []
    for name, box in scene.boxes(frame).items():
        if name in scene.people and name != but and not covers.everything:
            points = scene.seen(frame, name, grid(head(box), 3, 3))
            if any(not any(inside(point, cover) for cover in covers.covered) for point in points):
                found.append(name)
    return found


def leaked(scene: Scene, frame: int, covers: Covers, freed: str) -> list[str]:
    """Who shows in an inverted copy though somebody else was freed: a point of the head, or a twentieth of the body."""
    found = []
    for name, box in scene.boxes(frame).items() if not covers.everything else ():
        if name not in scene.people or name == freed:
            continue
        body, shows = scene.seen(frame, name, grid(box, 9, 12)), 0
        for point in body:
            shows += _shows(point, covers)
        if shows > 0.05 * 9 * 12 or any(
            _shows(point, covers) for point in scene.seen(frame, name, grid(head(box), 3, 3))
        ):
            found.append(name)
    return found


def _shows(point: tuple[float, float], covers: Covers) -> bool:
    return any(inside(point, box) for box in covers.freed) and not any(inside(point, box) for box in covers.covered)


def whose(scene: Scene, analysis: Analysis, number: int) -> str:
    """Who a person frees by choosing this track where it is followed surely for the first time; nobody when it never is."""
    track = next(track for track in analysis.tracks if track.number == number)
    for hit in track.hits:
        if not any(begin <= hit.frame <= end for begin, end in track.unsure):
            boxes = {name: box for name, box in scene.boxes(hit.frame).items() if name in scene.people}
            near = {
                name: (overlap(box, hit.box) + contained(hit.box, box))
                * len(scene.seen(hit.frame, name, grid(box, 9, 12)))
                for name, box in boxes.items()
            }
            best = max(near, key=lambda name: near[name], default="")
            return best if near.get(best, 0) > 0.1 * 9 * 12 else ""
    return ""


def _pan(frame: int) -> tuple[float, float]:
    """Turns to the right, waits, turns back faster, and shakes."""
    right = 3.0 * min(frame, 60) - 5.0 * max(0, min(frame - 90, 60))
    return right + 2 * ((frame * 7) % 5 - 2), 1.0 * ((frame * 3) % 4)


SCENES: dict[str, Scene] = {
    "crossing": Scene(
        150,
        {"anna": walk((0, 40, 170, 120), (149, 280, 170, 120)), "bert": walk((0, 280, 174, 124), (149, 40, 174, 124))},
    ),
    "meeting and turning back": Scene(
        160,
        {
            "anna": walk((0, 40, 170, 120), (75, 150, 170, 120), (159, 30, 170, 120)),
            "bert": walk((0, 280, 172, 118), (75, 162, 172, 118), (159, 290, 172, 118)),
        },
    ),
    "meeting without touching": Scene(
        120,
        {
            "anna": walk((0, 40, 170, 120), (60, 128, 170, 120), (119, 30, 170, 120)),
            "bert": walk((0, 280, 172, 118), (60, 188, 172, 118), (119, 290, 172, 118)),
        },
    ),
    "leaving, another comes, and returning": Scene(
        260,
        {
            "anna": lambda frame: (
                walk((0, 160, 170, 120), (80, 350, 170, 120))(frame)
                or walk((180, 350, 170, 120), (259, 160, 170, 120))(frame)
            ),
            "bert": walk((88, 350, 170, 118), (140, 200, 170, 118), (178, 350, 170, 118)),
        },
    ),
    "walking in front": Scene(
        170,
        {
            "anna": walk((0, 160, 160, 100), (169, 162, 160, 100)),
            "bert": walk((20, -40, 178, 160), (150, 360, 178, 160)),
        },
    ),
    "one hidden behind the other comes out": Scene(
        150,
        {
            "bert": walk((0, 150, 168, 112), (60, 150, 168, 112), (149, 290, 168, 112)),
            "anna": walk((0, 150, 172, 122), (149, 150, 172, 122)),
        },
    ),
    "changing behind a pillar": Scene(
        150,
        {
            "anna": walk((0, 30, 170, 120), (60, 160, 170, 120), (149, 160, 170, 120)),
            "bert": walk((0, 160, 170, 120), (55, 160, 170, 120), (149, 300, 170, 120)),
        },
        {"pillar": walk((0, 160, 180, 175), (149, 160, 180, 175))},
    ),
    "the camera turning": Scene(
        170,
        {
            "anna": walk((0, 100, 170, 110), (169, 160, 170, 110)),
            "bert": walk((0, 260, 165, 100), (169, 230, 165, 100)),
            "cees": walk((0, 420, 172, 120), (169, 300, 172, 120)),
        },
        camera=_pan,
    ),
    "a cut": Scene(
        140,
        {
            "anna": lambda frame: (
                walk((0, 100, 170, 120), (139, 220, 170, 120))(frame) if frame < 68 else (250.0, 170.0, 110.0)
            ),
            "bert": lambda frame: (
                (230.0, 170.0, 118.0) if frame < 68 else walk((60, 150, 170, 120), (139, 190, 170, 120))(frame)
            ),
        },
        cuts=(68,),
    ),
    "the lens covered": Scene(
        160,
        {
            "anna": lambda frame: (
                walk((0, 140, 170, 120), (60, 170, 170, 120))(frame)
                if frame < 60
                else walk((60, 250, 170, 120), (159, 280, 170, 120))(frame)
            ),
            "bert": lambda frame: (
                (270.0, 170.0, 118.0) if frame < 60 else walk((60, 175, 170, 120), (159, 150, 170, 120))(frame)
            ),
        },
        hand=range(52, 75),
    ),
    "side by side": Scene(
        160,
        {"anna": walk((0, 60, 170, 115), (159, 230, 170, 125)), "bert": walk((0, 112, 171, 115), (159, 284, 171, 125))},
    ),
    "running past": Scene(
        110,
        {
            "anna": walk((0, 160, 168, 110), (109, 165, 168, 110)),
            "bert": walk((10, -30, 172, 120), (45, 350, 172, 120)),
            "cees": walk((60, 350, 160, 96), (95, -30, 160, 96)),
        },
    ),
}
