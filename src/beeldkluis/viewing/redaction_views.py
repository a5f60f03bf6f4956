"""While footage is open to make others unrecognisable: lending its key to a worker, and the account of what was looked at."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from beeldkluis.jobs.queries import worker as running_worker
from beeldkluis.journal import clock
from beeldkluis.journal.rights import allowed
from beeldkluis.people.models import Person
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.redaction import missing
from beeldkluis.redaction import actions
from beeldkluis.redaction import queries as redaction
from beeldkluis.redaction.models import Redaction, Rendering
from beeldkluis.redaction.pages import no_part
from beeldkluis.sealed.errors import SealError
from beeldkluis.vault.errors import GoneError
from beeldkluis.vault.queries import payload_size
from beeldkluis.viewing import forms, look_actions, queries, redaction_pages
from beeldkluis.viewing.models import Opening


def _opening(request: HttpRequest, opening: UUID, now: datetime) -> tuple[Person, Opening]:
    person = person_for(request, Act.OPEN_RECORDING)
    found = queries.opening_for(opening, person, now=now)
    if found is None or found.viewing is None or found.purpose != Purpose.REDACT:
        raise Http404
    return person, found


@require_http_methods(["GET", "POST"])
def redact(request: HttpRequest, opening: UUID, clip: UUID) -> JsonResponse:
    """GET: how far the copy of this film is, what can be asked now, and of which worker. POST: ask it, with the key sealed for
    that worker.
    """
    now = clock.now()
    person, found = _opening(request, opening, now)
    if request.method == "POST":
        _ask(request, found, clip, person, now)
    return JsonResponse(_standing(found, clip, person, now))


def _standing(found: Opening, clip: UUID, person: Person, now: datetime) -> dict[str, object]:
    assert found.viewing is not None  # noqa: S101 - looked at by who opened it
    one, worker = redaction.redaction_of(found.viewing.case, clip), running_worker(now)
    told = redaction_pages.standing(one) | {"worker": worker.recipient if worker else "", "no_part": no_part()}
    try:
        return told | redaction_pages.review(one, person) | _addresses(found, clip, one, person)
    except GoneError as error:  # destroyed while it was open
        raise Http404 from error


def _addresses(opening: Opening, clip: UUID, one: Redaction | None, person: Person) -> dict[str, object]:
    """Where the review screen saves and tells, and what it opens beside the film."""
    told: dict[str, object] = {"played": reverse("viewing:redact-played", args=[opening.pk, clip])}
    if one is None:
        return told
    told["page"] = reverse("redaction:film", args=[opening.case, clip])
    if allowed(person.as_actor, Act.READ_VIEWINGS).allowed:
        told["log"] = reverse("redaction:log", args=[opening.case, clip])
    told["draft"] = reverse("redaction:draft", args=[opening.case, clip])
    if one.analysis is not None:
        told["analysis"] = {"object": str(one.analysis), "sealed_size": payload_size(one.analysis)}
    return told


def _ask(request: HttpRequest, opening: Opening, clip: UUID, person: Person, now: datetime) -> None:
    asked = forms.read_asked(request)
    assert opening.viewing is not None  # noqa: S101 - looked at above
    case = opening.viewing.case
    try:
        if asked.version is None:
            actions.ask_analysis(
                case, opening.recording, clip, worker=asked.worker, sealed_file_key=asked.sealed, person=person, now=now
            )
        elif (one := redaction.redaction_of(case, clip)) is not None and one.recording == opening.recording:
            actions.ask_rendering(
                one, known=asked.version, worker=asked.worker, sealed_file_key=asked.sealed, person=person, now=now
            )
        else:
            raise Http404
    except (SealError, ValueError) as error:
        raise BadRequest("De verzegelde sleutel is niet goed.") from error
    except GoneError as error:
        raise Http404 from error


@require_POST
def step(request: HttpRequest, opening: UUID, clip: UUID) -> JsonResponse:
    """A step that a person takes of the copy, as on its own page. Answers how far it is then."""
    now = clock.now()
    person, found = _opening(request, opening, now)
    one, wanted = _one(found, clip), forms.read_step(request)
    if wanted == "cancel":
        actions.cancel(one, person=person, now=now)
    elif wanted in actions.BY_NAME:
        actions.BY_NAME[wanted](one, person=person, now=now)
    else:
        raise BadRequest("Deze stap is er niet.")
    return JsonResponse(_standing(found, clip, person, now))


@require_POST
def copy(request: HttpRequest, opening: UUID, clip: UUID) -> JsonResponse:
    """The copy that was made while its film is open: what the browser needs to open and play it."""
    now = clock.now()
    person, found = _opening(request, opening, now)
    try:
        made, header = look_actions.open_copy(found, clip, person=person, now=now)
        told = queries.copy_for_browser(made.object, {made.object: header})
    except (Rendering.DoesNotExist, GoneError) as error:
        raise Http404 from error
    return JsonResponse(told | {"version": made.version})


def _one(opening: Opening, clip: UUID) -> Redaction:
    assert opening.viewing is not None  # noqa: S101 - looked at by who opened it
    one = redaction.redaction_of(opening.viewing.case, clip)
    if one is None or one.recording != opening.recording:
        raise Http404
    return one


@require_POST
def played(request: HttpRequest, opening: UUID, clip: UUID) -> JsonResponse:
    """Which stretches of this version were played, and what is still missing before somebody may call the copy good."""
    now = clock.now()
    person, found = _opening(request, opening, now)
    one = _one(found, clip)
    version, spans = forms.read_looks(request)
    kept = look_actions.report_look(one, spans, version=version, person=person, now=now)
    return JsonResponse({"kept": kept, "missing": missing(redaction.reviewed(one, person))})
