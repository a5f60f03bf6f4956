"""The shapes of what the viewing pages send, as JSON."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from beeldkluis.journal.text import clean, read_json
from beeldkluis.viewing.actions import Emergency
from beeldkluis.viewing.marker_actions import LONGEST

MAX_BODY = 262_144  # bytes
MOST_SPANS = 1000  # the page sends fewer
DIGITS = 18  # of a place in a file
FAR = 10**12  # milliseconds: no film lasts thirty years


def _body(request: HttpRequest) -> Mapping[str, Any]:
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
        raise BadRequest("Het verzoek is te groot.")
    try:
        content = read_json(request.body)
    except ValueError as error:
        raise BadRequest("Het verzoek is geen JSON.") from error
    if not isinstance(content, dict):
        raise BadRequest("Het verzoek is geen JSON-object.")
    return content


def _text(value: object, longest: int) -> str:
    """What was typed, as it was meant."""
    return clean(str(value), lines=True).strip()[:longest]


def _milliseconds(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= FAR:
        raise ValueError("no place in a film")
    return value


def read_emergency(request: HttpRequest) -> Emergency | None:
    """Who is there and why, when the recovery key is used; None when it is not. BadRequest for anything else."""
    told = _body(request).get("emergency")
    if told is None:
        return None
    if not isinstance(told, dict):
        raise BadRequest("De noodopening is niet goed ingevuld.")
    return Emergency(witness=_text(told.get("witness", ""), 120), because=_text(told.get("because", ""), 1000))


def read_spans(request: HttpRequest) -> list[tuple[UUID, int, int]]:
    """Played parts: clip, start and end in whole milliseconds. Raises BadRequest for anything else."""
    spans = _body(request).get("spans") or []
    try:
        if not isinstance(spans, list) or len(spans) > MOST_SPANS:
            raise ValueError("too much")
        return [(UUID(str(one["clip"])), _milliseconds(one["start_ms"]), _milliseconds(one["end_ms"])) for one in spans]
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("De afgespeelde delen zijn niet goed opgegeven.") from error


def read_mark(request: HttpRequest) -> dict[str, Any]:
    """A place: the clip, milliseconds of film, a note. Raises BadRequest for anything else."""
    content = _body(request)
    try:
        clip, at_ms = UUID(str(content["clip"])), _milliseconds(content["at_ms"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("De plek is niet goed opgegeven.") from error
    return {"clip": clip, "at_ms": at_ms, "note": _text(content.get("note", ""), LONGEST)}


def read_outcome(request: HttpRequest) -> dict[UUID, bool]:
    """Recording -> did its headers open. Raises BadRequest for anything else."""
    outcome = _body(request).get("outcome")
    try:
        return {UUID(str(key)): value is True for key, value in dict(outcome or {}).items()}
    except (TypeError, ValueError) as error:
        raise BadRequest("De uitkomst is niet goed opgegeven.") from error


def read_range(header: str, size: int) -> tuple[int, int] | None:
    """`bytes=a-b` as [a, b + 1) within `size` bytes; None when it asks for nothing that is there (RFC 9110, 14.1.2)."""
    unit, _, span = header.partition("=")
    first, dash, last = span.partition("-")
    if max(len(first), len(last)) > DIGITS or unit != "bytes" or not dash:
        return None
    if not first.isdecimal() or not (last.isdecimal() or last == ""):
        return None
    start, end = int(first), min(int(last) if last else size - 1, size - 1)
    return (start, end + 1) if start <= end else None


def read_broken(request: HttpRequest) -> dict[str, Any]:
    """Which clip, and whether it is the key that does not fit. Raises BadRequest for anything else."""
    content = _body(request)
    try:
        return {"clip": UUID(str(content["clip"])), "no_key": {"key": True, "seal": False}[str(content["what"])]}
    except (KeyError, ValueError) as error:
        raise BadRequest("Er staat niet bij wat er mis is.") from error


def read_lent(request: HttpRequest) -> Mapping[str, Any]:
    """A sealed file key and the worker it is for. Raises BadRequest for anything that is no JSON object."""
    return _body(request)


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """A key that a browser sealed for one worker, and the version of which a copy is asked; None asks for a search."""

    worker: str
    sealed: bytes
    version: int | None


def read_asked(request: HttpRequest) -> Asked:
    """What is asked of a worker. Raises BadRequest for anything else."""
    content = _body(request)
    version = content.get("version")
    try:
        sealed = base64.b64decode(str(content.get("sealed", "")), validate=True)
        return Asked(str(content.get("worker", "")), sealed, None if version is None else _milliseconds(version))
    except ValueError as error:
        raise BadRequest("De verzegelde sleutel is niet goed.") from error


def read_looks(request: HttpRequest) -> tuple[int, list[tuple[int, int, bool]]]:
    """Of which version, and its played parts: start and end in whole milliseconds, and whether the sound was on. Raises
    BadRequest for anything else.
    """
    content = _body(request)
    spans = content.get("spans") or []
    try:
        if not isinstance(spans, list) or len(spans) > MOST_SPANS:
            raise ValueError("too much")
        told = [
            (_milliseconds(one["start_ms"]), _milliseconds(one["end_ms"]), one.get("heard") is True) for one in spans
        ]
        return _milliseconds(content["version"]), told
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRequest("De afgespeelde delen zijn niet goed opgegeven.") from error


def read_step(request: HttpRequest) -> str:
    """The name of a step. Raises BadRequest for anything that is no JSON object."""
    return str(_body(request).get("step", ""))
