"""The viewing screens. The server gives sealed bytes and headers; it never sees a key or a picture."""

import base64
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.contrib.staticfiles import finders
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from beeldkluis.footage.models import Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.people.queries import recovery_recipient, sealed_identity_for
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.verdict import require
from beeldkluis.vault import queries as vault
from beeldkluis.vault.errors import GoneError
from beeldkluis.viewing import actions, forms, marker_actions, pages, queries, seal_actions
from beeldkluis.viewing.fetched_queries import fetched
from beeldkluis.viewing.models import Marker, Opening, Viewing

AT_ONCE = 2  # recordings beside each other on one screen


def _person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101 - log-in is required on every page of this room
    return request.user


def _sealed_identity(person: Person) -> str:
    sealed = sealed_identity_for(person)
    return base64.b64encode(bytes(sealed.sealed)).decode() if sealed else ""


@require_GET
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The script that opens film in the browser; served here because its folder is its reach."""
    found = finders.find("built/service-worker.js")
    if not isinstance(found, str):
        raise Http404
    answer = HttpResponse(Path(found).read_bytes(), content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer


@require_GET
def watch(request: HttpRequest, viewing: UUID) -> HttpResponse:
    """The screen: what will happen, the passphrase (which stays in the browser), and then the pictures."""
    person = person_for(request, Act.OPEN_RECORDING)
    found = queries.viewing(viewing, person)
    if found is None:
        raise Http404
    wanted = request.GET.getlist("opname")
    lines = [one for one in pages.lines(found, clock.now()) if str(one.recording.pk) in wanted][:AT_ONCE]
    if not lines or not all(one.allowed for one in lines):
        return redirect("viewing:room", viewing)
    page = pages.room(found, clock.now()) | {
        "chosen": [one.recording for one in lines],
        "sealed_identity": _sealed_identity(person),
        "recovery_recipient": recovery_recipient(),
        "alone_seconds": in_force().minutes("access.left-alone") // timedelta(seconds=1),
    }
    return render(request, "viewing/watch.html", page | {"line": _line(found)})


def _line(viewing: Viewing) -> str:
    """Over the picture: whoever films the screen films this too."""
    others = [one.name for one in pages.people(viewing) if not one.attendance.left_at and one.name]
    return f"{', '.join(others)} · zaak {viewing.case.reference}"


def _activation_ms(recording: Recording) -> int:
    return int((recording.activated_at - recording.started_at).total_seconds() * 1000)


@require_POST
def open_recording(request: HttpRequest, viewing: UUID, recording: UUID) -> JsonResponse:
    """Through the gate: one journal entry, and the headers of this one recording."""
    person, emergency = person_for(request, Act.OPEN_RECORDING), forms.read_emergency(request)
    found, wanted = queries.viewing(viewing, person), queries.recording(recording)
    if found is None or wanted is None:
        raise Http404
    opened = actions.open_recording(found, recording, person=person, emergency=emergency, now=clock.now())
    return JsonResponse(_for_browser(found, wanted, opened))


def _for_browser(viewing: Viewing, recording: Recording, opened: actions.Opened) -> dict[str, object]:
    one = [opened.opening.pk]
    return {
        "id": str(opened.opening.pk),
        "token": opened.token,
        "recording": str(recording),
        "recording_id": str(recording.pk),
        "started_at": recording.started_at.isoformat(),
        "lasts_ms": (opened.opening.expires_at - opened.opening.opened_at) // timedelta(milliseconds=1),
        "clock_known": recording.clock_offset_ms is not None,
        "activation_ms": _activation_ms(recording),
        "clips": queries.for_browser(opened.opening, opened.headers),
        "markers": [_in_json(marker) for marker in _markers(opened.opening, viewing)],
        "played": reverse("viewing:played", args=one),
        "close": reverse("viewing:close", args=one),
        "mark": reverse("viewing:mark", args=one),
        "broken": reverse("viewing:broken", args=one),
    }


def _markers(opening: Opening, viewing: Viewing) -> Sequence[Marker]:
    """Notes beside the film are the municipality's own: a requester who looks along does not read them."""
    return [] if queries.shows_copy(opening) else queries.markers(viewing.case, opening.recording)


