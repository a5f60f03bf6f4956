"""Versions of the protocol on screen: what applies, what is coming, and what a change would do to footage kept now."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.governance import actions, queries
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.governance.text import typed
from beeldkluis.journal import clock
from beeldkluis.people.queries import names
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.governance import changes
from beeldkluis.protocol.roles import Role
from beeldkluis.retention.queries import Effect, effect, effect_of
from beeldkluis.web import papers
from beeldkluis.web.protocol_forms import DraftForm, ProposeForm, TextForm, first_moment
from beeldkluis.web.templatetags.beeldkluis import unit as unit_in_dutch

SHOWN = 100  # recordings on a page; how many there are is said above it
ONE, LIST = "web:protocol-version", "web:protocol-versions"


def _version(number: str) -> ProtocolVersion:
    found = queries.version(number)
    if found is None:
        raise Http404
    return found


@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """Every version, the newest first."""
    person = person_for(request, Act.READ_PROTOCOL_VERSIONS)
    prepares = may(Role(person.acting), Act.PREPARE_PROTOCOL).allowed
    return render(request, "web/protocol_versions.html", {"versions": queries.versions(), "prepares": prepares})


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """A new version, beginning with the text and the numbers of the one that applies."""
    person = person_for(request, Act.PREPARE_PROTOCOL)
    current = queries.current()
    begin = {"text": typed(current.sections) if current else ""}
    form = DraftForm(request.POST or None, request.FILES or None, register=queries.in_force(), initial=begin)
    if form.is_valid():
        made = actions.draft(form.written(), form.sections(), actor=person.as_actor, now=clock.now())
        return redirect(ONE, made.number)
    return render(request, "web/protocol_draft.html", {"form": form})


@require_GET
def version(request: HttpRequest, number: str) -> HttpResponse:
    """One version: its state, what it changes, what does not fit, and what is to be done with it."""
    person = person_for(request, Act.READ_PROTOCOL_VERSIONS)
    found = _version(number)
    rights = {act.value: may(Role(person.acting), act).allowed for act in (Act.PREPARE_PROTOCOL, Act.PUBLISH_PROTOCOL)}
    page = _facts(found) | {"rights": rights, "own": found.proposed_by == str(person.pseudonym)}
    return render(request, "web/protocol_version.html", page)


def _facts(found: ProtocolVersion) -> dict[str, Any]:
    """What every page about one version shows."""
    coming = found.state in (
        ProtocolVersion.State.DRAFT,
        ProtocolVersion.State.PROPOSED,
        ProtocolVersion.State.PUBLISHED,
    )
    register = queries.register_of(found)
    changed = changes(queries.in_force(), register) if coming else ()
    return {
        "version": found,
        "coming": coming,
        "register": register,
        "changed": [(register.rules[name], unit_in_dutch(unit), old, new) for name, unit, old, new in changed],
        "contradictions": queries.contradictions_of(found),
        "names": names([found.proposed_by, found.published_by, found.drafted_by]),
        "successor": queries.successor(found),
    }


def _effect(found: ProtocolVersion) -> Effect:
    now = clock.now()
    return effect(queries.register_of(found), takes_effect_at=max(found.takes_effect_at or now, now))


def _shown(found: Effect) -> dict[str, Any]:
    """What a page tells of an effect: the first hundred that change, how many there are, and the days."""
    ends = [one.due_then for one in found.shifted]
    return {
        "effect": found.shifted[:SHOWN],
        "touched": len(ends),
        "earliest": min(ends, default=None),
        "latest": max(ends, default=None),
        "unchanged": found.unchanged,
        "last_unchanged": found.last,
    }


@require_GET
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The version as a document."""
    person_for(request, Act.READ_PROTOCOL_VERSIONS)
    return papers.answer(papers.version_pdf(_version(number), clock.now()), f"protocol-bodycams-versie-{number}.pdf")


@require_GET
def log_list(request: HttpRequest, number: str) -> HttpResponse:
    """The log list of the version as a document."""
    person_for(request, Act.READ_ACKNOWLEDGEMENTS)
    return papers.answer(papers.log_list_pdf(_version(number), clock.now()), f"loglijst-versie-{number}.pdf")


@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, number: str) -> HttpResponse:
    """Add the text to the version that was taken over at the beginning."""
    person, found = person_for(request, Act.PREPARE_PROTOCOL), _version(number)
    form = TextForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        actions.add_text(found, form.sections(), actor=person.as_actor)
        return redirect(ONE, number)
    return render(request, "web/protocol_text.html", {"form": form, "version": found})


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Put a draft to a second person, with its day of effect."""
    person, found = person_for(request, Act.PREPARE_PROTOCOL), _version(number)
    form, now = ProposeForm(request.POST or None), clock.now()
    if form.is_valid():
        begins = form.moment()
        touched = len(effect_of(queries.register_of(found), takes_effect_at=max(begins, now)))
        today = first_moment(now)
        actions.propose(found, takes_effect_at=begins, touched=touched, today=today, actor=person.as_actor, now=now)
        return redirect(ONE, number)
    return render(request, "web/protocol_propose.html", _facts(found) | _shown(_effect(found)) | {"form": form})


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """A second person looks at what it does, and publishes it."""
    person, found = person_for(request, Act.PUBLISH_PROTOCOL), _version(number)
    does, now = _effect(found), clock.now()
    if request.method == "POST":
        actions.publish(found, touched=len(does.shifted), today=first_moment(now), actor=person.as_actor, now=now)
        return redirect(ONE, number)
    own = found.proposed_by == str(person.pseudonym)
    return render(request, "web/protocol_publish.html", _facts(found) | _shown(does) | {"own": own})


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Withdraw a version that does not apply yet: asked first, then done."""
    person, found = person_for(request, Act.PUBLISH_PROTOCOL), _version(number)
    if request.method == "POST":
        actions.withdraw(found, actor=person.as_actor)
        return redirect(LIST)
    return render(request, "web/protocol_withdraw.html", {"version": found})
