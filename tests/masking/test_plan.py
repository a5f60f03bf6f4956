"""What is covered in each picture, by what a person made of an analysis."""

import pytest

from beeldkluis.masking.analysis import Analysis, Hit, Track
from beeldkluis.masking.boxes import Box, Kind
from beeldkluis.masking.doubts import doubts
from beeldkluis.masking.draft import Change, Draft, Key, Mode
from beeldkluis.masking.plan import ALL_OF_IT, Plan, audible

LEFT, RIGHT = Box(0.1, 0.2, 0.3, 0.8), Box(0.6, 0.2, 0.8, 0.8)


def film(*tracks: Track, frames: int = 200) -> Analysis:
    return Analysis(640, 360, tuple(at * 40_000 for at in range(frames)), frames * 40, (), tracks, (), b"", 100, ())


def person(number: int, box: Box, *unsure: tuple[int, int], frames: int = 200) -> Track:
    return Track(number, Kind.PERSON, (Hit(0, box, 0.9), Hit(frames - 1, box, 0.9)), 0, (box,) * frames, unsure)


TWO = film(person(1, LEFT, (50, 60)), person(2, RIGHT))


def plan(mode: Mode, *changes: Change) -> Plan:
    return Plan(TWO, Draft(mode, changes))


def test_inverted_everything_is_covered_but_who_was_freed_and_all_where_that_is_not_sure() -> None:
    assert set(plan(Mode.INVERTED)) == {ALL_OF_IT}
    freed = plan(Mode.INVERTED, Change(1, free=True))
    (shown,) = freed.at(49).freed
    assert (shown.x0, shown.y0, shown.x1, shown.y1) == pytest.approx((0.12, 0.26, 0.28, 0.74)), (
        "without what it was grown by"
    )
    assert freed.at(49).covered == (RIGHT,)
    assert [freed.at(frame) for frame in (50, 60, -1, 200)] == [ALL_OF_IT] * 4
    put = plan(Mode.INVERTED, Change(1, free=True, keys=(Key(55, LEFT),)))
    assert put.at(55).freed == (LEFT,), "a person says where"
    assert put.at(56) == ALL_OF_IT


def test_where_people_are_covered_the_freed_one_is_covered_again_where_that_is_not_sure() -> None:
    freed = plan(Mode.COVERED, Change(1, free=True))
    assert freed.at(49).covered == (RIGHT,)
    assert set(freed.at(55).covered) == {LEFT, RIGHT}


def test_removed_needs_a_reason_and_what_was_drawn_lives_three_seconds() -> None:
    assert len(plan(Mode.COVERED, Change(1, removed=True)).at(0).covered) == 2
    assert plan(Mode.COVERED, Change(1, removed=True, reason="een pop")).at(0).covered == (RIGHT,)
    drawn = plan(Mode.COVERED, Change(1001, keys=(Key(10, LEFT),)))
    assert [len(drawn.at(frame).covered) for frame in (9, 10, 85, 86)] == [2, 3, 3, 2]
    moved = plan(Mode.COVERED, Change(1001, keys=(Key(10, LEFT), Key(20, RIGHT), Key(30, None))))
    assert moved.at(15).covered[-1].x0 == pytest.approx(0.35)
    assert [len(moved.at(frame).covered) for frame in (29, 30)] == [3, 2]


def test_a_split_track_is_freed_in_its_own_pictures_and_a_joined_one_with_it() -> None:
    split = plan(Mode.COVERED, Change(2, end=99, free=True), Change(2, begin=100))
    assert split.at(99).covered == (LEFT,)
    assert len(split.at(100).covered) == 2
    assert plan(Mode.COVERED, Change(1, free=True, joined=(2,))).at(0).covered == ()
    with pytest.raises(ValueError, match="no track 3"):
        plan(Mode.COVERED, Change(3))


def test_who_is_freed_and_kept_by_two_changes_stays_covered_and_the_change_that_joined_rules() -> None:
    assert len(plan(Mode.COVERED, Change(1, free=True), Change(1)).at(0).covered) == 2
    joined = plan(Mode.COVERED, Change(1), Change(2, free=True, joined=(1,)))
    assert joined.at(0).covered == (), "its own change says nothing any more"


def test_where_a_person_ended_a_freed_track_it_is_covered_and_a_covered_one_goes_with_a_reason_only() -> None:
    end = (Key(50, None),)
    freed = plan(Mode.COVERED, Change(1, free=True, keys=end, reason="gaat weg"))
    assert [len(freed.at(frame).covered) for frame in (49, 50, 199)] == [1, 2, 2]
    kept, ended = (plan(Mode.COVERED, Change(1, keys=end, reason=reason)) for reason in ("", "een pop"))
    assert [len(kept.at(frame).covered) for frame in (49, 50)] == [2, 2]
    assert [len(ended.at(frame).covered) for frame in (49, 50)] == [2, 1]


def test_what_may_be_heard_is_in_order_and_within_the_film() -> None:
    assert audible([(500, 900), (0, 100), (100, 200), (950, 3_000), (7, 7)], 1_000) == (
        (0, 200),
        (500, 900),
        (950, 1_000),
    )


def test_a_person_is_told_where_to_look() -> None:
    crossing = film(person(1, LEFT, (50, 60)), person(2, LEFT, (50, 60)))
    assert [(one.text, one.begin, one.end) for one in doubts(crossing, Draft(Mode.INVERTED))] == [
        ("Persoon 1 en 2 lopen door elkaar.", 50, 60)
    ]
    (lost,) = doubts(film(person(2, LEFT, (25, 175))), Draft(Mode.INVERTED))
    assert (lost.text, lost.tracks) == ("Persoon 2 is 6 seconden niet goed gevolgd.", (2,))
    assert lost.name == doubts(film(person(7, LEFT, (25, 175))), Draft(Mode.COVERED))[0].name
