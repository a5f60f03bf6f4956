"""A film that is looked through in parts, also by several attempts, gives what one attempt in one go gives."""

import pytest
from tests.masking.scenes import FILM, FRAME_US, SCENES, Detector, analysed, exposed, shown

from beeldkluis.masking.analysing import concluded, join, look
from beeldkluis.masking.draft import Draft, Mode
from beeldkluis.masking.part import Part
from beeldkluis.masking.plan import Plan

pytestmark = pytest.mark.slow
BEFORE = 50  # pictures: two seconds, as the analyser goes back (analyser.BEFORE_US)
SECOND_US = 1_000_000


def parts_of(name: str, begin: int = 0, part_us: int = SECOND_US) -> list[Part]:
    scene = SCENES[name]
    pictures = shown(scene, max(0, begin - BEFORE))
    return list(look(pictures, Detector(scene), aspect=FILM.aspect, begin=begin, part_us=part_us))


@pytest.mark.parametrize("name", ["crossing", "a cut", "the camera turning", "the lens covered"])
def test_parts_together_are_the_film_in_one_go(name: str) -> None:
    parts = parts_of(name)
    assert len(parts) > 3
    assert [one.begin for one in parts[1:]] == [one.end for one in parts[:-1]]
    (whole,) = parts_of(name, part_us=3600 * SECOND_US)
    assert join(parts) == whole
    assert concluded(parts, FILM) == analysed(SCENES[name], Detector(SCENES[name]))


@pytest.mark.parametrize("name", ["crossing", "a cut", "running past", "the lens covered"])
def test_after_an_attempt_that_was_cut_off_the_rest_joins_on_and_nobody_shows(name: str) -> None:
    scene, parts = SCENES[name], parts_of(name)
    whole = join(parts)
    for done in (1, len(parts) - 1):
        later = parts_of(name, parts[done - 1].end)
        assert later[0].begin == parts[done - 1].end
        again = join([*parts[:done], *later])
        assert again.times_us == tuple(frame * FRAME_US for frame in range(scene.frames))
        assert (again.moves, again.borders, again.light) == (whole.moves, whole.borders, whole.light)
        plan = Plan(concluded([*parts[:done], *later], FILM), Draft(Mode.COVERED))
        assert {(frame, who) for frame, one in enumerate(plan) for who in exposed(scene, frame, one)} == set()


def test_a_part_that_is_missing_is_no_film() -> None:
    first, _second, *more = parts_of("crossing")
    with pytest.raises(ValueError, match=f"a part begins with picture {more[0].begin} where {first.end} should be"):
        join([first, *more])
    with pytest.raises(ValueError, match="should be"):
        join(more)


def test_pictures_that_do_not_follow_one_another_are_refused() -> None:
    first, _second, *more = shown(SCENES["crossing"])
    with pytest.raises(ValueError, match="picture 2 does not follow"):
        list(look([first, *more], Detector(SCENES["crossing"]), aspect=FILM.aspect))
