"""The register on screen: facts only. No thumbnail, no preview, no totals of a person."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from beeldkluis.footage import forms, queries
from beeldkluis.footage.models import Recording
from beeldkluis.footage.observation_queries import observation_of
from beeldkluis.governance.queries import in_force
from beeldkluis.journal import queries as journal
from beeldkluis.journal.paging import page_number
from beeldkluis.journal.rights import allowed
from beeldkluis.journal.shield import hidden
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The list of recordings, newest first."""
    person_for(request, Act.READ_RECORDINGS)
    form = forms.FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    since, until = chosen.get("van"), chosen.get("tot")
    page = queries.page(
        page_number(request),
        state=chosen.get("status", ""),
        since=timezone.make_aware(datetime.combine(since, time.min)) if since else None,
        until=timezone.make_aware(datetime.combine(until + timedelta(days=1), time.min)) if until else None,
    )
    told = {"page": page, "filter": form, "rules": in_force().rules}
    told["some_apart"] = any(one.state == Recording.State.QUARANTINED for one in page)
    return render(request, "footage/list.html", told)


@require_GET
def recording(request: HttpRequest, recording: UUID) -> HttpResponse:
    """One recording: its facts, why it is kept, its files, and everything that happened with it."""
    person = person_for(request, Act.READ_RECORDINGS)
    found = queries.get(recording)
    if found is None:
        raise Http404
    judges = allowed(person.as_actor, Act.JUDGE_SET_APART).allowed
    return render(request, "footage/recording.html", _told(found) | {"judges": judges})


def _told(found: Recording) -> dict[str, Any]:
    rules = in_force().rules
    return {
        "recording": found,
        "clips": queries.clips(found.pk),
        "holds": queries.live_holds(found.pk),
        "apart": queries.reasons_apart(found.pk),
        "observation": observation_of(found.pk),
        "flags": [rules[name] for name in found.flags if name in rules],
        "story": hidden(journal.story(found.pk, details=True)),
    }
