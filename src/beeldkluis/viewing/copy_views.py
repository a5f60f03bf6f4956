"""Asking for a viewing copy, and how far it is."""

import base64
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from beeldkluis.jobs.queries import worker as running_worker
from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.sealed.errors import SealError
from beeldkluis.vault.errors import GoneError
from beeldkluis.viewing import copy_actions, copy_queries, forms, queries
from beeldkluis.viewing.models import Opening, ViewingCopy

TURN = "De kijkkopie is aan de beurt zodra de vorige klaar is. U hoeft niet te wachten."
MAKING = "De kijkkopie wordt gemaakt. Dat duurt ongeveer zo lang als de opname. U hoeft niet te wachten."
FAR = "De kijkkopie wordt gemaakt: {done} van {whole} minuten zijn klaar. U hoeft niet te wachten."
MADE = "De kijkkopie is klaar."


@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, opening: UUID, clip: UUID) -> JsonResponse:
    """GET: how far the copy of this clip is, and which worker could make one. POST: make one, with the key sealed for it."""
    person, now = person_for(request, Act.OPEN_RECORDING), clock.now()
    found = queries.opening_for(opening, person, now=now)
    if found is None:
        raise Http404
    if request.method == "POST":
        _ask(request, found, clip, person, now)
    made, worker_now = copy_queries.copy_of(found, clip), running_worker(now)
    told = {
        "state": made.state if made else "",
        "said": _said(made),
        "worker": worker_now.recipient if worker_now else "",
    }
    return JsonResponse(told | {"address": request.path})


def _ask(request: HttpRequest, opening: Opening, clip: UUID, person: Person, now: datetime) -> None:
    worker, sealed = _lent_key(request)
    try:
        copy_actions.ask(opening, clip, worker=worker, sealed_file_key=sealed, actor=person.as_actor, now=now)
    except (SealError, ValueError) as error:
        raise BadRequest("De verzegelde sleutel is niet goed.") from error
    except GoneError as error:
        raise Http404 from error


def _said(made: ViewingCopy | None) -> str:
    """How far it is, in a sentence; why not when it failed."""
    if made is None:
        return ""
    if made.state != ViewingCopy.State.ASKED:
        return f"{MADE} {made.reason}".strip() if made.state == ViewingCopy.State.MADE else made.reason
    progress, whole = copy_queries.progress(made), copy_queries.told_length(made.clip)
    if progress is None:
        return TURN
    minutes = round(whole / timedelta(minutes=1)) if whole else 0
    if whole is None or minutes <= 1:
        return MAKING
    done = int(progress * whole / timedelta(minutes=1) + 1e-6)  # a fraction of a minute is lost in the division
    return FAR.format(done=min(minutes, done), whole=minutes)


def _lent_key(request: HttpRequest) -> tuple[str, bytes]:
    told = forms.read_lent(request)
    try:
        return str(told.get("worker", "")), base64.b64decode(str(told.get("sealed", "")), validate=True)
    except ValueError as error:
        raise BadRequest("De verzegelde sleutel is niet goed.") from error
