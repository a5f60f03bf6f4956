"""What each detector finds on a few real pictures (pictures/README.md)."""

from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from beeldkluis.masking import detectors, views
from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.detectors import Detector
from beeldkluis.masking.follower import START
from beeldkluis.masking.views import Picture

PICTURES = Path(__file__).with_name("pictures")


def picture(name: str) -> Picture:
    with av.open(str(PICTURES / f"{name}.jpg")) as file:
        (frame,) = file.decode(video=0)
        return frame.to_ndarray(format="bgr24")


@cache
def detector(name: str) -> Detector:
    """Each is made once: it keeps nothing of what it saw."""
    made = {"nanodet": detectors.nanodet, "open_images": detectors.open_images, "faces": detectors.faces}
    return detectors.usual() if name == "usual" else made[name]()


def holds(found: list[Found], kind: Kind, x: float, y: float) -> bool:
    return any(one.kind is kind and one.box.x0 < x < one.box.x1 and one.box.y0 < y < one.box.y1 for one in found)


def alike(one: Box, other: Box) -> float:
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    shared = max(0.0, wide) * max(0.0, high)
    return shared / (one.area + other.area - shared)


@pytest.mark.parametrize("name", ["nanodet", "open_images"])
def test_a_whole_person_is_found_from_head_to_foot(name: str) -> None:
    found = [one for one in detector(name)(picture("standing")) if one.kind is Kind.PERSON]
    assert [alike(one.box, Box(0.5, 0.02, 0.71, 0.88)) > 0.75 for one in found] == [True]


def test_who_enters_is_seen_by_the_second_where_the_first_sees_nobody() -> None:
    entering = picture("entering")
    assert not [one for one in detector("nanodet")(entering) if one.kind is Kind.PERSON]
    assert holds(detector("open_images")(entering), Kind.PERSON, 0.33, 0.8)
    assert holds(detector("usual")(entering), Kind.PERSON, 0.33, 0.8)


def test_nobody_is_found_where_nobody_is() -> None:
    assert [one for one in detector("usual")(picture("nobody")) if one.score >= START] == []
    empty: NDArray[np.uint8] = np.full((720, 1280, 3), 90, np.uint8)
    assert detector("usual")(empty) == []


def test_a_screen_that_one_detector_alone_sees_is_too_little_to_be_followed() -> None:
    pane, other = Box(0.0, 0.0, 0.14, 0.39), Box(0.02, 0.02, 0.15, 0.39)
    man = Found(Box(0.5, 0.1, 0.7, 0.9), Kind.PERSON, 0.35)
    alone, beside = detectors.agreed([[Found(pane, Kind.SCREEN, 0.69), man], [Found(other, Kind.PERSON, 0.4)]])[:2]
    assert alone.score < START
    assert beside == man, "people are believed as any detector sees them"
    both = [[Found(pane, Kind.SCREEN, 0.31)], [Found(other, Kind.SCREEN, 0.35)]]
    assert [one.score for one in detectors.agreed(both)] == [0.31, 0.35]
    clear = [[], [Found(pane, Kind.SCREEN, 0.71)]]
    assert detectors.agreed(clear) == clear[1]
    twice = [[Found(pane, Kind.SCREEN, 0.5), Found(other, Kind.SCREEN, 0.5)], []]
    assert [one.score < START for one in detectors.agreed(twice)] == [True, True], "one detector twice is still one"


def test_cars_are_found() -> None:
    found = detector("usual")(picture("cars"))
    for x, y in ((0.24, 0.3), (0.53, 0.75)):
        assert holds(found, Kind.VEHICLE, x, y)


def test_the_box_of_a_face_is_a_whole_head() -> None:
    (head,) = [one.box for one in detector("faces")(picture("facing")) if one.score > 0.5]
    assert alike(head, Box(0.42, 0.07, 0.59, 0.33)) > 0.9
    assert detectors.head_of(Box(0.0, 0.05, 0.2, 0.25)) == Box(0.0, 0.0, 0.25, 0.28)


def enlarged(small: Picture, width: int, height: int, left: int, top: int) -> Picture:
    """A picture that lies somewhere on a large grey one."""
    whole: Picture = np.full((height, width, 3), 110, np.uint8)
    whole[top : top + small.shape[0], left : left + small.shape[1]] = small
    return whole


def test_tiles_find_who_is_too_far_away_for_the_whole_picture() -> None:
    person = picture("standing")[::5, ::5]  # a man of 75 pixels
    far = enlarged(person, 1920, 1080, 1500, 600)
    x, y = (1500 + 0.6 * person.shape[1]) / 1920, (600 + 0.3 * person.shape[0]) / 1080
    assert holds(detector("nanodet")(far), Kind.PERSON, x, y)
    shrunk = far[::4, ::4].copy()  # the whole picture as the network would see it
    assert not holds(detector("nanodet")(shrunk), Kind.PERSON, x, y)


