"""Security incidents on screen: report in two minutes, then one step after another, the clock always in sight."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.devices import incident_actions as actions
from beeldkluis.devices import incident_forms as forms
from beeldkluis.devices import incident_queries as queries
from beeldkluis.devices.models import SecurityIncident
from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.access import may as may_act
from beeldkluis.protocol.incident import deadline
from beeldkluis.protocol.roles import Role

Do = Callable[[SecurityIncident, dict[str, Any], Actor, datetime], None]
FOUR = ("nature", "contact", "consequences", "measures")
STEPS: dict[str, tuple[str, type[django_forms.Form], Do]] = {
    "beschrijven": (
        "Beschrijven", forms.DescribeForm,
        lambda found, typed, actor, _now: actions.describe(found, **typed, actor=actor),
    ),
    "melden-ap": (
        "Melden bij de Autoriteit Persoonsgegevens?", forms.DecideForm,
        lambda found, typed, actor, _now: actions.decide(found, about="notify", **typed, actor=actor),
    ),
    "gemeld": (
        "De melding vastleggen", forms.NotifiedForm,
        lambda found, typed, actor, now: actions.note_notified(found, **typed, actor=actor, now=now),
    ),
    "inlichten": (
        "De betrokkenen inlichten?", forms.DecideForm,
        lambda found, typed, actor, _now: actions.decide(found, about="inform", **typed, actor=actor),
    ),
    "ingelicht": (
        "Het inlichten vastleggen", forms.InformedForm,
        lambda found, typed, actor, now: actions.note_informed(found, **typed, actor=actor, now=now),
    ),
    "leren": (
        "Wat wij ervan leren", forms.LessonsForm,
        lambda found, typed, actor, _now: actions.add_lessons(found, **typed, actor=actor),
    ),
    "terug": (
        "De camera is terug", forms.FoundForm,
        lambda found, typed, actor, now: actions.note_found(found, **typed, actor=actor, now=now),
    ),
}  # fmt: skip


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Every incident."""
    person_for(request, Act.HANDLE_INCIDENT)
    return render(request, "devices/incidents.html", {"incidents": queries.incidents()})


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Report a camera as lost, stolen or damaged."""
    person, now = person_for(request, Act.REPORT_LOSS), clock.now()
    form = forms.ReportForm(request.POST or None, initial={"aware_at": now})
    if form.is_valid():
        made = actions.report_incident(form.cleaned_data["bodycam"], form.report(), actor=person.as_actor, now=now)
        handles = may_act(Role(person.acting), Act.HANDLE_INCIDENT).allowed
        return (
            redirect("devices:incident", made.number)
            if handles
            else render(request, "devices/reported.html", {"made": made})
        )
    return render(request, "devices/report.html", {"form": form})


def _incident(number: int) -> SecurityIncident:
    found = queries.incident(number)
    if found is None:
        raise Http404
    return found


@require_GET
def incident(request: HttpRequest, number: int) -> HttpResponse:
    """One incident: what must be done now, what is known, what was written."""
    person_for(request, Act.HANDLE_INCIDENT)
    found, now = _incident(number), clock.now()
    until = deadline(found.aware_at, in_force())
    hours = int((until - now).total_seconds() // 3600)
    page = {"incident": found, "until": until, "hours": hours, "late": now > until, "missing": queries.missing(found)}
    return render(request, "devices/incident.html", page | {"officers": queries.officers_since(found)})


@require_http_methods(["GET", "POST"])
def take_step(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """One step of an incident, on a page of its own."""
    person, found, now = person_for(request, Act.HANDLE_INCIDENT), _incident(number), clock.now()
    if name not in STEPS or (name == "terug" and found.bodycam is None):
        raise Http404
    title, shape, do = STEPS[name]
    form = shape(request.POST or None, initial=_initial(found, name, now))
    if form.is_valid():
        do(found, form.cleaned_data, person.as_actor, now)
        return redirect("devices:incident", number)
    back = reverse("devices:incident", args=[number])
    words = {"form": form, "title": f"Incident {found}: {title}", "button": "Vastleggen", "back": back}
    return render(request, "devices/form.html", words)


def _initial(found: SecurityIncident, name: str, now: datetime) -> dict[str, Any]:
    """What is known already, to be corrected."""
    if name == "beschrijven":
        return {one: getattr(found, one) for one in FOUR}
    return {"at": now, "lessons": found.lessons, "how": found.found_how}


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Close an incident: asked first, then done."""
    person, found = person_for(request, Act.HANDLE_INCIDENT), _incident(number)
    if request.method == "POST":
        actions.close_incident(found, actor=person.as_actor, now=clock.now())
        return redirect("devices:incidents")
    warning = "Het incident blijft in het register. Er verandert daarna niets meer aan."
    back = reverse("devices:incident", args=[number])
    words = {"form": None, "title": f"Incident {found} sluiten", "button": "Sluiten", "back": back, "warning": warning}
    return render(request, "devices/form.html", words)
