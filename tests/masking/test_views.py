import numpy as np
import pytest
from numpy.typing import NDArray

from beeldkluis.masking import views
from beeldkluis.masking.boxes import Box


def covered(of: list[Box]) -> float:
    """The share of a picture that lies in any of the areas."""
    grid = np.zeros((200, 200), bool)
    for one in of:
        grid[round(one.y0 * 200) : round(one.y1 * 200), round(one.x0 * 200) : round(one.x1 * 200)] = True
    return float(grid.mean())


@pytest.mark.parametrize(
    ("width", "height", "tiles"),
    [(640, 480, 0), (768, 432, 0), (1280, 720, 2), (720, 1280, 2), (1920, 1080, 6), (1080, 1920, 6), (3840, 2160, 6)],
)
def test_tiles_follow_the_size_and_leave_nothing_out(width: int, height: int, tiles: int) -> None:
    whole, *parts = views.areas(width, height)
    assert whole == Box(0, 0, 1, 1)
    assert len(parts) == tiles
    if tiles:
        assert covered(parts) == 1
    if tiles == 2:
        first, second = parts
        side = (first.x1 - second.x0) / first.width if width > height else (first.y1 - second.y0) / first.height
        assert side == pytest.approx(views.OVERLAP)


def test_what_a_network_sees_lies_where_it_lies_in_the_picture() -> None:
    picture = np.zeros((720, 1280, 3), np.uint8)
    picture[300:360, 900:1000] = (255, 128, 0)
    split = views.planes(picture)
    for area in views.areas(1280, 720):
        for wide, high, stretched in ((416, 416, False), (300, 300, True), (192, 192, False)):
            made, fit = views.seen(split, area, wide, high, stretched=stretched)
            assert made.shape == (1, 3, high, wide)
            rows, columns = np.nonzero(made[0, 0] > 127)
            if len(rows) == 0:
                assert area.x1 < 900 / 1280 or area.x0 > 1000 / 1280
                continue
            found = fit.back(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
            if area.x0 <= 900 / 1280 and area.x1 >= 1000 / 1280:
                expected = (900 / 1280, 300 / 720, 1000 / 1280, 360 / 720)
                assert (found.x0, found.y0, found.x1, found.y1) == pytest.approx(expected, abs=0.01)
            if wide == 416:
                middle = made[0, :, (rows.min() + rows.max()) // 2, (columns.min() + columns.max()) // 2]
                assert middle == pytest.approx((255, 128, 0), abs=3)


@pytest.mark.parametrize(("width", "height"), [(2, 2), (3, 719), (641, 481), (1279, 719)])
def test_odd_sizes_are_seen(width: int, height: int) -> None:
    picture: NDArray[np.uint8] = np.full((height, width, 3), 200, np.uint8)
    for area in views.areas(width, height):
        made, fit = views.seen(views.planes(picture), area, 416, 416, stretched=False)
        assert made[0, 0, fit.height // 2, fit.width // 2] == pytest.approx(200, abs=2)


def test_a_box_beyond_the_edge_ends_at_the_edge() -> None:
    fit = views.Fit(Box(0.5, 0.0, 1.0, 1.0), 416, 416)
    assert fit.back(-500, 208, 500, 900) == Box(0.0, 0.5, 1.0, 1.0)


def test_only_a_dark_picture_is_brightened() -> None:
    light: NDArray[np.uint8] = np.full((100, 100, 3), 90, np.uint8)
    assert views.brightened(light) is None
    dark: NDArray[np.uint8] = np.full((100, 100, 3), 12, np.uint8)
    dark[:50] = 100
    assert views.brightened(dark) is None
    dark[:50] = 30
    brighter = views.brightened(dark)
    assert brighter is not None
    assert (brighter[0, 0, 0], brighter[99, 0, 0]) == (120, 48)
