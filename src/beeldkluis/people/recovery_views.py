"""Showing the recovery sheet: the question goes to the browser sealed, the answer comes back. The sheet stays there."""

import base64

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from beeldkluis.journal import clock
from beeldkluis.people import recovery_actions as actions
from beeldkluis.people.recovery_forms import read_answer, read_purpose
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act


@require_POST
def ask(request: HttpRequest) -> JsonResponse:
    """A question sealed to the recovery key."""
    person, purpose = person_for(request, Act.SHOW_RECOVERY_SHEET), read_purpose(request)
    question = actions.ask_for_recovery_sheet(purpose, actor=person.as_actor, now=clock.now())
    return JsonResponse({"number": question.number, "sealed": base64.b64encode(question.sealed).decode()})


@require_POST
def show(request: HttpRequest) -> JsonResponse:
    """Its answer."""
    person, (number, answer) = person_for(request, Act.SHOW_RECOVERY_SHEET), read_answer(request)
    actions.show_recovery_sheet(number, answer, actor=person.as_actor, now=clock.now())
    return JsonResponse({})
