"""`make bench-playback`: looking at an hour of 1080p in headless Chromium, as a ratio to the same file served unsealed by the
same server in the same run; and 25 viewers at once who keep real time. Ends with one JSON object.

`make bench-memory` is the long one: the same hour at four times the speed, a quarter of an hour, and how the tab grows.
"""

import json
import os
import re
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import httpx
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.stories.browser import Visitor, chromium
from tests.stories.conftest import Running, start, stop

from beeldkluis.camera.simulator import draw_film

MINUTES = 60
DRAWN = 20  # seconds that are drawn; the hour is those again and again
SEEKS = 15
ROUNDS = 3
VIEWERS = 25
RATE = 1_000_000  # bytes a second for each viewer: 8 Mbit/s
WATCHED = 20.0  # seconds that the viewers look
WINDOW = 4 * 1024 * 1024  # bytes in one request, as the browser asks
AHEAD = 10.0  # seconds that a player may have in hand
CHUNK = 65_552  # bytes: nothing is shown before the first chunk is whole and authentic
SEEK = """
(places) => (async () => {
  const film = document.querySelector("#films video");
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
  const film = document.querySelector("#films video");
  const begun = performance.now();
  film.addEventListener("error", () => fail(new Error(film.error.message)), { once: true });
  film.requestVideoFrameCallback(() => done(performance.now() - begun));
  film.src = address;
  film.load();
})
"""


