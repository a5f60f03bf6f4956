"""The steps around the screen at a dock. What a slot does and how far a visit is are no acts: they stand in no journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from beeldkluis.devices.models import Dock
from beeldkluis.journal.actions import require, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.rights import allowed
from beeldkluis.kiosk import events
from beeldkluis.kiosk.models import Screen, SlotReport, Visit
from beeldkluis.kiosk.queries import labels_of, screen_by_token
from beeldkluis.people.acknowledgement_actions import officer_actor
from beeldkluis.people.models import Officer
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.sealed.token import hash_token, new_token

RULE = "web.screen-at-dock"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotTold:
    """What a dock says of one slot. `percent` from 0 to 100, where it is known; `serial` empty without a camera."""

    slot: str
    state: str
    percent: int | None
    serial: str


def screen_actor(screen: Screen) -> Actor:
    """A screen as the one who acts, as long as nobody said who stands before it."""
    return Actor(ActorKind.SYSTEM, "screen", name=f"Scherm bij {screen.dock.name}")


def make_screen(dock: Dock, *, actor: Actor, now: datetime) -> str:
    """A token for the link that lets one browser show this dock's slots, once. Refused at a dock out of use."""
    token = new_token()
    with step("kiosk.make_screen", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_SCREENS))
        locked = Dock.objects.select_for_update().get(pk=dock.pk)
        reason = "Dit dockingstation is buiten gebruik."
        require(Verdict(allowed=locked.retired_at is None, rule=RULE, reason=reason))
        screen = Screen.objects.create(dock=locked, token_hash=hash_token(token), made_at=now)
        record(events.ScreenMade(screen=str(screen.pk), dock=str(locked.pk), name=locked.name))
    return token


def open_screen(token: str) -> str:
    """Somebody opened the link: the token that the browser keeps. The one in the link ends, as it stands in its history.

    Refused for a link that is unknown, used or out of use; without an entry, because anybody can type one.
    """
    found, fresh = screen_by_token(token), new_token()
    if found is None:
        raise Refused(Verdict(allowed=False, rule=RULE, reason="Deze link werkt niet of niet meer."))
    with step("kiosk.open_screen", actor=screen_actor(found)) as record:
        locked = Screen.objects.select_for_update().get(pk=found.pk)
        if locked.token_hash != found.token_hash:
            raise Refused(Verdict(allowed=False, rule=RULE, reason="Deze link is net al gebruikt."))
        locked.token_hash = hash_token(fresh)
        locked.save(update_fields=["token_hash"])
        record(events.ScreenOpened(screen=str(found.pk), dock=str(found.dock_id), name=found.dock.name))
    return fresh


def retire_screen(screen: Screen, *, actor: Actor, now: datetime) -> None:
    """Put a screen out of use; its browser shows nothing more. Again changes nothing."""
    with step("kiosk.retire_screen", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_SCREENS))
        locked = Screen.objects.select_for_update(of=("self",)).select_related("dock").get(pk=screen.pk)
        locked.retired_at = locked.retired_at or now
        locked.save(update_fields=["retired_at"])
        record(events.ScreenRetired(screen=str(locked.pk), dock=str(locked.dock_id), name=locked.dock.name))


def report_slots(dock: Dock, told: Sequence[SlotTold], *, now: datetime) -> None:
    """Keep what a dock says of all its slots; what it does not name any more goes. No entry: see journal.guard."""
    labels = labels_of({one.serial for one in told if one.serial})
    rows = [
        SlotReport(
            dock=dock,
            slot=one.slot,
            state=one.state,
            percent=one.percent,
            label=labels.get(one.serial, ""),
            told_at=now,
        )
        for one in sorted(told, key=lambda one: one.slot)
    ]
    with transaction.atomic():
        SlotReport.objects.filter(dock=dock).exclude(slot__in=[one.slot for one in told]).delete()
        SlotReport.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["dock", "slot"],
            update_fields=["state", "percent", "label", "told_at"],
        )


def begin_visit(screen: Screen, officer: Officer, *, now: datetime) -> str:
    """An officer showed number and code: a token for these few minutes. Whoever was at this screen before is gone."""
    token = new_token()
    with step("kiosk.begin_visit", actor=officer_actor(officer)) as record:
        Visit.objects.filter(screen=screen, ended_at__isnull=True).update(ended_at=now)
        Visit.objects.create(screen=screen, officer=officer, token_hash=hash_token(token), begun_at=now, seen_at=now)
        record(events.VisitBegun(screen=str(screen.pk), officer=str(officer.pseudonym), name=screen.dock.name))
    return token


def go_on(visit: Visit, *, now: datetime) -> None:
    """Somebody touched the screen."""
    Visit.objects.filter(pk=visit.pk).update(seen_at=now)


def end_visit(visit: Visit, *, now: datetime) -> None:
    """The officer is done, or the screen shows the slots again."""
    Visit.objects.filter(pk=visit.pk, ended_at__isnull=True).update(ended_at=now)
