"""What docks ask (docs/spec/dock.md). Machines, so no session and no form: a token, JSON, and problems as RFC 9457."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from beeldkluis.devices import actions, queries
from beeldkluis.devices.models import Dock
from beeldkluis.journal import clock
from beeldkluis.journal.problems import problem
from beeldkluis.journal.protocol import in_force
from beeldkluis.journal.signer import signer
from beeldkluis.people.queries import current_recipients
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed import age, statement

MAX_BODY = 65_536  # bytes
CONFIGURATION = "beeldkluis.nl/configuration/v1"


def for_docks(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Only for a dock that is let in: `Authorization: Bearer <token>`. The view gets the dock after the request."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, *words: Any, **named: Any) -> HttpResponseBase:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        dock = queries.dock_by_token(token) if scheme == "Bearer" and token else None
        if dock is None:
            answer = problem(401, "Dit dockingstation is niet aangemeld of buiten gebruik gesteld.")
            answer["WWW-Authenticate"] = "Bearer"
            return answer
        try:
            return view(request, dock, *words, **named)
        except Refused as refusal:
            return problem(403, refusal.verdict.reason, rule=refusal.verdict.rule)

    return guarded


def read_json(request: HttpRequest, shapes: dict[str, type | tuple[type, ...]]) -> dict[str, Any] | None:
    """The JSON object in the request when every field is there in its shape; otherwise None."""
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
        return None
    try:
        content = json.loads(request.body)
    except ValueError:
        return None
    fits = isinstance(content, dict) and all(
        name in content and isinstance(content[name], shape) for name, shape in shapes.items()
    )
    return content if fits else None


@csrf_exempt
@login_not_required
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Let a dock in with a code."""
    asked = read_json(request, {"code": str, "name": str, "public_key": str})
    if asked is None or not asked["name"].strip() or len(asked["name"]) > 60 or len(asked["public_key"]) > 200:
        return problem(400, "Een aanmelding heeft een code, een naam en een sleutel.")
    recipients = current_recipients()
    if not recipients:
        return problem(409, "Er zijn nog geen sleutels. Maak ze eerst, en meld dan het dockingstation aan.")
    try:
        dock, token = actions.enrol_dock(
            code=asked["code"].strip().lower(),
            name=asked["name"].strip(),
            public_key=asked["public_key"],
            now=clock.now(),
        )
    except Refused as refusal:
        return problem(403, refusal.verdict.reason, rule=refusal.verdict.rule)
    return JsonResponse(
        status=201,
        data={
            "dock": str(dock.pk),
            "token": token,
            "vault_key": signer().vkey,
            "recipients": list(recipients),
            "fingerprints": [age.fingerprint(one) for one in recipients],
        },
    )


@for_docks
@require_GET
def configuration(_request: HttpRequest, _dock: Dock) -> HttpResponse:
    """What to seal for, and what time it is; signed, so that a dock need not trust the line."""
    protocol = in_force()
    content = {
        "time": statement.write_time(clock.now()),
        "recipients": list(current_recipients()),
        "pre_event_seconds": protocol.number("recording.pre-event", "seconds"),
        "protocol": f"{protocol.municipality} {protocol.version}",
    }
    return HttpResponse(statement.sign(CONFIGURATION, content, signer()), content_type="text/plain; charset=utf-8")


@for_docks
@require_POST
def docked(request: HttpRequest, dock: Dock) -> HttpResponse:
    """A camera stands in the dock."""
    shapes: dict[str, type | tuple[type, ...]] = {
        "serial": str,
        "slot": str,
        "volume_id": str,
        "dock_time": str,
        "files": int,
        "free_bytes": int,
    }
    asked = read_json(request, shapes)
    if asked is None or not asked["serial"] or max(len(asked[one]) for one in ("serial", "slot", "volume_id")) > 120:
        return problem(400, "Een melding heeft een serienummer, plaats, geheugen, tijd en aantal bestanden.")
    offset = None
    if asked.get("camera_time") is not None:
        try:
            offset = _milliseconds(statement.read_time(asked["dock_time"]), statement.read_time(asked["camera_time"]))
        except age.SealError:
            return problem(400, "Een tijd in de melding is niet leesbaar.")
    now = clock.now()
    bodycam = actions.note_docked(
        dock,
        serial=asked["serial"][:64],
        slot=asked["slot"],
        volume_id=asked["volume_id"],
        clock_offset_ms=offset,
        files=asked["files"],
        free_bytes=asked["free_bytes"],
        now=now,
    )
    return JsonResponse(
        {
            "known": bodycam is not None,
            "blocked": bodycam is not None and bodycam.blocked_at is not None,
            "label": bodycam.label if bodycam else "",
            "time": statement.write_time(now),
        }
    )


def _milliseconds(true_time: datetime, camera_time: datetime) -> int:
    return int((true_time - camera_time).total_seconds() * 1000)
