"""The pages of the appointment of a case."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from beeldkluis.appointments import actions, forms, queries
from beeldkluis.appointments.models import Appointment
from beeldkluis.cases import queries as cases
from beeldkluis.cases.models import Case
from beeldkluis.journal import clock
from beeldkluis.outbox.mail import is_configured
from beeldkluis.people.models import Person
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.appointments import GONE
from beeldkluis.protocol.cases import may_judge
from beeldkluis.protocol.verdict import Refused, require

SEND = "Verstuur nu wat klaarligt bij Documenten."
STANDS = "De afspraak staat."


def _case(request: HttpRequest, reference: str) -> tuple[Person, Case]:
    person, case = person_for(request, Act.DECIDE_CASE), cases.get(reference)
    if case is None:
        raise Http404
    require(may_judge(about_team_manager=case.about_team_manager, titular=cases.is_titular(person.as_actor)))
    return person, case


def _gone(request: HttpRequest, reference: str) -> HttpResponse:
    """Nothing stands any more: somebody sent a page twice, or left it open."""
    messages.warning(request, GONE)
    return redirect("cases:case", reference)


def _done(request: HttpRequest, reference: str, what: str, *, letter: bool = True) -> HttpResponse:
    """Back to the case, saying what was done and, when a letter came of it, that somebody must send it."""
    messages.success(request, f"{what} {SEND}" if letter else what)
    return redirect("cases:case", reference)


@require_http_methods(["GET", "POST"])
def appointment(request: HttpRequest, reference: str) -> HttpResponse:
    """The appointment of a case: make one, or see the one that stands."""
    person, case = _case(request, reference)
    found = queries.standing(case, clock.now())
    if found is not None:
        return _show(request, found)
    form = forms.AppointmentForm(request.POST or None)
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("room", "minutes", "companion")}
        try:
            made = actions.make(case, moments=form.moments(), **told, actor=person.as_actor, now=clock.now())
        except Refused as refusal:
            form.add_error("at_1", refusal.verdict.reason)
        else:
            return _done(request, reference, STANDS if made.at else "Het voorstel is klaar.")
    return render(request, "appointments/appoint.html", {"case": case, "form": form, "rooms": queries.rooms()})


def _show(
    request: HttpRequest, found: Appointment, form: forms.ChoosingForm | None = None, refusal: str = ""
) -> HttpResponse:
    choosing = form or (forms.ChoosingForm(queries.proposed(found)) if found.at is None else None)
    page = {"case": found.case, "appointment": found, "form": choosing, "refusal": refusal}
    return render(request, "appointments/appointment.html", page | {"sent": queries.letter_left(found)})


@require_POST
def choose(request: HttpRequest, reference: str) -> HttpResponse:
    """The requester chose a moment."""
    person, case = _case(request, reference)
    found, refusal = queries.standing(case, clock.now()), ""
    if found is None:
        return _gone(request, reference)
    form = forms.ChoosingForm(queries.proposed(found), request.POST)
    if form.is_valid() and (at := parse_datetime(form.cleaned_data["at"])) is not None:
        try:
            actions.choose(found, at, actor=person.as_actor, now=clock.now())
        except Refused as refused:
            refusal = refused.verdict.reason
        else:
            return _done(request, reference, STANDS)
    return _show(request, found, form, refusal)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """Another moment or place."""
    person, case = _case(request, reference)
    found = queries.standing(case, clock.now())
    if found is None or found.at is None:
        return _gone(request, reference) if found is None else _show(request, found)
    form = forms.MovingForm(request.POST or None, initial={"room": found.room_id, "at": found.at})
    if form.is_valid():
        try:
            actions.move(found, **form.cleaned_data, actor=person.as_actor, now=clock.now())
        except Refused as refusal:
            form.add_error("at", refusal.verdict.reason)
        else:
            return _done(request, reference, "De afspraak is verzet.")
    return _change(request, found, form, "Afspraak verzetten", "Verzetten")


def _change(
    request: HttpRequest, found: Appointment, form: forms.MovingForm | forms.CancellingForm, title: str, button: str
) -> HttpResponse:
    page = {"case": found.case, "appointment": found, "form": form, "title": title, "button": button}
    told = {"officers": queries.officers_of(found), "sent": queries.letter_left(found), "mail": is_configured()}
    return render(request, "appointments/change.html", page | told)


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """It does not go on."""
    person, case = _case(request, reference)
    found = queries.standing(case, clock.now())
    if found is None:
        return _gone(request, reference)
    form, hears = forms.CancellingForm(request.POST if request.method == "POST" else None), queries.hears(found)
    if form.is_valid():
        try:
            actions.cancel(found, **form.cleaned_data, actor=person.as_actor, now=clock.now())
        except Refused as refusal:
            form.add_error("because", refusal.verdict.reason)
        else:
            done = "De afspraak is afgezegd." if found.at else "Het voorstel is ingetrokken."
            return _done(request, reference, done, letter=hears)
    words = ("Afspraak afzeggen", "Afzeggen") if found.at else ("Voorstel intrekken", "Intrekken")
    return _change(request, found, form, *words)
