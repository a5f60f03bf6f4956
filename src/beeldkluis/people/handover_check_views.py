"""The receiver of the keys tries everything with them, and then they are in force. No key and no film goes over the line."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from beeldkluis.journal import clock
from beeldkluis.people import handover_check_actions as actions
from beeldkluis.people import queries
from beeldkluis.people.handover_views import running_one, text_of
from beeldkluis.people.signed_in import person_for
from beeldkluis.people.succession_forms import read_answer, read_tried
from beeldkluis.protocol.access import Act
from beeldkluis.vault.queries import count_not_sealed_anew


@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Type the new passphrase; the browser tries each recording."""
    person, running = person_for(request, Act.SEE_HANDOVER), queries.running_handover()
    if running is None or running.receiver_id != person.pk:
        return redirect("people:handover")
    page = {
        "running": running,
        "left": count_not_sealed_anew(),
        "to_check": queries.count_to_check(running),
        "sealed_identity": text_of(running.new_sealed_identity),
    }
    return render(request, "people/handover_check.html", page)


@require_POST
def axis_question(request: HttpRequest) -> JsonResponse:
    """The key for Axis cameras as it was sealed anew, and something that only the right one reads."""
    person = person_for(request, Act.SEE_HANDOVER)
    asked = actions.ask_for_axis(running_one(), actor=person.as_actor)
    return JsonResponse({"sealed": text_of(asked[0]), "question": text_of(asked[1])} if asked else {})


@require_POST
def axis_answer(request: HttpRequest) -> JsonResponse:
    """What the browser read."""
    person, answer = person_for(request, Act.SEE_HANDOVER), read_answer(request)
    right = actions.answer_for_axis(running_one(), answer, actor=person.as_actor, now=clock.now())
    return JsonResponse({"right": right})


@require_POST
def following(request: HttpRequest) -> JsonResponse:
    """The next recordings to try; `ready`: nothing is left to be sealed anew."""
    person = person_for(request, Act.SEE_HANDOVER)
    given = actions.give_new_headers(running_one(), actor=person.as_actor, now=clock.now())
    items = [
        {
            "item": item.pk,
            "seal": one.seal,
            "objects": {
                str(object_id): {"header": text_of(file.header), "nonce": text_of(file.nonce), "size": file.size}
                for object_id, file in one.objects.items()
            },
        }
        for item, one in given.items()
    ]
    return JsonResponse({"items": items, "ready": count_not_sealed_anew(most=1) == 0})


@require_POST
def outcome(request: HttpRequest) -> JsonResponse:
    """What the browser found of a few recordings."""
    person, running, now = person_for(request, Act.SEE_HANDOVER), running_one(), clock.now()
    fits = True
    for number, seal, proofs in read_tried(request):
        item = queries.handover_item(running, number)
        if item is not None:
            fits &= actions.report_tried(item, seal, proofs, actor=person.as_actor, now=now)
    return JsonResponse({"fits": fits})


@require_POST
def settle(request: HttpRequest) -> JsonResponse:
    """Everything opens: the new key is in force from here on."""
    person = person_for(request, Act.SEE_HANDOVER)
    actions.settle(running_one(), actor=person.as_actor, now=clock.now())
    return JsonResponse({"next": reverse("web:start")})
