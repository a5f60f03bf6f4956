"""The page of a demand: what it says, what is missing, what a lawyer would ask."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from beeldkluis.cases import queries as cases
from beeldkluis.disclosure import actions, forms, pages, queries
from beeldkluis.disclosure.models import Demand
from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.cases import CaseState, may_judge
from beeldkluis.protocol.demand import DEMANDS, may_know, may_prepare
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused, require


def _demand(request: HttpRequest, reference: str) -> tuple[Person, Demand]:
    person, case = person_for(request, Act.WRITE_DEMAND), cases.get(reference)
    if case is None or CaseKind(case.kind) not in DEMANDS:
        raise Http404
    require(may_judge(about_team_manager=case.about_team_manager, titular=cases.is_titular(person.as_actor)))
    demand = queries.demand_of(case)
    require(may_know(secret=demand.secret, role=Role(person.acting), handles=True))
    return person, demand


@require_http_methods(["GET", "POST"])
def demand(request: HttpRequest, reference: str) -> HttpResponse:
    """What a demand says and what was checked of it; what is blank may be saved, and stops handing over."""
    person, found = _demand(request, reference)
    now, case = clock.now(), found.case
    form = forms.DemandForm(request.POST or None, initial=forms.initial(found))
    if form.is_valid():
        try:
            version, shown = form.cleaned_data["version"], form.recordings()
            actions.save_demand(case, form.told(), known=version, shown=shown, person=person, now=now)
        except Refused as refused:
            form.add_error(None, refused.verdict.reason)
        else:
            messages.success(request, "Bewaard.")
            return redirect("disclosure:demand", reference)
    prepare = may_prepare(CaseKind(case.kind), CaseState(case.state))
    page = pages.page(found, now=now) | {"case": case, "form": form, "may": prepare}
    return render(request, "disclosure/demand.html", page)
