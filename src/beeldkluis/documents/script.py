"""What the bundled type can print of a text, and what a letter says in place of what it cannot.

The type is Libertinus: Latin with its marks, Greek, Cyrillic, Hebrew, punctuation, currency. A name in Arabic or Chinese, or an
emoji, has no letters in it. In its place stands which script it was, between square brackets, so that nobody takes a row of
squares for a name; and whoever sends the letter is told before (`lost`).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

# No letters: control characters, marks without width, and what is no character.
LEFT_OUT = {"Cc", "Cf", "Cs", "Co", "Cn"}
# What the type has, tried one by one (tests/documents/test_script.py); of letters with their marks whole blocks.
KNOWN = (
    (0x20, 0x484), (0x487, 0x4FF), (0x510, 0x513), (0x51A, 0x51D), (0x5BE, 0x5BE), (0x5D0, 0x5EA), (0x5F0, 0x5F4),
    (0x1F18, 0x1F1D), (0x1F20, 0x1F45), (0x1F48, 0x1F4D), (0x1F50, 0x1F57), (0x1F5F, 0x1F7D), (0x1F80, 0x1FB4),
    (0x1FB6, 0x1FC4), (0x1FC6, 0x1FD3), (0x1FD6, 0x1FDB), (0x1FDD, 0x1FEF), (0x1FF2, 0x1FF4), (0x1FF6, 0x1FFE),
    (0x2010, 0x2027), (0x2030, 0x203E), (0x2044, 0x2044), (0x2070, 0x2071), (0x2074, 0x208E), (0x20A0, 0x20BF),
    (0x2113, 0x2113), (0x2116, 0x2117), (0x2120, 0x2120), (0x2122, 0x2122), (0x2126, 0x2126), (0x2153, 0x215E),
    (0x2190, 0x2199), (0x2200, 0x22FF), (0x25A0, 0x25A1), (0x25CF, 0x25CF), (0x2713, 0x2713),
)  # fmt: skip
SCRIPTS = {
    "ARABIC": "Arabisch", "HEBREW": "Hebreeuws", "CJK": "Chinees", "HIRAGANA": "Japans", "KATAKANA": "Japans",
    "HANGUL": "Koreaans",
    "ARMENIAN": "Armeens", "GEORGIAN": "Georgisch", "ETHIOPIC": "Ethiopisch", "DEVANAGARI": "Indiaas", "BENGALI": "Bengaals",
    "GURMUKHI": "Indiaas", "GUJARATI": "Indiaas", "TAMIL": "Tamil", "TELUGU": "Indiaas", "MALAYALAM": "Indiaas",
    "SINHALA": "Singalees",
    "THAI": "Thais", "LAO": "Laotiaans", "TIBETAN": "Tibetaans", "KHMER": "Khmer", "MYANMAR": "Birmaans", "SYRIAC": "Syrisch",
    "THAANA": "Maldivisch", "MONGOLIAN": "Mongools", "TIFINAGH": "Berbers", "KANNADA": "Indiaas", "ORIYA": "Indiaas",
}  # fmt: skip
_PLAIN = {"\u2212": "-", "\u2044": "/"}
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")


def printable(text: str) -> str:
    """The text in letters that the type has. What it lacks is spelled out where there is a plain way to write it (NFKC), and
    otherwise named between square brackets, a whole run at once.
    """
    return "".join(part if known else f"[{_called(part)}]" for part, known in _runs(text))


def without_marks(text: str) -> str:
    """The text without marks that stand on no letter of their own: the type has each of them, and not on every letter."""
    return "".join(one for one in printable(text) if not unicodedata.category(one).startswith("M"))


def lost(value: Any) -> list[str]:
    """What a letter of these facts would name instead of print: the texts themselves, each once."""
    if isinstance(value, str):
        return list(dict.fromkeys(part.strip() for part, known in _runs(value) if not known))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return list(dict.fromkeys(one for part in parts for one in lost(part)))


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """The text in runs that can be printed, or not. A space between two words of a script that cannot is part of the run."""
    plain = unicodedata.normalize("NFC", _SPACES.sub(" ", _ENDS.sub("\n", text)))
    pieces = [(_letter(one), one) for one in plain if one in "\n\t" or unicodedata.category(one) not in LEFT_OUT]
    run, was = "", True
    waiting = ""  # spaces after what cannot be printed: whose they are shows after them
    for letter, one in pieces:
        known = letter is not None
        if not was and one == " ":
            waiting += one
            continue
        if known == was:
            run += waiting + (letter or one)
        else:
            yield from [(run, was)] if run else []
            run, was = (waiting if known else "") + (letter or one), known
        waiting = ""
    if run:
        yield run, was
    if waiting:
        yield waiting, True


@lru_cache(maxsize=4096)
def _letter(one: str) -> str | None:
    """How it is printed; None when it cannot be."""
    if one in "\n\t" or _is_known(one):
        return _PLAIN.get(one, one)
    spelled = "".join(_PLAIN.get(part, part) for part in unicodedata.normalize("NFKC", one))
    return spelled if spelled and all(_is_known(part) for part in spelled) and not spelled.isspace() else None


def _is_known(one: str) -> bool:
    number = ord(one)
    return any(first <= number <= last for first, last in KNOWN)


def _called(run: str) -> str:
    """What to call a run: its script, or what it is."""
    first = next((one for one in run if unicodedata.category(one).startswith("L")), "")
    if not first:
        return "teken" if len(run) == 1 and not _is_emoji(run) else "emoji" if any(map(_is_emoji, run)) else "tekens"
    script = unicodedata.name(first, "").partition(" ")[0]
    return f"{SCRIPTS[script]} schrift" if script in SCRIPTS else "ander schrift"


def _is_emoji(one: str) -> bool:
    return ord(one) >= 0x1F000 or 0x2600 <= ord(one) <= 0x27BF
