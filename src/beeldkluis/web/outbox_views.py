"""Messages that leave the house: what waits, what is stuck, and what somebody does about it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beeldkluis.journal import clock
from beeldkluis.outbox import actions, mail, queries
from beeldkluis.outbox.forms import WithdrawForm
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act


@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """Everything that has not left yet."""
    person_for(request, Act.SEE_OUTGOING)
    page = {"waiting": queries.waiting(), "mail": mail.is_configured(), "stuck_after": queries.STUCK_AFTER}
    return render(request, "web/messages.html", page)


def _message(number: int) -> Outgoing:
    found = queries.message(number)
    if found is None:
        raise Http404
    return found


@require_POST
def try_now(request: HttpRequest, number: int) -> HttpResponse:
    """Try it within the minute."""
    person, found = person_for(request, Act.SEE_OUTGOING), _message(number)
    actions.hurry(found, actor=person.as_actor, now=clock.now())
    return redirect("web:messages")


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """It need not go any more: asked with a reason, then done."""
    person, found = person_for(request, Act.SEE_OUTGOING), _message(number)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        actions.withdraw(found, because=form.cleaned_data["because"], actor=person.as_actor, now=clock.now())
        return redirect("web:messages")
    return render(request, "web/message_withdraw.html", {"form": form, "message": found})
