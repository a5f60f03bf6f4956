"""The papers and the page of a package: what people read, and what is inside the certificate."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from beeldkluis.bag import names, papers, said, view
from beeldkluis.bag.contents import Marker, OwnSeal, PartOf
from beeldkluis.bag.evidence import evidence
from beeldkluis.bag.instructions import instructions
from beeldkluis.bag.parts import BESIDE, in_parts
from beeldkluis.bag.words import eight_words
from beeldkluis.bag.writing import BagError, Fingerprint
from beeldkluis.camera.simulator import draw_film
from tests.bag import made

FINGERPRINT = Fingerprint("0f" * 32, eight_words("0f" * 32))
# Promises of the page itself: its policy lets nobody evaluate texts again and again.
KNOWN = """new Promise(done => { const film = document.querySelector("video");
film.readyState ? done() : film.onloadedmetadata = done; }).then(() => true)"""
PLAYED = """new Promise(done => { const film = document.querySelector("video");
film.ontimeupdate = () => film.currentTime > 3 && done(true); film.play(); })"""
SIGNER = "teammanager Veiligheid en Juridische zaken"


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.slow
def test_the_certificate_is_pdf_a_3_with_the_facts_inside_byte_for_byte() -> None:
    of = made.package(made.clip("naïef.mp4"), made.clip())
    pdf = papers.certificate(of, FINGERPRINT, signer=SIGNER)
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1" in xmp
    assert "/OutputIntents" in root
    (attached,) = [one.get_object() for one in root["/AF"]]
    assert attached["/AFRelationship"] == "/Data"
    assert attached["/UF"] == attached["/F"] == "evidence.json"
    assert attached["/EF"]["/F"]["/Subtype"] == "/application/json"
    assert attached["/EF"]["/F"].get_object().get_data() == evidence(of, names.placed(of))
    assert [one.get_object() for one in root["/Names"]["/EmbeddedFiles"]["/Names"][1::2]] == [attached]
    assert not reader.is_encrypted
    assert b"/JavaScript" not in pdf
    assert pdf == papers.certificate(of, FINGERPRINT, signer=SIGNER), "the same facts give the same bytes"


@pytest.mark.slow
def test_the_certificate_says_words_hash_times_and_who_signs() -> None:
    said_there = text_of(papers.certificate(made.package(), FINGERPRINT, signer=SIGNER))
    for words in (
        FINGERPRINT.words,
        FINGERPRINT.sha256,
        "Opname R-000012, 0001.MP4",
        "18 november 2026, 10.30.00 uur (wintertijd). De tijd kan 1,5 seconde eerder of later zijn (± 1,5 seconde).",
        "De bestanden zijn zoals ze van de camera binnenkwamen. Daarna is er niets aan veranderd.",
        "Aantal beelden: 2250. Duurt: 1:30.",
        "R-000012, 27 november 2026, 10.30.00 uur (wintertijd): Overhandigd op vordering.",
        f"{SIGNER}, datum:",
    ):
        assert words in said_there


def test_the_paragraph_says_all_that_a_detective_looks_for() -> None:
    two = made.package(recordings=(made.recording(made.clip()), made.recording(made.clip(), number="R-000013")))
    assert papers.paragraph(two, FINGERPRINT, viewed_by=("de teammanager", "een handhaver")) == (
        "Van dit voorval zijn beelden van een bodycam van gemeente Westerkwartier: opnames R-000012 en R-000013. "
        "De beelden gaan over 18 november 2026, tussen 10.30 en 10.31 uur. "
        "Gemeente Westerkwartier (teammanager Veiligheid en Juridische zaken, loket bodycams) heeft ze overhandigd aan "
        "Politie Noord-Nederland als pakket VS-2026-000004. Grond: Vordering artikel 126nda Sv, kenmerk PL0100-2026123456. "
        f"De acht controlewoorden van het pakket zijn: {FINGERPRINT.words}. SHA-256: {FINGERPRINT.sha256}. "
        "De beelden zijn bekeken door de teammanager en een handhaver."
    )
    assert papers.paragraph(made.package(), FINGERPRINT, viewed_by=()).endswith(
        "De beelden zijn voor de overhandiging niet bekeken."
    )


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert said.moment(first) == "25 oktober 2026, 02.30.00 uur (zomertijd)"
    assert said.moment(second) == "25 oktober 2026, 02.30.00 uur (wintertijd)"


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (0, "0 seconde"),
        (40, "0,1 seconde"),
        (1000, "1 seconde"),
        (1500, "1,5 seconde"),
        (2000, "2 seconden"),
        (30_000, "30 seconden"),
    ],
)
def test_seconds_are_said_with_a_comma_and_never_too_small(milliseconds: int, words: str) -> None:
    assert said.seconds(milliseconds) == words


def test_the_page_says_what_a_clip_is_and_lets_nothing_in() -> None:
    clip = made.clip(
        "<b>ü&\u202e.mp4",
        markers=(Marker(at_ms=45_000, words='Duw "hard" <script>alert(1)</script>'),),
        own_seals=(OwnSeal(name="Axis Signed Video", is_present=True, remark="Niet op echtheid gecontroleerd."),),
        clock_error_ms=None,
        part_of=PartOf(sha256="ab" * 32, size=123_456_789, from_ms=60_000, to_ms=3_725_000),
    )
    page = view.page(made.package(clip)).decode()
    for words in (
        "Van 18 november 2026, 10.31.30 uur (wintertijd) tot 18 november 2026, 10.31.35 uur (wintertijd) is er geen beeld (5",
        "De handhaver zette de camera uit.",
        "Naam op de camera</dt><dd>&lt;b&gt;ü&amp;\\u202e.mp4</dd>",
        "De klok van de camera is niet vergeleken: hoeveel de tijd afwijkt, is niet bekend.",
        "Het begin, 30 seconden, is van voor het inschakelen, zonder geluid: de camera neemt dan nog geen geluid op.",
        "Dit is een deel, van 1:00 tot 1:02:05, van een langer bestand.",
        f"123.456.789 bytes en SHA-256 {'ab' * 32}",
        "Axis Signed Video</dt><dd>Gevonden. Niet op echtheid gecontroleerd.",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        clip.sha256,
        "Regel 12 van het logboek.",
    ):
        assert words in page, words
    assert "<script>alert" not in page
    assert "http:" not in page.replace("http-equiv", "")
    assert "https:" not in page


@pytest.mark.slow
def test_the_page_plays_from_the_disk_without_a_network(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    draw_film(film, 4, width=160, height=90)
    data = film.read_bytes()
    clip = made.clip(
        "2026-11-18 10_30 (1).mp4",
        data,
        duration_ms=4000,
        pre_event_ms=1000,
        markers=(Marker(at_ms=2500, words="Duw"),),
    )
    of = made.package(clip)
    made.write(of, tmp_path / "p.zip")
    assert made.run([made.PYTHON, "-I", "-m", "zipfile", "-e", "p.zip", "."], tmp_path).returncode == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--autoplay-policy=no-user-gesture-required"]
        )
        page = browser.new_context(offline=True).new_page()
        said_wrong: list[str] = []
        page.on("console", lambda message: said_wrong.append(message.text))
        page.on("pageerror", lambda error: said_wrong.append(str(error)))
        page.goto((tmp_path / of.name / "bekijk.html").as_uri())
        page.evaluate(KNOWN)
        assert page.evaluate("document.querySelector('video').duration") == pytest.approx(4, abs=0.2)
        page.get_by_role("link", name="0:02").click()
        assert page.evaluate("document.querySelector('video').currentTime") == pytest.approx(2.5)
        page.evaluate(PLAYED)
        assert page.get_by_role("heading", level=2).inner_text() == "Opname R-000012, bodycam BC-0007"
        assert said_wrong == []
        plain = browser.new_context(offline=True, java_script_enabled=False).new_page()
        plain.goto((tmp_path / of.name / "bekijk.html").as_uri())
        assert "Duw" in plain.inner_text("body")
        browser.close()


def test_a_receiver_who_takes_no_large_files_gets_several_whole_packages(tmp_path: Path) -> None:
    clips = [
        replace(made.clip(f"{number}.MP4", b"film"), size=size) for number, size in enumerate((700, 500, 600, 1200, 50))
    ]
    million = 1_000_000
    clips = [replace(one, size=one.size * million) for one in clips]
    of = made.package(recordings=(made.recording(*clips[:3]), made.recording(*clips[3:], number="R-000013")))
    assert in_parts(of, 4000 * million) == (of,)
    parts = in_parts(of, 1400 * million)
    assert [[clip.name for one in part.recordings for clip in one.clips] for part in parts] == [
        ["0.MP4", "1.MP4"],
        ["2.MP4"],
        ["3.MP4", "4.MP4"],
    ]
    assert [(part.name, part.position, part.count) for part in parts] == [(f"{of.name}-{n}", n, 3) for n in (1, 2, 3)]
    assert [one.position for one in parts[0].all_clips] == [1, 1, 2, 3, 3]
    assert [one.number for one in parts[1].recordings] == ["R-000012"]
    assert parts[1].recordings[0].custody == of.recordings[0].custody
    assert "Deel</dt><dd>2 van 3" in view.page(parts[1]).decode()
    with pytest.raises(BagError, match=r"3.MP4 van opname R-000013 is te groot voor de ontvanger: knip een deel."):
        in_parts(of, 1200 * million + BESIDE)
    with pytest.raises(BagError, match="past niet in 1000 bytes"):
        in_parts(of, 1000)
    small = in_parts(made.package(), 1400 * million)[0]
    made.write(small, tmp_path / "p.zip")


def test_what_a_suspect_may_read_has_moments_in_the_municipality_s_own_time() -> None:
    late = made.package(
        made_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
        recordings=(made.recording(made.clip(starts_at=made.MADE + timedelta(days=200))),),
    )
    page = view.page(late).decode()
    assert "1 januari 2027, 00.30.00 uur (wintertijd)" in page
    assert "UTC" not in page


def test_what_says_how_to_check_takes_no_key_from_the_package_itself() -> None:
    """Whoever swaps a package would put a key of their own there, and it would fit."""
    text = instructions(made.package()).decode()
    assert made.SIGNER.vkey.rpartition("+")[2] not in text
    for words in (
        "PAKKET VS-2026-000004 VAN GEMEENTE WESTERKWARTIER\r\n",
        "Haal de sleutel van de website van de gemeente, niet uit dit pakket",
        "    py -I controleer.py          (in Windows)\r\n",
        "Wie dit pakket verving, kan ook controleer.py hebben vervangen.",
        "Zo ziet u niet of er een bestand bij is gekomen, en niet of de map papieren is veranderd.",
    ):
        assert words in text
    assert max(map(len, text.splitlines())) <= 125
