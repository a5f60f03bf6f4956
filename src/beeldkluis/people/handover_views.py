"""Handing over the keys: pages and what the browser exchanges while it seals everything anew. No key arrives here open."""

import base64

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from beeldkluis.journal import clock
from beeldkluis.people import handover_actions as actions
from beeldkluis.people import queries
from beeldkluis.people.models import Handover, SealedIdentity, TeamKey
from beeldkluis.people.signed_in import person_for
from beeldkluis.people.succession_forms import read_beginning, read_headers
from beeldkluis.protocol.access import Act


def _text(sealed: bytes | memoryview | None) -> str:
    return base64.b64encode(bytes(sealed)).decode() if sealed else ""


@require_GET
def handover(request: HttpRequest) -> HttpResponse:
    """Begin a handover, or go on with the one that is under way."""
    person, running = person_for(request, Act.HAND_OVER), queries.running_handover()
    mine: SealedIdentity | None = queries.sealed_identity_for(person)
    if running is not None:
        mine = queries.old_copy(running, person)
    axis, recovery = queries.active_key(TeamKey.Kind.AXIS), queries.active_key(TeamKey.Kind.RECOVERY)
    page = {
        "running": running,
        "left": len(queries.pending_items(running)) if running else 0,
        "sealed_identity": _text(mine.sealed if mine else None),
        "axis_sealed": _text(axis.sealed_private if axis else None),
        "recovery_recipient": recovery.public if recovery else "",
        "receivers": [person, *queries.deputies()],
        "me": person,
    }
    return render(request, "people/handover.html", page)


@require_POST
def begin(request: HttpRequest) -> JsonResponse:
    """The new keys are in force from here on."""
    person = person_for(request, Act.HAND_OVER)
    number, keys, with_recovery, because = read_beginning(request)
    receiver = queries.person(number)
    if receiver is None:
        raise Http404
    made = actions.begin_handover(
        receiver, keys, with_recovery=with_recovery, because=because, actor=person.as_actor, now=clock.now()
    )
    return JsonResponse({"recipient": made.new_key.public})


def _running() -> Handover:
    running = queries.running_handover()
    if running is None:
        raise Http404
    return running


@require_POST
def following(request: HttpRequest) -> JsonResponse:
    """The next recordings to seal anew, with their old headers."""
    person, running = person_for(request, Act.HAND_OVER), _running()
    given = actions.give_headers(running, actor=person.as_actor, now=clock.now())
    items = [
        {
            "address": reverse("people:handover-reseal", args=[item.pk]),
            "headers": {str(one): _text(header) for one, header in headers.items()},
        }
        for item, headers in given.items()
    ]
    left = len(queries.pending_items(running))
    return JsonResponse({"items": items, "left": left, "recipient": running.new_key.public})


@require_POST
def reseal(request: HttpRequest, item: int) -> JsonResponse:
    """One recording, sealed anew; or the word that the old key does not open it."""
    person, found = person_for(request, Act.HAND_OVER), queries.handover_item(_running(), item)
    if found is None:
        raise Http404
    headers, now = read_headers(request), clock.now()
    if headers is None:
        actions.report_unreadable(found, actor=person.as_actor, now=now)
    else:
        actions.reseal(found, headers, actor=person.as_actor, now=now)
    return JsonResponse({})


@require_POST
def finish(request: HttpRequest) -> JsonResponse:
    """Everything is sealed anew: the role goes over, the old copies go."""
    person = person_for(request, Act.HAND_OVER)
    actions.finish_handover(_running(), actor=person.as_actor, now=clock.now())
    return JsonResponse({"next": "/"})
