"""The Axis door: the part of OpenStack Swift that body-worn systems speak (docs/spec/axis.md)."""

import errno
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beeldkluis.intake import axis, axis_actions, axis_queries, forms, limit_actions, tus
from beeldkluis.intake.models import AxisContainer, AxisSystem
from beeldkluis.journal import clock
from beeldkluis.people.queries import current_recipients
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.verdict import Refused
from beeldkluis.vault.arrival import has_room
from beeldkluis.vault.errors import GoneError, HashMismatchError, KeyStoreError, StoreError

log = structlog.get_logger()


def answer(status: int, words: str = "", **headers: str) -> HttpResponse:
    """A plain answer; header names with underscores for hyphens."""
    made = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    return made


def for_systems(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Only with a token that lasts, and only in the system's own account."""

    @csrf_exempt
    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest, account: str, *words: Any, **named: Any) -> HttpResponseBase:
        system = axis_queries.system_by_token(request.headers.get("X-Auth-Token", ""), clock.now())
        if system is None:
            return answer(401, "Unauthorized")
        if account != system.user:
            return answer(403, "Forbidden")
        try:
            return view(request, system, *words, **named)
        except (Refused, GoneError):
            return answer(403, "Forbidden")
        except limit_actions.TooManyError as limit:
            return answer(503, "Too much at once; send it again later", Retry_After=str(limit.seconds))

    return guarded


@csrf_exempt
@login_not_required
@require_GET
def auth(request: HttpRequest) -> HttpResponse:
    """A token for whoever has the name and the key of the connection file."""
    key = request.headers.get("X-Auth-Key") or request.headers.get("Auth-Key") or ""
    system = axis_queries.system_by_key(request.headers.get("X-Auth-User", ""), key)
    if system is None:
        return answer(401, "Unauthorized")
    token = axis_actions.give_token(system, now=clock.now())
    place = f"{settings.ADDRESS.rstrip('/')}/axis/v1/{system.user}"
    if settings.DEBUG or not settings.HTTPS:
        place = request.build_absolute_uri(f"/axis/v1/{system.user}")
    return answer(200, X_Auth_Token=token, X_Storage_Token=token, X_Storage_Url=place)


@for_systems
@require_http_methods(["PUT", "POST", "HEAD", "GET"])
def container(request: HttpRequest, system: AxisSystem, name: str) -> HttpResponse:
    """Make a container, renew what it says, or ask for that."""
    known = axis_queries.container(system, name)
    if request.method in ("HEAD", "GET"):
        return _said(known.metadata, "container", 204) if known else answer(404)
    if request.method == "POST" and known is None:
        return answer(404)
    if len(name) > axis.LONGEST_NAME or not (name in (axis.SYSTEM, axis.USERS, axis.DEVICES) or axis.holds_film(name)):
        return answer(400, "This is no container of a body-worn system")
    told = axis.metadata(request.headers, "container")
    limit_actions.may_tell(system, new=known is None, now=clock.now())
    _made, new = axis_actions.put_container(system, name, told, now=clock.now())
    if request.method == "POST":
        return answer(204)
    return answer(201 if new else 202)


def _said(metadata: dict[str, str], kind: str, status: int) -> HttpResponse:
    made = answer(status)
    for name, value in metadata.items():
        made[f"X-{kind.capitalize()}-Meta-{name.capitalize()}"] = value.encode("ascii", "backslashreplace").decode()
    return made


@for_systems
@require_http_methods(["PUT", "POST", "HEAD", "GET"])
def stored(request: HttpRequest, system: AxisSystem, name: str, item: str) -> HttpResponse:
    """An object: film, key, track, bookmark; or a user, a device, a system."""
    if (name, item) == (axis.SYSTEM, "Capabilities.json") and request.method in ("GET", "HEAD"):
        made = HttpResponse(axis.CAPABILITIES, content_type="application/json")
        made["Etag"] = axis.CAPABILITIES_MD5
        return made
    holder = axis_queries.container(system, name)
    if holder is None:
        return answer(404, "There is no such container")
    if request.method in ("GET", "HEAD"):
        known = axis_queries.newest_object(holder, item)
        return _said(known.metadata, "object", 200) if known else answer(404)
    told = axis.metadata(request.headers, "object")
    if not axis.holds_film(name):
        return _tell(request, holder, item, told)
    if request.method == "POST":
        return answer(202 if axis_queries.newest_object(holder, item) else 404)
    return _receive(request, holder, item, told)


def _tell(request: HttpRequest, holder: AxisContainer, item: str, metadata: dict[str, str]) -> HttpResponse:
    """A user, a device or a system: what is told of it, without a body."""
    if len(item) > axis.LONGEST_NAME:
        return answer(400, "This name is too long")
    limit_actions.may_tell(holder.system, new=False, now=clock.now())
    axis_actions.put_facts(holder, item, metadata, now=clock.now())
    return answer(201 if request.method == "PUT" else 202)


def _receive(request: HttpRequest, holder: AxisContainer, item: str, metadata: dict[str, str]) -> HttpResponse:
    length = tus.whole_number(request.headers.get("Content-Length"))
    if length is None or "chunked" in request.headers.get("Transfer-Encoding", ""):
        return answer(411, "Say how many bytes come")
    if length > tus.MAX_LENGTH:
        return answer(413, "This is larger than what is taken in")
    if len(item) > axis.LONGEST_NAME or not current_recipients():
        return answer(400 if current_recipients() else 503, "Not now")
    if not has_room(length):
        return _full(holder)
    claimed = request.headers.get("Etag", "").strip('"').lower()
    try:
        _made, md5 = axis_actions.put_object(
            holder, item, metadata, request.read, length, claimed=claimed, now=clock.now()
        )
    except axis_actions.CutOffError:
        return answer(503, "The line broke; send it again")
    except axis_actions.WrongSumError:
        return answer(422, "The check sum does not fit")
    except (OSError, StoreError, KeyStoreError, HashMismatchError) as fault:
        log.warning("axis object not kept", error=type(fault).__name__)
        return _full(holder) if getattr(fault, "errno", 0) in (errno.ENOSPC, errno.EDQUOT) else answer(503, "Not now")
    return answer(201, Etag=md5)


def _full(holder: AxisContainer) -> HttpResponse:
    limit_actions.report_full(axis_actions.system_actor(holder.system), now=clock.now())
    return answer(507, "Insufficient Storage")


@require_http_methods(["GET", "POST"])
def systems(request: HttpRequest) -> HttpResponse:
    """The body-worn systems that may deliver, and the connection file for a new one, given once."""
    person = person_for(request, Act.ENROL_DOCK)
    form = forms.AxisSystemForm(request.POST or None)
    if form.is_valid():
        file = axis_actions.add_system(**form.cleaned_data, actor=person.as_actor, now=clock.now())
        made = HttpResponse(file, content_type="application/json")
        made["Content-Disposition"] = 'attachment; filename="beeldkluis-verbinding.json"'
        made["Cache-Control"] = "no-store"
        return made
    return render(request, "intake/systems.html", {"form": form, "systems": axis_queries.systems()})


@require_POST
def retire_system(request: HttpRequest, number: int) -> HttpResponse:
    """Put a system out of use."""
    person = person_for(request, Act.ENROL_DOCK)
    found = axis_queries.system(number)
    if found is None:
        raise Http404
    axis_actions.retire_system(found, actor=person.as_actor, now=clock.now())
    return redirect("intake:axis-systems")
