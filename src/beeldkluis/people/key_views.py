"""The pages of the key ceremony. Everything secret is made and tested in the browser; here arrive public and sealed halves."""

import base64
import binascii
import json

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from beeldkluis.journal import clock
from beeldkluis.people import actions, queries
from beeldkluis.people.models import TeamKey
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act

MAX_CEREMONY = 65_536  # bytes of JSON


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
    if len(request.body) > MAX_CEREMONY:
        raise BadRequest("Het verzoek is te groot.")
    try:
        sent = json.loads(request.body)
        team, recovery, rsa = (str(sent[name]) for name in ("team_recipient", "recovery_recipient", "axis_public"))
        sealed, sealed_rsa = (
            base64.b64decode(sent[name], validate=True) for name in ("sealed_identity", "axis_sealed_private")
        )
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise BadRequest("De sleutels zijn niet goed aangekomen.") from error
    person = person_for(request, Act.HOLD_KEY_CEREMONY)
    actions.record_key_ceremony(
        team_recipient=team,
        recovery_recipient=recovery,
        axis_public=rsa,
        axis_sealed_private=sealed_rsa,
        sealed_identity=sealed,
        actor=person.as_actor,
        now=clock.now(),
    )
    return JsonResponse({"next": reverse("people:keys")})
