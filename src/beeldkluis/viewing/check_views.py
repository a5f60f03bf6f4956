"""The daily check whether new recordings are sealed for our key."""

import base64
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.people.queries import sealed_identity_for
from beeldkluis.people.signed_in import person_for, second_factor_at
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.presence import recently_proved
from beeldkluis.viewing import check_actions, check_forms, check_queries, forms

AGAIN = "/accounts/2fa/reauthenticate/"


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Are the new recordings sealed for our key? A reason that is posted lets what got no outcome be given once more."""
    person, now = person_for(request, Act.REPORT_OPENABLE), clock.now()
    if not recently_proved(second_factor_at(request, now=now), protocol=in_force(), now=now).allowed:
        return redirect(f"{AGAIN}?{urlencode({'next': request.path})}")
    form = check_forms.CheckAgainForm(request.POST or None)
    if form.is_valid():
        check_actions.ask_again(form.cleaned_data["because"], person=person, now=now)
        return redirect("viewing:check")
    sealed = sealed_identity_for(person)
    told = {
        "count": len(check_queries.to_give(check_actions.AT_ONCE)),
        "unanswered": check_queries.unanswered().count(),
        "form": form,
        "sealed_identity": base64.b64encode(bytes(sealed.sealed)).decode() if sealed else "",
    }
    return render(request, "viewing/check.html", told)


@require_POST
def headers(request: HttpRequest) -> JsonResponse:
    """The headers to try; no film goes with them."""
    person, now = person_for(request, Act.REPORT_OPENABLE), clock.now()
    given = check_actions.give_headers(person, proved_at=second_factor_at(request, now=now), now=now)
    return JsonResponse(
        {
            "recordings": [
                {"id": str(recording), "headers": [base64.b64encode(header).decode() for header in headers]}
                for recording, headers in given.items()
            ]
        }
    )


@require_POST
def outcome(request: HttpRequest) -> JsonResponse:
    """What the browser found."""
    person = person_for(request, Act.REPORT_OPENABLE)
    check_actions.report(forms.read_outcome(request), person=person, now=clock.now())
    return JsonResponse({"next": reverse("viewing:check")})
