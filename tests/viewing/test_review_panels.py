"""What stands beside the film that is reviewed, in a real browser: people, places, sound, saving, the way to an approved copy."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.stories.browser import NARROW, axe, chromium
from tests.viewing.review_screen import STREET, Desk, S, bundled, film_of, found_in, review, sealed

from beeldkluis.masking.codec import draft_bytes, read_draft
from beeldkluis.masking.draft import Change, Draft, Mode

pytestmark = [pytest.mark.story, pytest.mark.slow, pytest.mark.xdist_group("screen")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder: Path = tmp_path_factory.mktemp("review")
    return Desk(film_of(STREET, folder / "film.mp4"), sealed(found_in(STREET)), bundled(folder))


@pytest.fixture
def desk(made: Desk) -> Desk:
    return replace(made, played=[], taken=[], steps=[], missing=[])


def card(page: Page, name: str) -> Any:
    return page.locator("#people > li").filter(has=page.get_by_role("button", name=name, exact=True))


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_have_text("Bewaard.")


def drafted(desk: Desk) -> Draft:
    return read_draft(desk.draft.encode())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(browser: Browser, desk: Desk, scheme: Any) -> None:
    desk.save(
        draft_bytes(Draft(Mode.INVERTED, (Change(1, free=True), Change(2, end=60), Change(2, begin=61)))).decode(), ""
    )
    desk.made, desk.state = desk.changed_in, S.RENDERED
    with review(browser, desk) as visitor:
        page = visitor.page
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_role("button", name="Ik zag en hoorde alles")).to_be_visible()
        for summary in page.locator("#panels summary").all():
            if summary.is_visible():
                summary.click()
        visitor.look(f"review-{scheme}")
        page.set_viewport_size(NARROW)
        assert axe(page) == []


def test_one_click_frees_and_is_kept(browser: Browser, desk: Desk) -> None:
    with review(browser, desk) as visitor:
        page = visitor.page
        card(page, "Persoon 1").get_by_role("button", name="Geef vrij").click()
        expect(card(page, "Persoon 1").get_by_role("button", name="Dek af")).to_be_focused()
        expect(page.locator("#people > li").first).to_contain_text("Persoon 1Vrijgegeven")
        saved(page)
        assert drafted(desk).changes == (Change(1, free=True),)
        expect(page.locator("#conditions")).to_contain_text("U gaf iemand vrij")


def test_stills_come_from_the_open_film_and_stand_in_its_account(browser: Browser, desk: Desk) -> None:
    with review(browser, desk) as visitor:
        page = visitor.page
        page.locator("#people > li").first.scroll_into_view_if_needed()
        page.wait_for_function(
            """() => [...document.querySelectorAll('#people > li:first-child canvas')].filter(one => one
            .getContext('2d').getImageData(0, 0, one.width, one.height).data.some(value => value > 0)).length === 3"""
        )
        assert page.evaluate("window.player.films[0].account.pieces.length") >= 3
        card(page, "Persoon 1").get_by_role("button", name="einde van persoon 1").click()
        page.wait_for_function("() => window.desk.review.frame > 80")
        page.evaluate("window.player.ending.over('Proef.')")
        page.wait_for_function(
            """() => [...document.querySelectorAll('.stills canvas')].every(one => !one
            .getContext('2d').getImageData(0, 0, one.width, one.height).data.some(value => value > 0))"""
        )


def test_who_is_the_same_is_joined_and_let_loose_again(browser: Browser, desk: Desk) -> None:
    with review(browser, desk) as visitor:
        page, one = visitor.page, card(visitor.page, "Persoon 1")
        one.locator("summary").press("Enter")
        one.get_by_label("Is persoon 1 dezelfde als").select_option(label="persoon 3")
        one.get_by_role("button", name="Voeg samen").click()
        expect(one).to_contain_text("samen met persoon 3")
        expect(card(page, "Persoon 3")).to_have_count(0)
        saved(page)
        assert drafted(desk).changes == (Change(1, joined=(3,)),)
        one.get_by_role("button", name="Maak persoon 3 weer los").click()
        expect(card(page, "Persoon 3")).to_have_count(1)


def test_a_track_is_split_where_the_film_stands_and_half_of_it_freed(browser: Browser, desk: Desk) -> None:
    with review(browser, desk) as visitor:
        page, one = visitor.page, card(visitor.page, "Persoon 1")
        one.locator("summary").press("Enter")
        one.get_by_role("button", name="Splits hier").click()
        expect(one.get_by_role("status")).to_contain_text("Zet de film eerst stil")
        page.evaluate("window.desk.review.go(40)")
        one.get_by_role("button", name="Splits hier").click()
        one.get_by_role("button", name="Geef vrij persoon 1 van 0:01").click()
        expect(one).to_contain_text("Voor een deel vrij")
        saved(page)
        assert drafted(desk).changes == (Change(1, end=39), Change(1, begin=40, free=True))


def test_what_is_taken_away_needs_a_reason(browser: Browser, desk: Desk) -> None:
    with review(browser, desk) as visitor:
        page, one = visitor.page, card(visitor.page, "Persoon 1")
        one.locator("summary").press("Enter")
        one.get_by_role("button", name="Haal het vak weg").click()
        expect(one.get_by_role("status")).to_contain_text("Schrijf eerst waarom")
        one.get_by_label("Waarom hoeft persoon 1 niet").fill("Een etalagepop")
        one.get_by_role("button", name="Haal het vak weg").click()
        expect(one).to_contain_text("Weggehaald: Een etalagepop")
        saved(page)
        assert drafted(desk).changes == (Change(1, removed=True, reason="Een etalagepop"),)


def test_places_are_looked_at_one_after_another(browser: Browser, desk: Desk) -> None:
    with review(browser, desk) as visitor:
        page = visitor.page
        total = int(page.locator("#place-count").inner_text().rpartition(" ")[2])
        page.keyboard.press("n")
        expect(page.locator("#place-list > li").first).to_have_attribute("aria-current", "true")
        page.get_by_role("button", name="Bekeken, op naar de volgende").click()
        expect(page.locator("#place-count")).to_have_text(f"Nog {total - 1} van {total}")
        expect(page.locator("#place-list > li").first).to_have_attribute("aria-current", "true")
        saved(page)
        assert len(drafted(desk).checked) == 1
        page.locator("#places-done-count").click()
        page.get_by_role("button", name="Zet terug bij").click()
        expect(page.locator("#place-count")).to_have_text(f"Nog {total} van {total}")


def test_sound_is_heard_only_where_somebody_says_so(browser: Browser, desk: Desk) -> None:
    with review(browser, desk) as visitor:
        page = visitor.page
        page.get_by_role("button", name="Laat horen van 0:01 tot 0:02").click()
        expect(page.locator("#sound-count")).to_have_text("Eén stuk blijft")
        page.get_by_text("Een ander stuk laten horen").click()
        page.get_by_label("Van", exact=True).fill("0:07")
        page.get_by_label("Tot", exact=True).fill("0:03")
        page.get_by_role("button", name="Laat dit stuk horen").click()
        expect(page.locator("#sound-problem")).to_contain_text("het einde na het begin")
        page.get_by_label("Tot", exact=True).fill("0:07,5")
        page.get_by_role("button", name="Laat dit stuk horen").click()
        expect(page.locator("#sound-count")).to_have_text("2 stukken blijven")
        saved(page)
        assert drafted(desk).audible == ((1_000, 2_500), (7_000, 7_500))


def test_who_was_first_is_said_and_nothing_is_lost(browser: Browser, desk: Desk) -> None:
    with review(browser, desk) as visitor:
        page = visitor.page
        desk.save(draft_bytes(Draft(Mode.INVERTED, (Change(2, free=True),))).decode(), "Demo Vervanger")
        card(page, "Persoon 1").get_by_role("button", name="Geef vrij").click()
        expect(page.locator("#stale-said")).to_contain_text(
            "Demo Vervanger bewaarde intussen een andere versie, op 28-11-2026 10:31."
        )
        expect(card(page, "Persoon 1")).to_contain_text("Vrijgegeven")
        page.get_by_role("button", name="Mijn eigen versie blijven zien").click()
        expect(page.locator("#saved")).to_contain_text("Niet bewaard")
        page.get_by_role("button", name="Die andere versie laden").click()
        expect(card(page, "Persoon 2")).to_contain_text("Vrijgegeven")
        expect(card(page, "Persoon 1")).to_contain_text("Afgedekt")
        assert drafted(desk).changes == (Change(2, free=True),)
        page.get_by_role("button", name="Ongedaan maken").click()
        saved(page)
        assert drafted(desk).changes == (Change(1, free=True),)


def test_a_lost_line_is_said_in_dutch_and_tried_again(browser: Browser, desk: Desk) -> None:
    with review(browser, desk) as visitor:
        page = visitor.page
        desk.away = True
        card(page, "Persoon 1").get_by_role("button", name="Geef vrij").click()
        expect(page.locator("#saved")).to_contain_text("de verbinding met de server is weg")
        assert "fetch" not in page.locator("body").inner_text()
        desk.away = False
        saved(page)
        assert drafted(desk).changes == (Change(1, free=True),)
        visitor.complaints.clear()  # that a request found no server


def test_the_copy_is_watched_whole_before_it_is_called_good(browser: Browser, desk: Desk) -> None:
    desk.save(draft_bytes(Draft(Mode.INVERTED, (Change(1, free=True),))).decode(), "")
    desk.made, desk.state = desk.changed_in, S.RENDERED
    with review(browser, desk) as visitor:
        page = visitor.page
        good = page.get_by_role("button", name="Ik zag en hoorde alles")
        expect(good).to_be_disabled()
        desk.missing = ["Kijk nog naar plekken waar het programma twijfelt."]
        page.locator("#speed").select_option("4")
        page.get_by_role("button", name="Speel af vanaf 0:00").click()
        expect(page.locator("#conditions")).to_contain_text("U bekeek de hele kopie")
        desk.missing, desk.steps = [], ["check"]
        look_everywhere(page)
        told = sorted((one["start_ms"], one["end_ms"]) for one in desk.played)
        assert told[0][0] < 250
        assert told[-1][1] > 7_700
        expect(good).to_be_enabled()
        good.click()
        expect(page.locator("#approval-said")).to_have_text("Vastgelegd: u noemt de kopie goed.")
        assert desk.taken == ["check"]


def look_everywhere(page: Page) -> None:
    page.locator("#place-on").click()
    while page.locator("#place-list > li").count():
        page.get_by_role("button", name="Bekeken, op naar de volgende").click()


def test_a_change_after_the_copy_asks_another(browser: Browser, desk: Desk) -> None:
    desk.save(draft_bytes(Draft(Mode.INVERTED, (Change(1, free=True),))).decode(), "")
    desk.made, desk.state = desk.changed_in, S.RENDERED
    with review(browser, desk) as visitor:
        page = visitor.page
        expect(page.locator("#conditions")).to_contain_text("De kopie is gemaakt")
        card(page, "Persoon 1").get_by_role("button", name="Dek af").click()
        card(page, "Persoon 2").get_by_role("button", name="Geef vrij").click()
        expect(page.locator("#conditions")).to_contain_text("De kopie is nog niet gemaakt")
        expect(page.get_by_role("button", name="Maak de kopie")).to_be_enabled()
        expect(page.locator("#look-made")).to_be_disabled()
