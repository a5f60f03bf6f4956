"""An officer's personal code for the dock's screen: given by the administrator, and confirmed by the officer from the mail."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.people import queries
from beeldkluis.people.acknowledgement_actions import officer_actor
from beeldkluis.people.code_actions import confirm_code, give_code, usable
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, number: str) -> HttpResponse:
    """A new code: asked first, then made and shown, once."""
    person = person_for(request, Act.GIVE_CODE)
    officer = queries.officer(number)
    code = give_code(officer, actor=person.as_actor, now=clock.now()) if request.method == "POST" else ""
    days = in_force().number("access.own-code", "days")
    return render(request, "people/code.html", {"officer": officer, "code": code, "days": days})


@login_not_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail: asked first, as programs that look at mail open links too; then done."""
    link = queries.code_link(token)
    if link is None:
        raise Http404
    works = usable(link)
    if works and request.method == "POST":
        confirm_code(link, actor=officer_actor(link.officer), now=clock.now())
    done = works and request.method == "POST"
    answer = render(request, "people/confirm_code.html", {"officer": link.officer, "works": works, "done": done})
    answer["Cache-Control"] = "no-store"
    return answer
