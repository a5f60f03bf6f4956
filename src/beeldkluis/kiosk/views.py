"""The screen at the dock: its slots, and nothing else. No log-in: a browser that opened a link once, known by a cookie."""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET

from beeldkluis.journal import clock
from beeldkluis.kiosk import actions, queries
from beeldkluis.kiosk.models import Screen
from beeldkluis.kiosk.tiles import silence, silent_since, tile
from beeldkluis.protocol.verdict import Refused

SCREEN, VISIT = "beeldkluis_screen", "beeldkluis_visit"
PLACE, NO_SCREEN = "/kiosk/", "kiosk/no_screen.html"
YEAR = 400 * 24 * 3600  # seconds: the longest that browsers keep a cookie; renewed whenever the page is shown


def for_screens(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for the browser of a screen in use; others get a page that says what to do. The view gets the screen."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, *words: Any, **named: Any) -> HttpResponse:
        screen = queries.screen_by_token(request.COOKIES.get(SCREEN, ""))
        known = screen is not None
        answer = view(request, screen, *words, **named) if known else render(request, NO_SCREEN, status=403)
        add_never_cache_headers(answer)
        return answer

    return guarded


def keep(answer: HttpResponse, name: str, token: str, seconds: int | None) -> None:
    """A cookie that no script reads and no other site sends along."""
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(name, token, max_age=seconds, path=PLACE, secure=secure, httponly=True, samesite="Strict")


@login_not_required
@require_GET
def open_screen(request: HttpRequest, token: str) -> HttpResponse:
    """The link that makes this browser the screen, once. Opened again by the same browser it shows the screen."""
    answer: HttpResponse = redirect("kiosk:tiles")
    try:
        keep(answer, SCREEN, actions.open_screen(token), YEAR)
    except Refused:
        if queries.screen_by_token(request.COOKIES.get(SCREEN, "")) is None:
            answer = render(request, NO_SCREEN, {"spent": True}, status=403)
    add_never_cache_headers(answer)
    return answer


@login_not_required
@require_GET
@for_screens
def tiles(request: HttpRequest, screen: Screen) -> HttpResponse:
    """One tile for each slot. Whoever was behind number and code at this screen is not any more."""
    _forget_visit(request, screen)
    answer = render(request, "kiosk/tiles.html", {"screen": screen, **_standing(screen)})
    keep(answer, SCREEN, request.COOKIES[SCREEN], YEAR)
    answer.delete_cookie(VISIT, path=PLACE, samesite="Strict")
    return answer


@login_not_required
@require_GET
@for_screens
def standing(request: HttpRequest, screen: Screen) -> JsonResponse:
    """The same as data, asked every second by the page that shows the tiles."""
    _forget_visit(request, screen)
    now = _standing(screen)
    shown = [asdict(one) for one in now["tiles"]]
    return JsonResponse({"time": int(now["time"].timestamp() * 1000), "notice": now["notice"], "tiles": shown})


def _standing(screen: Screen) -> dict[str, Any]:
    now = clock.now()
    reports = queries.slots_of(screen.dock)
    notice = silence(silent_since(reports, now))
    return {"time": now, "notice": notice, "tiles": [tile(one, now) for one in reports]}


def _forget_visit(request: HttpRequest, screen: Screen) -> None:
    """The slots are shown, so the officer walked away; the next one must not find that visit open."""
    now, token = clock.now(), request.COOKIES.get(VISIT, "")
    visit = queries.visit_by_token(screen, token, now) if token else None
    if visit is not None:
        actions.end_visit(visit, now=now)
