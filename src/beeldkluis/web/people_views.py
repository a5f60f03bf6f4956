"""Who has an account: the administrator adds people and gives new access; nobody is ever deleted."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from beeldkluis.journal import clock
from beeldkluis.people import actions as people
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import require
from beeldkluis.web import actions, queries
from beeldkluis.web.forms import PersonForm
from beeldkluis.web.links import invitation_address
from beeldkluis.web.models import OneTimeLink


def _manager(request: HttpRequest) -> Person:
    """Whoever is signed in, if that person may manage accounts. Refused otherwise."""
    somebody = cast("Person", request.user)
    require(may(Role(somebody.acting), Act.MANAGE_PEOPLE))
    return somebody


def _named(pk: int) -> Person:
    found = queries.person(pk)
    if found is None:
        raise Http404
    return found


def staff(request: HttpRequest) -> HttpResponse:
    """Everybody with an account."""
    _manager(request)
    return render(request, "web/staff.html", {"staff": queries.staff()})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add somebody and show the link with which that person comes in."""
    manager = _manager(request)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person, token = actions.invite(form.newcomer(), actor=manager.as_actor, now=clock.now())
        return render(request, "web/invited.html", {"person": person, "address": invitation_address(token)})
    return render(request, "web/add_person.html", {"form": form})


@require_http_methods(["GET", "POST"])
def new_access(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody lost a password or telephone: ask, then make a new link."""
    manager, person = _manager(request), _named(pk)
    if request.method == "GET":
        return render(request, "web/new_access.html", {"person": person})
    kind = OneTimeLink.Kind.INVITATION
    token = actions.make_link(kind, person=person, actor=manager.as_actor, now=clock.now())
    return render(request, "web/invited.html", {"person": person, "address": invitation_address(token)})


@require_http_methods(["GET", "POST"])
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leaves: ask, then close the account."""
    manager, person = _manager(request), _named(pk)
    if request.method == "GET":
        return render(request, "web/deactivate.html", {"person": person})
    people.deactivate_person(person, actor=manager.as_actor)
    return redirect("web:staff")
