"""Handing over the keys: pages and what the browser exchanges while it seals everything anew. No key arrives here open."""

import base64
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.people import handover_actions as actions
from beeldkluis.people import handover_plan_actions as plans
from beeldkluis.people import queries
from beeldkluis.people.models import Handover, HandoverPlan, Person, TeamKey
from beeldkluis.people.signed_in import person_for, second_factor_at
from beeldkluis.people.succession_forms import AnnouncementForm, read_beginning, read_headers
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.handover import is_over, may_agree, may_stop, waits
from beeldkluis.protocol.presence import recently_proved
from beeldkluis.protocol.verdict import Refused
from beeldkluis.vault.queries import count_not_sealed_anew

AGAIN = "/accounts/2fa/reauthenticate/"
COUNTED = 1000  # recordings that are left, as the giver sees it at each turn: counting all would take longer and longer


def text_of(sealed: bytes | memoryview | None) -> str:
    """Bytes for a page or an answer."""
    return base64.b64encode(bytes(sealed)).decode() if sealed else ""


@require_GET
def handover(request: HttpRequest) -> HttpResponse:
    """How it stands: announce a handover, agree to one, stop it, begin it, or go on with it."""
    person = person_for(request, Act.SEE_HANDOVER)
    return _page(request, person, AnnouncementForm(person=person))


def _page(request: HttpRequest, person: Person, form: AnnouncementForm) -> HttpResponse:
    now, plan, running = clock.now(), queries.running_plan(), queries.running_handover()
    page = {
        "me": person,
        "form": form,
        "facts": plans.who(person),
        "plan": plan,
        "running": running,
        "proved": _is_proved(request, now),
        "again": f"{AGAIN}?{urlencode({'next': reverse('people:handover')})}",
        "recovery_recipient": queries.recovery_recipient(),
    }
    page |= _about(plan, person, now) if plan else {}
    return render(request, "people/handover.html", page | (_sealing(person, running) if plan else {}))


def _is_proved(request: HttpRequest, now: datetime) -> bool:
    return recently_proved(second_factor_at(request, now=now), protocol=in_force(), now=now).allowed


def _about(plan: HandoverPlan, person: Person, now: datetime) -> dict[str, object]:
    """What this person can do about a handover that was announced."""
    facts, protocol, sheet = plans.who(person), in_force(), plan.with_recovery
    giver, receiver = person.pk == plan.giver_id, person.pk == plan.receiver_id
    agree = may_agree(second=facts, giver=giver, receiver=receiver, waiting=plan.agreed_at is None)
    halt = may_stop(who=facts, giver=giver, receiver=receiver, second=person.pk == plan.second_id, running=True)
    minutes = queries.minutes_waited(plan)
    return {
        "gives": giver,
        "receives": receiver,
        "may_agree": agree.allowed,
        "may_stop": halt.allowed,
        "begins_at": plan.agreed_at + waits(sheet=sheet, protocol=protocol) if plan.agreed_at else None,
        "over": is_over(agreed_at=plan.agreed_at, minutes=minutes, sheet=sheet, protocol=protocol, now=now),
    }


def _sealing(person: Person, running: Handover | None) -> dict[str, object]:
    """What the giver's browser needs, and how far it is."""
    mine, axis = queries.sealed_identity_for(person), queries.active_key(TeamKey.Kind.AXIS)
    return {
        "left": count_not_sealed_anew() if running else 0,
        "to_check": queries.count_to_check(running) if running else 0,
        "sealed_identity": text_of(mine.sealed if mine else None),
        "axis_sealed": text_of(axis.sealed_private if axis else None),
    }


@require_POST
def announce(request: HttpRequest) -> HttpResponse:
    """Tell everybody. What a person could correct stands on the form, with what was typed."""
    person, now = person_for(request, Act.HAND_OVER), clock.now()
    form, proved_at = AnnouncementForm(request.POST, person=person), second_factor_at(request, now=now)
    if not form.is_valid():
        return _page(request, person, form)
    receiver, with_recovery, because = form.chosen()
    try:
        plans.announce(
            receiver, with_recovery=with_recovery, because=because, proved_at=proved_at, actor=person.as_actor, now=now
        )
    except Refused as refusal:
        form.add_error(None, refusal.verdict.reason)
        return _page(request, person, form)
    return redirect("people:handover")


def _plan() -> HandoverPlan:
    plan = queries.running_plan()
    if plan is None:
        raise Http404
    return plan


@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """The second person."""
    person, now = person_for(request, Act.SEE_HANDOVER), clock.now()
    proved_at = second_factor_at(request, now=now)
    plans.agree(_plan(), proved_at=proved_at, actor=person.as_actor, now=now)
    return redirect("people:handover")


@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    """It does not go on."""
    person = person_for(request, Act.SEE_HANDOVER)
    plans.stop(_plan(), actor=person.as_actor, now=clock.now())
    return redirect("people:handover")


@require_POST
def begin(request: HttpRequest) -> JsonResponse:
    """The new keys are kept; nothing is in force yet."""
    person, now = person_for(request, Act.HAND_OVER), clock.now()
    number, keys = read_beginning(request)
    receiver = queries.person(number)
    if receiver is None:
        raise Http404
    proved_at = second_factor_at(request, now=now)
    made = actions.begin_handover(receiver, keys, proved_at=proved_at, actor=person.as_actor, now=now)
    return JsonResponse({"recipient": made.new_public})


def running_one() -> Handover:
    """The handover under way. Http404 when there is none."""
    running = queries.running_handover()
    if running is None:
        raise Http404
    return running


@require_POST
def following(request: HttpRequest) -> JsonResponse:
    """The next recordings to seal anew, with the headers in force."""
    person, running = person_for(request, Act.HAND_OVER), running_one()
    given = actions.give_headers(running, actor=person.as_actor, now=clock.now())
    items = [
        {
            "address": reverse("people:handover-reseal", args=[item.pk]),
            "headers": {str(one): text_of(header) for one, header in headers.items()},
        }
        for item, headers in given.items()
    ]
    left = count_not_sealed_anew(most=COUNTED)
    return JsonResponse({"items": items, "left": left, "recipient": running.new_public})


@require_POST
def reseal(request: HttpRequest, item: int) -> JsonResponse:
    """One recording, sealed anew; or the word that the old key does not open it."""
    person, found = person_for(request, Act.HAND_OVER), queries.handover_item(running_one(), item)
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
    """Everything is sealed anew: the receiver's turn."""
    person, running = person_for(request, Act.HAND_OVER), running_one()
    actions.close_sealing(running, actor=person.as_actor, now=clock.now())
    mine = running.receiver_id == person.pk
    return JsonResponse({"next": reverse("people:handover-check") if mine else reverse("people:handover")})
