"""Recordings that are set apart: taking one back, or setting one apart, on a page that says first what will happen."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from beeldkluis.cases import apart_actions
from beeldkluis.cases.step_forms import ApartForm
from beeldkluis.footage import queries as footage
from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act


@require_http_methods(["GET", "POST"])
def apart(request: HttpRequest, recording: UUID) -> HttpResponse:
    """Does it play? Then it is taken back; otherwise it is or stays set apart. With a reason."""
    person, found = person_for(request, Act.JUDGE_SET_APART), footage.get(recording)
    if found is None:
        raise Http404
    is_apart = found.state == Recording.State.QUARANTINED
    form = ApartForm(request.POST or None, is_apart=is_apart)
    if form.is_valid():
        do = apart_actions.take_back if form.cleaned_data["plays"] == "yes" else apart_actions.set_apart
        do(recording, because=form.cleaned_data["because"], person=person, now=clock.now())
        return redirect("footage:recording", recording)
    told = {"recording": found, "is_apart": is_apart, "form": form, "gone": found.state == Recording.State.DESTROYED}
    told |= {"reasons": footage.reasons_apart(recording), "fit": apart_actions.may_judge_apart(recording, person)}
    return render(request, "cases/apart.html", told)
