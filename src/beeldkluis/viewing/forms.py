"""The shapes of what the viewing pages send, as JSON."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from beeldkluis.viewing.actions import Emergency

MAX_BODY = 262_144  # bytes


def _body(request: HttpRequest) -> Mapping[str, Any]:
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
        raise BadRequest("Het verzoek is te groot.")
    try:
        content = json.loads(request.body)
    except ValueError as error:
        raise BadRequest("Het verzoek is geen JSON.") from error
    if not isinstance(content, dict):
        raise BadRequest("Het verzoek is geen JSON-object.")
    return content


def read_emergency(request: HttpRequest) -> Emergency | None:
    """Who is there and why, when the recovery key is used; None when it is not. BadRequest for anything else."""
    told = _body(request).get("emergency")
    if told is None:
        return None
    if not isinstance(told, dict):
        raise BadRequest("De noodopening is niet goed ingevuld.")
    return Emergency(witness=str(told.get("witness", ""))[:120], because=str(told.get("because", ""))[:1000])


def read_spans(request: HttpRequest) -> list[tuple[UUID, int, int]]:
    """Played parts: clip, start and end in whole milliseconds. Raises BadRequest for anything else."""
    spans = _body(request).get("spans")
    try:
        return [(UUID(one["clip"]), int(one["start_ms"]), int(one["end_ms"])) for one in list(spans or [])[:1000]]
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("De afgespeelde delen zijn niet goed opgegeven.") from error


def read_mark(request: HttpRequest) -> dict[str, Any]:
    """A place: the clip, milliseconds of film, a note. Raises BadRequest for anything else."""
    content = _body(request)
    try:
        clip, at_ms = UUID(str(content["clip"])), int(content["at_ms"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("De plek is niet goed opgegeven.") from error
    return {"clip": clip, "at_ms": at_ms, "note": str(content.get("note", ""))}


def read_outcome(request: HttpRequest) -> dict[UUID, bool]:
    """Recording -> did its headers open. Raises BadRequest for anything else."""
    outcome = _body(request).get("outcome")
    try:
        return {UUID(key): value is True for key, value in dict(outcome or {}).items()}
    except (TypeError, ValueError) as error:
        raise BadRequest("De uitkomst is niet goed opgegeven.") from error


def read_range(header: str, size: int) -> tuple[int, int] | None:
    """`bytes=a-b` as [a, b + 1) within `size` bytes; None when it asks for nothing that is there (RFC 9110, 14.1.2)."""
    unit, _, span = header.partition("=")
    first, dash, last = span.partition("-")
    if unit != "bytes" or not dash or not first.isdecimal() or not (last.isdecimal() or last == ""):
        return None
    start, end = int(first), min(int(last) if last else size - 1, size - 1)
    return (start, end + 1) if start <= end else None


def read_lent(request: HttpRequest) -> Mapping[str, Any]:
    """A sealed file key and the worker it is for. Raises BadRequest for anything that is no JSON object."""
    return _body(request)
