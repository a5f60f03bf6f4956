"""The pages around looking together: who is there, on this screen and on a second device."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.people.acknowledgement_actions import officer_actor
from beeldkluis.people.models import Person
from beeldkluis.people.signed_in import person_for, second_factor_at, show_to
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.presence import Ground, purposes_of, recently_proved
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.verdict import Refused
from beeldkluis.viewing import pages, presence_actions, queries, room_forms
from beeldkluis.viewing.models import Viewing

AGAIN = "/accounts/2fa/reauthenticate/"


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin to look together under a case; go on with a viewing that lasts."""
    person, now = person_for(request, Act.OPEN_RECORDING), clock.now()
    case = queries.case_named(reference)
    if case is None:
        raise Http404
    proved_at = second_factor_at(request, now=now)
    if not recently_proved(proved_at, protocol=in_force(), now=now).allowed:
        return redirect(f"{AGAIN}?{urlencode({'next': request.path})}")
    form = room_forms.BeginForm(
        purposes_of(CaseKind(case.kind), in_force()), request.POST or None, initial=pages.beginning(case, now)
    )
    if form.is_valid():
        chosen, coming = Purpose(form.cleaned_data["purpose"]), pages.todays(case, now)
        begun = presence_actions.begin(
            case, purpose=chosen, place=form.cleaned_data["place"], proved_at=proved_at, appointment=coming,
            person=person, now=now,
        )  # fmt: skip
        return redirect("viewing:room", begun.pk)
    return render(request, "viewing/begin.html", {"case": case, "form": form} | pages.before(case, person, now))


def _own(request: HttpRequest, viewing: UUID) -> Viewing:
    found = queries.viewing(viewing, person_for(request, Act.OPEN_RECORDING))
    if found is None:
        raise Http404
    return found


@require_GET
def room(request: HttpRequest, viewing: UUID) -> HttpResponse:
    """Who is there, who must still come, and what can be opened. What somebody else began can only be ended."""
    found = _anybodys(request, viewing)
    if found.person != request.user:
        return redirect("viewing:report", viewing)
    return _room(request, found)


def _anybodys(request: HttpRequest, viewing: UUID) -> Viewing:
    person_for(request, Act.OPEN_RECORDING)
    found = queries.any_viewing(viewing)
    if found is None:
        raise Http404
    return found


def _room(request: HttpRequest, found: Viewing, **changed: object) -> HttpResponse:
    page = pages.room(found, clock.now()) | {"here": request.build_absolute_uri(reverse("viewing:here"))}
    forms = {
        "officer_form": room_forms.OfficerForm(),
        "requester_form": room_forms.RequesterForm(initial={"name": pages.who_asks(found.case)}),
        "companion_form": room_forms.CompanionForm(),
    }
    return render(request, "viewing/room.html", page | forms | changed)


@require_GET
def state(request: HttpRequest, viewing: UUID) -> JsonResponse:
    """A short text that changes when the page of who is there would; for the page to renew itself."""
    return JsonResponse({"state": pages.state(_own(request, viewing), clock.now())})


@require_POST
def officer(request: HttpRequest, viewing: UUID) -> HttpResponse:
    """An officer confirms on the team manager's screen."""
    found, form = _own(request, viewing), room_forms.OfficerForm(request.POST)
    if form.is_valid():
        try:
            presence_actions.confirm_officer(found, **form.cleaned_data, now=clock.now())
        except Refused as refusal:
            form.add_error(None, refusal.verdict.reason)
        else:
            return redirect("viewing:room", viewing)
    return _room(request, found, officer_form=form)


@require_POST
def requester(request: HttpRequest, viewing: UUID) -> HttpResponse:
    """The requester's identity was seen."""
    found, form = _own(request, viewing), room_forms.RequesterForm(request.POST)
    if form.is_valid():
        presence_actions.note_requester(found, **form.cleaned_data, actor=found.person.as_actor, now=clock.now())
        return redirect("viewing:room", viewing)
    return _room(request, found, requester_form=form)


@require_POST
def companion(request: HttpRequest, viewing: UUID) -> HttpResponse:
    """Somebody came along."""
    found, form = _own(request, viewing), room_forms.CompanionForm(request.POST)
    if form.is_valid():
        presence_actions.note_companion(found, **form.cleaned_data, actor=found.person.as_actor, now=clock.now())
        return redirect("viewing:room", viewing)
    return _room(request, found, companion_form=form)


