"""`make bench-redaction`: analysis and rendering beside `deface` and a plain decode and encode, same clips, same run.

CLIP=file: that film; otherwise a made one. LASTS: how many seconds of it (10). SIZES: heights to try (432,720,1080). DEFACE: the
program of that name in an environment of its own; without it that column is left out. Ends with one JSON object.
"""

import io
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import VideoFrame

from beeldkluis.film.confined import Patience
from beeldkluis.masking.analysis import Analysis
from beeldkluis.masking.confining import analyse_film, render_film
from beeldkluis.masking.draft import Draft, Mode

CLIP = os.environ.get("CLIP", "")
SECONDS = float(os.environ.get("LASTS") or "10")
SIZES = [int(size) for size in (os.environ.get("SIZES") or "432,720,1080").split(",")]
DEFACE = os.environ.get("DEFACE") or shutil.which("deface") or ""
OPTIONS = {"preset": "veryfast", "crf": "23"}
RATE = 25
PATIENCE = Patience(600, 3600)
END_TO_END = {432: 6.0, 720: 6.0, 1080: 8.0}  # times deface
RENDERING = 0.85  # of the plain decode and encode


def timed(work: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    made = work()
    return time.perf_counter() - begun, made


def frames(height: int) -> Any:
    """The pictures to try: those of CLIP, or noise that moves, at so many lines."""
    count = round(SECONDS * RATE)
    if not CLIP:
        wide = height * 16 // 9 // 2 * 2
        rough = np.random.default_rng(1).integers(0, 256, (height // 16 + 1, wide // 16 + 1, 3), np.uint8)
        still = np.kron(rough, np.ones((16, 16, 1), np.uint8))[:height, :wide]
        for number in range(count):
            yield VideoFrame.from_ndarray(np.roll(still, 2 * number, axis=1), "bgr24")
        return
    with av.open(CLIP) as source:
        for number, frame in enumerate(source.decode(video=0)):
            if number >= count:
                return
            yield frame.reformat(frame.width * height // frame.height // 2 * 2, height, "yuv420p")


def draw(path: Path, height: int) -> int:
    """The clip at a size; how many pictures."""
    with av.open(str(path), "w", format="mp4") as out:
        shown: Any = None
        count = 0
        for frame in frames(height):
            if shown is None:
                shown = out.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "crf": "18"})
                shown.width, shown.height, shown.pix_fmt = frame.width, frame.height, "yuv420p"
            frame.pts, frame.time_base = count, Fraction(1, RATE)
            out.mux(shown.encode(frame))
            count += 1
        out.mux(shown.encode(None))
    return count


def plain(data: bytes) -> None:
    """Decode and encode, and nothing else."""
    with av.open(io.BytesIO(data)) as source, av.open(io.BytesIO(), "w", format="mp4") as out:
        given = source.streams.video[0]
        shown: Any = out.add_stream("libx264", rate=RATE, options=OPTIONS)
        shown.width, shown.height, shown.pix_fmt = given.width, given.height, "yuv420p"
        for number, frame in enumerate(source.decode(given)):
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            frame.pict_type = 0
            out.mux(shown.encode(frame))
        out.mux(shown.encode(None))


def analysed(data: bytes) -> Analysis:
    kept: list[bytes] = []
    return analyse_film(lambda start, stop: data[start:stop], len(data), parts=(), keep=kept.append, patience=PATIENCE)


def rendered(data: bytes, analysis: Analysis) -> int:
    with tempfile.TemporaryFile() as scratch:
        copy = render_film(
            lambda start, stop: data[start:stop], len(data), analysis, Draft(Mode.COVERED),
            mark="BEWERKT 2026-0012 28-11-2026", scratch=scratch, patience=PATIENCE,
        )  # fmt: skip
        return sum(len(piece) for piece in copy.pieces())


def goal(name: str, value: float, least: float, *, most: bool = False) -> dict[str, object]:
    met = value <= least if most else value >= least
    return {"name": name, "value": round(value, 3), "goal": f"{'<=' if most else '>='} {least}", "met": met}


def measured(folder: Path, height: int) -> list[dict[str, object]]:
    """One size: prints its figures and gives the goals that they were made for."""
    path = folder / f"{height}.mp4"
    pictures = draw(path, height)
    data = path.read_bytes()
    bare, _ = timed(lambda: plain(data))
    looking, analysis = timed(lambda: analysed(data))
    assert isinstance(analysis, Analysis)
    painting, _ = timed(lambda: rendered(data, analysis))
    ffmpeg = deface = 0.0
    if shutil.which("ffmpeg"):
        command = [
            "ffmpeg",
            "-v",
            "error",
            "-i",
            path,
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-crf",
            "23",
            "-f",
            "mp4",
            "-y",
        ]
        ffmpeg, _ = timed(lambda: subprocess.run([*command, folder / "bare.mp4"], check=True))
    if DEFACE:
        deface, _ = timed(
            lambda: subprocess.run([DEFACE, path, "-o", folder / "deface.mp4"], check=True, capture_output=True)
        )
    length = pictures / RATE
    print(f"{height}p, {pictures} pictures: plain {pictures / bare:.1f} a second"
          + (f", ffmpeg {pictures / ffmpeg:.1f}" if ffmpeg else "")
          + f", rendering with its check {pictures / painting:.1f}, analysis {pictures / looking:.1f}"
          f" ({length / looking:.2f} x real time), end to end {length / (looking + painting):.2f} x real time"
          + (f", deface {pictures / deface:.2f}" if deface else ""))  # fmt: skip
    goals = [goal(f"{height}p, rendering as a ratio to plain decode and encode", bare / painting, RENDERING)]
    if deface and height in END_TO_END:
        goals.append(
            goal(f"{height}p, end to end as a ratio to deface", deface / (looking + painting), END_TO_END[height])
        )
    return goals


def main() -> int:
    """Print the measures; the exit code says nothing of the goals."""
    if not DEFACE:
        print("deface is not here: name the program of an environment of its own in DEFACE to compare with it")
    goals: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="bench-redaction-") as name:
        for height in SIZES:
            goals += measured(Path(name), height)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    goals.append(goal("memory of the largest process, MiB", most, 1024, most=True))
    print(json.dumps({"goals": goals}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
