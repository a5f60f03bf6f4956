"""Findings on screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.findings import actions, forms, queries
from beeldkluis.journal import clock
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.finding import may_settle


@require_GET
def findings(request: HttpRequest) -> HttpResponse:
    """What somebody must look at."""
    role = person_for(request, Act.SETTLE_FINDING).as_actor.role
    rows = [(one, may_settle(role=role, finding_rule=one.rule)) for one in queries.open_findings()]
    return render(request, "findings/findings.html", {"findings": rows})


@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, finding: int) -> HttpResponse:
    """Say what was done about a finding."""
    person = person_for(request, Act.SETTLE_FINDING)
    found = queries.finding(finding)
    form = forms.SettleForm(request.POST or None)
    if form.is_valid():
        because = form.cleaned_data["because"]
        actions.settle_finding(found, because=because, actor=person.as_actor, now=clock.now())
        return redirect("findings:list")
    return render(request, "findings/settle.html", {"form": form, "finding": found})
