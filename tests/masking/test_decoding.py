import math

import numpy as np
import pytest

from beeldkluis.masking import decoding


def test_of_boxes_that_are_one_the_best_stays() -> None:
    boxes = np.array([[0, 0, 10, 10], [1, 0, 11, 10], [20, 0, 30, 10], [0, 0, 10, 10], [5, 5, 5, 5]], np.float32)
    scores = np.array([0.5, 0.9, 0.3, 0.2, 0.1], np.float32)
    alike, apart = np.zeros(5, np.int64), np.array([0, 0, 0, 2, 0])
    assert decoding.kept(boxes, scores, alike, 0.5) == [1, 2, 4]
    assert decoding.kept(boxes, scores, apart, 0.5) == [1, 2, 3, 4], "of another class, and no less there"
    assert decoding.kept(boxes[:0], scores[:0], alike[:0], 0.5) == []


def test_nanodet_says_where_the_sides_are_by_weights_of_strides() -> None:
    scores = np.zeros((3549, 80), np.float32)
    distances = np.full((3549, 44), -30.0, np.float32)
    at = 52 * 52 + 26 * 3 + 5  # the second scale, row 3, column 5: middle (88, 56), stride 16
    scores[at, 7], scores[at, 0], scores[at, 2], scores[at, 16] = 0.6, 0.5, 0.4, 0.99
    for side, bins in enumerate((2, 1, 3, 10)):
        distances[at, side * 11 + bins] = 30
    distances[at, 1 * 11 + 2] = 30  # the top: half way between 1 and 2
    boxes, found, classes = decoding.nanodet(scores, distances, np.array([0, 2, 7]), 0.5)
    assert boxes == pytest.approx(np.array([[88 - 32, 56 - 24, 88 + 48, 56 + 160]] * 2))
    assert found.tolist() == pytest.approx([0.5, 0.6])
    assert classes.tolist() == [0, 7], "a place may be of a person and of a truck"


def test_the_boxes_that_the_open_images_model_shifts_are_where_mediapipe_has_them() -> None:
    anchors = decoding.ssd_anchors()
    assert anchors.shape == (1917, 4)
    first = [[0.5 / 19, 0.5 / 19, 0.1, 0.1], [0.5 / 19, 0.5 / 19, 0.2 * math.sqrt(2), 0.2 / math.sqrt(2)]]
    assert anchors[:2] == pytest.approx(np.array(first), abs=1e-6)
    assert anchors[-1] == pytest.approx(np.array([0.5, 0.5, math.sqrt(0.95), math.sqrt(0.95)]), abs=1e-6)
    shifts, predictions = np.zeros((1917, 4), np.float32), np.full((1917, 24), -9.0, np.float32)
    predictions[1916, 4], predictions[1916, 23], predictions[0, 0] = 2.0, 3.0, 9.0
    shifts[1916] = (1.0, -2.0, 5 * math.log(0.5), 0.0)
    boxes, scores, classes = decoding.ssd(shifts, predictions, np.array([4, 23]), 0.3)
    side = math.sqrt(0.95)
    x, y = 0.5 - 0.2 * side, 0.5 + 0.1 * side
    expected = [x - side / 2, y - side / 4, x + side / 2, y + side / 4]
    assert boxes == pytest.approx(300 * np.array([expected] * 2), rel=1e-5)
    assert scores.tolist() == pytest.approx([1 / (1 + math.exp(-2)), 1 / (1 + math.exp(-3))])
    assert classes.tolist() == [4, 23]


def test_a_face_lies_about_its_own_place() -> None:
    shifts, predictions = np.zeros((2304, 16), np.float32), np.full(2304, -100.0, np.float32)
    at = 48 * 10 + 20
    predictions[at], shifts[at, :4] = 1.0, (3, -2, 40, 60)
    boxes, scores, _classes = decoding.faces(shifts, predictions, 0.5)
    x, y = 20.5 * 4 + 3, 10.5 * 4 - 2
    assert boxes.tolist() == [[x - 20, y - 30, x + 20, y + 30]]
    assert scores.tolist() == [pytest.approx(1 / (1 + math.exp(-1)))]
