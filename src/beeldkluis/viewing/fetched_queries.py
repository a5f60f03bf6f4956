"""Sealed bytes are asked for at each jump in a film, so session, person and opening are fetched in one question."""

from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import Subquery
from django.db.models.functions import Now
from django.http import HttpRequest

from beeldkluis.viewing.models import Opening

FETCHED = "beeldkluis.opening"  # in the request's own words; what a browser sends begins with HTTP_


def opening_and_session(opening: UUID, session_key: str) -> tuple[Opening, str] | None:
    """The opening with its person and heartbeat, and what is kept in that session. None when either is not there or the session
    is over, by the database's clock, which no demonstration moves. That they belong together, and that the opening lasts, is for
    the caller to ask.
    """
    session = Session.objects.filter(session_key=session_key, expire_date__gt=Now()).values("session_data")[:1]
    openings = Opening.objects.select_related("person", "heartbeat").filter(pk=opening, heartbeat__isnull=False)
    found = openings.annotate(session_data=Subquery(session)).first()
    return (found, found.session_data) if found is not None and found.session_data is not None else None


def keep_fetched(request: HttpRequest, opening: Opening) -> None:
    """The view of this request need not ask for the opening again."""
    request.META[FETCHED] = opening


def fetched(request: HttpRequest, opening: UUID) -> Opening | None:
    """That opening, when it was fetched for this request."""
    found = request.META.get(FETCHED)
    return found if isinstance(found, Opening) and found.pk == opening else None
