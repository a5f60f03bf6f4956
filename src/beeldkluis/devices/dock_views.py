"""What docks ask (docs/spec/dock.md). Machines, so no session and no form: a token, JSON, and problems as RFC 9457."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from beeldkluis.devices import actions, queries
from beeldkluis.devices.models import Dock
from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.journal.problems import problem
from beeldkluis.journal.signer import signer
from beeldkluis.journal.text import is_whole
from beeldkluis.people.queries import current_recipients
from beeldkluis.protocol.intake import Left, Why
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed import age, statement

MAX_BODY = 65_536  # bytes
SEEN = {"serial": str, "slot": str, "volume_id": str, "dock_time": str, "files": int, "free_bytes": int}
LONGEST = {"serial": 64, "slot": 120, "volume_id": 120, "dock_time": 40}  # as the database keeps them
MOST_ROWS = 64  # of what stays on one camera
KIND = re.compile(r"(\.[a-z0-9]{1,8}|folder)?")
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


def read_json(request: HttpRequest, shapes: Mapping[str, type]) -> dict[str, Any] | None:
    """The JSON object in the request when every field is there in its shape; otherwise None.

    Whole numbers are zero or more and fit in 63 bits; texts have no control characters, which a database would refuse.
    """
    if len(request.body) > MAX_BODY:
        return None
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return content if has_shapes(content, shapes) else None


def has_shapes(content: object, shapes: Mapping[str, type]) -> bool:
    """Is it an object with every field in its shape?"""
    return isinstance(content, dict) and all(
        name in content and _has_shape(content[name], shape) for name, shape in shapes.items()
    )


def _has_shape(value: object, shape: type) -> bool:
    if type(value) is not shape:  # not isinstance: to Python true is a number
        return False
    if isinstance(value, int):
        return 0 <= value < 2**63
    return not isinstance(value, str) or is_whole(value)


@csrf_exempt
@login_not_required
@require_POST
def enrol(request: HttpRequest) -> HttpResponse:
    """Let a dock in with a code."""
    asked = read_json(request, {"code": str, "name": str, "public_key": str})
    name = asked["name"].strip() if asked else ""
    if asked is None or not name or len(name) > 60 or len(asked["public_key"]) > 200:
        return problem(400, "Een aanmelding heeft een code, een naam en een sleutel.")
    if not current_recipients():
        return problem(409, "Er zijn nog geen sleutels. Maak ze eerst, en meld dan het dockingstation aan.")
    code = asked["code"].strip().lower()
    try:
        dock, token = actions.enrol_dock(code=code, name=name, public_key=asked["public_key"], now=clock.now())
    except Refused as refusal:
        return problem(403, refusal.verdict.reason, rule=refusal.verdict.rule)
    return JsonResponse(_welcome(dock, token), status=201)


def _welcome(dock: Dock, token: str) -> dict[str, Any]:
    recipients = current_recipients()
    return {
        "dock": str(dock.pk),
        "token": token,
        "vault_key": signer().vkey,
        "recipients": list(recipients),
        "fingerprints": [age.fingerprint(one) for one in recipients],
    }


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
    asked = read_json(request, SEEN)
    if asked is None or not asked["serial"] or any(len(asked[one]) > most for one, most in LONGEST.items()):
        return problem(400, "Een melding heeft een serienummer, plaats, geheugen, tijd en aantal bestanden.")
    try:
        offset = _offset_ms(asked["dock_time"], asked.get("camera_time"))
    except age.SealError:
        return problem(400, "Een tijd in de melding is niet leesbaar.")
    facts = {name: asked[name] for name in ("serial", "slot", "volume_id", "files", "free_bytes")}
    now = clock.now()
    bodycam = actions.note_docked(dock, actions.CameraSeen(clock_offset_ms=offset, **facts), now=now)
    known, blocked = bodycam is not None, bodycam is not None and bodycam.blocked_at is not None
    label = bodycam.label if bodycam else ""
    return JsonResponse({"known": known, "blocked": blocked, "label": label, "time": statement.write_time(now)})


@for_docks
@require_POST
def left(request: HttpRequest, dock: Dock) -> HttpResponse:
    """What stays on a camera after its turn."""
    asked = read_json(request, {"serial": str, "slot": str, "left": list})
    rows = [_row(one) for one in asked["left"]] if asked and len(asked["left"]) <= MOST_ROWS else [None]
    told = [one for one in rows if one is not None]
    if asked is None or not asked["serial"] or len(asked["serial"]) > LONGEST["serial"] or len(told) != len(rows):
        return problem(
            400, "Een melding heeft een serienummer, plaats, en van wat blijft staan de reden, de soort en het aantal."
        )
    actions.note_left(serial=asked["serial"], left=told, dock=dock, now=clock.now())
    return HttpResponse(status=204)


def _row(sent: object) -> Left | None:
    if not isinstance(sent, dict) or not has_shapes(sent, {"why": str, "kind": str, "count": int}):
        return None
    good = sent["why"] in list(Why) and KIND.fullmatch(sent["kind"]) and sent["count"] > 0
    return Left(Why(sent["why"]), sent["kind"], sent["count"]) if good else None


def _offset_ms(true_time: str, camera_time: object) -> int | None:
    """True time minus camera time. SealError when one of both is no time; None when the camera told none."""
    true = statement.read_time(true_time)
    return None if camera_time is None else (true - statement.read_time(camera_time)) // timedelta(milliseconds=1)
