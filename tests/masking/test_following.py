"""Tracks, covers and the camera: what holds whatever is found."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.masking.scenes import world

from beeldkluis.masking.analysis import Hit
from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.covering import Covering
from beeldkluis.masking.follow import follow
from beeldkluis.masking.geometry import STILL, contained
from beeldkluis.masking.matching import cheapest
from beeldkluis.masking.motion import Camera
from beeldkluis.masking.part import Part

BOX = Box(0.3, 0.2, 0.4, 0.7)


def seen(found: dict[int, tuple[Found, ...]], frames: int = 61) -> Part:
    return Part(0, tuple(range(frames)), (STILL,) * frames, (0,), bytes(frames), tuple(sorted(found.items())))


@given(st.sets(st.integers(1, 11), max_size=2))
def test_a_person_who_stands_still_is_covered_in_every_picture_whichever_looks_miss(missed: set[int]) -> None:
    looks = {5 * at: (Found(BOX, Kind.PERSON, 0.6),) for at in range(13) if at not in missed}
    (track,) = follow(seen(looks), 16 / 9).tracks
    assert (track.first, track.last) == (0, 60)
    assert all(contained(BOX, cover) > 0.9999 for cover in track.covers)


@given(st.floats(0, 0.6), st.floats(0, 0.6), st.floats(0.1, 0.9), st.floats(0.01, 0.9))
def test_a_cover_holds_both_boxes_between_which_it_stands_and_a_lower_score_never_shrinks_it(
    x: float, other_x: float, score: float, less: float
) -> None:
    one, other = Box(x, 0.2, x + 0.1, 0.7), Box(other_x, 0.2, other_x + 0.1, 0.7)
    covering = Covering((STILL,) * 40, (0,), 16 / 9)
    first, covers = covering.covers(Kind.PERSON, [Hit(15, one, score), Hit(20, other, score)])
    for frame in range(16, 20):
        assert min(contained(one, covers[frame - first]), contained(other, covers[frame - first])) > 0.9999
    _, lower = covering.covers(Kind.PERSON, [Hit(15, one, score * less), Hit(20, other, score * less)])
    assert all(contained(cover, wider) > 0.9999 for cover, wider in zip(covers, lower, strict=True))


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.floats(0, 1), max_size=16))
def test_as_many_pairs_as_can_be_and_the_cheapest_of_those(costs: dict[tuple[int, int], float]) -> None:
    def worth(pairs: list[tuple[int, int]]) -> tuple[int, float]:
        possible = [pair for pair in pairs if pair in costs]
        return -len(possible), sum(costs[pair] for pair in possible)

    best = min(worth(list(enumerate(order))) for order in permutations(range(4)))
    count, cost = worth(list(cheapest(costs).items()))
    assert count == best[0]
    assert abs(cost - best[1]) < 1e-6


def test_the_camera_is_followed_and_another_place_is_a_border() -> None:
    camera, places = Camera(), [(300, 900), (303, 911), (301, 925), (301, 925)]
    sights = [camera.see(world(1)[y : y + 180, x : x + 320].astype(np.uint8)) for y, x in places]
    assert [sight.border for sight in sights] == [True, False, False, False]
    for sight, (y, x), (before_y, before_x) in zip(sights[1:], places[1:], places, strict=False):
        assert abs(sight.move.x0 * 320 - (before_x - x)) < 0.5
        assert abs(sight.move.y0 * 180 - (before_y - y)) < 0.5
    assert camera.see(world(2)[300:480, 900:1220].astype(np.uint8)).border
    assert camera.see(np.full((180, 320), 6, np.uint8)).border, "a hand before the lens"
    assert not camera.see(np.full((180, 320), 7, np.uint8)).border
