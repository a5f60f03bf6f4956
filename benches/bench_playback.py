"""`make bench-playback`: opening and seeking in headless Chromium, as a ratio to the same file served unsealed by the same
server in the same run. Ends with one JSON object.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.stories.browser import Visitor, chromium
from tests.stories.conftest import Running, start, stop

from beeldkluis.camera.simulator import draw_film

SECONDS = 120
SEEKS = 15
ROUNDS = 3
SEEK = """
(places) => (async () => {
  const times = [];
  for (const place of places) {
    const begun = performance.now();
    const shown = new Promise((done) => film.requestVideoFrameCallback(done));
    film.currentTime = place * film.duration;
    await shown;
    times.push(performance.now() - begun);
  }
  return times;
})()
"""
FIRST = """
(address) => new Promise((done, fail) => {
  const begun = performance.now();
  film.addEventListener("error", () => fail(new Error(film.error.message)), { once: true });
  film.requestVideoFrameCallback(() => done(performance.now() - begun));
  film.src = address;
  film.load();
})
"""


def film_of(folder: Path) -> Path:
    """About 6 Mbit/s of moving picture at 720p, as a bodycam makes it."""
    drawn, made = folder / "drawn.mp4", folder / "clip.mp4"
    draw_film(drawn, SECONDS, width=1280, height=720)
    drawn.rename(made)
    return made


def places(seed: int) -> list[float]:
    """Where to jump to: spread over the film, the same for both."""
    return [((index * 7 + seed * 3) % SEEKS + 0.37) / SEEKS for index in range(SEEKS)]


def measure(page: Page, address: str) -> tuple[float, list[float]]:
    """Milliseconds to the first picture, and of each seek."""
    first = float(page.evaluate(FIRST, address))
    return first, [float(one) for one in page.evaluate(SEEK, places(int(first)))]


def open_film(running: Running, person: Visitor) -> str:
    """Go through the gate as the team manager; the address under which the service worker plays the film."""
    links = running.links()
    person.page.goto(links["teammanager"])
    page = person.go(f"/verzoeken/{links['case']}/")
    page.get_by_role("button", name=re.compile("^Ja")).first.click()
    page.get_by_role("link", name=re.compile("^Openen")).first.click()
    page.get_by_role("checkbox", name="De handhaver").check()
    page.get_by_label("Uw wachtzin").fill(links["passphrase"])
    page.get_by_role("button", name="Opname openen").click()
    page.wait_for_function("() => window.film && film.readyState >= 2", timeout=30_000)
    return str(page.evaluate("film.currentSrc"))


def main() -> int:
    """Print the measures; the exit code says nothing of the goals."""
    os.environ.pop("BEELDKLUIS_DATA", None)
    with tempfile.TemporaryDirectory(prefix="bench-playback-") as name:
        folder = Path(name)
        clips = folder / "clips"
        clips.mkdir()
        clip = film_of(folder)
        subprocess.run(["cp", clip, clips / "clip.mp4"], check=True)
        print(
            f"film: {clip.stat().st_size / 1e6:.0f} MB, {SECONDS} s, 1280x720, "
            f"{clip.stat().st_size * 8 / SECONDS / 1e6:.1f} Mbit/s"
        )
        # served by the same server beside the program's own files, so that the two differ in the sealing alone
        static = folder / "data" / "static"
        static.mkdir(parents=True)
        subprocess.run(["cp", clip, static / "bench-film.mp4"], check=True)
        process, running = start(folder, "--clips", str(clips))
        try:
            goals = compare(running)
        finally:
            stop(process)
    print(json.dumps({"goals": goals}))
    return 0


def compare(running: Running) -> list[dict[str, object]]:
    """Both ways in turn, in one page, several rounds; medians."""
    first: dict[str, list[float]] = {"sealed": [], "plain": []}
    seeks: dict[str, list[float]] = {"sealed": [], "plain": []}
    with chromium() as browser:
        person = Visitor(browser, running.address, "bench")
        sealed = open_film(running, person)
        person.page.evaluate("film.muted = true")
        for _ in range(ROUNDS):
            for kind, address in (("plain", f"{running.address}/static/bench-film.mp4"), ("sealed", sealed)):
                begun, jumps = measure(person.page, address)
                first[kind].append(begun)
                seeks[kind] += jumps
    told = {
        name: {kind: statistics.median(times[kind]) for kind in times}
        for name, times in (("first", first), ("seek", seeks))
    }
    for name, medians in told.items():
        print(f"{name}: sealed {medians['sealed']:.0f} ms, unsealed {medians['plain']:.0f} ms")
    return [
        goal("first picture, ratio to the same film unsealed", told["first"]["sealed"] / told["first"]["plain"], 3.0),
        goal("median seek, ratio to the same film unsealed", told["seek"]["sealed"] / told["seek"]["plain"], 1.3),
    ]


def goal(name: str, value: float, most: float) -> dict[str, object]:
    return {"name": name, "value": round(value, 3), "goal": f"<= {most}", "met": value <= most}


if __name__ == "__main__":
    sys.exit(main())
