"""Accounts that wait: what is asked, the second person, stopping it; and what somebody was told."""

from datetime import datetime
from typing import cast

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beeldkluis.journal import clock
from beeldkluis.people import account_actions, account_queries, account_words, notice_actions, notice_queries
from beeldkluis.people.account_forms import ObjectionForm
from beeldkluis.people.models import AccountChange, Person
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import require
from beeldkluis.sealed.token import hash_token


def _seen_by(request: HttpRequest, pk: int) -> tuple[Person, AccountChange]:
    """Whoever is signed in and the change, when that person may see it. Refused or not found otherwise."""
    person, found = cast("Person", request.user), account_queries.change(pk)
    if found is None:
        raise Http404
    require(account_queries.may_see(found, person))
    return person, found


@require_GET
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, how it stands, and what this person can do about it."""
    person, found = _seen_by(request, pk)
    page = _page(found, clock.now()) | {
        "confirms": account_queries.may_confirm_now(found, person, now=clock.now()),
        "sheet": account_queries.has_keys() and may(Role(person.acting), Act.MANAGE_PEOPLE).allowed,
        "form": ObjectionForm(),
    }
    return render(request, "people/account_change.html", page)


def _page(found: AccountChange, now: datetime) -> dict[str, object]:
    """How it stands, in words."""
    return {
        "change": found,
        "what": account_words.what(found),
        "who": account_words.who(found),
        "when": account_words.when(found),
        "state": account_words.state(found),
        "waits": account_queries.is_open(found, now=now),
        "stoppable": account_queries.is_stoppable(found, now=now),
        "purpose": account_actions.sheet_purpose(found),
    }


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Be the second person."""
    person, found = _seen_by(request, pk)
    account_actions.confirm_change(found, actor=person.as_actor, now=clock.now())
    return redirect("people:account-change", pk=pk)


@require_POST
def confirm_with_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The recovery sheet was shown for it just now."""
    person, found = _seen_by(request, pk)
    account_actions.confirm_with_sheet(found, actor=person.as_actor, now=clock.now())
    return redirect("people:account-change", pk=pk)


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who is signed in stops it."""
    person, found = _seen_by(request, pk)
    form = ObjectionForm(request.POST)
    because = form.reason() if form.is_valid() else "Geen reden opgegeven."
    account_actions.object_to_change(found, because=because, actor=person.as_actor, now=clock.now())
    return redirect("people:account-change", pk=pk)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def stop_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail to whom it is about: it stops it, and nothing else. Asked first, because mail programs look ahead."""
    found, now = account_queries.change_of_stop_link(hash_token(token)), clock.now()
    stoppable = found is not None and account_queries.is_stoppable(found, now=now)
    if request.method == "POST" and found is not None and stoppable:
        because, actor = "Tegengehouden met de link uit de mail.", found.person.as_actor
        account_actions.object_to_change(found, because=because, actor=actor, now=now, by_link=True)
        return render(request, "people/stop_by_link.html", {"stopped": True})
    what = account_words.what(found) if found is not None and stoppable else ""
    return render(request, "people/stop_by_link.html", {"what": what})


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What this person was told and has not seen."""
    person = cast("Person", request.user)  # everybody has an own page; nobody sees another's
    return render(request, "people/notices.html", {"notices": notice_queries.unseen(person)})


@require_POST
def see(request: HttpRequest, pk: int) -> HttpResponse:
    """This person saw it."""
    person, found = cast("Person", request.user), notice_queries.notice(pk)
    if found is None:
        raise Http404
    notice_actions.see_notice(found, person, actor=person.as_actor, now=clock.now())
    return redirect("people:notices")
