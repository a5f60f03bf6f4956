"""Reviews of rights on screen: the list as it is now, who looked before, and saying that one looked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from beeldkluis.journal import clock
from beeldkluis.people import queries, review_actions, review_queries
from beeldkluis.people.acknowledgement_forms import ReviewForm
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act


@require_http_methods(["GET", "POST"])
def rights(request: HttpRequest) -> HttpResponse:
    """Who may do what now, and the reviews."""
    person, now = person_for(request, Act.REVIEW_RIGHTS), clock.now()
    form = ReviewForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        review_actions.review_rights(kind=typed["kind"], remarks=typed["remarks"], actor=person.as_actor, now=now)
        return redirect("people:rights")
    page = {"form": form, "people": queries.persons(), "officers": queries.serving(), "now": now}
    page |= {"reviews": review_queries.reviews(), "past": review_queries.past()}
    return render(request, "people/rights.html", page)
