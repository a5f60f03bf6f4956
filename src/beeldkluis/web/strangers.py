"""What somebody who is not signed in may leave behind: few entries in the journal, few sessions (docs/decisions/0117)."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from allauth.core.internal import ratelimit  # the public one counts nothing that is only asked for
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from beeldkluis.findings.actions import raise_finding
from beeldkluis.journal.actor import Actor
from beeldkluis.web import errors

ACTOR = Actor.system("visitor")
FLOODED = "strangers-flooded"
RULE = "installation.strangers"
FLOOD = (
    "Van buiten wordt zo vaak iets geprobeerd dat niet alles meer in het logboek staat, bijvoorbeeld verkeerd inloggen. "
    "Kijk in het log van de proxy waar het vandaan komt."
)


def may_be_noted(request: HttpRequest) -> bool:
    """Is there room in the journal for one more thing that a stranger tried? That there is none is told within a minute."""
    if _consume(request, "stranger_entries"):
        return True
    cache.set(FLOODED, value=True, timeout=3600)
    return False


def tell_of_flood(now: datetime) -> None:
    """Somebody looks into it, when strangers tried more than stands in the journal. Once, until it is settled."""
    if cache.get(FLOODED):
        cache.delete(FLOODED)
        raise_finding(rule=RULE, key="flood", text=FLOOD, recording=None, bodycam=None, actor=ACTOR, now=now)


def _consume(request: HttpRequest, action: str) -> bool:
    """Count one, by address and in all (settings.ACCOUNT_RATE_LIMITS). False when it is one too many."""
    return bool(ratelimit.consume(request, app="allauth.account", action=action, key="all", limit_get=True))


class StrangersSessionMiddleware:
    """A session of somebody who is not signed in is a row; so many a minute, from one address and in all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer first; what would be kept of it is known then."""
        response = self.get_response(request)
        session = request.session
        is_new = session.session_key is None and session.modified and not session.is_empty()
        if is_new and SESSION_KEY not in session and not _consume(request, "stranger_sessions"):
            session.clear()
            return errors.page(HTTPStatus.TOO_MANY_REQUESTS)
        return response
