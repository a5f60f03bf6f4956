"""The shape of what the review screen sends, as JSON."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from beeldkluis.journal.text import read_json
from beeldkluis.masking.codec import DRAFT_BYTES

MAX_BODY = 2 * DRAFT_BYTES  # bytes: a draft stands in it as text


def read_draft(request: HttpRequest) -> tuple[bytes, int]:
    """A draft in its own format (docs/spec/redaction.md), and the version that it was made from. BadRequest for anything else;
    what is in the draft is looked at where it is saved.
    """
    told = _body(request)
    draft, version = told.get("draft"), told.get("version")
    if not isinstance(draft, str) or isinstance(version, bool) or not isinstance(version, int):
        raise BadRequest("Er staat niet bij wat er bewaard moet worden.")
    try:
        return draft.encode(), version
    except UnicodeEncodeError as error:
        raise BadRequest("Dit is geen tekst.") from error


def _body(request: HttpRequest) -> Mapping[str, Any]:
    data = request.read(MAX_BODY + 1)  # Django's own limit for a body in memory is less than a draft may have
    if len(data) > MAX_BODY:
        raise BadRequest("Het verzoek is te groot.")
    try:
        content = read_json(data)
    except ValueError as error:
        raise BadRequest("Het verzoek is geen JSON.") from error
    if not isinstance(content, dict):
        raise BadRequest("Het verzoek is geen JSON-object.")
    return content