def _in_json(marker: Marker) -> dict[str, object]:
    return {"id": marker.pk, "clip": str(marker.clip), "at_ms": marker.at_ms, "note": marker.note}


def _opening(request: HttpRequest, opening: UUID) -> Opening:
    person, known = person_for(request, Act.OPEN_RECORDING), fetched(request, opening)
    found = queries.opening_for(opening, person, now=clock.now(), fetched=known)
    if found is None:
        raise Http404
    return found


def _told(request: HttpRequest, opening: UUID) -> Opening:
    """Also one that was closed a moment ago, by whoever may open nothing any more: what was seen is still to be told."""
    found = queries.opening_told(opening, _person(request), now=clock.now())
    if found is None:
        raise Http404
    return found


def _part(payload: Iterator[bytes], first: int, last: int, size: int) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(payload, status=206, content_type="application/octet-stream")
    answer["Content-Length"] = str(last - first)
    answer["Content-Range"] = f"bytes {first}-{last - 1}/{size}"
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
def sealed(request: HttpRequest, opening: UUID, clip: UUID) -> HttpResponseBase:
    """Sealed bytes of one clip, as asked for, under the person's own opening while it lasts."""
    found = _opening(request, opening)
    if not queries.token_fits(found, request.headers.get("X-Opening-Token", "")):
        raise Http404
    require(queries.gives_out(found, clip))
    try:
        size, read = vault.opened_payload(clip, found.recording)
    except GoneError as error:  # of another recording, or destroyed while it was open: there is nothing to give
        raise Http404 from error
    span = forms.read_range(request.headers.get("Range", "bytes=0-"), size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = span
    actions.note_fetched(found, clip, first, last, now=clock.now())
    return _part(read(first, last), first, last, size)


@require_POST
def played(request: HttpRequest, opening: UUID) -> JsonResponse:
    """The page says that it is still there, and which parts were played since it last said so. Is it still open? Asked every
    few seconds, so this is where it closes when its ground is gone; at every piece of film would make each jump wait.
    """
    found, person, now = _told(request, opening), _person(request), clock.now()
    actions.report_played(found, forms.read_spans(request), actor=person.as_actor, now=now)
    lasts = queries.opening_for(opening, person, now=now) is not None
    if lasts and actions.close_without_ground(found, actor=person.as_actor, now=now):
        lasts = False
    if lasts:
        actions.note_heartbeat(found, now=now)
    return JsonResponse({"open": lasts})


@require_POST
def close(request: HttpRequest, opening: UUID) -> JsonResponse:
    """The page is left: the last parts that were played, and then nothing more. Again changes nothing."""
    found, actor, now = _told(request, opening), _person(request).as_actor, clock.now()
    actions.report_played(found, forms.read_spans(request), actor=actor, now=now)
    if found.closed_at is None:
        actions.close(found, actor=actor, now=now)
    return JsonResponse({"next": reverse("viewing:room", args=[found.viewing_id])})


@require_POST
def broken(request: HttpRequest, opening: UUID) -> JsonResponse:
    """A seal is not right."""
    found, wanted = _told(request, opening), forms.read_broken(request)
    seal_actions.report_broken(found, **wanted, actor=_person(request).as_actor, now=clock.now())
    return JsonResponse({})


@require_POST
def mark(request: HttpRequest, opening: UUID) -> JsonResponse:
    """A place to find again, with a note."""
    found, wanted = _opening(request, opening), forms.read_mark(request)
    made = marker_actions.add(found, **wanted, actor=_person(request).as_actor, now=clock.now())
    return JsonResponse(_in_json(made))


@require_POST
def unmark(request: HttpRequest, opening: UUID, marker: int) -> JsonResponse:
    """Not a place to find again after all."""
    found = _opening(request, opening)
    marker_actions.remove(found, marker, actor=_person(request).as_actor, now=clock.now())
    return JsonResponse({})
