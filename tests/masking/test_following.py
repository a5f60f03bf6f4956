"""Tracks, covers and the camera: what holds whatever is found."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
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
    covering = Covering(range(0, 1_600_000, 40_000), (STILL,) * 40, (0,), 16 / 9)
    first, covers = covering.covers(Kind.PERSON, [Hit(15, one, score), Hit(20, other, score)])
    for frame in range(16, 20):
        assert min(contained(one, covers[frame - first]), contained(other, covers[frame - first])) > 0.9999
    _, lower = covering.covers(Kind.PERSON, [Hit(15, one, score * less), Hit(20, other, score * less)])
    assert all(contained(cover, wider) > 0.9999 for cover, wider in zip(covers, lower, strict=True))


def test_who_comes_out_of_a_meeting_is_a_new_track_for_both() -> None:
    def at(left: float) -> Found:
        return Found(Box(left, 0.2, left + 0.1, 0.7), Kind.PERSON, 0.8)

    looks = {
        5 * look: (at(0.2 + 0.05 * look), at(0.6 - 0.05 * look)) for look in range(4)
    }  # up to a third over each other
    looks |= {5 * look: (at(0.39), at(0.41)) for look in range(4, 8)}  # nobody can tell them apart
    looks |= {5 * look: (at(0.4 - 0.05 * (look - 7)), at(0.4 + 0.05 * (look - 7))) for look in range(8, 12)}
    found = [(track.hits[0].frame, track.hits[-1].frame) for track in follow(seen(looks), 16 / 9).tracks]
    assert not [one for one in found if one[0] <= 15 and one[1] >= 55], found
    assert len([one for one in found if one[1] >= 55]) == 2


def test_where_somebody_was_lost_for_more_than_two_looks_is_not_sure() -> None:
    looks = {at: (Found(BOX, Kind.PERSON, 0.6),) for at in range(0, 61, 5) if at not in (25, 30)}
    (track,) = follow(seen(looks), 16 / 9).tracks
    assert track.unsure == ((21, 34),)


@pytest.mark.parametrize(("rate", "pictures"), [(1, 5), (10, 6), (25, 15), (50, 30)])
def test_who_was_found_is_covered_for_six_tenths_of_a_second_more_and_for_five_pictures(
    rate: int, pictures: int
) -> None:
    times = range(0, 200 * 1_000_000 // rate, 1_000_000 // rate)
    covering = Covering(times, (STILL,) * 200, (0, 110), 16 / 9)
    first, covers = covering.covers(Kind.PERSON, [Hit(90, BOX, 0.9), Hit(95, BOX, 0.9)])
    assert (first, first + len(covers) - 1) == (90 - pictures, min(109, 95 + pictures)), "and never across a border"


def test_a_pane_that_is_faint_in_every_look_is_told_once_in_five_seconds() -> None:
    pane = Found(BOX, Kind.SCREEN, 0.2)
    elsewhere = Found(Box(0.7, 0.2, 0.8, 0.7), Kind.SCREEN, 0.2)
    person = Found(Box(0.7, 0.2, 0.8, 0.7), Kind.PERSON, 0.2)
    looks = {at: (pane, elsewhere, person) if at == 10 else (pane,) for at in range(0, 300, 5)}
    part = replace(seen(looks, 300), times_us=tuple(range(0, 12_000_000, 40_000)))
    assert follow(part, 16 / 9).faint == ((0, pane), (10, elsewhere), (10, person), (125, pane), (250, pane))


def test_a_screen_that_was_seen_surely_once_goes_on_while_it_is_faint() -> None:
    looks = {at: (Found(BOX, Kind.SCREEN, 0.6 if at == 20 else 0.2),) for at in range(0, 61, 5)}
    followed = follow(seen(looks), 16 / 9)
    assert [(track.kind, track.first, track.last) for track in followed.tracks] == [(Kind.SCREEN, 0, 60)]
    assert followed.faint == ()


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
