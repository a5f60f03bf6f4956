"""Covers: nothing of what is under them is left, and everything else stays as it was, bit for bit."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from av.video.frame import VideoFrame
from hypothesis import given
from hypothesis import strategies as some

from beeldkluis.masking.boxes import Box
from beeldkluis.masking.cover_sheet import Area, CoverHead, CoverReader, PictureCover, inward, outward, packed
from beeldkluis.masking.draft import Mode
from beeldkluis.masking.lettering import DARK, GLYPHS, LIGHT, strip
from beeldkluis.masking.paint import EDGE, FILL, Mark, painted, place, planes_of

WIDTH, HEIGHT = 70, 38  # lines are padded in memory: 70 is no multiple of 16
SHARE = some.floats(-0.5, 1.5)
BOXES = some.builds(lambda a, b, c, d: Box(min(a, b), min(c, d), max(a, b), max(c, d)), SHARE, SHARE, SHARE, SHARE)


def areas_of(boxes: list[Box], rounded: Callable[[Box, int, int], Area | None]) -> tuple[Area, ...]:
    return tuple(area for box in boxes if (area := rounded(box, WIDTH, HEIGHT)) is not None)


COVERS = some.builds(
    lambda everything, covered, freed: PictureCover(
        0, everything, areas_of(covered, outward), areas_of(freed, inward)
    ),
    some.booleans(), some.lists(BOXES, max_size=4), some.lists(BOXES, max_size=3),
)  # fmt: skip


def noise(seed: int, width: int = WIDTH, height: int = HEIGHT) -> VideoFrame:
    """A picture in which no two dots are alike but by chance."""
    frame, chance = VideoFrame(width, height, "yuv420p"), np.random.default_rng(seed)
    for plane in planes_of(frame):
        plane[:] = chance.integers(0, 256, plane.shape, np.uint8)
    return frame


def under(cover: PictureCover, mode: Mode, number: int) -> np.ndarray:
    """Which dots of a plane are covered, said in another way than the painter does."""
    step = 2 if number else 1
    hidden = np.zeros((HEIGHT // step, WIDTH // step), bool)
    if cover.everything or mode is Mode.INVERTED:
        hidden[:] = True
        for area in () if cover.everything else cover.freed:
            hidden[place(area, number)] = False
    for area in cover.covered:
        hidden[place(area, number)] = True
    return hidden


@given(cover=COVERS, mode=some.sampled_from(Mode), seed=some.integers(0, 1000))
def test_under_a_cover_nothing_is_left_and_beside_it_nothing_changes(
    cover: PictureCover, mode: Mode, seed: int
) -> None:
    one, two = noise(seed), noise(seed + 1)
    before = [plane.copy() for plane in planes_of(one)]
    first, second = planes_of(painted(one, cover, mode)), planes_of(painted(two, cover, mode))
    for number, (left, right, source) in enumerate(zip(first, second, before, strict=True)):
        hidden = under(cover, mode, number)
        assert np.array_equal(left[hidden], right[hidden]), "the same plan, another picture: the same bytes"
        assert set(np.unique(left[hidden])) <= {FILL[number], EDGE[number]}
        assert np.array_equal(left[~hidden], source[~hidden])
        assert np.array_equal(planes_of(one)[number], source), "the picture itself stays"


@given(box=BOXES)
def test_a_cover_is_rounded_outward_and_what_is_freed_inward(box: Box) -> None:
    edges = (box.x0 * WIDTH, box.y0 * HEIGHT, box.x1 * WIDTH, box.y1 * HEIGHT)
    for area, sign in ((outward(box, WIDTH, HEIGHT), 1), (inward(box, WIDTH, HEIGHT), -1)):
        if area is None:
            continue
        assert not any(value % 2 for value in area)
        assert 0 <= area.x0 < area.x1 <= WIDTH
        assert 0 <= area.y0 < area.y1 <= HEIGHT
        limits = (WIDTH, HEIGHT, WIDTH, HEIGHT)
        for value, edge, most, way in zip(area, edges, limits, (-1, -1, 1, 1), strict=True):
            inside = min(max(edge, 0), most)
            assert (value - inside) * way * sign >= -1e-9
            assert abs(value - inside) < 2 + 1e-9


def test_a_border_shows_where_people_are_covered_one_by_one_and_not_where_all_is() -> None:
    cover = PictureCover(0, everything=False, covered=(Area(10, 10, 30, 30), Area(20, 10, 40, 30)), freed=())
    light = planes_of(painted(noise(1), cover, Mode.COVERED))[0]
    assert (light[10:12, 10:40] == EDGE[0]).all()
    assert (light[12:28, 12:38] == FILL[0]).all(), "no border inside another cover"
    assert (planes_of(painted(noise(1), cover, Mode.INVERTED))[0] == FILL[0]).all()


def test_a_mark_is_read_and_keeps_off_the_middle_of_whom_is_freed() -> None:
    light = strip("Bewerkt 7", 320, 240)
    letters = [light[3:10, 3 + 6 * number : 8 + 6 * number] for number in range(9)]
    read = [
        "".join(f"{sum(1 << row for row in range(7) if letter[row, column] == LIGHT):02X}" for column in range(5))
        for letter in letters
    ]
    assert [next(key for key, glyph in GLYPHS.items() if glyph == one) for one in read] == list("BEWERKT 7")
    assert set(np.unique(light)) == {DARK, LIGHT}
    mark = Mark(light, 320, 240)
    below, wide = 240 - light.shape[0], light.shape[1]
    assert mark.corner(()) == Area(0, below, wide, 240)
    assert mark.corner((Area(0, below, 20, 240),)) == Area(320 - wide, below, 320, 240)
    frame = painted(noise(2, 320, 240), PictureCover(0, everything=True, covered=(), freed=()), Mode.COVERED, mark)
    assert np.array_equal(planes_of(frame)[0][below:, :wide], light)


@pytest.mark.parametrize(("width", "height"), [(2, 2), (64, 36), (608, 1080), (1920, 1080)])
def test_a_mark_fits_in_every_picture(width: int, height: int) -> None:
    text = "BEWERKT  ZAAK 2026-0012  28-11-2026"
    light = strip(text, width, height)
    tall, wide = light.shape
    assert tall % 2 == wide % 2 == 0
    assert 0 < tall <= height
    assert 0 < wide <= width
    frame = painted(noise(1, width, height), PictureCover(0, False, (), ()), Mode.INVERTED, Mark(light, width, height))
    assert np.array_equal(planes_of(frame)[0][height - tall :, :wide], light)


HEAD = CoverHead(WIDTH, HEIGHT, 3, Mode.COVERED, "BEWERKT é", ((0, 40), (60, 80)))


@given(covers=some.lists(COVERS, min_size=3, max_size=3))
def test_what_is_packed_is_what_is_read(covers: list[PictureCover]) -> None:
    reader = CoverReader(io.BytesIO(b"".join(packed(HEAD, covers))))
    assert reader.head == HEAD
    assert list(reader.pictures()) == covers


@given(covers=some.lists(COVERS, min_size=3, max_size=3), cut=some.integers(1, 2000))
def test_a_cover_sheet_that_is_cut_off_is_refused(covers: list[PictureCover], cut: int) -> None:
    data = b"".join(packed(HEAD, covers))
    with pytest.raises(ValueError, match="cover sheet"):
        list(CoverReader(io.BytesIO(data[: -min(cut, len(data))])).pictures())


@pytest.mark.parametrize(
    "data", [b"", b"[]\n", b'{"width":1}\n', b"\xff\n", b'{"audible":[[1]],"width":2,"height":2}\n', b"[" * 100_000]
)
def test_what_is_no_cover_sheet_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="cover sheet"):
        CoverReader(io.BytesIO(data))


def test_an_area_outside_or_odd_is_refused() -> None:
    for area in (Area(0, 0, WIDTH + 2, 2), Area(0, 0, 3, 2), Area(4, 0, 2, 2)):
        with pytest.raises(ValueError, match="none"):
            list(CoverReader(io.BytesIO(b"".join(packed(HEAD, [PictureCover(0, False, (area,), ())] * 3)))).pictures())
    with pytest.raises(ValueError, match="not as many"):
        list(packed(HEAD, [PictureCover(0, False, (), ())]))
    with pytest.raises(ValueError, match="no place"):
        outward(Box(float("nan"), 0, 1, 1), WIDTH, HEIGHT)
