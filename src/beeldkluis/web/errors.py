"""Pages for when something is wrong. They need no database, no session and no protocol file."""

import sys
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from beeldkluis.protocol.naming import own_words

SENTENCES = {
    HTTPStatus.BAD_REQUEST: (
        "Dit begrijpen wij niet",
        "De vraag van uw browser klopt niet. Ga terug en probeer het opnieuw.",
    ),
    HTTPStatus.FORBIDDEN: ("Dit mag niet", "U hebt geen toegang tot deze pagina."),
    HTTPStatus.NOT_FOUND: ("Deze pagina is er niet", "Misschien is het adres verkeerd overgenomen."),
    HTTPStatus.REQUEST_TIMEOUT: (
        "Dit duurde te lang",
        "Uw bericht kwam niet op tijd helemaal binnen. Kijk of uw verbinding goed is, en probeer het opnieuw.",
    ),
    HTTPStatus.LENGTH_REQUIRED: (
        "Dit begrijpen wij niet",
        "De vraag van uw browser zegt niet hoe lang zij is. Ga terug en probeer het opnieuw.",
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "Dit is te groot",
        "Wat u verstuurt, is groter dan wij aannemen. Er is niets van gelezen. Ga terug en kies een kleiner bestand.",
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: ("Dit adres is te lang", "Misschien is het adres verkeerd overgenomen."),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        "Dit begrijpen wij niet",
        "Uw browser stuurt te veel mee. Verwijder de cookies van deze website en probeer het opnieuw.",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "Even wachten",
        "Er is te vaak geprobeerd. Wacht een minuut en probeer het opnieuw.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Er ging iets mis",
        "Dit ligt aan ons. Uw laatste stap is niet uitgevoerd. Probeer het opnieuw, en meld het de beheerder als het blijft.",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "Even niet bereikbaar",
        "De server of de database kan nu niet antwoorden. Er is niets verloren; camera's blijven vol tot alles weer werkt.",
    ),
}


def page(status: HTTPStatus) -> HttpResponse:
    """The page for one kind of trouble."""
    title, text = SENTENCES[status]
    known = {"title": title, "text": own_words(text), "status": status.value, "static": settings.STATIC_URL}
    return HttpResponse(render_to_string("errors/error.html", known), status=status)


def away(text: str) -> HttpResponse:
    """503 with what is away in a sentence."""
    title = SENTENCES[HTTPStatus.SERVICE_UNAVAILABLE][0]
    known = {"title": title, "text": text, "status": 503, "static": settings.STATIC_URL}
    return HttpResponse(render_to_string("errors/error.html", known), status=HTTPStatus.SERVICE_UNAVAILABLE)


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django calls it by name
    """400."""
    return page(HTTPStatus.BAD_REQUEST)


def forbidden(_request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django calls it by name
    """403 of Django's own; a rule's refusal has a page that says which rule."""
    return page(HTTPStatus.FORBIDDEN)


@login_not_required
def csrf_failed(_request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django calls it by name
    """403 because a form came from elsewhere or was open too long."""
    return page(HTTPStatus.FORBIDDEN)


def not_found(_request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django calls it by name
    """404."""
    return page(HTTPStatus.NOT_FOUND)


def too_many(_request: HttpRequest) -> HttpResponse:
    """429."""
    return page(HTTPStatus.TOO_MANY_REQUESTS)


def server_error(_request: HttpRequest) -> HttpResponse:
    """500, or 503 when it is the database that does not answer."""
    away = isinstance(sys.exc_info()[1], DatabaseError)
    return page(HTTPStatus.SERVICE_UNAVAILABLE if away else HTTPStatus.INTERNAL_SERVER_ERROR)
