"""Pages that belong to no other room."""

from typing import cast

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import require
from beeldkluis.web import doctor, due
from beeldkluis.web.readiness import why_not

log = structlog.get_logger("beeldkluis.readiness")


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What is due for whoever is signed in, and nothing else."""
    person = cast("Person", request.user)
    found, more = due.shown(due.for_person(person, clock.now()))
    return render(request, "web/start.html", {"due": found, "more": more})


@require_safe
def installation(request: HttpRequest) -> HttpResponse:
    """What the doctor says."""
    person = cast("Person", request.user)
    require(may(Role(person.acting), Act.SEE_INSTALLATION))
    return render(request, "web/installation.html", {"findings": doctor.findings()})


@login_not_required
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Is this process answering? Says nothing else."""
    return HttpResponse("goed\n", content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def readiness(_request: HttpRequest) -> HttpResponse:
    """Can this machine do its work? 503 when not; why stands in the technical log and with the doctor, not here."""
    if why := why_not():
        log.warning("not ready", because=why)
        return HttpResponse("niet gereed\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("gereed\n", content_type="text/plain; charset=utf-8")
