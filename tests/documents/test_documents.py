"""Every page of the documents is read; PDF/A and PDF/UA are looked up in the file itself."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from beeldkluis.documents import render
from beeldkluis.documents.facts import Incident, LogList, Rule, Signature, Version

pytestmark = pytest.mark.slow

MADE = datetime(2026, 11, 1, 12, tzinfo=UTC)
LAPSED = "Vervallen op 3 december 2026. Versie 3 geldt."
LONG = Version(
    municipality="Westerkwartier",
    number="2",
    takes_effect="1 december 2026",
    banner="",
    sections=tuple((f"{n}. Hoofdstuk", "Wij bewaren beelden zolang het mag. " * 60) for n in range(1, 25)),
    rules=tuple(Rule(sentence=f"Regel {n}.", place="4", numbers="28 dagen") for n in range(80)),
)
SHORT = replace(LONG, sections=(("1. Doel", "Veiligheid."),), rules=())
LIST = LogList(
    municipality="Westerkwartier",
    number="2",
    takes_effect="1 december 2026",
    banner="",
    made="1 november 2026 13:00",
    lines=tuple(
        Signature(
            name=f"Proef {n}",
            employment="ingeleend",
            protocol_received="1-11-2026" if n % 3 else "",
            instruction_received="1-11-2026" if n % 3 else "",
            signed="1-11-2026 13:00, met een persoonlijke link" if n % 3 else "",
        )
        for n in range(60)
    ),
)
INCIDENT = Incident(
    municipality="Westerkwartier",
    number="I-000012",
    protocol="2",
    made="1 november 2026",
    parts=(("Wat er gebeurde", (("Camera", "BC-0007"), ("Verteld", "Kwijt na de markt.\n\n- hoek\n- brug"))),),
)


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().replace("\xad\n", "").split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def marks(pdf: bytes) -> list[str]:
    """What lacks for PDF/A-2a and PDF/UA-1 as far as it can be seen in the structure of the file."""
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    wanted = {
        "PDF/A part 2": "<pdfaid:part>2" in xmp,
        "PDF/A level a": "<pdfaid:conformance>A" in xmp,
        "PDF/UA part 1": "<pdfuaid:part>1" in xmp,
        "title in the metadata": "<dc:title>" in xmp,
        "tagged": bool(root.get("/MarkInfo", {}).get("/Marked")),
        "structure": "/StructTreeRoot" in root,
        "language": str(root.get("/Lang")).startswith("nl"),
        "title shown": bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")),
        "output intent": "/OutputIntents" in root,
        "not encrypted": not reader.is_encrypted,
        "no script": b"/JavaScript" not in pdf and b"/JS" not in pdf and "/OpenAction" not in root,
        "no file inside": "/EmbeddedFiles" not in root.get("/Names", {}),
        "every font inside": all(is_inside(font) for page in reader.pages for font in fonts(page)),
        "tab order follows the structure": all(page.get("/Tabs", "/S") == "/S" for page in reader.pages),
    }
    return [name for name, there in wanted.items() if not there]


def fonts(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"].get("/Font", {}).values()]


def is_inside(font: Any) -> bool:
    described = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    return any(name in described["/FontDescriptor"] for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def tags(pdf: bytes) -> list[str]:
    """Every structure element of the document, in order."""
    found: list[str] = []

    def walk(one: Any) -> None:
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            for part in one:
                walk(part)
        elif isinstance(one, dict):
            if "/S" in one:
                found.append(str(one["/S"]))
            walk(one.get("/K"))

    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    walk(root["/StructTreeRoot"].get("/K"))
    return found


@pytest.mark.rule("governance.version")
@pytest.mark.parametrize("version", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("banner", ["", LAPSED])
def test_the_day_is_on_page_one_and_the_version_in_the_footer_of_every_page(version: Version, banner: str) -> None:
    found = pages(render.protocol_version(replace(version, banner=banner), made_at=MADE))
    assert len(found) == 1 or version is LONG
    assert "Geldt vanaf: 1 december 2026" in found[0]
    for number, page in enumerate(found, 1):
        assert f"Protocol bodycams versie 2 bladzijde {number} van {len(found)}" in page
        assert (LAPSED in page) == bool(banner), "a version that lapsed says so on every page"


def test_the_log_list_has_everybody_and_its_version_on_every_page() -> None:
    found = pages(render.log_list(LIST, made_at=MADE))
    text = " ".join(found)
    assert all(f"Proef {n}" in text for n in range(60))
    assert "Nog te tekenen: 20 van 60." in found[0]
    for number, page in enumerate(found, 1):
        assert f"Loglijst bij protocol bodycams versie 2 bladzijde {number} van {len(found)}" in page
        assert "Instructie" in page, "the head of the table stands on every page"


def test_the_incident_says_what_is_known_and_what_is_not_filled_in() -> None:
    parts = (*INCIDENT.parts, ("Artikel 33, lid 3", (("Gevolgen", ""),)))
    (page,) = pages(render.incident(replace(INCIDENT, parts=parts), made_at=MADE))
    assert "Kwijt na de markt." in page
    assert "nog niet ingevuld" in page
    assert "Beveiligingsincident I-000012 · protocol bodycams versie 2" in page


@pytest.mark.parametrize(
    "pdf",
    [
        render.protocol_version(replace(LONG, banner=LAPSED), made_at=MADE),
        render.log_list(LIST, made_at=MADE),
        render.incident(INCIDENT, made_at=MADE),
    ],
    ids=["protocol", "log list", "incident"],
)
def test_the_file_has_the_marks_of_pdf_a_and_pdf_ua(pdf: bytes) -> None:
    assert marks(pdf) == []
    found = tags(pdf)
    assert found[0] == "/Document"
    assert "/H1" in found


def test_tables_have_heads_and_lists_are_lists() -> None:
    assert {"/Table", "/TR", "/TH", "/TD"} <= set(tags(render.log_list(LIST, made_at=MADE)))
    assert {"/L", "/LI"} <= set(tags(render.incident(INCIDENT, made_at=MADE)))


def test_a_file_without_the_marks_is_found() -> None:
    bare = render.typst.compile(b"#set document(title: [x])\nbloot", format="pdf")
    assert {"PDF/A part 2", "PDF/UA part 1", "language"} <= set(marks(bare))


def test_the_same_facts_give_the_same_bytes() -> None:
    first, second = (render.protocol_version(SHORT, made_at=MADE) for _ in range(2))
    assert first == second
    assert first != render.protocol_version(replace(SHORT, number="3"), made_at=MADE)


def test_what_is_typed_is_text_and_never_markup() -> None:
    typed = '#let x = 1 *vet* _schuin_ $x$ @wie <hier> \\ [a] `code` "aanhaling" // weg /* weg */ = kop'
    (page,) = pages(render.protocol_version(replace(SHORT, sections=((typed, typed),)), made_at=MADE))
    assert page.count("#let x = 1 *vet* _schuin_ $x$ @wie <hier> \\ [a] `code`") == 2


@given(st.text(max_size=200), st.text(max_size=60))
@settings(max_examples=40, deadline=None)
def test_no_text_breaks_a_document(text: str, title: str) -> None:
    pdf = render.protocol_version(replace(SHORT, sections=((title, text),), banner=title), made_at=MADE)
    assert marks(pdf) == []


@given(st.characters())
@settings(max_examples=300, deadline=None)
def test_only_letters_that_the_type_has_go_into_a_document(one: str) -> None:
    kept = render.readable(one)
    assert kept in ("", "□", "\n") or len(kept) >= 1
    assert not any(ord(letter) > 0x2FFF for letter in kept)
