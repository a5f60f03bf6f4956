"""Observations on screen: the team manager fills one in, and sees which are late. No totals of a person, no ranking."""

import csv
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.footage import observation_queries as observations
from beeldkluis.footage import queries
from beeldkluis.footage.enforcement.port import propose
from beeldkluis.footage.observation_actions import observe as write_down
from beeldkluis.footage.observation_forms import ObservationForm, as_typed
from beeldkluis.journal import clock
from beeldkluis.journal.paging import page_number
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act


@require_http_methods(["GET", "POST"])
def observe(request: HttpRequest, recording: UUID) -> HttpResponse:
    """Fill in or correct what is said of one recording."""
    person = person_for(request, Act.OBSERVE_RECORDING)
    found = queries.get(recording)
    if found is None:
        raise Http404
    earlier = observations.observation_of(recording)
    form = ObservationForm(request.POST or None, initial=as_typed(earlier) if earlier else None)
    if form.is_valid():
        write_down(found, form.told(), actor=person.as_actor, now=clock.now())
        return redirect("footage:recording", recording)
    return render(request, "footage/observe.html", {"recording": found, "form": form, "earlier": earlier})


@require_GET
def to_register(request: HttpRequest) -> HttpResponse:
    """Observations that are still to be registered in the enforcement system, to be printed."""
    person_for(request, Act.OBSERVE_RECORDING)
    drafts = [propose(one) for one in observations.without_number()]
    return render(request, "footage/print.html", {"drafts": drafts})


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same as a file: UTF-8 with its mark, semicolons, as Dutch spreadsheets read it."""
    person_for(request, Act.OBSERVE_RECORDING)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="waarnemingen.csv"'
    lines = csv.writer(answer, delimiter=";")
    lines.writerow(["kenmerk", "begin", "einde", "soort"])
    for one in map(propose, observations.without_number()):
        lines.writerow([one.reference, one.started_at.isoformat(), one.ended_at.isoformat(), one.kind])
    return answer


@require_GET
def wanting(request: HttpRequest) -> HttpResponse:
    """Recordings that still want an observation or its number, oldest first."""
    person_for(request, Act.OBSERVE_RECORDING)
    page = observations.wanting_page(page_number(request))
    return render(request, "footage/wanting.html", {"recordings": page.object_list, "page": page})
