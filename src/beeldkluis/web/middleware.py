"""What holds for every page: a second factor, a refusal that says why, an entry for who looked, nothing kept by browsers."""

import struct
from collections.abc import Callable
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any

import structlog
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from beeldkluis.journal.actions import record_refusal, written
from beeldkluis.journal.text import clean, is_whole
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from beeldkluis.vault.errors import KeyStoreError, StoreError
from beeldkluis.viewing.fetched_queries import keep_fetched, opening_and_session
from beeldkluis.web import actions, errors, looked_at
from beeldkluis.web.looked_at import name_of
from beeldkluis.web.sessions import SessionStore
from beeldkluis.web.sign_in import at_hand, signed_in
from beeldkluis.web.strangers import ACTOR, may_be_noted

Answer = Callable[[HttpRequest], HttpResponseBase]
ENROLMENT_PAGES = {
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_logout", "account_reauthenticate",
}  # fmt: skip
PROVING_PAGES = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout"}


log = structlog.get_logger("beeldkluis.web")
KEYS_AWAY = (
    "De sleutelmap is niet bereikbaar, of de sleutel van deze opname is er nu niet. Daarom gaat zij niet open. Dat betekent "
    "niet dat zij is vernietigd. Probeer het later opnieuw, en meld het de beheerder als het blijft."
)
STORE_AWAY = (
    "De opslag met de opnames is niet bereikbaar, of het bestand is er nu niet. Dat betekent niet dat de opname is vernietigd. "
    "Probeer het later opnieuw, en meld het de beheerder als het blijft."
)


def wants_json(request: HttpRequest) -> bool:
    """Does a program ask, rather than a person?"""
    return "application/json" in (request.content_type, request.headers.get("Accept", "").split(",")[0])


class DoorMiddleware:
    """What comes in beside the forms: an address, search words and cookies hold nothing that a database would stumble over.

    Forms clean what was typed (journal.typed), JSON is read by journal.text, docks' and cameras' words by their doors.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """No address of ours has a control character in it. Search words lose theirs; a cookie that has one is none of ours."""
        if not is_whole(request.path):
            return errors.page(HTTPStatus.NOT_FOUND)
        if not all(map(is_whole, request.COOKIES.values())):
            request.COOKIES = {name: value for name, value in request.COOKIES.items() if is_whole(value)}
        asked = [(name, value) for name, values in request.GET.lists() for value in values]
        meant = [(clean(name), clean(value)) for name, value in asked]
        if meant != asked:
            request.GET = QueryDict(urlencode(meant))
        return self.get_response(request)


class OpeningMiddleware:
    """Session, person and opening of a request for sealed bytes come in one question (docs/decisions/0109). Whoever asks
    without a session, or for an opening that is not there, goes the ordinary way and is refused there.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing to do before the address is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: object, named: dict[str, Any]
    ) -> None:
        """Before anything reads the session. Whose it is, and whether it still counts, is found out by Django as for any page."""
        session = request.session
        if name_of(request) != "viewing:sealed" or not isinstance(session, SessionStore) or not session.session_key:
            return
        found = opening_and_session(named["opening"], session.session_key)
        if found is None:
            return
        opening, session.fetched = found
        with at_hand(opening.person):
            if request.user.pk == opening.person_id:
                keep_fetched(request, opening)


class SecondFactorMiddleware:
    """A password alone opens only the pages to set up or show a second factor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing to do before the address is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """Send somebody without a second factor to where it is made or shown."""
        if not request.user.is_authenticated or not getattr(view, "login_required", True) or signed_in(request):
            return None
        enrolled = is_mfa_enabled(request.user)
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in (PROVING_PAGES if enrolled else ENROLMENT_PAGES):
            return None
        if enrolled:
            return redirect(f"/accounts/2fa/reauthenticate/?{urlencode({'next': request.get_full_path()})}")
        return redirect("mfa_index")


class JournalMiddleware:
    """Whatever a known person is given stands in the journal before the first byte of it leaves, and stays in no browser's
    cache. Without that entry nothing is given: then the answer is the page that says that something is wrong.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer first, and let go of it when it cannot be written down."""
        with written() as acts:
            response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        with ExitStack() as withheld:
            withheld.callback(response.close)
            for reader in looked_at.readers(request):
                if looked_at.wants_entry(request, response, reader, acts):
                    actions.note("web.open_page", looked_at.page_opened(request), actor=reader)
            withheld.pop_all()
        return response


class PasskeyMiddleware:
    """What was sent as a passkey and is none is a question that we do not understand, not a fault of ours."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Only what goes wrong concerns us."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The library that reads passkeys looks at their shape while it reads, and stumbles where it does not fit."""
        match = request.resolver_match
        sent = match is not None and (match.url_name or "").startswith("mfa_") and "credential" in request.POST
        if not sent or not isinstance(exception, (ValueError, LookupError, TypeError, AttributeError, struct.error)):
            return None
        return errors.page(HTTPStatus.BAD_REQUEST)


class AwayMiddleware:
    """A key or a payload that is not here says nothing of what became of the recording, and the page says so."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Only what goes wrong concerns us."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """503: a page for people, RFC 9457 for programs. Never that something was destroyed."""
        if not isinstance(exception, (KeyStoreError, StoreError)):
            return None
        text = KEYS_AWAY if isinstance(exception, KeyStoreError) else STORE_AWAY
        log.warning("a place is away", error=type(exception).__name__, path=request.path)
        if wants_json(request):
            problem = {"title": "Niet bereikbaar", "status": 503, "detail": text}
            return JsonResponse(problem, status=503, content_type="application/problem+json")
        return errors.away(text)


class RefusalMiddleware:
    """A step that the protocol does not allow becomes a page with the rule and the reason, journaled once."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Only refusals concern us."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal: a page for people, RFC 9457 for programs."""
        if not isinstance(exception, Refused):
            return None
        person = request.user
        if isinstance(person, Person):
            record_refusal("web.page", exception, actor=person.as_actor)
        elif not exception.journaled and may_be_noted(request):
            record_refusal("web.page", exception, actor=ACTOR)
        verdict = exception.verdict
        if wants_json(request):
            problem = {"title": "Geweigerd", "status": 403, "detail": verdict.reason, "rule": verdict.rule}
            return JsonResponse(problem, status=HTTPStatus.FORBIDDEN, content_type="application/problem+json")
        return render(request, "web/refused.html", {"verdict": verdict}, status=HTTPStatus.FORBIDDEN)
