"""What the bundled type prints is printed, and what it lacks is named: no letter has a square in it."""

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from beeldkluis.documents import render
from beeldkluis.documents.script import KNOWN, LEFT_OUT, lost, printable
from tests.documents.test_letters import FULL, MADE, letter

EACH = [chr(number) for first, last in KNOWN for number in range(first, last + 1)]


def test_the_type_has_every_letter_that_is_called_known() -> None:
    """Typst makes no PDF/A with a letter that the type lacks: making it is the proof."""
    real = [one for one in EACH if unicodedata.category(one) not in LEFT_OUT]
    told = " ".join(one if not unicodedata.combining(one) else f"e{one}" for one in real)
    read = "".join(
        page.extract_text()
        for page in PdfReader(
            io.BytesIO(render.letter(letter("refused", FULL["refused"] | {"grounds": told}), made_at=MADE))
        ).pages
    )
    assert all(one in read for one in "éßŁŽЖΩאבגד№™€…–•")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Jan de Boer", "Jan de Boer"),
        ("\u202aJan\u202c de\u00a0Boer\u200e", "Jan de Boer"),
        ("9351\u2009AB Leek\ufeff", "9351 AB Leek"),
        ("zacht\u00adaf", "zachtaf"),
        ("\ufb01ets \u2116 \U0001d4d9an \uff21", "fiets № Jan A"),
        ("1 \u2212 2, \u2153", "1 - 2, ⅓"),
        ("e\u0301", "é"),
        ("محمد علی", "[Arabisch schrift]"),
        ("Ali (محمد علی), Leek", "Ali ([Arabisch schrift]), Leek"),
        ("王小明 & Co", "[Chinees schrift] & Co"),
        ("Jan 😀👍🏽 ok", "Jan [emoji] ok"),
        ("क्\u200dष", "[Indiaas schrift]"),
        ("Иван Ωμέγα דוד", "Иван Ωμέγα דוד"),
    ],
)
def test_what_it_lacks_is_named_and_never_a_square(typed: str, printed: str) -> None:
    assert printable(typed) == printed
    assert bool(lost({"a": [typed]})) is ("[" in printed)


def test_a_mark_on_a_letter_that_was_never_drawn_with_it_keeps_no_letter_back() -> None:
    """The text that was found: typst finds no way to draw it, and makes no PDF/A then."""

    odd = "{\u0300\u0302\u03b9\u221f\u0303\u224a\u031e\xb0\u2273\u1e8a\u030d"
    odd += "\u2295\u0319\u0302\u1e70\u034c\u036a\u0308\u0301\u041b\u035f\u0510\u033a\u032a\u0484\u0488"
    made = render.letter(letter("refused", FULL["refused"] | {"grounds": f"voor {odd} na"}), made_at=MADE)
    read = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert "voor" in read
    assert "zes weken" in read


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_what_is_printed_can_always_be_printed(text: str) -> None:
    told = printable(text)
    assert "□" not in told or "□" in text
    assert printable(told) == told
    assert lost(told) == []
