"""The pages of the cases room: the desk, the case, its recordings and the decision."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beeldkluis.cases import actions, decision_actions, forms, letter_actions, pages, queries, step_forms
from beeldkluis.cases.models import Case
from beeldkluis.cases.new_request_forms import new_request
from beeldkluis.cases.offers import Viewer
from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.journal.paging import page_number
from beeldkluis.people.models import Person
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.never import Never, refusal
from beeldkluis.protocol.presence import may_ask_for
from beeldkluis.protocol.roles import Role


def viewer(person: Person) -> Viewer:
    """In what role, and as whom."""
    return Viewer(Role(person.acting), person.role == Role.TEAM_MANAGER)


def named(reference: str) -> Case:
    """The case with this reference; a page that is not there when there is none."""
    found = queries.get(reference)
    if found is None:
        raise Http404
    return found


def back_to(case: Case) -> HttpResponseRedirect:
    """The page of the case."""
    return redirect("cases:case", case.reference)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All requests, what must be decided first on top."""
    person = person_for(request, Act.READ_CASES)
    page = queries.page(page_number(request))
    lines = pages.lines(list(page), clock.now())
    may_register = may(Role(person.acting), Act.REGISTER_CASE).allowed
    return render(request, "cases/list.html", {"lines": lines, "page": page, "may_register": may_register})


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A new case: first its kind, then what it says."""
    person = person_for(request, Act.REGISTER_CASE)
    never = [refusal(one).reason for one in Never]
    wanted = request.POST.get("kind") or request.GET.get("kind") or ""
    kinds = [one for one in CaseKind if may_ask_for(one, in_force()).allowed]
    if wanted not in {one.value for one in kinds}:
        return render(request, "cases/kinds.html", {"kinds": kinds, "never": never})
    owner, now = str(person.pseudonym), clock.now()
    form = new_request(CaseKind(wanted), request.POST or None, request.FILES or None, now=now, owner=owner)
    if form.is_valid():
        made = actions.receive(**{"kind": wanted} | form.asked(), actor=person.as_actor, now=now)
        form.forget_paper()
        return back_to(made)
    form.keep_paper()
    return render(request, "cases/register.html", {"form": form, "kind": CaseKind(wanted).dutch, "never": never})


def _show(request: HttpRequest, case: Case, person: Person, **more: Any) -> HttpResponse:
    now = clock.now()
    shown = pages.case(case, viewer(person), now)
    if "form" not in more and shown["can"]["refuse"]:
        more["form"] = step_forms.DecisionForm(CaseKind(case.kind), queries.deciding(case, now))
    return render(request, "cases/case.html", shown | {"number_form": forms.NumberForm()} | more)


@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One request: what it asks, what was found, what must happen now."""
    person = person_for(request, Act.READ_CASES)
    return _show(request, named(reference), person)


@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, reference: str) -> HttpResponse:
    """Fill in what was missing."""
    person, found = person_for(request, Act.READ_CASES), named(reference)
    form = forms.completion(found, request.POST or None, now=clock.now())
    if form.is_valid():
        actions.complete_fields(found, fields=form.asked(), actor=person.as_actor, now=clock.now())
        return back_to(found)
    return render(request, "cases/complete.html", {"case": found, "form": form})


@require_POST
def forward(request: HttpRequest, reference: str) -> HttpResponse:
    """Pass the request on."""
    person, found = person_for(request, Act.FORWARD_CASE), named(reference)
    return back_to(actions.forward(found, actor=person.as_actor, now=clock.now()))


@require_POST
def link(request: HttpRequest, reference: str, recording: UUID) -> HttpResponse:
    """This recording belongs to the request."""
    person, found = person_for(request, Act.LINK_RECORDING), named(reference)
    if queries.link(found, recording) is None:
        raise Http404
    actions.link_recording(found, recording, actor=person.as_actor, now=clock.now())
    return back_to(found)


@require_POST
def link_by_number(request: HttpRequest, reference: str) -> HttpResponse:
    """Another recording belongs to the request, by its number."""
    person, found = person_for(request, Act.LINK_RECORDING), named(reference)
    form = forms.NumberForm(request.POST)
    known = queries.by_number(form.typed()) if form.is_valid() else None
    if known is None:
        if form.is_valid():
            form.add_error("number", "Er is geen opname met dit nummer.")
        return _show(request, found, person, number_form=form)
    actions.link_recording(found, known.pk, actor=person.as_actor, now=clock.now())
    return back_to(found)


@require_POST
def reject(request: HttpRequest, reference: str, recording: UUID) -> HttpResponse:
    """This recording does not belong to the request."""
    person, found = person_for(request, Act.LINK_RECORDING), named(reference)
    if queries.link(found, recording) is None:
        raise Http404
    actions.reject_match(found, recording, actor=person.as_actor, now=clock.now())
    return back_to(found)


@require_POST
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """The decision; a form with a slip comes back with the whole page around it."""
    person, found, now = person_for(request, Act.DECIDE_CASE), named(reference), clock.now()
    form = step_forms.DecisionForm(CaseKind(found.kind), queries.deciding(found, now), request.POST)
    if not form.is_valid():
        return _show(request, found, person, form=form)
    if "preview" in request.POST:
        letter = letter_actions.preview(found, form.words(), person)
        return HttpResponse(letter_actions.document(letter, now=now), content_type="application/pdf")
    decision_actions.decide(found, form.words(), actor=person.as_actor, now=now)
    return back_to(found)


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """What closing does, and then doing it."""
    person, found = person_for(request, Act.DECIDE_CASE), named(reference)
    form = step_forms.ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        return back_to(decision_actions.close(found, because=because, actor=person.as_actor, now=clock.now()))
    return render(request, "cases/close.html", pages.close(found, clock.now()) | {"form": form})
