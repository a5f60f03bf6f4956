"""The pages of the retention room: what goes soon, what waits for two people, and the certificate of a destruction."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.documents import render as documents
from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock
from beeldkluis.journal.paging import page_number
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.verdict import require
from beeldkluis.retention import actions, declaration_queries, queries
from beeldkluis.retention.models import Brake
from beeldkluis.vault.place_queries import away
from beeldkluis.vault.queries import KeyState, certificate, key_state


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101 - log-in is required on every page of this room
    return request.user


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Stopped rounds, what goes within seven days, what went in the past seven."""
    role = _person(request).as_actor.role
    require(may(role, Act.CONFIRM_DESTRUCTION))
    now = clock.now()
    page = {
        "reads": may(role, Act.READ_RECORDINGS).allowed,
        "waiting": queries.waiting_brakes(),
        "soon": queries.destroyed_soon(now, page_number(request)),
        "overdue": [one for one in queries.overdue(now) if not one.because],
        "destroyed": queries.recently_destroyed(now),
        "declarations": [this := declaration_queries.month(now), declaration_queries.before(*this)],
    }
    return render(request, "retention/overview.html", page)


@require_http_methods(["GET", "POST"])
def stopped_round(request: HttpRequest, brake: int) -> HttpResponse:
    """One stopped round: what would go, who confirmed, and the confirmation itself."""
    person = _person(request)
    require(may(person.as_actor.role, Act.CONFIRM_DESTRUCTION))
    found = get_object_or_404(Brake, pk=brake)
    if request.method == "POST":
        actions.confirm_brake(found.pk, person=person, actor=person.as_actor, now=clock.now())
        return redirect("retention:brake", found.pk)
    confirmed, now = queries.confirmed_by(found), clock.now()
    page = {
        "brake": found,
        "clock": now if queries.asks_about_clock(found) else None,
        "reads": may(person.as_actor.role, Act.READ_RECORDINGS).allowed,
        "recordings": queries.stopped_recordings(found, now),
        "confirmations": found.confirmations.select_related("person").order_by("confirmed_at"),
        "mine": str(person.pseudonym) in confirmed,
    }
    return render(request, "retention/brake.html", page)


@require_GET
def destruction(request: HttpRequest, recording: UUID) -> HttpResponse:
    """The certificate of one destruction: for everybody who may read the journal, since that is where it comes from."""
    role = _person(request).as_actor.role
    require(may(role, Act.READ_JOURNAL))
    found = certificate(recording)
    if found is None:
        raise Http404
    gone, open_still = get_object_or_404(Recording, pk=recording), found.shredded_at is None
    page = {
        "certificate": found,
        "away": away() if open_still else [],
        "missing": open_still and key_state(recording) is KeyState.AWAY,
        "recording": gone,
        "ground": declaration_queries.ground_under(gone.due_under),
        "reads": may(role, Act.READ_RECORDINGS).allowed,
    }
    return render(request, "retention/certificate.html", page)


@require_GET
def declaration(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """What was destroyed in one month, as a document for the archive."""
    require(may(_person(request).as_actor.role, Act.READ_JOURNAL))
    told = declaration_queries.declaration(year, month, now := clock.now())
    if told is None:
        raise Http404
    answer = HttpResponse(documents.destructions(told, made_at=now), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="verklaring-van-vernietiging-{year}-{month:02d}.pdf"'
    return answer
