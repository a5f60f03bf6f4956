"""Who has an account: the administrator adds people and gives new access; nobody is ever deleted."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from beeldkluis.journal import clock
from beeldkluis.people import account_queries, account_words
from beeldkluis.people import actions as people
from beeldkluis.people.models import AccountChange, Person
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.accounts import Change, is_guarded
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import require
from beeldkluis.web import actions, queries
from beeldkluis.web.forms import CloseForm, NewAccessForm, PersonForm
from beeldkluis.web.links import invitation_address


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
    return render(request, "web/staff.html", {"members": queries.staff()})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add somebody and show the link with which that person comes in."""
    manager = _manager(request)
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person, token = actions.invite(form.newcomer(), actor=manager.as_actor, now=clock.now())
        return _invited(request, account_queries.newest_of(person), token)
    return render(request, "web/add_person.html", {"form": form})


def _invited(request: HttpRequest, change: AccountChange | None, token: str) -> HttpResponse:
    """Show the link once, and from when it works."""
    waits = change is not None and change.done_at is None
    page = {
        "person": change.person if change else None,
        "address": invitation_address(token),
        "when": account_words.when(change) if change and waits else "",
        "change": change,
    }
    return render(request, "web/invited.html", page)


@require_http_methods(["GET", "POST"])
def new_access(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody lost a password or telephone: ask which and why, then make a new link, which may have to wait."""
    manager, person = _manager(request), _named(pk)
    form = NewAccessForm(request.POST or None)
    if form.is_valid():
        kind, because = form.chosen(active=person.is_active)
        change, token = actions.renew_access(kind, person, because=because, actor=manager.as_actor, now=clock.now())
        return _invited(request, change, token)
    guarded = is_guarded(Change.RENEW, Role(person.role))
    return render(request, "web/new_access.html", {"person": person, "form": form, "guarded": guarded})


@require_http_methods(["GET", "POST"])
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leaves: ask why, then close the account, or let that wait."""
    manager, person = _manager(request), _named(pk)
    form = CloseForm(request.POST or None)
    if form.is_valid():
        because = form.cleaned_data["because"]
        people.deactivate_person(person, because=because, actor=manager.as_actor, now=clock.now())
        return redirect("web:staff")
    guarded = is_guarded(Change.CLOSE, Role(person.role))
    return render(request, "web/deactivate.html", {"person": person, "form": form, "guarded": guarded})