def test_a_person_across_the_edge_of_a_tile_is_found_once() -> None:
    wide = enlarged(picture("standing"), 1280, 720, 150, 200)
    found = [one for one in detector("nanodet")(wide) if one.kind is Kind.PERSON]
    assert len(found) == 1
    assert found[0].box.height > 0.5


def test_a_piece_that_a_tile_cut_off_goes_and_who_stands_before_somebody_stays() -> None:
    def seen(is_cut: bool, *box: float) -> detectors.Seen:
        return detectors.Seen(Found(Box(*box), Kind.PERSON, 0.5), is_cut)

    whole, piece, child = (
        seen(False, 0.3, 0.1, 0.6, 0.9),
        seen(True, 0.31, 0.1, 0.45, 0.9),
        seen(False, 0.4, 0.5, 0.5, 0.9),
    )
    alone, screen = seen(True, 0.8, 0.1, 0.9, 0.5), Found(Box(0.4, 0.4, 0.45, 0.45), Kind.SCREEN, 0.5)
    assert detectors._without_pieces([piece, whole, child, alone, detectors.Seen(screen, is_cut=True)]) == [
        whole.found, child.found, alone.found, screen,
    ]  # fmt: skip
    left, right = Box(0, 0, 0.6, 1), Box(0.4, 0, 1, 1)
    assert detectors._is_cut(Box(0.2, 0.1, 0.6, 0.9), left)
    assert detectors._is_cut(Box(0.401, 0.1, 0.6, 0.9), right)
    assert not detectors._is_cut(Box(0.0, 0.0, 0.55, 1.0), left)
    assert not detectors._is_cut(Box(0.45, 0.0, 1.0, 1.0), right)


def test_a_dark_picture_is_looked_at_brightened_too(monkeypatch: pytest.MonkeyPatch) -> None:
    dark = (picture("standing") // 60).astype(np.uint8)
    assert holds(detector("nanodet")(dark), Kind.PERSON, 0.6, 0.3)
    monkeypatch.setattr(views, "brightened", lambda _: None)
    assert not holds(detector("nanodet")(dark), Kind.PERSON, 0.6, 0.3)


def test_what_several_find_is_one_box_around_all_of_it() -> None:
    def found(kind: Kind, score: float, *box: float) -> Found:
        return Found(Box(*box), kind, score)

    person = found(Kind.PERSON, 0.9, 0.1, 0.1, 0.3, 0.5)
    more = [
        found(Kind.PERSON, 0.4, 0.09, 0.12, 0.31, 0.55),
        found(Kind.PERSON, 0.5, 0.12, 0.12, 0.3, 0.48),
        found(Kind.HEAD, 0.5, 0.1, 0.1, 0.3, 0.5),
        found(Kind.PERSON, 0.3, 0.15, 0.1, 0.4, 0.5),
    ]
    both = detectors.union(lambda _: [person], lambda _: more)(picture("nobody"))
    assert both == [
        found(Kind.PERSON, 0.9, 0.09, 0.1, 0.31, 0.55), more[2],
        found(Kind.PERSON, 0.3, 0.15, 0.1, 0.4, 0.5),
    ]  # fmt: skip


def test_very_large_boxes_of_a_low_score_are_not_believed_of_the_second_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def said(score: float) -> list[Found]:
        def decode(*_: object) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
            boxes = np.array([[0, 0, 300, 120]], np.float32)
            return boxes, np.array([score], np.float32), np.array([4])

        monkeypatch.setattr(detectors.decoding, "ssd", decode)
        return detector("open_images")(picture("nobody"))

    assert said(0.49) == []
    assert [one.score for one in said(0.51)] == [pytest.approx(0.51)]


def test_who_sits_on_a_motorcycle_is_found_beside_it_however_sure_the_motorcycle_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def decode(*_: object) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int64]]:
        boxes = np.array([[100, 80, 200, 300], [105, 60, 195, 290], [103, 62, 195, 290]], np.float32)
        return boxes, np.array([0.9, 0.6, 0.4], np.float32), np.array([18, 4, 4])

    monkeypatch.setattr(detectors.decoding, "ssd", decode)
    found = detector("open_images")(picture("nobody"))
    assert [(one.kind, round(one.score, 3)) for one in found] == [(Kind.VEHICLE, 0.9), (Kind.PERSON, 0.6)]


def test_the_same_picture_gives_the_same_boxes_and_is_left_as_it_is() -> None:
    before = picture("entering")
    seen = before.copy()
    assert detector("usual")(seen) == detector("usual")(before)
    assert (seen == before).all()
