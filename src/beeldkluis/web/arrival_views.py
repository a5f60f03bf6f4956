"""How people come in for the first time: set-up, invitation, and in a demonstration a link."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.people.signed_in import DEMONSTRATION_SESSION, show_to
from beeldkluis.web import actions, queries
from beeldkluis.web.forms import InvitationForm, SetUpForm
from beeldkluis.web.links import invitation_address

BACKEND = "beeldkluis.web.sign_in.PasswordBackend"
TOKEN_SESSION = "beeldkluis_invitation"  # noqa: S105 - the name of a place, not a password
VISITOR = Actor.system("set-up")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Give an empty installation its first three people."""
    if not queries.is_empty():
        return redirect("web:start")
    form = SetUpForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"].strip()
        people, addresses, register = form.newcomers(), form.addresses(), form.register
        invited = actions.set_up(
            code, newcomers=people, addresses=addresses, register=register, actor=VISITOR, now=clock.now()
        )
        links = [(person, invitation_address(token)) for person, token in invited]
        return render(request, "web/set_up_done.html", {"links": links})
    return render(request, "web/set_up.html", {"form": form})


@login_not_required
@never_cache
@require_GET
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address, so that it stays in no history."""
    request.session.pop(TOKEN_SESSION, None)
    if queries.invited(token, now=clock.now()):  # a session is a row: not for whatever somebody types
        request.session[TOKEN_SESSION] = token
    return redirect("web:invitation")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Let an invited person choose a password."""
    token = request.session.get(TOKEN_SESSION, "")
    link = queries.invited(token, now=clock.now())
    person, why_not = (link.person, queries.why_not_yet(link)) if link else (None, "")
    form = InvitationForm(request.POST or None)
    if person:
        show_to(request, person.as_actor)
    if person and not why_not and request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["password"]
        actions.accept_invitation(token, password=chosen, actor=person.as_actor, now=clock.now())
        del request.session[TOKEN_SESSION]
        messages.success(request, "Uw wachtwoord is vastgelegd. Log nu in.")
        return redirect("account_login")
    return render(request, "web/invitation.html", {"form": form, "person": person, "why_not": why_not})


@login_not_required
@never_cache
@require_GET
def enter_demonstration(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a demonstration's link; outside a demonstration this address does not exist."""
    if not settings.DEMONSTRATION:
        raise Http404
    person = actions.enter_demonstration(token, now=clock.now())
    login(request, person, backend=BACKEND)
    request.session[DEMONSTRATION_SESSION] = True
    return redirect("web:start")
