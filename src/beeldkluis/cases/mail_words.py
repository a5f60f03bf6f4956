"""The words in a mail: bytes in whichever letters they were really written, and a page of HTML as the text that one reads in
it.
"""

import re
from email.header import decode_header
from html.parser import HTMLParser

MOST_HTML = 400_000  # letters of a page that are read: styles of a mail program come before its words
_HALVES = re.compile("[\udc80-\udcff]+")
_ENCODED = re.compile(r"=\?[^?\s]+\?[bqBQ]\?[^?]*\?=(?:\s*=\?[^?\s]+\?[bqBQ]\?[^?]*\?=)*")
_BLOCKS = frozenset(
    {
        "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
    }
)  # fmt: skip
_UNREAD = frozenset({"head", "script", "style", "title", "template", "noscript", "object", "svg"})
_WESTERN = frozenset(
    {"", "ascii", "us-ascii", "iso-8859-1", "latin-1", "latin1", "iso-8859-15", "windows-1252", "cp1252"}
)


def decoded(data: bytes, charset: str) -> str:
    """Bytes in the letters that were named, or in those that they really are in: UTF-8 when they are that, otherwise
    windows-1252, which is what is sent as iso-8859-1, and by whoever names nothing that exists.
    """
    named = charset.strip().strip("\"'").lower()
    for one in ("utf-8", "cp1252") if named in _WESTERN else (_wider(named), "utf-8", "cp1252"):
        try:
            return data.decode(one)
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("cp1252", errors="replace")


def _wider(charset: str) -> str:
    return {"gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "iso-8859-8-i": "iso-8859-8"}.get(
        charset, charset
    )


def mended(header: str) -> str:
    """A header as it was meant: bytes that nobody named the letters of, and encoded words that were left as they were."""
    whole = _HALVES.sub(lambda found: decoded(found[0].encode("ascii", "surrogateescape"), "utf-8"), header)
    return _ENCODED.sub(lambda found: _words(found[0]), whole)


def _words(encoded: str) -> str:
    try:
        parts = decode_header(
            re.sub(r"\?=\s*=\?", "?= =?", encoded)
        )  # what stands between two of them is no space (RFC 2047, 6.2)
    except (ValueError, LookupError):
        return encoded
    return "".join(one if isinstance(one, str) else decoded(one, charset or "") for one, charset in parts)


class _Reader(HTMLParser):
    """Collects what one reads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        """A block begins on a line of its own."""
        if tag in _UNREAD:
            self.unread += 1
        elif tag in _BLOCKS:
            self.said.append("\n- " if tag == "li" else "\n")
        elif tag in {"td", "th"}:
            self.said.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """So does what comes after it."""
        if tag in _UNREAD:
            self.unread = max(self.unread - 1, 0)
        elif tag in _BLOCKS - {"br", "li"}:
            self.said.append("\n")
        elif tag == "body":
            self.unread = 0

    def handle_data(self, data: str) -> None:
        """Words, with one space between them: ends of lines mean nothing in HTML."""
        if not self.unread:
            self.said.append(re.sub(r"\s+", " ", data))


def text_of_html(page: str) -> str:
    """The text that one reads in a page: no styles, no script, paragraphs apart."""
    reader = _Reader()
    try:
        reader.feed(page[:MOST_HTML])
        reader.close()
    except (AssertionError, ValueError, RecursionError):  # what the parser falls over on; what was read before counts
        pass
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in "".join(reader.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
