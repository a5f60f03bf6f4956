"""Who is at the screen. Log-in is required on every page, so there is always somebody; on the few that have none, such as
those at the dock, the page says to whom it shows something.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from beeldkluis.journal.actor import Actor
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


READERS = "beeldkluis.readers"  # in the request's own words; what a browser sends begins with HTTP_


def show_to(request: HttpRequest, reader: Actor) -> None:
    """This answer is for somebody who is known without an account, by number and code or by a personal link: the journal
    will say that it was given (web.looked_at).
    """
    request.META[READERS] = (*shown_to(request), reader)


def shown_to(request: HttpRequest) -> Sequence[Actor]:
    """To whom this answer is given, beside the person of the session."""
    readers: Sequence[Actor] = request.META.get(READERS, ())
    return readers


DEMONSTRATION_SESSION = "beeldkluis_demonstration"


def factors_shown(request: HttpRequest) -> Sequence[dict[str, Any]]:
    """What this session showed as second factor, in order, as far as it still counts: a passkey or code app that was taken away
    since, because it was stolen perhaps, ends the sessions that were opened with it.
    """
    shown = [one for one in get_authentication_records(request, request.user) if one.get("method") == "mfa"]
    numbers = {one["id"] for one in shown if "id" in one}
    if not numbers:
        return shown
    left = set(Authenticator.objects.filter(user=request.user.pk, pk__in=numbers).values_list("pk", flat=True))
    return [one for one in shown if "id" not in one or one["id"] in left]


def second_factor_at(request: HttpRequest, *, now: datetime) -> datetime | None:
    """When this session last showed the second factor; None when it never did. In a demonstration, where one signs in with a
    link and the clock may jump, that is always now.
    """
    if settings.DEMONSTRATION and request.session.get(DEMONSTRATION_SESSION):
        return now
    shown = [float(one.get("at", 0)) for one in factors_shown(request)]
    return datetime.fromtimestamp(max(shown), UTC) if shown else None
