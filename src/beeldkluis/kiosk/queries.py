"""Reading screens, slots and visits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Length
from django.shortcuts import get_object_or_404

from beeldkluis.devices.models import Bodycam, Dock
from beeldkluis.kiosk.models import Screen, SlotReport, Visit
from beeldkluis.people.models import Officer
from beeldkluis.sealed.token import hash_token

IDLE = timedelta(minutes=3)  # nobody touched the screen: whoever stands there now may be somebody else
LONGEST_VISIT = timedelta(minutes=30)


def screen_by_token(token: str) -> Screen | None:
    """The screen with this token, at a dock in use; None for an unknown token or a screen out of use."""
    in_use = Screen.objects.filter(retired_at__isnull=True, dock__retired_at__isnull=True)
    return in_use.select_related("dock").filter(token_hash=hash_token(token)).first() if token else None


def screens_of(dock: Dock) -> Sequence[Screen]:
    """The screens of this dock that are in use, oldest first."""
    return list(Screen.objects.filter(dock=dock, retired_at__isnull=True).order_by("made_at"))


def screen_of(dock: Dock, pk: UUID) -> Screen:
    """This screen of this dock; not found otherwise."""
    return get_object_or_404(Screen, dock=dock, pk=pk)


def slots_of(dock: Dock) -> Sequence[SlotReport]:
    """What the dock last said of its slots, by name."""
    return list(SlotReport.objects.filter(dock=dock).order_by(Length("slot"), "slot"))


def labels_of(serials: Collection[str]) -> Mapping[str, str]:
    """What stands on the housing of the bodycams with these serials, of those in the register."""
    return dict(Bodycam.objects.filter(serial__in=serials).values_list("serial", "label"))


def visit_by_token(screen: Screen, token: str, now: datetime) -> Visit | None:
    """The visit that lasts at this screen; None when it ended, when nobody touched it for a while, and for an officer who
    is out of service by now.
    """
    lasting = Visit.objects.filter(screen=screen, ended_at__isnull=True, seen_at__gt=now - IDLE)
    lasting = lasting.filter(begun_at__gt=now - LONGEST_VISIT)
    serving = Q(officer__until__isnull=True) | Q(officer__until__gt=now)
    return lasting.filter(serving, token_hash=hash_token(token)).select_related("officer", "screen__dock").first()


def bodycams_with(officer: Officer) -> Sequence[Bodycam]:
    """The bodycams that are issued to this officer now, by label."""
    now_with = Bodycam.objects.filter(issue_periods__officer=officer, issue_periods__handed_in_at__isnull=True)
    return list(now_with.order_by(Length("label"), "label"))
