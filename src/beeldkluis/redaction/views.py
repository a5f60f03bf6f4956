"""The pages of copies in which others cannot be recognised, and the address under which the review screen saves."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.cases import queries as cases
from beeldkluis.cases.models import Case
from beeldkluis.documents.words import day_and_time
from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.verdict import Refused, require
from beeldkluis.redaction import actions, forms, pages, queries
from beeldkluis.redaction.exemption_queries import exemptions_of
from beeldkluis.redaction.models import Redaction

STALE = "redaction.one-at-a-time"
STOPPED, OVER = "Het werk is gestopt.", "Het werk was al voorbij. Er is niets gestopt."


def _case(request: HttpRequest, reference: str) -> tuple[Person, Case]:
    person, case = person_for(request, Act.OPEN_RECORDING), cases.get(reference)
    if case is None:
        raise Http404
    require(queries.may_work(case, person))
    return person, case


def _one(request: HttpRequest, reference: str, clip: UUID) -> tuple[Person, Redaction]:
    person, case = _case(request, reference)
    found = queries.redaction_of(case, clip)
    if found is None:
        raise Http404
    return person, found


@require_GET
def overview(request: HttpRequest, reference: str) -> HttpResponse:
    """How far the copy of each film of a case is, and about how long it takes."""
    _person, case = _case(request, reference)
    return render(request, "redaction/case.html", pages.overview(case))


@require_http_methods(["GET", "POST"])
def film(request: HttpRequest, reference: str, clip: UUID) -> HttpResponse:
    """The copy of one film, and its steps."""
    person, case = _case(request, reference)
    found = next((one for one in pages.films_of(case) if one.clip.object == clip), None)
    if found is None:
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            return _step(request, found.one, person)
        except Refused as refused:
            refusal = refused.verdict.reason
    page = pages.page(found, person) | {"case": case, "refusal": refusal}
    return render(request, "redaction/film.html", page)


def _step(request: HttpRequest, one: Redaction | None, person: Person) -> HttpResponse:
    if one is None:
        raise Http404
    now, wanted, said = clock.now(), request.POST.get("step", ""), ""
    if wanted in actions.BY_NAME:
        actions.BY_NAME[wanted](one, person=person, now=now)
    elif wanted == "cancel":
        said = STOPPED if actions.cancel(one, person=person, now=now) else OVER
    else:
        raise BadRequest("Deze stap is er niet.")
    messages.success(request, said or _DONE[wanted])
    return redirect("redaction:film", one.case.reference, one.clip)


_DONE = {
    "check": "De controle is vastgelegd.",
    "approve": "De kopie is goedgekeurd.",
    "withdraw": "De kopie is ingetrokken.",
    "leaves": "Vastgelegd: de kopie gaat het huis uit.",
    "stays": "Vastgelegd: de kopie blijft in de kamer.",
}


@require_GET
def log(request: HttpRequest, reference: str, clip: UUID) -> HttpResponse:
    """The log of exceptions: what was freed, covered or let be heard, when, why and by whom."""
    person_for(request, Act.READ_VIEWINGS)
    case = cases.get(reference)
    found = queries.redaction_of(case, clip) if case is not None else None
    if found is None:
        raise Http404
    page = exemptions_of(found, request.GET.get("pagina"))
    return render(
        request, "redaction/log.html", {"case": case, "one": found, "page": page, "lines": pages.log_lines(page)}
    )


@require_http_methods(["GET", "PUT"])
def draft(request: HttpRequest, reference: str, clip: UUID) -> JsonResponse:
    """GET: what people made of it, and its version. PUT: save it, made from that version. Who comes too late gets 409 with what
    stands there now; what was typed stays on the screen.
    """
    person, one = _one(request, reference, clip)
    if request.method == "GET":
        return JsonResponse(_told(one))
    data, version = forms.read_draft(request)
    try:
        return JsonResponse(_told(actions.save_draft(one, data, known=version, person=person, now=clock.now())))
    except ValueError as error:
        raise BadRequest("Dit is geen ontwerp dat het programma kent.") from error
    except Refused as refused:
        if refused.verdict.rule != STALE:
            raise
        one.refresh_from_db()
        return JsonResponse(_told(one) | {"said": refused.verdict.reason}, status=HTTPStatus.CONFLICT)


def _told(one: Redaction) -> dict[str, object]:
    by = one.changed_by.name if one.changed_by is not None else ""
    at = day_and_time(one.changed_at) if one.changed_at is not None else ""
    return {
        "version": one.version,
        "changed_in": one.changed_in,
        "state": one.state,
        "changed_by": by,
        "changed_at": at,
        "draft": bytes(one.draft).decode(),
    }
