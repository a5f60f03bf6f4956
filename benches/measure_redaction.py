"""How well everybody is covered, before any person looks: `make measure-redaction [CLIPS=folder] [VARIANTS="as it is,shaken"]`.

The folder holds clips and `heads.csv` (tests/masking/marks/README.md). Four figures together, as one alone can be had cheaply:
  whole head    of all marked heads, those of which all nine points are covered
  head point    of all marked heads, those of which the middle is covered
  exposed       persons of whom any of the nine points shows in any marked picture
  needless      of the background, the share that is covered; a person counts as three heads wide and five and a half high
Misses stand as pictures in build/redaction/report.html, figures for the algorithm register in build/redaction/measured.toml.
`deface` is measured beside it, on one in STEP pictures (DEFACE_STEP,
5), when DEFACE names the Python of an environment that has it. The last line is one JSON object.
"""

import html
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from benches.marked import Head, heads
from benches.variants import VARIANTS, Picture, Variant

from beeldkluis.masking import detectors
from beeldkluis.masking.analysing import Film, Shown, analyse
from beeldkluis.masking.boxes import Box
from beeldkluis.masking.draft import Draft, Mode
from beeldkluis.masking.plan import Plan

ROOT = Path(__file__).resolve().parent.parent
MARKS = ROOT / "tests" / "masking" / "marks" / "heads.csv"
REPORT = ROOT / "build" / "redaction"
MISSES = 60  # pictures in the report
Covers = dict[int, list[Box]]
CENTERFACE = """
import sys, json, struct, numpy
said, sys.stdout = sys.stdout, sys.stderr  # deface says on what it runs
from deface.centerface import CenterFace
find = CenterFace(in_shape=None, backend="onnxrt")
while head := sys.stdin.buffer.read(8):
    high, wide = struct.unpack("<II", head)
    frame = numpy.frombuffer(sys.stdin.buffer.read(high * wide * 3), numpy.uint8).reshape(high, wide, 3)
    found, _ = find(frame[:, :, ::-1], threshold=0.2)
    print(json.dumps([[float(v) for v in one[:4]] for one in found]), file=said, flush=True)
"""


def pictures(path: Path, variant: Variant) -> Iterator[tuple[int, int, Picture]]:
    """Number, microseconds, picture."""
    with av.open(str(path)) as film:
        first = None
        for number, frame in enumerate(film.decode(video=0)):
            time_us = round(frame.time * 1_000_000)
            first = time_us if first is None else first
            yield number, time_us - first, variant.picture(number, frame.to_ndarray(format="bgr24"))


