"""The tus door for docks (docs/spec/intake.md)."""

import errno
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beeldkluis.devices.actions import dock_actor
from beeldkluis.devices.dock_views import for_docks, read_json
from beeldkluis.devices.models import Dock
from beeldkluis.intake import actions, limit_actions, queries, tus
from beeldkluis.intake.models import Upload
from beeldkluis.journal import clock
from beeldkluis.journal.anchor import NotSignedError
from beeldkluis.journal.problems import problem
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.manifest import Manifest
from beeldkluis.sealed.statement import MAX_STATEMENT
from beeldkluis.vault.arrival import BusyError
from beeldkluis.vault.errors import GoneError, KeyStoreError, StoreError

FULL = "Er is op de server geen ruimte voor deze opname. De camera blijft vol; de beheerder krijgt bericht."
NOT_SIGNED = "Het logboek van de kluis klopt niet, dus er komt nu geen ontvangstbewijs. De camera blijft vol."
TOO_MANY = "Dit dockingstation begon te veel aanleveringen. De camera blijft vol; probeer het over een minuut opnieuw."
AWAY = "De server kan de opname nu niet opslaan. De camera blijft vol; het wordt later opnieuw geprobeerd."
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
CHECKSUM_MISMATCH = 460  # the number that tus gives to a wrong hash
log = structlog.get_logger()


def _full(dock: Dock) -> HttpResponse:
    limit_actions.report_full(dock_actor(dock), now=clock.now())
    return tus.wrong(507, FULL)


def _text(note: str, status: int = 200) -> HttpResponse:
    return HttpResponse(note, status=status, content_type="text/plain; charset=utf-8")


@for_docks
@require_GET
def receipt(request: HttpRequest, _dock: Dock) -> HttpResponse:
    """The receipt for a file that came in before, so that it is not sent again."""
    found = queries.receipt_for(request.GET.get("serial", ""), request.GET.get("source_sha256", ""))
    if found is None:
        return problem(404, "Dit bestand is nog niet ontvangen.")
    try:
        return _text(actions.receipt_note(found))
    except NotSignedError:
        return problem(503, NOT_SIGNED)


@for_docks
@require_http_methods(["OPTIONS", "POST"])
def uploads(request: HttpRequest, dock: Dock) -> HttpResponse:
    """Begin an upload (tus creation), or say what this server can."""
    if request.method == "OPTIONS":
        most = str(tus.MAX_LENGTH)
        return tus.answer(204, Tus_Version=tus.VERSION, Tus_Extension=tus.EXTENSIONS, Tus_Max_Size=most)
    if not tus.version_fits(request):
        return tus.answer(412, Tus_Version=tus.VERSION)
    length = tus.whole_number(request.headers.get("Upload-Length"))
    metadata = tus.metadata(request.headers.get("Upload-Metadata", ""))
    if not length or metadata is None:
        return tus.wrong(400, "Upload-Length en Upload-Metadata zijn niet goed opgegeven.")
    if length > tus.MAX_LENGTH:
        return tus.wrong(413, "Deze opname is groter dan de server aanneemt.")
    return _begun(request, dock, length, metadata)


def _begun(request: HttpRequest, dock: Dock, length: int, metadata: dict[str, str]) -> HttpResponse:
    try:
        upload = limit_actions.begin(dock, length=length, metadata=metadata, now=clock.now())
    except limit_actions.NoSpaceError:
        return tus.wrong(507, FULL)
    except limit_actions.TooManyError as limit:
        answer = tus.wrong(429, TOO_MANY)
        answer["Retry-After"] = str(limit.seconds)
        return answer
    return tus.answer(201, Location=request.build_absolute_uri(reverse("intake:upload", args=[upload.pk])))


@for_docks
@require_http_methods(["HEAD", "PATCH", "DELETE"])
def upload(request: HttpRequest, dock: Dock, upload_id: UUID) -> HttpResponse:
    """Where an upload is, more of it, or the end of it."""
    if not tus.version_fits(request):
        return tus.answer(412, Tus_Version=tus.VERSION)
    found = queries.upload(upload_id, dock)
    if found is None or found.state == Upload.State.REFUSED:
        return tus.wrong(404 if found is None else 410, "Deze aanlevering bestaat niet (meer). Begin opnieuw.")
    if request.method == "HEAD":
        return tus.answer(200, Upload_Offset=str(found.offset), Upload_Length=str(found.length))
    if request.method == "DELETE":
        if found.state != Upload.State.ACCEPTED:
            actions.give_up(found)
        return tus.answer(204)
    return _more(request, found)