def film_of(folder: Path) -> Path:
    """An hour of moving 1080p with sound, about 8 Mbit/s: a piece that is drawn once and repeated."""
    drawn, made = folder / "drawn.mp4", folder / "clip.mp4"
    draw_film(drawn, DRAWN, width=1920, height=1080)
    with av.open(str(drawn)) as source, av.open(str(made), "w", options={"movflags": "+faststart"}) as out:
        streams = {one.index: out.add_stream_from_template(one) for one in source.streams}
        packets = [one for one in source.demux() if one.dts is not None and 0 <= one.dts * one.time_base < DRAWN]
        for turn in range(MINUTES * 60 // DRAWN):
            for packet in packets:
                copy = av.Packet(bytes(packet))
                shift = round(turn * DRAWN / packet.time_base)
                copy.pts, copy.dts = (packet.pts or 0) + shift, (packet.dts or 0) + shift
                copy.time_base, copy.duration, copy.is_keyframe = packet.time_base, packet.duration, packet.is_keyframe
                copy.stream = streams[packet.stream.index]
                out.mux(copy)
    drawn.unlink()
    return made


def places(seed: int) -> list[float]:
    """Where to jump to: spread over the film, the same for both."""
    return [((index * 7 + seed * 3) % SEEKS + 0.37) / SEEKS for index in range(SEEKS)]


def measure(page: Page, address: str) -> tuple[float, list[float]]:
    """Milliseconds to the first picture, and of each seek."""
    first = float(page.evaluate(FIRST, address))
    return first, [float(one) for one in page.evaluate(SEEK, places(int(first)))]


def open_film(running: Running, person: Visitor) -> dict[str, Any]:
    """Go through the gate as the team manager with the officer; what the server told of the opening."""
    links = running.links()
    page = person.page
    page.goto(links["teammanager"])
    page.goto(f"/verzoeken/{links['case']}/")
    while page.get_by_role("button", name=re.compile("^Ja")).count():
        page.get_by_role("button", name=re.compile("^Ja")).first.click()
    page.get_by_role("link", name="Inzage beginnen").click()
    page.get_by_label("Waar kijkt u?").fill("Spreekkamer")
    page.get_by_role("button", name="Inzage beginnen").click()
    page.get_by_label("Nummer van de handhaver").fill(links["number"])
    page.get_by_label("Code van de handhaver").fill(links["code"])
    page.get_by_role("button", name="Ik ben erbij").click()
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Naar de beelden").click()
    page.get_by_label("Uw wachtzin").fill(links["passphrase"])
    with page.expect_response(re.compile(r"/openen/$")) as answer:
        page.get_by_role("button", name="Beelden openen").click()
    page.wait_for_function("() => document.querySelector('#films video')?.readyState >= 2", timeout=60_000)
    told: dict[str, Any] = answer.value.json()
    return told


def look_on(address: str, cookies: dict[str, str], told: dict[str, Any], place: float) -> tuple[float, float]:
    """One viewer without a screen, who asks as the browser does and keeps real time from the first whole chunk on: seconds until
    then, and seconds in which there was nothing to show.
    """
    clip = told["clips"][0]
    at, begun, first, stalled, got = int(place * clip["sealed_size"]), time.monotonic(), 0.0, 0.0, 0
    with httpx.Client(base_url=address, cookies=cookies, headers={"X-Opening-Token": told["token"]}) as client:
        while (now := time.monotonic() - begun) < WATCHED:
            if first and got / RATE - (now - first) > AHEAD:
                time.sleep(0.1)
                continue
            span = {"Range": f"bytes={at}-{min(at + WINDOW, clip['sealed_size']) - 1}"}
            with client.stream("GET", f"/inzien/verzegeld/{told['id']}/{clip['source']}", headers=span) as answer:
                answer.raise_for_status()
                for piece in answer.iter_raw():
                    now = time.monotonic() - begun
                    if first:
                        stalled = max(stalled, (now - first) - got / RATE)
                    got, at = got + len(piece), at + len(piece)
                    first = first or (now if got >= CHUNK else 0.0)
            at %= clip["sealed_size"] - WINDOW
    return first, stalled


def crowd(running: Running, person: Visitor, told: dict[str, Any]) -> tuple[float, float]:
    """All viewers at once, each elsewhere in the film: the longest wait for a first chunk, and the longest stall."""
    cookies = {str(one.get("name")): str(one.get("value")) for one in person.context.cookies()}
    with ThreadPoolExecutor(VIEWERS) as pool:
        seen = [pool.submit(look_on, running.address, cookies, told, n / VIEWERS) for n in range(VIEWERS)]
        times = [one.result() for one in seen]
    return max(first for first, _stall in times), max(stall for _first, stall in times)


def main() -> int:
    """Print the measures; the exit code says nothing of the goals."""
    os.environ.pop("BEELDKLUIS_DATA", None)
    with tempfile.TemporaryDirectory(prefix="bench-playback-") as name:
        folder = Path(name)
        clips = folder / "clips"
        clips.mkdir()
        clip = film_of(folder)
        size = clip.stat().st_size
        print(
            f"film: {size / 1e6:.0f} MB, {MINUTES} min, 1920x1080, {size * 8 / MINUTES / 60e6:.1f} Mbit/s", flush=True
        )
        # served by the same server beside the program's own files, so that the two differ in the sealing alone
        static = folder / "data" / "static"
        static.mkdir(parents=True)
        os.link(clip, static / "bench-film.mp4")
        os.link(clip, clips / "clip.mp4")
        process, running = start(folder, "--clips", str(clips))
        try:
            goals = grow(running) if "--memory" in sys.argv else compare(running)
        finally:
            stop(process)
    print(json.dumps({"goals": goals}))
    return 0


def compare(running: Running) -> list[dict[str, object]]:
    """Both ways in turn, in one page, several rounds; medians. Then the crowd."""
    first: dict[str, list[float]] = {"sealed": [], "plain": []}
    seeks: dict[str, list[float]] = {"sealed": [], "plain": []}
    with chromium() as browser:
        person = Visitor(browser, running.address, "bench")
        told = open_film(running, person)
        sealed = person.page.evaluate("document.querySelector('#films video').currentSrc")
        person.page.evaluate("document.querySelector('#films video').muted = true")
        for _ in range(ROUNDS):
            for kind, address in (("plain", f"{running.address}/static/bench-film.mp4"), ("sealed", sealed)):
                begun, jumps = measure(person.page, address)
                first[kind].append(begun)
                seeks[kind] += jumps
        person.page.evaluate("document.querySelector('#films video').removeAttribute('src')")
        wait, stall = crowd(running, person, told)
    medians = {
        name: {kind: statistics.median(times[kind]) for kind in times}
        for name, times in (("first", first), ("seek", seeks))
    }
    for name, found in medians.items():
        print(f"{name}: sealed {found['sealed']:.0f} ms, unsealed {found['plain']:.0f} ms")
    print(
        f"{VIEWERS} viewers of {RATE * 8 / 1e6:.0f} Mbit/s for {WATCHED:.0f} s: first chunk {wait:.2f} s, stall {stall:.2f} s"
    )
    return [
        goal(
            "first picture, ratio to the same film unsealed",
            medians["first"]["sealed"] / medians["first"]["plain"],
            3.0,
        ),
        goal("median seek, ratio to the same film unsealed", medians["seek"]["sealed"] / medians["seek"]["plain"], 1.3),
        goal(f"longest stall of {VIEWERS} viewers, seconds", stall, 0.0),
    ]


def resident(browser_pids: set[int]) -> int:
    """Bytes of memory that the browser's processes hold together (proportional set size)."""
    total = 0
    for pid in browser_pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return total


def browser_processes() -> set[int]:
    """Every process of a Chromium on this machine."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if b"chrom" in command.split(b"\0")[0]:
                found.add(int(entry.name))
    return found


def grow(running: Running) -> list[dict[str, object]]:
    """The whole hour at four times the speed; memory after the first minutes against the most of the rest."""
    with chromium() as browser:
        person = Visitor(browser, running.address, "bench")
        open_film(running, person)
        page = person.page
        page.locator("#speed").select_option("4")
        page.get_by_role("button", name="Afspelen").click()
        begun, early, late, at = time.monotonic(), 0, 0, 0.0
        while at < MINUTES * 60 - 5 and time.monotonic() - begun < MINUTES * 60 / 4 * 1.5:
            time.sleep(10)
            at = float(page.evaluate("document.querySelector('#films video').currentTime"))
            held = resident(browser_processes())
            early, late = (max(early, held), late) if at < 300 else (early, max(late, held))
        wall = time.monotonic() - begun
    print(
        f"{at / 60:.1f} min of film in {wall / 60:.1f} min; browser {early / 1e6:.0f} MB early, {late / 1e6:.0f} MB at most later"
    )
    return [
        goal("memory of the browser over an hour at 4x, ratio to its first five minutes of film", late / early, 1.5),
        goal("film not played, minutes", MINUTES - at / 60, 0.5),
    ]


def goal(name: str, value: float, most: float) -> dict[str, object]:
    return {"name": name, "value": round(value, 3), "goal": f"<= {most}", "met": value <= most}


if __name__ == "__main__":
    sys.exit(main())
