"""Behind number and code: what this officer still owes, and nothing of anybody else."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beeldkluis.devices.incident_actions import report_incident
from beeldkluis.devices.incident_forms import ReportForm
from beeldkluis.footage.observation_actions import observe as write_down
from beeldkluis.footage.observation_forms import ObservationForm
from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.journal.actions import record_refusal
from beeldkluis.kiosk import actions, queries
from beeldkluis.kiosk.forms import NewCodeForm, NumberAndCodeForm
from beeldkluis.kiosk.models import Screen, Visit
from beeldkluis.kiosk.owed import owed
from beeldkluis.kiosk.views import PLACE, VISIT, for_screens, keep
from beeldkluis.people.acknowledgement_actions import officer_actor, sign_as_officer
from beeldkluis.people.acknowledgement_forms import SignForm, signing_today
from beeldkluis.people.models import Acknowledgement
from beeldkluis.people.queries import notices_of, own_code
from beeldkluis.people.signed_in import show_to
from beeldkluis.protocol.codes import shows_who_types
from beeldkluis.protocol.verdict import Refused

MINE, CODE = "kiosk:mine", "kiosk:code"
WITH_FIRST_CODE = ("code", "done")  # the views that somebody may use before choosing a code


def for_visits(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for the officer whose visit lasts at this screen; others type number and code. A code that somebody else gave is
    changed before anything else. The view gets the visit.
    """

    @login_not_required
    @for_screens
    @wraps(view)
    def guarded(request: HttpRequest, screen: Screen, *words: Any, **named: Any) -> HttpResponse:
        now = clock.now()
        visit = queries.visit_by_token(screen, request.COOKIES.get(VISIT, ""), now)
        if visit is None:
            return redirect("kiosk:door")
        actions.go_on(visit, now=now)
        show_to(request, officer_actor(visit.officer))
        return _in_visit(view, request, visit, *words, **named)

    return guarded


def _in_visit(
    view: Callable[..., HttpResponse], request: HttpRequest, visit: Visit, *words: Any, **named: Any
) -> HttpResponse:
    if visit.officer.code_is_first and getattr(view, "__name__", "") not in WITH_FIRST_CODE:
        return redirect(CODE)
    try:
        return view(request, visit, *words, **named)
    except Refused as refusal:
        record_refusal("kiosk.page", refusal, actor=officer_actor(visit.officer))
        return render(request, "kiosk/refused.html", {"officer": visit.officer, "verdict": refusal.verdict}, status=403)


@login_not_required
@require_http_methods(["GET", "POST"])
@for_screens
def door(request: HttpRequest, screen: Screen) -> HttpResponse:
    """Number and code."""
    form, now = NumberAndCodeForm(request.POST or None), clock.now()
    if form.is_valid():
        typed = form.cleaned_data
        try:
            officer = actions.show_code(screen, typed["number"], typed["code"], now=now)
        except Refused as refusal:
            form.add_error(None, refusal.verdict.reason)
        else:
            answer = redirect(MINE)
            keep(answer, VISIT, actions.begin_visit(screen, officer, now=now), None)
            return answer
    return render(request, "kiosk/door.html", {"form": form})


@login_not_required
@require_GET
@for_visits
def mine(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What this officer still owes, and what was done in this officer's name."""
    officer, now = visit.officer, clock.now()
    shown = {"officer": officer, "owed": owed(officer), "notices": notices_of(officer, now)}
    code = shows_who_types(own_code(officer), protocol=in_force(), now=now)
    return render(request, "kiosk/mine.html", shown | {"code": code})


@login_not_required
@require_http_methods(["GET", "POST"])
@for_visits
def code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The officer chooses a code."""
    officer, now = visit.officer, clock.now()
    form = NewCodeForm(request.POST or None, number=officer.number)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            actions.choose_code(visit, typed["old"], typed["new"], now=now)
        except Refused as refusal:
            form.add_error(None, refusal.verdict.reason)
        else:
            return redirect(MINE)
    return render(request, "kiosk/code.html", {"officer": officer, "form": form})


@login_not_required
@require_http_methods(["GET", "POST"])
@for_visits
def sign(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Read the version of the protocol that this officer has not signed for, and sign. Nothing to sign leads back."""
    officer, now = visit.officer, clock.now()
    version = owed(officer).version
    if version is None:
        return redirect(MINE)
    form = SignForm(request.POST or None, initial=signing_today(timezone.localdate(now)))
    if form.is_valid():
        receipt = form.receipt(Acknowledgement.How.DOCK)
        sign_as_officer(version, officer, receipt, actor=officer_actor(officer), now=now)
        return redirect(MINE)
    return render(request, "kiosk/sign.html", {"officer": officer, "version": version, "form": form})


@login_not_required
@require_http_methods(["GET", "POST"])
@for_visits
def observe(request: HttpRequest, visit: Visit, recording: UUID) -> HttpResponse:
    """What this officer says of one own recording that wants it. Any other recording leads back."""
    found = owed(visit.officer).recording(recording)
    if found is None:
        return redirect(MINE)
    form = ObservationForm(request.POST or None)
    if form.is_valid():
        write_down(found, form.told(), actor=officer_actor(visit.officer), now=clock.now())
        return redirect(MINE)
    return render(request, "kiosk/observe.html", {"officer": visit.officer, "recording": found, "form": form})


@login_not_required
@require_http_methods(["GET", "POST"])
@for_visits
def report(request: HttpRequest, visit: Visit, label: str) -> HttpResponse:
    """A camera that this officer has is lost, stolen or damaged. Any other camera leads back."""
    officer, now = visit.officer, clock.now()
    bodycam = owed(officer).bodycam(label)
    if bodycam is None:
        return redirect(MINE)
    form, made = ReportForm(request.POST or None, with_camera=False, initial={"aware_at": now}), None
    if form.is_valid():
        try:
            made = report_incident(bodycam, form.report(), actor=officer_actor(officer), now=now)
        except Refused as refusal:
            form.add_error(None, refusal.verdict.reason)
    shown = {"officer": officer, "bodycam": bodycam, "form": form, "made": made}
    return render(request, "kiosk/report.html", shown)


@login_not_required
@require_GET
@for_visits
def stay(_request: HttpRequest, _visit: Visit) -> HttpResponse:
    """Somebody is still typing."""
    return HttpResponse(status=204)


@login_not_required
@require_POST
@for_visits
def done(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """The officer walks away."""
    actions.end_visit(visit, now=clock.now())
    answer = redirect("kiosk:tiles")
    answer.delete_cookie(VISIT, path=PLACE, samesite="Strict")
    return answer
