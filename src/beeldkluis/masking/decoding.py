"""What the networks say, as boxes: pixels of their input (x0, y0, x1, y1), scores and classes. Pure sums on arrays."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
Decoded = tuple[Floats, Floats, Numbers]  # boxes n x 4, scores n, classes n

NANODET_SIZE, NANODET_STRIDES, NANODET_BINS = 416, (8, 16, 32), 11
SSD_SIZE, SSD_STRIDES, SSD_RATIOS = 300, (16, 32, 64, 128, 256, 512), (1.0, 2.0, 0.5, 3.0, 1 / 3)
SSD_SMALLEST, SSD_LARGEST = 0.2, 0.95
FACE_SIZE, FACE_STRIDE = 192, 4


def sigmoid(values: Floats) -> Floats:
    """Between 0 and 1; values beyond 60 say nothing more."""
    return (1 / (1 + np.exp(-np.clip(values, -60, 60)))).astype(np.float32)


def kept(boxes: Floats, scores: Floats, classes: Numbers, overlap: float) -> list[int]:
    """The places of the boxes that stay, best first: of any two of one class that overlap more than this share the lesser goes.

    Never across classes: who sits on a motorcycle has nearly its box, and a lesser score.
    """
    areas = np.maximum(boxes[:, 2] - boxes[:, 0], 0) * np.maximum(boxes[:, 3] - boxes[:, 1], 0)
    left, stay = list(np.argsort(-scores, kind="stable")), []
    while left:
        best, rest = left[0], np.array(left[1:], np.int64)
        stay.append(int(best))
        low = np.maximum(boxes[rest, :2], boxes[best, :2])
        high = np.minimum(boxes[rest, 2:], boxes[best, 2:])
        shared = np.prod(np.maximum(high - low, 0), axis=1)
        joint = areas[rest] + areas[best] - shared
        stays = (shared <= overlap * np.maximum(joint, 1e-9)) | (classes[rest] != classes[best])
        left = [int(one) for one in rest[stays]]
    return stay


def _likely(scores: Floats, classes: Numbers, threshold: float) -> tuple[Numbers, Floats, Numbers]:
    """Of `scores` n x all classes: the place, the score and the class of each that reaches the threshold.

    One place may be of two classes: of a person, and of the motorcycle under that person.
    """
    of_ours = scores[:, classes]
    places, columns = np.nonzero(of_ours >= threshold)
    return places, of_ours[places, columns], classes[columns]


@cache
def nanodet_centres() -> Floats:
    """x, y and stride of each place that NanoDet answers for."""
    rows = []
    for stride in NANODET_STRIDES:
        count = NANODET_SIZE // stride
        y, x = np.divmod(np.arange(count * count), count)
        rows.append(np.stack([(x + 0.5) * stride, (y + 0.5) * stride, np.full(count * count, stride)], axis=1))
    return np.concatenate(rows).astype(np.float32)


def nanodet(scores: Floats, distances: Floats, classes: Numbers, threshold: float) -> Decoded:
    """`scores` n x 80 of 0 to 1, `distances` n x 44: for each side eleven weights of 0 to 10 strides."""
    places, values, found = _likely(scores, classes, threshold)
    bins = distances[places].reshape(-1, 4, NANODET_BINS)
    weights = np.exp(bins - bins.max(axis=2, keepdims=True))
    mean = (weights * np.arange(NANODET_BINS)).sum(axis=2) / weights.sum(axis=2)
    x, y, stride = nanodet_centres()[places].T
    left, top, right, bottom = (mean * stride[:, None]).T
    boxes = np.stack([x - left, y - top, x + right, y + bottom], axis=1).astype(np.float32)
    return boxes, values, found


def _scale(layer: int) -> float:
    """The size of the boxes of a layer; one after the last counts as 1."""
    last = len(SSD_STRIDES) - 1
    return SSD_SMALLEST + (SSD_LARGEST - SSD_SMALLEST) * layer / last if layer <= last else 1.0


@cache
def ssd_anchors() -> Floats:
    """Centre x, y, width and height of the 1917 boxes that the network shifts, as shares of its input."""
    rows = []
    for layer, stride in enumerate(SSD_STRIDES):
        size = _scale(layer)
        shapes = [(ratio, size) for ratio in SSD_RATIOS] + [(1.0, math.sqrt(size * _scale(layer + 1)))]
        if layer == 0:  # the lowest layer has three boxes only
            shapes = [(1.0, 0.1), (2.0, size), (0.5, size)]
        count = math.ceil(SSD_SIZE / stride)
        for at in range(count * count):
            y, x = divmod(at, count)
            for ratio, of in shapes:
                rows.append(((x + 0.5) / count, (y + 0.5) / count, of * math.sqrt(ratio), of / math.sqrt(ratio)))
    return np.array(rows, np.float32)


def ssd(shifts: Floats, predictions: Floats, classes: Numbers, threshold: float) -> Decoded:
    """`shifts` 1917 x 4 (centre y, x, height, width), `predictions` 1917 x 24 before the sigmoid."""
    places, values, found = _likely(sigmoid(predictions), classes, threshold)
    x, y, width, height = ssd_anchors()[places].T
    to_y, to_x, to_height, to_width = shifts[places].T
    x, y = x + to_x / 10 * width, y + to_y / 10 * height
    half_width, half_height = np.exp(to_width / 5) * width / 2, np.exp(to_height / 5) * height / 2
    boxes = np.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=1) * SSD_SIZE
    return boxes.astype(np.float32), values, found


def faces(shifts: Floats, predictions: Floats, threshold: float) -> Decoded:
    """`shifts` 2304 x 16 (centre x, y, width, height in pixels, then six points), `predictions` 2304 before the sigmoid."""
    value = sigmoid(predictions)
    (places,) = np.nonzero(value >= threshold)
    row, column = np.divmod(places, FACE_SIZE // FACE_STRIDE)
    x = (column + 0.5) * FACE_STRIDE + shifts[places, 0]
    y = (row + 0.5) * FACE_STRIDE + shifts[places, 1]
    half_width, half_height = shifts[places, 2] / 2, shifts[places, 3] / 2
    boxes = np.stack([x - half_width, y - half_height, x + half_width, y + half_height], axis=1).astype(np.float32)
    return boxes, value[places], np.zeros(len(places), np.int64)
