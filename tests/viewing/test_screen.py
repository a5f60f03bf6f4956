"""The viewing screen: what it tells is what it showed, every picture can be reached, and it shuts when it must."""

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest
from av.video.frame import VideoFrame
from playwright.sync_api import Browser, Page, expect
from tests.stories.browser import chromium
from tests.viewing.screen import Server, bundled, clip, opening, screen

from beeldkluis.camera.simulator import draw_film
from beeldkluis.protocol import naming

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("screen")]
PLAYER = "window.player"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return bundled(tmp_path_factory.mktemp("script"))


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], bytes]:
    """A film of so many seconds; drawn once."""
    folder, drawn = tmp_path_factory.mktemp("films"), {}

    def give(seconds: int) -> bytes:
        if seconds not in drawn:
            path = folder / f"{seconds}.mp4"
            draw_film(path, seconds, width=160, height=90)
            drawn[seconds] = path.read_bytes()
        return drawn[seconds]

    return give


PATIENCE = 120  # seconds: a busy computer is slow, and no test here depends on that
EDGE = 60  # milliseconds at each end of a piece: a picture, and the account is in whole milliseconds


def until(page: Page, holds: str) -> None:
    page.wait_for_function(f"() => {holds}")


def shown(page: Page) -> list[tuple[str, int]]:
    """Each picture that was drawn until now while a film played, as the browser says: the film and the millisecond."""
    return [(film, at) for film, at in page.evaluate("window.frames_shown")]


def untold(frames: list[tuple[str, int]], server: Server) -> list[tuple[str, int]]:
    """The pictures that the account leaves out."""
    return [
        (film, at)
        for film, at in frames
        if not any(first - EDGE <= at <= last + EDGE for first, last in server.seen(film))
    ]


def made_up(page: Page, server: Server) -> list[tuple[str, int, int]]:
    """The pieces of the account that lie where the video never stood, as it says itself."""
    places = page.evaluate("window.places")
    return [
        (film, first, last)
        for film, told in server.spans.items()
        for first, last in told
        if not any(one == film and low - EDGE <= first and last <= high + EDGE for one, low, high in places)
    ]


def at(page: Page, film: int = 0) -> float:
    return float(page.evaluate(f"{PLAYER}.films[{film}].at"))


def report(page: Page) -> None:
    page.evaluate(f"{PLAYER}.delivery.report()")


