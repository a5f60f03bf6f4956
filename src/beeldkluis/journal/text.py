"""What comes in as text, at every door: what nobody can have meant to type is taken away, or refused where nothing may change.

Copied text brings along what no screen shows: direction marks, spaces without width, a byte order mark. A letter shows them as
squares, a search does not find a name with one, and with a direction mark one name looks like another. NUL cannot be kept by
PostgreSQL, half of a UTF-16 pair by no database at all. What is left is the same on SQLite and PostgreSQL.
"""

import json
import re
import unicodedata

# Direction marks, what has no width, and soft hyphens (Unicode 15: U+00AD, U+061C, U+180E, U+200B..., U+2060..., U+FEFF).
INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
# C0 and C1 without tab and the ends of lines, DEL, and halves of UTF-16 pairs.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")  # of any width, and those that do not break
_LINE_END = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_BROKEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_BROKEN_IN_LINES = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str, *, lines: bool = False) -> str:
    """The text as it was meant: composed (NFC), nothing invisible, no control characters, spaces that
    are spaces. Ends of lines of any kind become
    one line feed where there may be `lines`, and a space where there may be one line only.
    """
    shown = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", _SPACE.sub(" ", _LINE_END.sub("\n" if lines else " ", shown)))


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
