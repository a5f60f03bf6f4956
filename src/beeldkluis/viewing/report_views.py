"""The report of a viewing on paper, and the answer to "who has seen it"."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.documents import render as documents
from beeldkluis.journal import clock
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.presence import may_tell_who_looked
from beeldkluis.viewing import queries, report_actions, reports


@require_GET
def report_pdf(request: HttpRequest, viewing: UUID) -> HttpResponse:
    """The report as PDF, to sign and keep: for the team manager and the data protection officer."""
    person_for(request, Act.READ_VIEWINGS)
    found = queries.any_viewing(viewing)
    if found is None or found.ended_at is None:
        raise Http404
    made = documents.viewing_report(reports.report(found), made_at=clock.now())
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="verslag-inzage-{found.case.reference}.pdf"'
    return answer


@require_http_methods(["GET", "POST"])
def who_looked(request: HttpRequest, reference: str) -> HttpResponse:
    """Who has seen the footage of this case, and a letter that says so to whoever asks."""
    person, case = person_for(request, Act.READ_VIEWINGS), queries.case_named(reference)
    if case is None:
        raise Http404
    if request.method == "POST":
        report_actions.tell_who_looked(case, actor=person.as_actor, now=clock.now())
        return redirect("cases:case", reference)
    page = {"case": case, "lines": reports.who_looked(case), "tells": may_tell_who_looked(kind=CaseKind(case.kind))}
    return render(request, "viewing/who_looked.html", page)
