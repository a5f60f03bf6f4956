"""The page of the rooms for viewing."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from beeldkluis.appointments import forms, queries, room_actions
from beeldkluis.journal import clock
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.verdict import Refused


@require_http_methods(["GET", "POST"])
def rooms(request: HttpRequest) -> HttpResponse:
    """The rooms that are set up for viewing."""
    person = person_for(request, Act.MANAGE_ROOMS)
    form = forms.RoomForm(request.POST or None)
    if form.is_valid():
        try:
            room_actions.add_room(**form.cleaned_data, actor=person.as_actor)
        except Refused as refusal:
            form.add_error("name", refusal.verdict.reason)
        else:
            return redirect("appointments:rooms")
    standing = queries.standing_by_room(clock.now())
    listed = [(one, standing.get(one.pk, 0)) for one in queries.rooms()]
    return render(request, "appointments/rooms.html", {"rooms": listed, "form": form})


@require_POST
def retire_room(request: HttpRequest, number: int) -> HttpResponse:
    """A room is not used any more."""
    person, found = person_for(request, Act.MANAGE_ROOMS), queries.room(number)
    if found is None:
        raise Http404
    room_actions.retire_room(found, actor=person.as_actor, now=clock.now())
    if standing := queries.standing_by_room(clock.now()).get(found.pk, 0):
        many = "staat nog 1 afspraak" if standing == 1 else f"staan nog {standing} afspraken"
        messages.warning(request, f"In {found.name} {many}. Die blijven staan tot u ze verzet of afzegt.")
    return redirect("appointments:rooms")
