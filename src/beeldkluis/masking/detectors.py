"""What finds people, heads and things in one picture. A detector is a function: a picture in, what was found out.

None of these tells one person from another. What each finds and misses is in its model card (cards/).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from beeldkluis.masking import decoding, own_model, views
from beeldkluis.masking.boxes import Box, Found, Kind
from beeldkluis.masking.decoding import Decoded, Floats
from beeldkluis.masking.geometry import contained, hull, overlap
from beeldkluis.masking.networks import Effort, Network, Wants
from beeldkluis.masking.own_manifest import MANIFEST, OwnModelError
from beeldkluis.masking.views import WHOLE, Fit, Picture
from beeldkluis.masking.weights import FACES, NANODET, OPEN_IMAGES, checked

Detector = Callable[[Picture], list[Found]]
Decode = Callable[[dict[str, Floats]], Decoded]

COCO = {
    0: Kind.PERSON, 2: Kind.VEHICLE, 3: Kind.VEHICLE, 5: Kind.VEHICLE, 7: Kind.VEHICLE,
    62: Kind.SCREEN, 63: Kind.SCREEN, 67: Kind.SCREEN, 73: Kind.PAPER,
}  # fmt: skip
OID = {4: Kind.PERSON, 3: Kind.SCREEN, 10: Kind.SCREEN, 18: Kind.VEHICLE, 21: Kind.PAPER, 23: Kind.VEHICLE}
GIANT, SURE = 0.25, 0.5  # of a picture; below this score so large a box of the Open Images model is mostly nothing
SAME = 0.5  # overlap from which two boxes of a kind are one
INSIDE = 0.8  # of a box that a tile cut off: so much in another box and it is a piece of that one
CUT = 0.01  # of the picture: so near the inner edge of its tile a box counts as cut off
ALIKE = 0.3  # overlap from which two detectors see one screen
CLEAR = 0.7  # score from which a screen that only one detector sees is believed
ALONE = 0.4  # of its score is left otherwise: too little to be followed, so that a person is asked about it
USUAL = Effort()


@dataclass(frozen=True, slots=True)
class Reading:
    """How what one network says becomes `Found`."""

    decode: Decode
    kinds: dict[int, Kind]
    giants: bool = True  # whether very large boxes of a low score are believed
    head: bool = False  # boxes are faces, and grow to heads


@dataclass(frozen=True, slots=True)
class Seen:
    """A box, and whether the edge of its tile cut it off."""

    found: Found
    is_cut: bool


def head_of(face: Box) -> Box:
    """A whole head, hair and ears, around a face from brow to chin."""
    side, above, below = 0.25 * face.width, 0.55 * face.height, 0.15 * face.height
    left, top = max(0.0, face.x0 - side), max(0.0, face.y0 - above)
    return Box(left, top, min(1.0, face.x1 + side), min(1.0, face.y1 + below))


def joined(found: Iterable[Found]) -> list[Found]:
    """One box for what several found: the hull, so that nothing sticks out that any of them saw, with the best score."""
    kept: list[tuple[Found, Box]] = []
    for one in sorted(found, key=lambda it: -it.score):
        for at, (other, around) in enumerate(kept):
            if one.kind == other.kind and overlap(one.box, other.box) > SAME:
                kept[at] = (other, hull((around, one.box)))
                break
        else:
            kept.append((one, one.box))
    return [Found(around, one.kind, one.score) for one, around in kept]


def _is_cut(box: Box, area: Box) -> bool:
    """Whether a box ends where its tile ends and the picture does not."""
    return (
        (area.x0 > 0 and box.x0 < area.x0 + CUT)
        or (area.y0 > 0 and box.y0 < area.y0 + CUT)
        or (area.x1 < 1 and box.x1 > area.x1 - CUT)
        or (area.y1 < 1 and box.y1 > area.y1 - CUT)
    )


def _without_pieces(seen: list[Seen]) -> list[Found]:
    """What is left when a piece that a tile cut off lies in another box of its kind."""

    def is_piece(one: Seen) -> bool:
        return one.is_cut and any(
            other is not one and other.found.kind == one.found.kind and other.found.box.area > one.found.box.area
            and contained(one.found.box, other.found.box) >= INSIDE
            for other in seen
        )  # fmt: skip

    return [one.found for one in seen if not is_piece(one)]


def _read(reading: Reading, said: dict[str, Floats], fit: Fit) -> list[Seen]:
    """What a network said of one view."""
    boxes, scores, classes = reading.decode(said)
    found = []
    for at in decoding.kept(boxes, scores, classes, SAME):
        box = fit.back(*(float(one) for one in boxes[at]))
        score = float(scores[at])
        if box.area <= 0 or (not reading.giants and box.area > GIANT and score < SURE):
            continue
        cut = _is_cut(box, fit.area)
        found.append(Seen(Found(head_of(box) if reading.head else box, reading.kinds[int(classes[at])], score), cut))
    return found


def _looking(network: Network, reading: Reading, *, tiles: bool) -> Detector:
    """A detector of a network: over the whole picture and its tiles, and once more on a brightened copy when it is dark."""
    wants = network.wants

    def once(picture: Picture) -> list[Found]:
        split, seen = views.planes(picture), []
        for area in views.areas(picture.shape[1], picture.shape[0]) if tiles else [WHOLE]:
            made, fit = views.seen(split, area, wants.width, wants.height, stretched=wants.stretched)
            seen += _read(reading, network(made), fit)
        return joined(_without_pieces(seen))

    def detect(picture: Picture) -> list[Found]:
        found, brighter = once(picture), views.brightened(picture)
        return found if brighter is None else joined(found + once(brighter))

    return detect


def nanodet(*, threshold: float = 0.3, effort: Effort = USUAL) -> Detector:
    """NanoDet: persons, vehicles, screens, books. WeightsError without its weights."""
    wants = Wants(416, 416, False, (103.53, 116.28, 123.675), (57.375, 57.12, 58.395), "NCHW", False)
    classes = np.array(sorted(COCO))

    def decode(said: dict[str, Floats]) -> Decoded:
        scores = np.concatenate([said[name][0] for name in ("Identity", "Identity_1", "Identity_2")])
        distances = np.concatenate([said[name][0] for name in ("Identity_3", "Identity_4", "Identity_5")])
        return decoding.nanodet(scores, distances, classes, threshold)

    return _looking(Network(checked(NANODET), wants, effort), Reading(decode, COCO), tiles=True)


def _minus_one_to_one(side: int, *, stretched: bool) -> Wants:
    """A square picture of values from -1 to 1, red first, as MediaPipe's networks take it."""
    return Wants(side, side, True, (127.5,) * 3, (127.5,) * 3, "NHWC", stretched)