def _thumbnail(picture: Picture) -> Picture:
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "bgr24")
    return frame.reformat(320, 320 * picture.shape[0] // picture.shape[1] // 2 * 2, "gray").to_ndarray()


def ours(path: Path, variant: Variant, detector: detectors.Detector) -> Covers:
    """What is covered in each picture, before any person looks at it."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        about = Film(stream.width, stream.height, round(float(film.duration or 0) / 1000))

    def shown() -> Iterator[Shown]:
        for number, time_us, picture in pictures(path, variant):
            yield Shown(number, time_us, lambda made=picture: made, lambda made=picture: _thumbnail(made))

    plan = Plan(analyse(shown(), detector, about), Draft(mode=Mode.COVERED))
    return {frame: list(plan.at(frame).covered) for frame in range(plan.frames)}


def defaced(path: Path, variant: Variant, marked: dict[int, list[Head]], python: str, step: int) -> Covers:
    """What deface covers as it comes: boxes of faces, 1.3 times enlarged, on one in `step` of the marked pictures."""
    wanted, found = set(sorted(marked)[::step]), {}
    with subprocess.Popen([python, "-c", CENTERFACE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        for number, _, picture in pictures(path, variant):
            if number in wanted:
                high, wide = picture.shape[:2]
                child.stdin.write(np.array([high, wide], "<u4").tobytes() + np.ascontiguousarray(picture).tobytes())
                child.stdin.flush()
                boxes = json.loads(child.stdout.readline())
                found[number] = [
                    Box(
                        (x0 - 0.15 * (x1 - x0)) / wide, (y0 - 0.15 * (y1 - y0)) / high,
                        (x1 + 0.15 * (x1 - x0)) / wide, (y1 + 0.15 * (y1 - y0)) / high,
                    )
                    for x0, y0, x1, y1 in boxes
                ]  # fmt: skip
        child.stdin.close()
    return found


class Count:
    """The four figures of one way, over clips."""

    def __init__(self) -> None:
        self.heads = self.whole = self.point = self.pictures = 0
        self.persons: set[str] = set()
        self.exposed: dict[str, int] = {}
        self.needless: list[float] = []

    def add(self, clip: str, heads_here: list[Head], covers: list[Box], size: tuple[int, int], moved: Callable) -> bool:
        """One picture; whether a part of a head shows."""
        width, height = size
        mask = np.zeros((90, 160), bool)
        people = np.zeros((90, 160), bool)
        for box in covers:
            _fill(mask, box)
        shows = False
        for head in heads_here:
            points = [moved(x, y) for x, y in head.points()]
            seen = [(x, y) for x, y in points if 0 <= x < width and 0 <= y < height]
            if not seen:
                continue
            hidden = [any(_holds(box, x / width, y / height) for box in covers) for x, y in seen]
            middle = moved(*head.points()[4])
            self.heads += 1
            self.whole += all(hidden)
            self.point += hidden[seen.index(middle)] if middle in seen else all(hidden)
            person = f"{clip} {head.person}"
            self.persons.add(person)
            if not all(hidden):
                self.exposed[person] = self.exposed.get(person, 0) + 1
                shows = True
            x0, y0, x1, y1 = head.box
            (cx, top), wide, high = moved((x0 + x1) / 2, y0), x1 - x0, y1 - y0
            _fill(
                people,
                Box((cx - 1.5 * wide) / width, top / height, (cx + 1.5 * wide) / width, (top + 5.5 * high) / height),
            )
        self.pictures += 1
        self.needless.append(float((mask & ~people).sum() / max(1, (~people).sum())))
        return shows

    def figures(self) -> dict[str, float]:
        """The four figures, in per cent and persons, and over how much."""
        return {
            "pictures": self.pictures, "heads": self.heads,
            "whole_head": round(100 * self.whole / max(1, self.heads), 2),
            "head_point": round(100 * self.point / max(1, self.heads), 2),
            "exposed": len(self.exposed), "persons": len(self.persons),
            "needless": round(100 * float(np.mean(self.needless or [0])), 2),
        }  # fmt: skip


def _holds(box: Box, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1


def _fill(mask: np.ndarray, box: Box) -> None:
    high, wide = mask.shape
    top, bottom = (round(min(max(one, 0), 1) * high) for one in (box.y0, box.y1))
    left, right = (round(min(max(one, 0), 1) * wide) for one in (box.x0, box.x1))
    mask[top:bottom, left:right] = True


def _drawn(picture: Picture, box: Box, colour: tuple[int, int, int]) -> None:
    high, wide = picture.shape[:2]
    left, right = (min(max(round(one * wide), 0), wide - 1) for one in (box.x0, box.x1))
    top, bottom = (min(max(round(one * high), 0), high - 1) for one in (box.y0, box.y1))
    for rows, columns in (
        ((top, top + 2), (left, right)), ((bottom - 2, bottom), (left, right)),
        ((top, bottom), (left, left + 2)), ((top, bottom), (right - 2, right)),
    ):  # fmt: skip
        picture[max(0, rows[0]) : rows[1], max(0, columns[0]) : columns[1]] = colour


def kept(path: Path, variant: Variant, misses: dict[int, list[Head]], covers: Covers, into: Path) -> list[str]:
    """Pictures of misses, covers in green and heads in red; their names."""
    names = []
    for number, _, picture in pictures(path, variant):
        if number not in misses:
            continue
        made = picture.copy()
        high, wide = made.shape[:2]
        for box in covers.get(number, []):
            _drawn(made, box, (0, 255, 0))
        for head in misses[number]:
            spots = [variant.moved(number, x, y, wide, high) for x, y in head.points()]
            xs, ys = [x / wide for x, _ in spots], [y / high for _, y in spots]
            _drawn(made, Box(min(xs), min(ys), max(xs), max(ys)), (0, 0, 255))
        name = f"{variant.name}-{path.stem}-{number}.jpg".replace(" ", "-")
        frame = av.VideoFrame.from_ndarray(made, "bgr24").reformat(format="yuvj420p")
        encoder = av.CodecContext.create("mjpeg", "w")
        encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = wide, high, "yuvj420p", Fraction(1, 25)
        (into / name).write_bytes(b"".join(bytes(one) for one in [*encoder.encode(frame), *encoder.encode(None)]))
        names.append(name)
    return names


def measured(
    clips: list[Path], marks: dict[str, dict[int, list[Head]]], variant: Variant, covers_of: Callable
) -> tuple[Count, list[str]]:
    """One way on one variant of all clips, and the pictures of its misses."""
    count, names = Count(), []
    for path in clips:
        covers: Covers = covers_of(path, variant)
        marked, misses = marks[path.name], {}
        with av.open(str(path)) as film:
            size = film.streams.video[0].width, film.streams.video[0].height
        for number in sorted(set(marked) & set(covers)):

            def moved(x: float, y: float, at: int = number, of: tuple[int, int] = size) -> tuple[float, float]:
                return variant.moved(at, x, y, *of)

            if count.add(path.name, marked[number], covers[number], size, moved):
                misses[number] = marked[number]
        if len(names) < MISSES:
            some = dict(list(misses.items())[: MISSES - len(names)])
            names += kept(path, variant, some, covers, REPORT)
    return count, names


def line(name: str, told: dict[str, float]) -> str:
    """A line of the table."""
    persons = f"{told['exposed']} of {told['persons']}"
    shares = f"{told['whole_head']:10.2f} %{told['head_point']:10.2f} %{persons:>10}{told['needless']:8.2f} %"
    return f"{name:22}{told['pictures']:9}{told['heads']:7}{shares}"


DUTCH = {
    "as it is": "zoals opgenomen",
    "shaken": "geschud",
    "darkened": "donker",
    "blurred": "bewogen",
    "turned": "scheef",
}


def for_the_register(result: dict[str, dict[str, dict[str, float]]], about: str) -> str:
    """The figures as the algorithm register's text reads them (masking/measured.toml)."""
    rows = [
        f"""[["Mensen bedekt voordat een mens nakijkt"]]
"hoe gefilmd" = "{DUTCH[name]}"
"beelden" = {told["pictures"]}
"hele hoofden bedekt, %" = {told["whole_head"]}
"personen van wie iets te zien was" = "{told["exposed"]} van {told["persons"]}"
"onnodig bedekt, %" = {told["needless"]}
"""
        for name, ways in result.items() for told in (ways["ours"],)
    ]  # fmt: skip
    return "\n".join([f'"gemeten met" = "{about}"\n', *rows])


def main() -> int:
    """The command."""
    folder = Path(os.environ.get("CLIPS") or ROOT.parent / "shared" / "media")
    file = folder / "heads.csv" if (folder / "heads.csv").exists() else MARKS
    marks = heads(file)
    clips = [folder / name for name in marks if (folder / name).exists()]
    if not clips:
        print(f"No clips that {file} speaks of in {folder}: nothing is measured.")
        return 2
    REPORT.mkdir(parents=True, exist_ok=True)
    wanted = os.environ.get("VARIANTS", "")
    python, step = os.environ.get("DEFACE", ""), int(os.environ.get("DEFACE_STEP", "5"))
    if not python:
        print(
            "deface is not measured: DEFACE names no Python of an environment that has it (pip install deface onnx onnxruntime)."
        )
    detector = detectors.usual()
    ways = {"ours": lambda path, variant: ours(path, variant, detector)}
    if python:
        ways["deface"] = lambda path, variant: defaced(path, variant, marks[path.name], python, step)
    result: dict[str, dict[str, dict[str, float]]] = {}
    page = [
        "<!doctype html><meta charset=utf-8><title>Misses</title><p>Green: covered. Red: a head of which a part shows."
    ]
    print(f"{'':22}{'pictures':>9}{'heads':>7}{'whole head':>12}{'head point':>12}{'exposed':>9}{'needless':>10}")
    for variant in (one for one in VARIANTS if not wanted or one.name in wanted.split(",")):
        for way, covers_of in ways.items():
            count, names = measured(clips, marks, variant, covers_of)
            told = count.figures()
            result.setdefault(variant.name, {})[way] = told
            print(line(f"{variant.name}, {way}", told), flush=True)
            if way == "ours":
                page.append(
                    f"<h2>{html.escape(variant.name)}</h2>"
                    + "".join(f"<img loading=lazy src='{one}' title='{one}'>" for one in names)
                )
                print("   ", ", ".join(f"{who}: {often}" for who, often in count.exposed.items()), flush=True)
    (REPORT / "report.html").write_text("\n".join(page), encoding="utf-8")
    about = f"{len(clips)} films waarin hoofden met de hand zijn gemerkt"
    (REPORT / "measured.toml").write_text(for_the_register(result, about), encoding="utf-8")
    print(json.dumps({"bench": "measure-redaction", "variants": result}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