def uneven(path: Path, moments: list[int], container: str = "mp4") -> bytes:
    """A film with a picture at each of these milliseconds, each of another grey."""
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream("libx264", rate=30, options={"preset": "ultrafast", "g": "15", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for number, moment in enumerate(moments):
            grey = VideoFrame(160, 90, "gray")
            grey.planes[0].update(bytes([number * 7 % 256]) * grey.planes[0].buffer_size)
            frame = grey.reformat(format="yuv420p")
            frame.pts, frame.time_base = moment, Fraction(1, 1000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path.read_bytes()


SLOW = list(range(0, 1000, 83))
MIXED = [*range(0, 1000, 33), *range(1000, 2000, 66), *range(2000, 2600, 33)]
MOMENTS = {
    "12 a second": SLOW,
    "25 a second": list(range(0, 1000, 40)),
    "30, then 15, then 30": MIXED,
    "60 a second": [round(number * 1000 / 60) for number in range(60)],
}


@pytest.mark.parametrize("kind", MOMENTS)
def test_every_picture_is_reached_once_on_and_back(browser: Browser, script: bytes, tmp_path: Path, kind: str) -> None:
    moments = MOMENTS[kind]
    film = uneven(tmp_path / "film.mp4", moments)
    with screen(browser, script, {"a": film}, [opening(1, [clip("a", moments[-1])])]) as (page, _server):
        walk = """async (count) => { const film = window.player.films[0], seen = [];
            for (let turn = 0; turn < Math.abs(count); turn += 1) {
                await film.step(Math.sign(count)); seen.push(Math.round(film.frameAt * 1000)); }
            return seen; }"""
        onward = page.evaluate(walk, 20)
        assert [abs(one - two) <= 1 for one, two in zip(onward, moments[1:21], strict=False)] == [True] * len(
            moments[1:21]
        ), (onward, moments[:21])
        back = page.evaluate(walk, -8)
        place = min(20, len(moments) - 1)
        expected = [moments[place - turn] for turn in range(1, 9)]
        assert all(abs(one - two) <= 1 for one, two in zip(back, expected, strict=True)), (back, expected)


def test_a_step_right_after_a_jump_goes_on_from_there(
    browser: Browser, script: bytes, film: Callable[[int], bytes]
) -> None:
    with screen(browser, script, {"a": film(12)}, [opening(1, [clip("a", 12_000)])]) as (page, _server):
        page.evaluate(f"{PLAYER}.playback.go(9)")
        until(page, f"{PLAYER}.films[0].shows")
        page.keyboard.press(".")
        until(page, f"{PLAYER}.films[0].at > 9.01 && !{PLAYER}.films[0].stepping")
        assert 9 < at(page) < 9.2


def test_only_what_was_shown_is_told(browser: Browser, script: bytes, film: Callable[[int], bytes]) -> None:
    with screen(browser, script, {"a": film(12)}, [opening(1, [clip("a", 12_000)])]) as (page, server):
        report(page)
        assert server.seen("a")[0][0] == 0, "the first picture was seen"
        page.evaluate(f"{PLAYER}.playback.go(8)")
        page.evaluate(f"{PLAYER}.playback.play()")
        until(page, f"{PLAYER}.films[0].at > 8.8")
        page.evaluate(f"{PLAYER}.playback.pause()")
        # back to the beginning, on and off quickly: what lies between was never shown
        for _ in range(5):
            page.evaluate(f"{PLAYER}.playback.go(0.2)")
            page.evaluate(f"{PLAYER}.playback.play()")
            report(page)
            page.evaluate(f"{PLAYER}.playback.pause()")
            until(page, f"!{PLAYER}.films[0].video.seeking")
        report(page)
        assert max(at for _film, at in shown(page)) > 8500
        assert untold(shown(page), server) == []
        assert made_up(page, server) == []


def test_clips_of_unknown_length_follow_each_other_and_can_be_reached(
    browser: Browser, script: bytes, film: Callable[[int], bytes]
) -> None:
    clips = [clip("a"), clip("b"), clip("c")]
    films = {"a": film(2), "b": film(3), "c": film(2)}
    with screen(browser, script, films, [opening(1, clips)]) as (page, server):
        assert page.evaluate(f"{PLAYER}.timeline.length") == pytest.approx(7, abs=0.3)
        assert page.evaluate(f"{PLAYER}.films[0].index") == 0
        page.evaluate(f"{PLAYER}.playback.go(3)")
        assert page.evaluate(f"{PLAYER}.films[0].index") == 1
        page.evaluate(f"{PLAYER}.playback.go(1.2)")
        page.evaluate(f"{PLAYER}.playback.play()")
        until(page, f"{PLAYER}.films[0].index === 2 && {PLAYER}.films[0].video.currentTime > 0.5")
        page.evaluate(f"{PLAYER}.playback.pause()")
        report(page)
        assert min(first for first, _last in server.seen("b")) <= EDGE
        assert max(last for _first, last in server.seen("b")) >= 2900
        assert untold(shown(page), server) == []
        assert made_up(page, server) == []


def test_two_cameras_go_on_when_the_first_is_over(
    browser: Browser, script: bytes, film: Callable[[int], bytes]
) -> None:
    both = [opening(1, [clip("a", 3000)]), opening(2, [clip("b", 12_000)], begins=1)]
    with screen(browser, script, {"a": film(3), "b": film(12)}, both) as (page, server):
        page.evaluate(f"{PLAYER}.playback.go(2)")
        page.evaluate(f"{PLAYER}.playback.play()")
        until(page, f"{PLAYER}.playback.position > 5")
        page.evaluate(f"{PLAYER}.playback.pause()")
        place = page.evaluate(f"{PLAYER}.playback.position")
        assert at(page, 1) + 1 == pytest.approx(place, abs=0.1)
        expect(page.locator(".film.elsewhere")).to_have_count(1)
        page.evaluate(f"{PLAYER}.playback.play()")
        until(page, f"{PLAYER}.playback.position > {place + 0.5}")
        assert at(page, 0) >= 2.9, "the one that is over stays over"
        report(page)
        assert all(first >= 1900 or last <= 100 for first, last in server.seen("a")), server.seen("a")


def test_two_cameras_stand_still_at_the_same_moment(
    browser: Browser, script: bytes, film: Callable[[int], bytes]
) -> None:
    both = [opening(1, [clip("a", 12_000)]), opening(2, [clip("b", 12_000)], begins=2)]
    with screen(browser, script, {"a": film(12), "b": film(12)}, both) as (page, _server):
        page.evaluate(f"{PLAYER}.playback.go(4)")
        page.evaluate(f"{PLAYER}.playback.play()")
        until(page, f"{PLAYER}.playback.position > 5.5")
        page.evaluate(f"{PLAYER}.films[1].video.currentTime -= 0.2; {PLAYER}.playback.pause()")
        until(page, f"{PLAYER}.films.every((film) => !film.video.seeking)")
        assert at(page, 0) - at(page, 1) == pytest.approx(2, abs=0.03)
        page.get_by_role("button", name="Geluid en markeringen van R-000002").click()
        assert page.evaluate(f"{PLAYER}.films.map((film) => film.video.muted)") == [True, False]


def test_a_loop_to_the_very_end_goes_round(browser: Browser, script: bytes, film: Callable[[int], bytes]) -> None:
    with screen(browser, script, {"a": film(3)}, [opening(1, [clip("a", 3100)])]) as (page, _server):
        # a camera may say a little more than there is
        page.evaluate(f"{PLAYER}.playback.go(2)")
        page.evaluate(f"{PLAYER}.setLoop('from')")
        page.evaluate(f"{PLAYER}.loop.to = {PLAYER}.timeline.length")
        page.evaluate(f"{PLAYER}.playback.go(2.2)")
        page.evaluate(f"{PLAYER}.playback.play()")
        for _ in range(2):
            until(page, f"{PLAYER}.playback.position > 2.7")
            until(page, f"{PLAYER}.playback.position < 2.4")
        assert page.evaluate(f"{PLAYER}.playback.wants")


def test_without_a_line_it_shuts_by_itself_and_what_was_seen_is_told_later(
    browser: Browser, script: bytes, film: Callable[[int], bytes]
) -> None:
    with screen(browser, script, {"a": film(12)}, [opening(1, [clip("a", 12_000)])], alone_seconds=9) as (page, server):
        server.status = 0
        page.evaluate(f"{PLAYER}.playback.play()")
        said = page.locator("#film-problem")
        expect(said).to_contain_text("te lang geen verbinding")
        assert any("De verbinding is weg" in one for one in page.evaluate("window.problems")), (
            "it said so before it shut"
        )
        assert page.locator("#stage").is_hidden()
        assert page.evaluate("document.activeElement.id") == "film-problem"
        assert page.evaluate("window.released") == 1
        assert not server.spans["a"]
        server.status = 200
        until_told(server, "a")
        assert shown(page)
        assert untold(shown(page), server) == []
        page.get_by_role("link", name="Terug naar de inzage").click()
        page.wait_for_url("**/inzien/**")


def until_told(server: Server, clip: str) -> None:
    end = time.monotonic() + PATIENCE
    while not server.spans[clip]:
        assert time.monotonic() < end
        time.sleep(0.1)


def until_closed(server: Server) -> None:
    end = time.monotonic() + PATIENCE
    while not server.closed:
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_server_that_restarts_shuts_nothing(browser: Browser, script: bytes, film: Callable[[int], bytes]) -> None:
    with screen(browser, script, {"a": film(12)}, [opening(1, [clip("a", 12_000)])]) as (page, server):
        page.evaluate(f"{PLAYER}.playback.play()")
        until(page, f"{PLAYER}.playback.position > 0.5")
        server.status = 502
        report(page)
        expect(page.locator("#film-problem")).to_contain_text("De verbinding is weg")
        server.status = 200
        report(page)
        expect(page.locator("#film-problem")).to_be_hidden()
        assert not page.evaluate(f"Boolean({PLAYER}.ending.done)")
        assert server.seen("a"), "nothing that was seen is lost"


def test_when_the_server_closed_it_the_last_seconds_still_arrive(
    browser: Browser, script: bytes, film: Callable[[int], bytes]
) -> None:
    with screen(browser, script, {"a": film(12)}, [opening(1, [clip("a", 12_000)])]) as (page, server):
        page.evaluate(f"{PLAYER}.playback.play()")
        until(page, f"{PLAYER}.playback.position > 1")
        server.open = False
        report(page)
        expect(page.locator("#film-problem")).to_contain_text("De tijd is om, iemand is weggegaan")
        until(page, f"{PLAYER}.films[0].account.pieces.length === 0")
        assert untold(shown(page), server) == []


def test_closing_works_without_a_line_and_tells_later(
    browser: Browser, script: bytes, film: Callable[[int], bytes]
) -> None:
    with screen(browser, script, {"a": film(12)}, [opening(1, [clip("a", 12_000)])]) as (page, server):
        page.evaluate(f"{PLAYER}.playback.play()")
        until(page, f"{PLAYER}.playback.position > 1")
        server.status = 0
        page.get_by_role("button", name="Sluiten").click()
        expect(page.locator("#film-problem")).to_contain_text("Laat deze pagina even open")
        assert page.locator("#stage").is_hidden()
        server.status = 200
        until_told(server, "a")


def test_closing_tells_the_last_seconds_with_it(browser: Browser, script: bytes, film: Callable[[int], bytes]) -> None:
    with screen(browser, script, {"a": film(12)}, [opening(1, [clip("a", 12_000)])]) as (page, server):
        page.evaluate(f"{PLAYER}.playback.play()")
        until(page, f"{PLAYER}.playback.position > 1.2")
        frames = shown(page)
        page.get_by_role("button", name="Sluiten").click()
        page.wait_for_url("**/inzien/**")
        assert server.closed == ["/opening/1/sluiten/"]
        assert frames
        assert untold(frames, server) == []


def test_a_page_that_goes_away_tells_in_one_request(
    browser: Browser, script: bytes, film: Callable[[int], bytes]
) -> None:
    with screen(browser, script, {"a": film(12)}, [opening(1, [clip("a", 12_000)])]) as (page, server):
        page.evaluate(f"{PLAYER}.playback.play()")
        until(page, f"{PLAYER}.playback.position > 1.2")
        frames = shown(page)
        page.goto("about:blank")
        until_closed(server)
        assert server.closed == ["/opening/1/sluiten/"]
        assert frames
        assert untold(frames, server) == []


def test_a_seal_that_is_not_right_shuts_at_once_and_is_told(
    browser: Browser, script: bytes, film: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "_source", [lambda: {"dpo": "privacy officer"}])
    with screen(browser, script, {"a": film(12)}, [opening(1, [clip("a", 12_000)])]) as (page, _server):
        page.evaluate(f"{PLAYER}.playback.play()")
        page.evaluate(f"{PLAYER}.faults.failed('/film/a', 'seal')")
        expect(page.locator("#film-problem")).to_have_text(
            "De beelden zijn gesloten. Een stuk van de film is niet echt of beschadigd: het zegel klopt niet. "
            "De privacy officer krijgt bericht."
        )
        assert page.evaluate("window.broken") == ["/film/a"]
        assert page.locator("#stage").is_hidden()


def test_what_is_no_film_is_said_to_be_unplayable_and_a_line_that_is_gone_is_not(
    browser: Browser, script: bytes, film: Callable[[int], bytes]
) -> None:
    with screen(browser, script, {"a": film(3), "b": b"no film" * 1000}, [opening(1, [clip("a", 3000)])]) as (
        page,
        _server,
    ):
        page.evaluate(f"{PLAYER}.faults.failed('/film/b', 'line')")
        page.evaluate(f"{PLAYER}.films[0].clips.push({{...{PLAYER}.films[0].clips[0], path: '/film/b', object: 'b'}})")
        page.evaluate(f"{PLAYER}.films[0].lengths.push(3); {PLAYER}.playback.go(4)")
        expect(page.locator("#film-problem")).to_contain_text("De verbinding is weg")
        assert page.evaluate("window.unplayable") == 0
        page.evaluate(f"{PLAYER}.films[0].again()")
        until(page, "window.unplayable === 1")


def test_out_of_sight_nothing_plays(browser: Browser, script: bytes, film: Callable[[int], bytes]) -> None:
    with screen(browser, script, {"a": film(12)}, [opening(1, [clip("a", 12_000)])]) as (page, _server):
        page.evaluate(f"{PLAYER}.playback.play()")
        until(page, f"{PLAYER}.playback.position > 0.3")
        page.evaluate("""() => { Object.defineProperty(document, 'hidden', {value: true, configurable: true});
            document.dispatchEvent(new Event('visibilitychange')); }""")
        until(page, f"{PLAYER}.films[0].video.paused")
        assert not page.evaluate(f"{PLAYER}.films[0].video.ended"), "it was stopped and did not come to its end"
        assert not page.evaluate(f"{PLAYER}.playback.wants")


def test_the_keys_can_be_switched_off(browser: Browser, script: bytes, film: Callable[[int], bytes]) -> None:
    with screen(browser, script, {"a": film(12)}, [opening(1, [clip("a", 12_000)])]) as (page, _server):
        page.locator("summary").click()
        page.get_by_label("Sneltoetsen gebruiken").uncheck()
        page.locator("h1").click()
        page.keyboard.press("ArrowRight")
        assert at(page) == 0
        page.get_by_label("Sneltoetsen gebruiken").check()
        page.locator("h1").click()
        page.keyboard.press("ArrowRight")
        until(page, f"{PLAYER}.films[0].at > 4.9")
        page.get_by_role("button", name="Dichterbij").click()
        page.get_by_role("button", name="Naar rechts").click()
        assert "translate(-10%" in page.locator("#films video").evaluate("film => film.style.transform")
