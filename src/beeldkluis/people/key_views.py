"""The pages of the key ceremony. Everything secret is made and tested in the browser; here arrive public and sealed halves."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from beeldkluis.journal import clock
from beeldkluis.people import actions, queries
from beeldkluis.people.forms import read_ceremony
from beeldkluis.people.models import TeamKey
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """Which keys there are, by fingerprint; and what to do when there are none."""
    person = person_for(request, Act.HOLD_KEY_CEREMONY)
    active = [key for kind in TeamKey.Kind if (key := queries.active_key(kind)) is not None]
    return render(request, "people/keys.html", {"keys": active, "mine": queries.sealed_identity_for(person)})


@require_GET
def ceremony(request: HttpRequest) -> HttpResponse:
    """Make the team's keys, print the recovery sheet, try both."""
    person_for(request, Act.HOLD_KEY_CEREMONY)
    if queries.active_key(TeamKey.Kind.TEAM) is not None:
        return redirect("people:keys")
    return render(request, "people/ceremony.html")


@require_POST
def record_ceremony(request: HttpRequest) -> JsonResponse:
    """Keep the public halves and the sealed copy."""
    person = person_for(request, Act.HOLD_KEY_CEREMONY)
    actions.record_key_ceremony(**read_ceremony(request.body), actor=person.as_actor, now=clock.now())
    return JsonResponse({"next": reverse("people:keys")})
