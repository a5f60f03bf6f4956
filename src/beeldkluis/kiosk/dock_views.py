"""What a dock says of its slots (docs/spec/dock.md, section 5)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from beeldkluis.devices.dock_views import for_docks, has_shapes, read_json
from beeldkluis.devices.models import Dock
from beeldkluis.journal import clock
from beeldkluis.journal.problems import problem
from beeldkluis.kiosk.actions import SlotTold, report_slots
from beeldkluis.kiosk.models import SlotReport

MOST_SLOTS = 64
SLOT = {"slot": str, "state": str, "serial": str}
LONGEST_SLOT, LONGEST_SERIAL = 120, 64


@csrf_exempt
@login_not_required
@for_docks
@require_POST
def slots(request: HttpRequest, dock: Dock) -> HttpResponse:
    """How each slot is doing, for the screen beside the dock."""
    told = _read(request)
    if told is None:
        return problem(
            400, "Een melding noemt van elke plaats de naam, de toestand, het percentage en het serienummer."
        )
    report_slots(dock, told, now=clock.now())
    return HttpResponse(status=204)


def _read(request: HttpRequest) -> list[SlotTold] | None:
    """The slots in a message; None when it has another shape."""
    sent = read_json(request, {"slots": list})
    if sent is None or len(sent["slots"]) > MOST_SLOTS:
        return None
    found = [_slot(one) for one in sent["slots"]]
    told = [one for one in found if one is not None]
    whole = len(told) == len(found) == len({one.slot for one in told})
    return told if whole else None


def _slot(sent: object) -> SlotTold | None:
    if not isinstance(sent, dict) or not has_shapes(sent, SLOT):
        return None
    percent = sent.get("percent")
    good = (
        0 < len(sent["slot"]) <= LONGEST_SLOT
        and len(sent["serial"]) <= LONGEST_SERIAL
        and sent["state"] in SlotReport.State.values
        and (percent is None or (type(percent) is int and 0 <= percent <= 100))
    )
    return SlotTold(slot=sent["slot"], state=sent["state"], percent=percent, serial=sent["serial"]) if good else None
