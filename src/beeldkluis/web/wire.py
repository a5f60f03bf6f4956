"""A refusal as bytes, for a request that never becomes one of Django's."""

from functools import cache
from http import HTTPStatus

from django.http import HttpResponse

from beeldkluis.journal.problems import problem
from beeldkluis.web import errors

MACHINE_WORDS = {
    HTTPStatus.BAD_REQUEST: "Deze vraag klopt niet.",
    HTTPStatus.REQUEST_TIMEOUT: "De vraag kwam niet op tijd af. Probeer het opnieuw.",
    HTTPStatus.LENGTH_REQUIRED: "Zeg vooraf hoeveel bytes er komen (Content-Length).",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Dit is meer dan de server aanneemt.",
    HTTPStatus.REQUEST_URI_TOO_LONG: "Dit adres is te lang.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "Het begin van de vraag is te lang.",
    HTTPStatus.SERVICE_UNAVAILABLE: "De server heeft het te druk. Probeer het straks opnieuw.",
}
RETRY_SECONDS = 30


@cache
def refusal(status: int, *, machine: bool) -> bytes:
    """The whole answer, after which the connection ends: a page in words for people, RFC 9457 for machines."""
    kind = HTTPStatus(status)
    answer: HttpResponse = problem(status, MACHINE_WORDS[kind]) if machine else errors.page(kind)
    answer["Content-Length"] = str(len(answer.content))
    answer["Cache-Control"] = "no-store"
    answer["Connection"] = "close"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'"
    if kind is HTTPStatus.SERVICE_UNAVAILABLE:
        answer["Retry-After"] = str(RETRY_SECONDS)
    head = f"HTTP/1.1 {kind.value} {kind.phrase}\r\n".encode()
    return head + answer.serialize_headers() + b"\r\n\r\n" + answer.content
