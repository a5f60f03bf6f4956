"""The administrator's page: screens beside a dock."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from beeldkluis.devices.queries import dock as dock_with
from beeldkluis.journal import clock
from beeldkluis.kiosk import actions, queries
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act


@require_http_methods(["GET", "POST"])
def screens(request: HttpRequest, dock: UUID) -> HttpResponse:
    """The screens of one dock; and a link that makes a browser one, shown once."""
    person = person_for(request, Act.MANAGE_SCREENS)
    found, link = dock_with(dock), ""
    if request.method == "POST":
        token = actions.make_screen(found, actor=person.as_actor, now=clock.now())
        link = settings.ADDRESS.rstrip("/") + reverse("kiosk:open", args=[token])
    shown = {"dock": found, "screens": queries.screens_of(found), "link": link}
    return render(request, "kiosk/screens.html", shown)


@require_http_methods(["GET", "POST"])
def retire(request: HttpRequest, dock: UUID, screen: UUID) -> HttpResponse:
    """Put a screen out of use: asked first, then done."""
    person = person_for(request, Act.MANAGE_SCREENS)
    found = dock_with(dock)
    chosen = queries.screen_of(found, screen)
    if request.method == "POST":
        actions.retire_screen(chosen, actor=person.as_actor, now=clock.now())
        return redirect("kiosk:screens", found.pk)
    return render(request, "kiosk/retire_screen.html", {"dock": found, "screen": chosen})
