"""The pages of the cases room."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beeldkluis.cases import actions, forms, pages, queries
from beeldkluis.cases.models import Case
from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.never import Never, refusal
from beeldkluis.protocol.verdict import require


def _person(request: HttpRequest, act: Act) -> Person:
    """Who is signed in, when that role may do this. Refused otherwise."""
    assert isinstance(request.user, Person)  # noqa: S101 - log-in is required on every page of this room
    require(may(request.user.as_actor.role, act))
    return request.user


def _case(reference: str) -> Case:
    found = queries.get(reference)
    if found is None:
        raise Http404
    return found


def _to(case: Case) -> HttpResponseRedirect:
    return redirect("cases:case", case.reference)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All requests, what must be decided first on top."""
    person = _person(request, Act.READ_CASES)
    lines = [pages.line(case, clock.now()) for case in queries.everything()]
    may_register = may(person.as_actor.role, Act.REGISTER_CASE).allowed
    return render(request, "cases/list.html", {"lines": lines, "may_register": may_register})


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A new request."""
    person = _person(request, Act.REGISTER_CASE)
    form = forms.NewRequestForm(request.POST or None, initial={"received_at": clock.now()})
    if form.is_valid():
        return _to(actions.receive(**form.cleaned_data, actor=person.as_actor, now=clock.now()))
    return render(request, "cases/register.html", {"form": form, "never": [refusal(one).reason for one in Never]})


def _show(request: HttpRequest, case: Case, person: Person, **more: Any) -> HttpResponse:
    return render(request, "cases/case.html", pages.case(case, person.as_actor.role, clock.now()) | more)


@require_GET
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One request: what it asks, what was found, what must happen now."""
    person = _person(request, Act.READ_CASES)
    return _show(request, _case(reference), person, form=forms.DecisionForm(), number_form=forms.NumberForm())


@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, reference: str) -> HttpResponse:
    """Fill in what was missing."""
    person, found = _person(request, Act.REGISTER_CASE), _case(reference)
    form = forms.completion(found, request.POST or None)
    if form.is_valid():
        actions.complete_fields(found, fields=form.cleaned_data, actor=person.as_actor, now=clock.now())
        return _to(found)
    return render(request, "cases/complete.html", {"case": found, "form": form})


@require_POST
def forward(request: HttpRequest, reference: str) -> HttpResponse:
    """Pass the request on."""
    person, found = _person(request, Act.FORWARD_CASE), _case(reference)
    return _to(actions.forward(found, actor=person.as_actor, now=clock.now()))


@require_POST
def link(request: HttpRequest, reference: str, recording: UUID) -> HttpResponse:
    """This recording belongs to the request."""
    person, found = _person(request, Act.LINK_RECORDING), _case(reference)
    if queries.link(found, recording) is None:
        raise Http404
    actions.link_recording(found, recording, actor=person.as_actor, now=clock.now())
    return _to(found)


@require_POST
def link_by_number(request: HttpRequest, reference: str) -> HttpResponse:
    """Another recording belongs to the request, by its number."""
    person, found = _person(request, Act.LINK_RECORDING), _case(reference)
    form = forms.NumberForm(request.POST)
    known = queries.by_number(form.typed()) if form.is_valid() else None
    if known is None:
        if form.is_valid():
            form.add_error("number", "Er is geen opname met dit nummer.")
        return _show(request, found, person, form=forms.DecisionForm(), number_form=form)
    actions.link_recording(found, known.pk, actor=person.as_actor, now=clock.now())
    return _to(found)


@require_POST
def reject(request: HttpRequest, reference: str, recording: UUID) -> HttpResponse:
    """This recording does not belong to the request."""
    person, found = _person(request, Act.LINK_RECORDING), _case(reference)
    if queries.link(found, recording) is None:
        raise Http404
    actions.reject_match(found, recording, actor=person.as_actor, now=clock.now())
    return _to(found)


@require_POST
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """The decision; a form with a slip comes back with the whole page around it."""
    person, found = _person(request, Act.DECIDE_CASE), _case(reference)
    form = forms.DecisionForm(request.POST)
    if not form.is_valid():
        return _show(request, found, person, form=form, number_form=forms.NumberForm())
    granted, grounds = form.cleaned_data["granted"], form.cleaned_data["grounds"]
    moment = clock.now()
    given = form.considerations()
    actions.decide(found, granted=granted, grounds=grounds, considerations=given, actor=person.as_actor, now=moment)
    return _to(found)


@require_http_methods(["GET", "POST"])
def register_objection(request: HttpRequest, reference: str) -> HttpResponse:
    """The requester objects."""
    person, found = _person(request, Act.REGISTER_CASE), _case(reference)
    form = forms.ObjectionForm(request.POST or None, initial={"received_at": clock.now()})
    if form.is_valid():
        received = form.cleaned_data["received_at"]
        return _to(actions.register_objection(found, received_at=received, actor=person.as_actor, now=clock.now()))
    return render(request, "cases/objection.html", {"case": found, "form": form})


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """What closing does, and then doing it."""
    person, found = _person(request, Act.DECIDE_CASE), _case(reference)
    form = forms.ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        return _to(actions.close(found, because=because, actor=person.as_actor, now=clock.now()))
    return render(request, "cases/close.html", pages.closing(found, clock.now()) | {"form": form})
