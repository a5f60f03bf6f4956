"""Bodycams and docks on screen."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.devices import actions, forms, queries
from beeldkluis.journal import clock
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act, may

BODYCAMS, DOCKS = "devices:bodycams", "devices:docks"


@require_GET
def bodycams(request: HttpRequest) -> HttpResponse:
    """Every bodycam, and who has it."""
    person = person_for(request, Act.MANAGE_BODYCAMS)
    issues = may(person.as_actor.role, Act.ISSUE_BODYCAM).allowed
    away = {one.bodycam_id for one in queries.staying_away(clock.now())}
    rows = [(one, queries.current_period(one), one.pk in away) for one in queries.bodycams()]
    return render(request, "devices/bodycams.html", {"rows": rows, "issues": issues})


@require_GET
def bodycam(request: HttpRequest, label: str) -> HttpResponse:
    """One bodycam: what its model can keep, and who had it when."""
    person_for(request, Act.MANAGE_BODYCAMS)
    found = queries.bodycam(label)
    return render(request, "devices/bodycam.html", {"bodycam": found, "periods": queries.history(found)})


@require_http_methods(["GET", "POST"])
def add_bodycam(request: HttpRequest) -> HttpResponse:
    """A new bodycam."""
    person = person_for(request, Act.MANAGE_BODYCAMS)
    form = forms.BodycamForm(request.POST or None)
    if form.is_valid():
        actions.add_bodycam(**form.cleaned_data, actor=person.as_actor, now=clock.now())
        return redirect(BODYCAMS)
    return _form(request, form, "Bodycam toevoegen", "Toevoegen", BODYCAMS)


def _form(request: HttpRequest, form: object, title: str, button: str, back: str, warning: str = "") -> HttpResponse:
    words = {"form": form, "title": title, "button": button, "back": reverse(back), "warning": warning}
    return render(request, "devices/form.html", words)


@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, label: str) -> HttpResponse:
    """Issue a bodycam to an officer."""
    person = person_for(request, Act.ISSUE_BODYCAM)
    form = forms.IssueForm(request.POST or None, initial={"at": clock.now()})
    if form.is_valid():
        chosen = form.cleaned_data
        bodycam = queries.bodycam(label)
        actions.issue(bodycam, **chosen, actor=person.as_actor, now=clock.now())
        return redirect(BODYCAMS)
    return _form(request, form, f"Bodycam {label} uitgeven", "Uitgeven", BODYCAMS)


@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest, label: str) -> HttpResponse:
    """Hand a bodycam in."""
    person = person_for(request, Act.ISSUE_BODYCAM)
    form = forms.HandInForm(request.POST or None, initial={"at": clock.now()})
    if form.is_valid():
        at = form.cleaned_data["at"]
        actions.hand_in(queries.bodycam(label), at=at, actor=person.as_actor, now=clock.now())
        return redirect(BODYCAMS)
    return _form(request, form, f"Bodycam {label} innemen", "Innemen", BODYCAMS)


@require_http_methods(["GET", "POST"])
def block(request: HttpRequest, label: str) -> HttpResponse:
    """Block a bodycam: asked first, then done."""
    person = person_for(request, Act.MANAGE_BODYCAMS)
    bodycam = queries.bodycam(label)
    if request.method == "POST":
        actions.block_bodycam(bodycam, actor=person.as_actor, now=clock.now())
        return redirect(BODYCAMS)
    warning = "Wat deze camera daarna nog aanlevert, wordt apart gezet en gemeld. Er gaat niets verloren."
    return _form(request, None, f"Bodycam {label} blokkeren", "Blokkeren", BODYCAMS, warning)


@require_http_methods(["GET", "POST"])
def docks(request: HttpRequest) -> HttpResponse:
    """Every dock; and a code to let a new one in, shown once."""
    person = person_for(request, Act.ENROL_DOCK)
    form, code = forms.DockForm(request.POST or None), ""
    if form.is_valid():
        code = actions.make_enrolment_code(name=form.cleaned_data["name"], actor=person.as_actor, now=clock.now())
    waiting = queries.waiting_codes(clock.now())
    return render(
        request, "devices/docks.html", {"docks": queries.docks(), "form": form, "code": code, "waiting": waiting}
    )


@require_http_methods(["GET", "POST"])
def retire_dock(request: HttpRequest, dock: UUID) -> HttpResponse:
    """Put a dock out of use: asked first, then done."""
    person = person_for(request, Act.ENROL_DOCK)
    found = queries.dock(dock)
    if request.method == "POST":
        actions.retire_dock(found, actor=person.as_actor, now=clock.now())
        return redirect(DOCKS)
    warning = "Dit dockingstation kan daarna niets meer aanleveren. Camera's die erin staan, blijven vol."
    return _form(request, None, f"Dockingstation {found.name} buiten gebruik", "Buiten gebruik stellen", DOCKS, warning)
