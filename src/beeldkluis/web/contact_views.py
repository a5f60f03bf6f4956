"""The municipality's own addresses."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.people import municipality_actions, municipality_queries
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.legal import lacking
from beeldkluis.web.contact_forms import known_addresses


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """What stands in letters and on the public page, what lacks, and changing it."""
    person, known = person_for(request, Act.SET_CONTACT), municipality_queries.contact()
    form = known_addresses(request.POST or None, known)
    if form.is_valid():
        changed = municipality_actions.set_contact(form.lines(), actor=person.as_actor, now=clock.now())
        messages.success(request, "Vastgelegd." if changed else "Er is niets gewijzigd.")
        return redirect("web:contact")
    return render(request, "web/contact.html", {"form": form, "lacking": lacking(in_force(), known)})
