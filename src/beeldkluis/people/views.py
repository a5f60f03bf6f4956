"""Officers on screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.journal import clock
from beeldkluis.people import actions, forms, queries
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act, may


@require_GET
def officers(request: HttpRequest) -> HttpResponse:
    """Everybody who wears or wore a camera."""
    role = person_for(request, Act.READ_OFFICERS).as_actor.role
    able = {"manages": Act.MANAGE_OFFICERS, "codes": Act.GIVE_CODE, "addresses": Act.SET_ADDRESS}
    rights = {name: may(role, act).allowed for name, act in able.items()}
    return render(request, "people/officers.html", {"officers": queries.officers()} | rights)


@require_http_methods(["GET", "POST"])
def add_officer(request: HttpRequest) -> HttpResponse:
    """A new officer."""
    person = person_for(request, Act.MANAGE_OFFICERS)
    form = forms.OfficerForm(request.POST or None, initial={"since": clock.now(), "employment": "own"})
    if form.is_valid():
        actions.add_officer(**form.cleaned_data, actor=person.as_actor, now=clock.now())
        return redirect("people:officers")
    return render(request, "people/add_officer.html", {"form": form})


@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, number: str) -> HttpResponse:
    """Where an officer's reminders go."""
    person = person_for(request, Act.SET_ADDRESS)
    officer = queries.officer(number)
    form = forms.AddressForm(request.POST or None, initial={"email": officer.email})
    if form.is_valid():
        email = form.cleaned_data["email"]
        actions.set_address(officer, email=email, actor=person.as_actor, now=clock.now())
        return redirect("people:officers")
    return render(request, "people/address.html", {"form": form, "officer": officer})


@require_http_methods(["GET", "POST"])
def end_officer(request: HttpRequest, number: str) -> HttpResponse:
    """An officer leaves: asked first, then done."""
    person = person_for(request, Act.MANAGE_OFFICERS)
    officer = queries.officer(number)
    if request.method == "POST":
        actions.end_officer(officer, until=clock.now(), actor=person.as_actor)
        return redirect("people:officers")
    return render(request, "people/end_officer.html", {"officer": officer})
