"""A security incident as a document. Documents are made where every room may be read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from beeldkluis.devices.incident_queries import incident
from beeldkluis.journal import clock
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.web import papers


@require_GET
def pdf(request: HttpRequest, number: int) -> HttpResponse:
    """The incident as it stands in the register."""
    person_for(request, Act.HANDLE_INCIDENT)
    found = incident(number)
    if found is None:
        raise Http404
    return papers.answer(papers.incident_pdf(found, clock.now()), f"incident-{found}.pdf")