def open_images(*, threshold: float = 0.3, effort: Effort = USUAL) -> Detector:
    """The Open Images detector of MediaPipe Objectron: the same kinds, learned from other pictures. WeightsError."""
    classes = np.array(sorted(OID))

    def decode(said: dict[str, Floats]) -> Decoded:
        shifts, predictions = said["raw_outputs/box_encodings"][0], said["raw_outputs/class_predictions"][0]
        return decoding.ssd(shifts, predictions, classes, threshold)

    network = Network(checked(OPEN_IMAGES), _minus_one_to_one(300, stretched=True), effort)
    return _looking(network, Reading(decode, OID, giants=False), tiles=True)


def faces(*, threshold: float = 0.3, effort: Effort = USUAL) -> Detector:
    """MediaPipe's full-range face detector; what it finds grows to a whole head. WeightsError."""

    def decode(said: dict[str, Floats]) -> Decoded:
        shifts, predictions = said["reshaped_regressor_face_4"][0], said["reshaped_classifier_face_4"][0, :, 0]
        return decoding.faces(shifts, predictions, threshold)

    network = Network(checked(FACES), _minus_one_to_one(192, stretched=False), effort)
    return _looking(network, Reading(decode, {0: Kind.HEAD}, head=True), tiles=True)


def own(folder: Path, *, effort: Effort = USUAL) -> Detector:
    """A municipality's own detector, described by the `model.toml` of a folder, and tried once. OwnModelError, in Dutch."""
    model = own_model.read(folder)
    try:
        network = Network(model.file, model.wants, effort)
    except RuntimeError as error:
        raise OwnModelError(f"{model.file.name} is geen netwerk dat OpenVINO kan gebruiken") from error
    looking = _looking(network, Reading(model.decode, model.kinds), tiles=True)
    try:
        looking(np.zeros((64, 64, 3), np.uint8))
    except (ValueError, IndexError) as error:
        raise OwnModelError(f"{model.file.name} antwoordt in een andere vorm dan layout in {MANIFEST} zegt") from error
    return looking


def union(*detectors: Detector) -> Detector:
    """What any of them finds; what several find is one box."""
    return lambda picture: joined(found for detector in detectors for found in detector(picture))


def agreed(seen: Sequence[list[Found]]) -> list[Found]:
    """What each detector found in one picture, of which a screen that one of them alone sees counts for less: a dark pane or the
    roof of a car is a screen to one of them only.
    """
    found = []
    for at, of_one in enumerate(seen):
        others = [
            other.box for of_other in (*seen[:at], *seen[at + 1 :]) for other in of_other if other.kind is Kind.SCREEN
        ]
        for one in of_one:
            if (
                one.kind is Kind.SCREEN
                and one.score < CLEAR
                and not any(overlap(one.box, box) > ALIKE for box in others)
            ):
                found.append(replace(one, score=ALONE * one.score))
            else:
                found.append(one)
    return found


def usual(*, effort: Effort = USUAL, own_folder: Path | None = None) -> Detector:
    """The detectors that this program covers people with, and the municipality's own beside them, which is believed as it is."""
    ours = [nanodet(effort=effort), open_images(effort=effort), faces(effort=effort)]

    def together(picture: Picture) -> list[Found]:
        return agreed([one(picture) for one in ours])

    return union(together, own(own_folder, effort=effort)) if own_folder else union(together)
