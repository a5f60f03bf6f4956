"""Asking for a viewing copy, and how far it is."""

import base64
import binascii
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_http_methods

from beeldkluis.journal import clock
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.sealed.errors import SealError
from beeldkluis.viewing import copy_actions, copy_queries, forms, queries
from beeldkluis.viewing.models import ViewingCopy

SAID = {
    ViewingCopy.State.ASKED: "De kijkkopie wordt gemaakt. Dat duurt ongeveer zo lang als de opname. U hoeft niet te wachten.",
    ViewingCopy.State.MADE: "De kijkkopie is klaar.",
}


@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, opening: UUID, clip: UUID) -> JsonResponse:
    """GET: how far the copy of this clip is, and which worker could make one. POST: make one, with the key sealed for it."""
    person, now = person_for(request, Act.OPEN_RECORDING), clock.now()
    found = queries.opening_for(opening, person, now=now)
    if found is None:
        raise Http404
    if request.method == "POST":
        worker, sealed = _lent(request)
        try:
            copy_actions.ask(found, clip, worker=worker, sealed_file_key=sealed, actor=person.as_actor, now=now)
        except (SealError, ValueError) as error:
            raise BadRequest("De verzegelde sleutel is niet goed.") from error
    made, worker_now = copy_queries.copy_of(found, clip), copy_queries.worker(now)
    said = f"{SAID.get(ViewingCopy.State(made.state), '')} {made.reason}".strip() if made else ""
    told = {"state": made.state if made else "", "said": said, "worker": worker_now.recipient if worker_now else ""}
    return JsonResponse(told | {"address": request.path})


def _lent(request: HttpRequest) -> tuple[str, bytes]:
    told = forms.read_lent(request)
    try:
        return str(told.get("worker", "")), base64.b64decode(str(told.get("sealed", "")), validate=True)
    except binascii.Error as error:
        raise BadRequest("De verzegelde sleutel is niet goed.") from error
