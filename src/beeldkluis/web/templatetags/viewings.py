"""What the page of a case shows of its viewings: a room below may not look up to them, a page may."""

from typing import Any

from django import template

from beeldkluis.appointments.queries import appointment
from beeldkluis.cases.models import Case
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.roles import Role
from beeldkluis.viewing.queries import viewings_of

register = template.Library()


@register.inclusion_tag("viewing/of_case.html", takes_context=True)
def viewings(context: dict[str, Any], case: Case) -> dict[str, Any]:
    """The appointment and the viewings of a case, for whoever may read them."""
    person = context["request"].user
    allowed = may(Role(person.acting), Act.READ_VIEWINGS).allowed
    return {
        "case": case,
        "allowed": allowed,
        "manages": may(Role(person.acting), Act.DECIDE_CASE).allowed,
        "appointment": appointment(case) if allowed else None,
        "viewings": viewings_of(case) if allowed else [],
    }