@require_POST
def left(request: HttpRequest, viewing: UUID, number: int) -> HttpResponse:
    """Somebody left."""
    found = _own(request, viewing)
    who = queries.attendance(found, number)
    if who is None:
        raise Http404
    presence_actions.leave(who, actor=found.person.as_actor, now=clock.now())
    return redirect("viewing:room", viewing)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, viewing: UUID) -> HttpResponse:
    """End the viewing and say what is to be said, whoever began it."""
    person, found = person_for(request, Act.OPEN_RECORDING), _anybodys(request, viewing)
    form = room_forms.ReportForm(request.POST or None)
    if form.is_valid():
        told = presence_actions.Report(
            remarks=form.cleaned_data["remarks"], copy_handed=form.cleaned_data["copy_handed"] == "yes"
        )
        try:
            presence_actions.report(found, told, person=person, now=clock.now())
        except Refused as refusal:
            form.add_error(None, refusal.verdict.reason)
        else:
            return redirect("cases:case", found.case.reference)
    allowed = presence_actions.may_be_reported(found, person)
    page = pages.room(found, clock.now()) | {"form": form, "allowed": allowed, "own": found.person == person}
    return render(request, "viewing/report.html", page)


@login_not_required
@require_http_methods(["GET", "POST"])
def here(request: HttpRequest) -> HttpResponse:
    """On a device of one's own: an officer says "I am here"; a deputy who is signed in goes on to the stand-in page."""
    deputy = isinstance(request.user, Person) and may(request.user.as_actor.role, Act.STAND_IN).allowed
    kind = room_forms.ViewingNumberForm if deputy else room_forms.HereForm
    form = kind(request.POST or None)
    found = _with_number(request, form) if form.is_valid() else None
    if found is not None and deputy:
        return redirect("viewing:stand-in", found.pk)
    if found is not None and _confirmed(found, form, request):
        return render(request, "viewing/here_done.html", {"viewing": found})
    return render(request, "viewing/here.html", {"form": form, "deputy": deputy})


def _with_number(request: HttpRequest, form: Form) -> Viewing | None:
    """The viewing that shows this number, as long as this address does not try many."""
    if not ratelimit.consume(request, action="here"):
        form.add_error(None, "Er is hier te vaak geprobeerd. Wacht een minuut en probeer het dan opnieuw.")
        return None
    found = queries.with_number(form.cleaned_data["viewing"], clock.now())
    if found is None:
        form.add_error("viewing", "Er is nu geen inzage met dit nummer.")
    return found


def _confirmed(found: Viewing, form: Form, request: HttpRequest) -> bool:
    typed, sender = form.cleaned_data, f"here-{get_adapter().get_client_ip(request)}"
    try:
        came = presence_actions.confirm_officer(
            found, number=typed["number"], code=typed["code"], own_screen=True, sender=sender, now=clock.now()
        )
    except Refused as refusal:
        form.add_error(None, refusal.verdict.reason)
        return False
    if came.officer is not None:
        show_to(request, officer_actor(came.officer))
    return True


@require_http_methods(["GET", "POST"])
def stand_in(request: HttpRequest, viewing: UUID) -> HttpResponse:
    """A deputy takes the place of an officer who does not come."""
    person, found = person_for(request, Act.STAND_IN), queries.any_viewing(viewing)
    if found is None:
        raise Http404
    known = pages.replaceable(found, clock.now())
    form = room_forms.StandInForm([(key, text) for key, (text, _one) in known.items()], request.POST or None)
    if form.is_valid():
        whose = known[form.cleaned_data["officer"]][1]
        ground, because = Ground(form.cleaned_data["ground"]), form.cleaned_data["because"]
        try:
            presence_actions.stand_in(found, whose, ground=ground, because=because, person=person, now=clock.now())
        except Refused as refusal:
            form.add_error(None, refusal.verdict.reason)
        else:
            messages.success(request, "U neemt de plaats van de handhaver in. De FG heeft bericht gekregen.")
            return redirect("web:start")
    return render(request, "viewing/stand_in.html", {"viewing": found, "form": form, "officers": known})