def _more(request: HttpRequest, found: Upload) -> HttpResponse:
    offset = tus.whole_number(request.headers.get("Upload-Offset"))
    length = tus.whole_number(request.headers.get("Content-Length"))
    if length is None or "chunked" in request.headers.get("Transfer-Encoding", ""):
        return tus.wrong(411, "Zeg vooraf hoeveel bytes er komen (Content-Length).")
    if request.headers.get("Content-Type") != tus.OFFSET_TYPE:
        return tus.wrong(415, f"Het soort inhoud is niet {tus.OFFSET_TYPE}.")
    if offset != found.offset:
        return tus.wrong(409, "De aanlevering is elders gebleven. Vraag eerst waar.")
    if offset + length > found.length:
        return tus.wrong(413, "Dit is meer dan was aangekondigd.")
    return _receive(request, found, length)


def _receive(request: HttpRequest, found: Upload, length: int) -> HttpResponse:
    try:
        end = actions.take_in(found, request.read, length, time=clock.now)
    except BusyError:
        return tus.wrong(423, "Er komt al iets binnen voor deze aanlevering. Wacht even.")
    except FileNotFoundError:
        return tus.wrong(410, "Deze aanlevering is opgeruimd. Begin opnieuw.")
    except OSError as fault:
        if fault.errno not in NO_ROOM:
            raise
        log.warning("staging full", upload=str(found.pk))
        return _full(found.dock)
    return tus.answer(204, Upload_Offset=str(end))


@for_docks
@require_POST
def manifest(request: HttpRequest, dock: Dock, upload_id: UUID) -> HttpResponse:
    """Close an upload: the signed manifest comes in, the signed receipt goes out."""
    found = queries.upload(upload_id, dock)
    if found is None:
        return problem(404, "Deze aanlevering bestaat niet (meer). Begin opnieuw.")
    if int(request.headers.get("Content-Length") or 0) > MAX_STATEMENT:
        return problem(413, "Het manifest is te groot.")
    try:
        said = Manifest.verify(request.body.decode("utf-8", "replace"), dock.public_key)
    except SealError as fault:
        return problem(422, f"Het manifest is niet goed: {fault}.")
    if said.upload != found.pk or said.sealed_size != found.length or found.offset != found.length:
        return problem(409, "Het manifest past niet bij wat er is aangekomen.")
    return _accepted(found, said)


def _accepted(found: Upload, said: Manifest) -> HttpResponse:
    try:
        return _text(actions.accept(found, said, now=clock.now()), 201)
    except actions.WrongUploadError:
        return problem(
            CHECKSUM_MISMATCH, "De aangekomen bytes zijn niet wat het manifest zegt. Stuur de opname opnieuw."
        )
    except GoneError:
        return problem(409, "Deze opname is al vernietigd.")
    except NotSignedError:  # the minute tells everybody who must know
        log.exception("no receipt over a journal that does not hold", upload=str(found.pk))
        return problem(503, NOT_SIGNED)
    except (OSError, StoreError, KeyStoreError, actions.TakenError) as fault:
        log.warning("accept failed", upload=str(found.pk), error=type(fault).__name__)
        if getattr(fault, "errno", None) in NO_ROOM:
            return _full(found.dock)
        return problem(503, AWAY)


@for_docks
@require_POST
def wiped(request: HttpRequest, dock: Dock) -> HttpResponse:
    """A camera was wiped and listed again."""
    asked = read_json(request, {"serial": str, "clips": list, "left": int})
    try:
        clips = [UUID(str(one)) for one in asked["clips"]] if asked else []
    except ValueError:
        clips = []
    if asked is None or not clips:
        return problem(400, "Een melding van wissen noemt de camera, de opnames en wat er nog op staat.")
    actions.report_wiped(dock, serial=asked["serial"], clips=clips, left=asked["left"], now=clock.now())
    return HttpResponse(status=204)
