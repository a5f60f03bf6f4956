"""What holds for every page: a second factor, a refusal that says why, an entry for who looked, nothing kept by browsers."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from beeldkluis.journal.actions import refuse
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from beeldkluis.web import actions
from beeldkluis.web.events import PageOpened
from beeldkluis.web.sign_in import signed_in
from beeldkluis.web.strangers import ACTOR, may_be_noted

Answer = Callable[[HttpRequest], HttpResponseBase]
LONGEST_REFERENCE = 32
ENROLMENT_PAGES = {
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_logout", "account_reauthenticate",
}  # fmt: skip
PROVING_PAGES = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout"}


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
    """Every page that a signed-in person looks at stands in the journal, and stays in no browser's cache."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer first; a page that was not shown was not looked at."""
        response = self.get_response(request)
        person = signed_in(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        if person and request.method == "GET" and response.status_code == HTTPStatus.OK and _is_page(response):
            actions.note("web.open_page", _page_opened(request), actor=person.as_actor)
        return response


def _is_page(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def _page_opened(request: HttpRequest) -> PageOpened:
    """Which page, by its name: addresses and search words may say something about a person."""
    match = request.resolver_match
    if match is None:
        return PageOpened(page="?")
    recording, reference = match.kwargs.get("recording"), match.kwargs.get("reference")
    return PageOpened(
        page=match.view_name or match._func_path,  # noqa: SLF001 - the only name of a view that has no other
        recording=recording if isinstance(recording, UUID) else None,
        case=reference if isinstance(reference, str) and len(reference) <= LONGEST_REFERENCE else "",
    )


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
            refuse("web.page", exception, actor=person.as_actor)
        elif not exception.journaled and may_be_noted(request):
            refuse("web.page", exception, actor=ACTOR)
        verdict = exception.verdict
        if "application/json" in (request.content_type, request.headers.get("Accept", "").split(",")[0]):
            problem = {"title": "Geweigerd", "status": 403, "detail": verdict.reason, "rule": verdict.rule}
            return JsonResponse(problem, status=HTTPStatus.FORBIDDEN, content_type="application/problem+json")
        return render(request, "web/refused.html", {"verdict": verdict}, status=HTTPStatus.FORBIDDEN)
