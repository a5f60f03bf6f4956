"""Who is at the screen. Log-in is required on every page, so there is always somebody."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import require


def person_for(request: HttpRequest, act: Act) -> Person:
    """The person who is signed in, when that role may do this. Refused with the reason otherwise."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    require(may(Role(request.user.acting), act))
    return request.user
