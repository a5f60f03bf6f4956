"""The page of the terms of personal data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from beeldkluis.cases import erasing_queries as queries
from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.register import Protocol

SOON = timedelta(days=31)
OTHERS = (
    "personal.papers", "personal.attempts", "personal.left", "personal.oversight", "camera.incident-kept", "personal.pace",
)  # fmt: skip
UNITS = {"days": "dagen", "years": "jaar", "name_years": "jaar (naam)", "cases": "zaken per dag"}


@dataclass(frozen=True, slots=True)
class OtherTerm:
    """One term that is not about a kind of case: what the protocol says, and its numbers in words."""

    sentence: str
    numbers: str


def _others(protocol: Protocol) -> Sequence[OtherTerm]:
    rules = [protocol.rules[name] for name in OTHERS]
    return [
        OtherTerm(one.sentence, ", ".join(f"{number} {UNITS.get(name, name)}" for name, number in one.numbers.items()))
        for one in rules
    ]


@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    """How long what is known of people is kept, and how much is due."""
    person_for(request, Act.READ_CASES)
    now = clock.now()
    page = {
        "kinds": queries.coming(now, SOON),
        "others": _others(in_force()),
        "papers": queries.papers_waiting(),
        "waiting": queries.waiting_for_letter(),
        "erased": queries.erased_between(now - SOON, now + timedelta(seconds=1)),
    }
    return render(request, "cases/terms.html", page)
