"""The review screen: what lies over the film is the draft of just the picture that is there, and all of it goes by keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.stories.browser import chromium
from tests.viewing.screen import Server, bundled, clip, opening, screen

from beeldkluis.camera.simulator import draw_film
from beeldkluis.masking.analysis import Analysis, Hit, Speech, Track
from beeldkluis.masking.boxes import Box, Kind
from beeldkluis.masking.codec import analysis_bytes, read_draft
from beeldkluis.masking.draft import Draft, Mode
from beeldkluis.masking.plan import Plan

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("screen")]
FRAMES, EVERY_US = 300, 40_000


def walker(number: int, first: int, last: int, left: float, step: float) -> Track:
    """Somebody who walks from the left to the right, or back."""
    boxes = tuple(
        Box(round(left + step * at, 4), 0.2, round(left + 0.15 + step * at, 4), 0.9) for at in range(last - first + 1)
    )
    hits = tuple(Hit(first + at, boxes[at], 0.9) for at in range(0, len(boxes), 5))
    return Track(number=number, kind=Kind.PERSON, hits=hits, first=first, covers=boxes, unsure=())


ONE = replace(walker(1, 0, 249, 0.05, 0.002), unsure=((100, 124),))
TWO = walker(2, 50, 199, 0.8, -0.004)
ANALYSIS = Analysis(
    width=160, height=90, times_us=tuple(at * EVERY_US for at in range(FRAMES)), duration_ms=12_000, borders=(),
    tracks=(ONE, TWO), speech=(Speech(2_000, 5_000),), levels=bytes(40 + at % 90 for at in range(120)), level_ms=100,
    models=(("nanodet", "ab" * 32),),
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return bundled(tmp_path_factory.mktemp("script"), "review.js")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("films") / "film.mp4"
    draw_film(path, 12, width=160, height=90)
    return path.read_bytes()


@contextmanager
def reviewing(
    browser: Browser, script: bytes, film: bytes, analysis: Analysis = ANALYSIS
) -> Iterator[tuple[Page, Server]]:
    kept = {"version": 1, "changed_in": 1, "state": "analysed", "changed_by": "", "draft": ""}
    standing: dict[str, Any] = {
        "state": "analysed", "said": "Klaar om na te kijken.", "asks": "Maak de kopie", "version": 1, "changed_in": 1,
        "worker": "age1", "no_part": "", "played": "/gespeeld/", "page": "/", "draft": "/ontwerp/",
    }  # fmt: skip
    told = {"analysis": analysis_bytes(analysis).decode(), "kept": kept, "standing": standing}
    with screen(browser, script, {"a": film}, [opening(1, [clip("a", 12_000)])], review=told) as (page, server):
        page.wait_for_function("() => window.review")
        yield page, server


def saved(server: Server) -> Draft:
    return read_draft(str(server.told["review"]["kept"]["draft"]).encode())


def go(page: Page, frame: int) -> None:
    page.evaluate("(frame) => window.review.go(frame)", frame)
    page.wait_for_function("(frame) => window.player.films[0].shows && window.review.frame === frame", arg=frame)


COVERED = """([across, down]) => {
    const canvas = document.querySelector(".over-film"), { area } = window.overlay;
    const [x, y] = [(area.left + across * area.width) * devicePixelRatio, (area.top + down * area.height) * devicePixelRatio];
    return canvas.getContext("2d").getImageData(x, y, 1, 1).data[3] === 255; }"""


def covered(draft: Draft, frame: int, x: float, y: float, analysis: Analysis = ANALYSIS) -> bool:
    """Is this point of the picture covered in the copy, as the server counts it?"""
    here = Plan(analysis, draft).at(frame)
    if here.everything or any(holds(box, x, y) for box in here.covered):
        return True
    return draft.mode is Mode.INVERTED and not any(holds(box, x, y) for box in here.freed)


def holds(box: Box, x: float, y: float) -> bool:
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1


def test_what_one_sees_is_what_the_copy_covers(browser: Browser, script: bytes, film: bytes) -> None:
    with reviewing(browser, script, film) as (page, server):
        press(page, "k", "v", "Shift+L")
        draft = until_saved(page, server)
        assert [(one.track, one.free) for one in draft.changes] == [(1, True)]
        seen = set()
        for frame in (0, 60, 110, 120, 150, 249, 299):
            go(page, frame)
            for x, y in ((0.02, 0.5), (0.12, 0.5), (0.3, 0.5), (0.45, 0.5), (0.62, 0.5), (0.9, 0.95)):
                wanted = covered(draft, frame, x, y)
                assert page.evaluate(COVERED, [x, y]) == wanted, (frame, x, y)
                seen.add(wanted)
        assert seen == {True, False}


def test_while_it_plays_each_picture_has_its_own_lines(browser: Browser, script: bytes, film: bytes) -> None:
    with reviewing(browser, script, film) as (page, _server):
        told = page.evaluate("""async () => { const seen = [], { video } = window.player.films[0];
            const look = (_now, { mediaTime }) => {
                seen.push([mediaTime, window.review.frame]);
                video.requestVideoFrameCallback(look);
            };
            video.requestVideoFrameCallback(look);
            window.player.playback.play();
            await new Promise((done) => { video.addEventListener("ended", done); });
            return seen; }""")
        assert len(told) > 20
        assert [frame for at, frame in told] == [round(at * 1_000_000) // EVERY_US for at, _ in told]


def test_everything_goes_by_keyboard(browser: Browser, script: bytes, film: bytes) -> None:
    with reviewing(browser, script, film) as (page, server):
        go(page, 60)
        press(page, "k")
        expect(page.locator("#chosen")).to_have_text("Persoon 1: afgedekt.")
        press(page, "v")
        expect(page.locator("#chosen")).to_have_text("Persoon 1: vrijgegeven.")
        press(page, "k", "b", "ArrowRight", "ArrowRight", "Shift+ArrowDown", "Enter")
        draft = until_saved(page, server)
        (moved,) = [one for one in draft.changes if one.track == 2]
        (key,) = moved.keys
        had = TWO.covers[60 - TWO.first]
        assert key.frame == 60
        assert key.box == Box(round(had.x0 + 0.02, 4), had.y0, round(had.x1 + 0.02, 4), round(had.y1 + 0.01, 4))
        press(page, "Control+z")
        assert not [one for one in until_saved(page, server).changes if one.track == 2]
        press(page, "Control+Shift+Z")
        assert until_saved(page, server) == draft
        press(page, "t", "t", "ArrowLeft", "Escape")
        drawn = until_saved(page, server).changes[-1]
        assert (drawn.track, drawn.end, len(drawn.keys)) == (1001, 60 + 75, 1)
        go(page, 80)
        press(page, "e")
        assert until_saved(page, server).changes[-1].end == 79
        press(page, "k", "Shift+D")
        expect(page.locator("#chosen")).to_contain_text("Vlak 1")
        assert page.evaluate("window.review.frame") == 60
        press(page, "?")
        expect(page.locator("#key-lines")).to_contain_text("Teken een vak")
        press(page, "v", "Escape")
        assert until_saved(page, server) == saved(server)


def test_a_box_is_drawn_moved_and_sized_by_pointer(browser: Browser, script: bytes, film: bytes) -> None:
    with reviewing(browser, script, film) as (page, server):
        go(page, 260)
        page.get_by_role("button", name="Teken een vak").click()
        drag(page, (0.3, 0.3), (0.5, 0.6))
        near(until_saved(page, server).changes[-1].keys[0].box, Box(0.3, 0.3, 0.5, 0.6))
        drag(page, (0.4, 0.45), (0.6, 0.55))
        near(until_saved(page, server).changes[-1].keys[0].box, Box(0.5, 0.4, 0.7, 0.7))
        drag(page, (0.7, 0.7), (0.8, 0.9))
        near(until_saved(page, server).changes[-1].keys[0].box, Box(0.5, 0.4, 0.8, 0.9))
        page.mouse.click(*at(page, (0.1, 0.1)))
        expect(page.locator("#chosen")).to_contain_text("Niemand gekozen")


def test_no_key_does_anything_while_somebody_types(browser: Browser, script: bytes, film: bytes) -> None:
    with reviewing(browser, script, film) as (page, _server):
        page.locator("#note").focus()
        page.keyboard.type("vtbkesdhl?")
        assert page.locator("#note").input_value() == "vtbkesdhl?"
        page.locator("#shortcuts").evaluate("(box) => { box.checked = false; }")
        page.locator("#note").evaluate("(note) => note.blur()")
        press(page, "k", "v", "t")
        assert page.evaluate("[window.review.selected, window.review.history.words]") == [None, ""]


def test_a_press_on_the_rail_goes_there_and_freed_ones_come_first(browser: Browser, script: bytes, film: bytes) -> None:
    many = replace(ANALYSIS, tracks=tuple(walker(number, number, number + 90, 0.1, 0.001) for number in range(1, 61)))
    with reviewing(browser, script, film, many) as (page, _server):
        page.evaluate("window.review.select(40)")
        press(page, "v")
        names = page.locator("#lanes .lane-name").all_inner_texts()
        assert (len(names), names[0], names[1]) == (60, "40 Vrijgegeven", "1 Afgedekt")
        page.locator("#lanes").scroll_into_view_if_needed()
        bars = page.locator("#lanes .bars").first.bounding_box()
        assert bars is not None
        page.mouse.click(bars["x"] + bars["width"] / 2, bars["y"] + 5)
        page.wait_for_function("() => Math.abs(window.review.frame - 150) < 2")
        assert page.evaluate("window.player.films[0].at") == pytest.approx(6, abs=0.1)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def until_saved(page: Page, server: Server) -> Draft:
    """The draft that the server has once what is on the screen is kept."""
    page.locator("body").evaluate("() => window.panels.flush()")
    return saved(server)


def at(page: Page, place: tuple[float, float]) -> tuple[float, float]:
    """Where a place in the picture is on the page."""
    page.locator(".over-film").scroll_into_view_if_needed()
    box = page.locator(".over-film").bounding_box()
    area = page.evaluate("window.overlay.area")
    assert box is not None
    return box["x"] + area["left"] + place[0] * area["width"], box["y"] + area["top"] + place[1] * area["height"]


def drag(page: Page, one: tuple[float, float], other: tuple[float, float]) -> None:
    page.mouse.move(*at(page, one))
    page.mouse.down()
    page.mouse.move(*at(page, ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)))
    page.mouse.move(*at(page, other))
    page.mouse.up()


def near(box: Box | None, other: Box) -> None:
    assert box is not None
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((other.x0, other.y0, other.x1, other.y1), abs=0.005)
