"""The wire of tus 1.0 (resumable uploads): headers in, headers out. Core, creation and termination."""

import base64

from django.http import HttpRequest, HttpResponse

from beeldkluis.journal.problems import problem
from beeldkluis.journal.text import clean

VERSION = "1.0.0"
EXTENSIONS = "creation,termination"
MAX_LENGTH = 64 * 1024**3  # bytes: a shift of film in one file is far below
OFFSET_TYPE = "application/offset+octet-stream"


def answer(status: int, **headers: str) -> HttpResponse:
    """An empty tus answer; header names with underscores for hyphens."""
    made = HttpResponse(status=status)
    made["Tus-Resumable"] = VERSION
    made["Cache-Control"] = "no-store"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    return made


def wrong(status: int, detail: str) -> HttpResponse:
    """A problem in words, with the tus version."""
    made = problem(status, detail)
    made["Tus-Resumable"] = VERSION
    return made


def version_fits(request: HttpRequest) -> bool:
    """Every request but OPTIONS says which tus it speaks."""
    return request.headers.get("Tus-Resumable") == VERSION


def whole_number(text: str | None) -> int | None:
    """A number of bytes from a header; None when it is none."""
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 19 else None


def metadata(header: str) -> dict[str, str] | None:
    """Upload-Metadata: "name base64,name base64", as text that can be kept. None when it is malformed."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[clean(name)] = clean(base64.b64decode(value, validate=True).decode())
        except ValueError:  # no base64, no ASCII, no UTF-8
            return None
    return found
