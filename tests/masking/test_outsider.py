"""A checker that others made looks at what our renderer makes: visual-verifier, in an environment of its own (build/verifier).

It compares film and copy picture by picture and says whether all of each place that had to change did; it counts pictures from 1.
It is not in our own environment because it brings OpenCV, which can compare faces.
"""

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.house.source import ROOT
from tests.masking.films import analysed, film, rendered

from beeldkluis.masking.boxes import Box
from beeldkluis.masking.draft import Mode

VERIFIER = ROOT / "build" / "verifier" / "bin" / "visual-verifier"
PICTURES, WIDE, HIGH = 12, 320, 192
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not VERIFIER.exists(), reason="build/verifier is made by make test"),
]


def walking(number: int) -> Box:
    return Box(0.2 + 0.02 * number, 0.25, 0.4 + 0.02 * number, 0.75)


def verdict(folder: Path, data: bytes, copy: bytes, where: Callable[[int], Box]) -> tuple[str, set[int]]:
    """What the checker says of a copy, and the pictures in which a place did not change wholly."""
    (folder / "film.mp4").write_bytes(data)
    (folder / "copy.mp4").write_bytes(copy)
    with (folder / "places.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["frame_number", "target_id", "x1", "y1", "x2", "y2"])
        for number in range(PICTURES):
            box = where(number)
            corners = box.x0 * WIDE, box.y0 * HIGH, box.x1 * WIDE, box.y1 * HIGH
            rows.writerow([number + 1, "head", *(round(one) for one in corners)])
    command = [
        VERIFIER, "video", "--json", "--reference", folder / "film.mp4", "--candidate", folder / "copy.mp4",
        "--targets", folder / "places.csv", "--target-min-coverage", "1.0",
    ]  # fmt: skip
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    assert said["measurements"]["frames_checked"] == PICTURES
    assert said["measurements"]["targets"]["target_frame_count"] == PICTURES
    return said["status"], {number - 1 for number in said["failed_frames"]}


def test_every_cover_of_a_copy_is_seen_by_somebody_else(tmp_path: Path) -> None:
    data = film(tmp_path / "film", PICTURES, (WIDE, HIGH))
    _, copy = rendered(data, analysed(data, walking), Mode.COVERED)
    assert verdict(tmp_path, data, copy, walking) == ("PASS", set())


def test_it_would_see_one_picture_that_is_not_covered(tmp_path: Path) -> None:
    data = film(tmp_path / "film", PICTURES, (WIDE, HIGH))
    slipped = analysed(data, lambda number: Box(0.7, 0.1, 0.8, 0.2) if number == 7 else walking(number))
    _, copy = rendered(data, slipped, Mode.COVERED)
    assert verdict(tmp_path, data, copy, walking) == ("FAIL", {7})
