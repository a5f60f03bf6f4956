"""A deputy for the team manager: begin, end, an emergency, and the deputy's own sealed copy of the key."""

import base64

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beeldkluis.journal import clock
from beeldkluis.people import deputation_actions as actions
from beeldkluis.people import queries
from beeldkluis.people.account_actions import ask_change
from beeldkluis.people.signed_in import person_for
from beeldkluis.people.succession_forms import DeputationForm, read_sealed
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.accounts import Change
from beeldkluis.protocol.roles import Role


@require_http_methods(["GET", "POST"])
def deputation(request: HttpRequest) -> HttpResponse:
    """The team manager names a deputy; both see how it stands and can end it."""
    person = person_for(request, Act.END_DEPUTATION)
    appoints = may(Role(person.acting), Act.APPOINT_DEPUTY).allowed
    form = DeputationForm(request.POST or None)
    if form.is_valid():
        deputy, until, because = form.chosen()
        actions.begin_deputation(deputy, until=until, because=because, actor=person.as_actor, now=clock.now())
        return redirect("people:deputation")
    page = {"form": form, "running": queries.running_deputation(), "appoints": appoints}
    return render(request, "people/deputation.html", page | {"deputies": queries.deputies()})


@require_http_methods(["GET", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """In an emergency the administrator asks for a deputy, for hours only; a second person lets it begin."""
    person = person_for(request, Act.APPOINT_DEPUTY_IN_EMERGENCY)
    form = DeputationForm(request.POST or None)
    if form.is_valid():
        deputy, until, because = form.chosen()
        asked = ask_change(
            Change.DEPUTISE, deputy, until=until, because=because, actor=person.as_actor, now=clock.now()
        )
        return redirect("people:account-change", pk=asked.pk)
    page = {"form": form, "running": queries.running_deputation(), "deputies": queries.deputies()}
    return render(request, "people/emergency.html", page)


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the deputation that lasts."""
    person, running = person_for(request, Act.END_DEPUTATION), queries.running_deputation()
    if running is not None:
        actions.end_deputation(running, actor=person.as_actor, now=clock.now())
    return redirect("web:start")


@require_GET
def copy(request: HttpRequest) -> HttpResponse:
    """Make a deputy's own sealed copy of the team's key, in this browser."""
    person = person_for(request, Act.APPOINT_DEPUTY)
    mine = queries.sealed_identity_for(person)
    sealed = base64.b64encode(bytes(mine.sealed)).decode() if mine else ""
    return render(request, "people/copy.html", {"sealed_identity": sealed, "deputies": queries.deputies()})


@require_POST
def record_copy(request: HttpRequest, person: int) -> JsonResponse:
    """Keep the copy that was sealed in the browser."""
    manager, deputy = person_for(request, Act.APPOINT_DEPUTY), queries.person(person)
    if deputy is None:
        raise Http404
    actions.record_copy(deputy, read_sealed(request), actor=manager.as_actor, now=clock.now())
    return JsonResponse({"next": reverse("people:deputation")})
