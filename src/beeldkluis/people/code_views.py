"""An officer's personal code for the dock's screen, given by the team manager and shown once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from beeldkluis.journal import clock
from beeldkluis.people import queries
from beeldkluis.people.code_actions import give_code
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, number: str) -> HttpResponse:
    """A new code: asked first, then made and shown, once."""
    person = person_for(request, Act.MANAGE_OFFICERS)
    officer = queries.officer(number)
    code = give_code(officer, actor=person.as_actor, now=clock.now()) if request.method == "POST" else ""
    return render(request, "people/code.html", {"officer": officer, "code": code})
