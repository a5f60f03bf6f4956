"""What comes in as text, at every door: what nobody can have meant to type is taken away, or refused where nothing may change.

Copied text brings along what no screen shows: direction marks, spaces without width, a byte order mark. A letter shows them as
squares, a search does not find a name with one, and with a direction mark one name looks like another. NUL cannot be kept by
PostgreSQL, half of a UTF-16 pair by no database at all. What is left is the same on SQLite and PostgreSQL.
"""

import json
import re
import unicodedata

# Direction marks, what has no width, soft hyphens, fillers that look like nothing, variants of a sign, and tags (Unicode 15:
# U+00AD, U+034F, U+061C, U+115F, U+17B4, U+180B..., U+200B..., U+2060..., U+3164, U+FE00..., U+FEFF, U+FFA0, U+E0000...).
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
# What joins or parts two letters (U+200C, U+200D) matters in Arabic, Persian and the scripts of India and its neighbours, where
# names are written with it. Anywhere else it is as invisible as the rest.
_JOINER = re.compile(
    "(?<![\u0600-\u08ff\u0900-\u109f\u1780-\u18af\u1b00-\u1bff\ua840-\ua8ff\ua980-\uaaff\uabc0-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00011000-\U00011fff])[\u200c\u200d]+"
)
_JOINERS = re.compile("[\u200c\u200d]{2,}")
# C0 and C1 without tab and the ends of lines, DEL, and halves of UTF-16 pairs.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")  # of any width, and those that do not break
_LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
# How a letter is drawn, not which letter it is: ligatures, "No" and "c/o" in one sign, roman numbers, letters in a circle, for
# mathematics, or as wide as a Chinese one, and the shapes of Arabic letters within a word. Thai and Lao are not among them.
_DRAWN = re.compile(
    "[\uf0b7\u0132\u0133\u0149\u017f\u01c4-\u01cc\u01f1-\u01f3\u2010\u2011\u2033-\u2037\u203c\u2047-\u2049\u2057\u20a8\u2100-\u214f\u2160-\u2188"
    "\u2460-\u24ff\u3200-\u33ff\ufb00-\ufb4f\ufb50-\ufdff\ufe10-\ufe19\ufe30-\ufe6f\ufe70-\ufefc\uff01-\uffef\U0001d400-\U0001d7ff"
    "\U0001ee00-\U0001eeff\U0001f100-\U0001f1ff\U0001fbf0-\U0001fbf9]"
)
_OURS = {"\u2010": "-", "\u2011": "-", "\u2122": "\u2122", "\uf0b7": "\u2022"}  # NFKC knows these less well than we do
_BROKEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BROKEN_IN_LINES = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str, *, lines: bool = False) -> str:
    """The text as it was meant: composed (NFC), nothing invisible that changes no letter, no control characters, spaces that
    are spaces, and letters instead of one way to draw them. Ends of lines of any kind become
    one line feed where there may be `lines`, and a space where there may be one line only.
    """
    if text.isascii() and not _BROKEN.search(text):
        return text
    shown = _CONTROL.sub("", _INVISIBLE.sub("", text))
    shown = _SPACE.sub(" ", _LINE_END.sub("\n" if lines else " ", shown))
    shown = _INVISIBLE.sub("", _DRAWN.sub(_letters, shown))
    return unicodedata.normalize("NFC", _JOINER.sub("", _JOINERS.sub(lambda many: many[0][0], shown)))


def _letters(drawn: re.Match[str]) -> str:
    one = drawn[0]
    meant = _OURS.get(one) or unicodedata.normalize("NFKC", one)
    return one if meant[:1].isspace() else meant


def is_whole(text: str, *, lines: bool = False) -> bool:
    """Can this be kept and shown as it is? Asked of what was signed, or names something, and so may not be changed."""
    return not (_BROKEN_IN_LINES if lines else _BROKEN).search(text)


def read_json(body: bytes) -> object:
    """The JSON in a body, every text in it as it was meant. ValueError for anything else, also for what is nested so deep that
    it cannot be read.
    """
    try:
        return _cleaned(json.loads(body))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _cleaned(content: object) -> object:
    if isinstance(content, str):
        return clean(content, lines=True)
    if isinstance(content, dict):
        return {clean(name): _cleaned(value) for name, value in content.items()}
    return [_cleaned(one) for one in content] if isinstance(content, list) else content
