"""Issues that were entered after the recording: the data protection officer asks around who really had the camera."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.devices import queries as devices
from beeldkluis.devices.actions import confirm_wearer
from beeldkluis.footage import queries
from beeldkluis.journal import clock
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act


@require_GET
def late(request: HttpRequest) -> HttpResponse:
    """What waits to be asked."""
    person_for(request, Act.CONFIRM_WEARER)
    return render(request, "footage/late_periods.html", {"periods": queries.late_periods()})


@require_http_methods(["GET", "POST"])
def asked(request: HttpRequest, period: int) -> HttpResponse:
    """It was asked, and it is right: said first, then done."""
    person, found = person_for(request, Act.CONFIRM_WEARER), devices.period(period)
    if found is None:
        raise Http404
    if request.method == "POST":
        confirm_wearer(found, person=person, now=clock.now())
        return redirect("footage:late-periods")
    return render(request, "footage/confirm_wearer.html", {"period": found})
