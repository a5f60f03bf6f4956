"""The viewing screens. The server gives sealed bytes and headers; it never sees a key or a picture."""

import base64
from collections.abc import Iterator
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
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from beeldkluis.footage.queries import unchecked
from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.people.queries import recovery_recipient, sealed_identity_for
from beeldkluis.protocol.access import Act, Purpose, may
from beeldkluis.protocol.verdict import require
from beeldkluis.vault import queries as vault
from beeldkluis.vault.errors import GoneError
from beeldkluis.viewing import actions, forms, queries
from beeldkluis.viewing.models import Opening


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
def ask(request: HttpRequest, reference: str, recording: UUID) -> HttpResponse:
    """What will happen, what for, who is there, and the passphrase (which stays in the browser)."""
    person = _person(request)
    require(may(person.as_actor.role, Act.OPEN_RECORDING))
    question = queries.question(reference, recording)
    if question is None:
        raise Http404
    page = {
        "question": question,
        "purposes": list(Purpose),
        "sealed_identity": _sealed_identity(person),
        "recovery_recipient": recovery_recipient(),
        "activation_ms": _activation_ms(question),
    }
    return render(request, "viewing/ask.html", page)


def _activation_ms(question: queries.Question) -> int:
    return int((question.recording.activated_at - question.recording.started_at).total_seconds() * 1000)


@require_POST
def open_recording(request: HttpRequest, reference: str, recording: UUID) -> JsonResponse:
    """Through the gate: one journal entry, and the headers of this one recording."""
    question = queries.question(reference, recording)
    if question is None:
        raise Http404
    purpose, present = forms.read_opening(request)
    person, emergency = _person(request), forms.read_emergency(request)
    opened = actions.open_recording(
        question, purpose=purpose, present=present, person=person, emergency=emergency, now=clock.now()
    )
    return JsonResponse(_for_browser(question, opened))


def _for_browser(question: queries.Question, opened: actions.Opened) -> dict[str, object]:
    return {
        "id": str(opened.opening.pk),
        "token": opened.token,
        "activation_ms": _activation_ms(question),
        "clips": queries.clips_for_browser(question.recording.pk, opened.headers),
        "played": reverse("viewing:played", args=[opened.opening.pk]),
        "close": reverse("viewing:close", args=[opened.opening.pk]),
    }


def _opening(request: HttpRequest, opening: UUID) -> Opening:
    found = queries.opening_for(opening, _person(request), now=clock.now())
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
    if not queries.token_fits(found, request.headers.get("X-Opening-Token", "")) or not queries.has_clip(found, clip):
        raise Http404
    try:
        size = vault.payload_size(clip)
    except GoneError as error:  # destroyed while it was open: from that moment there is nothing to give
        raise Http404 from error
    span = forms.read_range(request.headers.get("Range", "bytes=0-"), size)
    if span is None:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = span
    actions.note_fetched(found, clip, first, last, now=clock.now())
    return _part(vault.payload(clip, first, last), first, last, size)


@require_POST
def played(request: HttpRequest, opening: UUID) -> JsonResponse:
    """The page says which parts were played."""
    found = _opening(request, opening)
    actions.report_played(found, forms.read_spans(request), actor=_person(request).as_actor, now=clock.now())
    return JsonResponse({})


@require_POST
def close(request: HttpRequest, opening: UUID) -> JsonResponse:
    """The page is left."""
    found = _opening(request, opening)
    actions.close(found, actor=_person(request).as_actor, now=clock.now())
    return JsonResponse({"next": reverse("cases:case", args=[found.case])})


@require_GET
def check(request: HttpRequest) -> HttpResponse:
    """Are the new recordings sealed for our key?"""
    person = _person(request)
    require(may(person.as_actor.role, Act.REPORT_OPENABLE))
    return render(
        request,
        "viewing/check.html",
        {
            "count": len(unchecked()),
            "sealed_identity": _sealed_identity(person),
        },
    )


@require_POST
def check_headers(request: HttpRequest) -> JsonResponse:
    """The headers to try; no film goes with them."""
    given = actions.give_headers_for_check(actor=_person(request).as_actor)
    return JsonResponse(
        {
            "recordings": [
                {"id": str(recording), "headers": [base64.b64encode(header).decode() for header in headers]}
                for recording, headers in given.items()
            ]
        }
    )


@require_POST
def check_outcome(request: HttpRequest) -> JsonResponse:
    """What the browser found."""
    actions.report_check(forms.read_outcome(request), actor=_person(request).as_actor, now=clock.now())
    return JsonResponse({"next": reverse("viewing:check")})
