"""The steps around the screen at a dock. What a slot does and how far a visit is are no acts: they stand in no journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import transaction

from beeldkluis.devices.models import Dock
from beeldkluis.findings.actions import raise_finding
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.rights import allowed
from beeldkluis.kiosk import events
from beeldkluis.kiosk.models import Screen, SlotReport, Visit
from beeldkluis.kiosk.queries import labels_of, screen_by_token
from beeldkluis.people.acknowledgement_actions import officer_actor
from beeldkluis.people.code_actions import change_code, check_code
from beeldkluis.people.models import Officer
from beeldkluis.people.queries import officer_with_number
from beeldkluis.protocol import links
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.codes import GUESSING, REMEMBERED, WRONG, is_guessing
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed.token import hash_token, new_token


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
        require(links.may_make_screen(retired=locked.retired_at is not None))
        screen = Screen.objects.create(dock=locked, token_hash=hash_token(token), made_at=now)
        record(events.ScreenMade(screen=str(screen.pk), dock=str(locked.pk), name=locked.name))
    return token


def open_screen(token: str) -> str:
    """Somebody opened the link: the token that the browser keeps. The one in the link ends, as it stands in its history.

    Refused for a link that is unknown, used or out of use; without an entry, because anybody can type one.
    """
    found, fresh = screen_by_token(token), new_token()
    if found is None:
        raise Refused(links.unknown_screen())
    with step("kiosk.open_screen", actor=screen_actor(found)) as record:
        locked = Screen.objects.select_for_update().get(pk=found.pk)
        require(links.may_open_screen(unused=locked.token_hash == found.token_hash))
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


def report_slots(dock: Dock, report: Sequence[SlotTold], *, now: datetime) -> None:
    """Keep what a dock says of all its slots; what it does not name any more goes. No entry: see journal.guard."""
    labels = labels_of({one.serial for one in report if one.serial})
    rows = [
        SlotReport(
            dock=dock,
            slot=one.slot,
            state=one.state,
            percent=one.percent,
            label=labels.get(one.serial, ""),
            told_at=now,
        )
        for one in sorted(report, key=lambda one: one.slot)
    ]
    with transaction.atomic():
        SlotReport.objects.filter(dock=dock).exclude(slot__in=[one.slot for one in report]).delete()
        SlotReport.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["dock", "slot"],
            update_fields=["state", "percent", "label", "told_at"],
        )


def show_code(screen: Screen, number: str, code: str, *, now: datetime) -> Officer:
    """Somebody types number and code at a screen. Refused as `check_code` does; several wrong ones for one officer within a
    quarter of an hour, at whichever screens, are a finding.
    """
    try:
        return check_code(number, code, sender=str(screen.pk), actor=screen_actor(screen), now=now)
    except Refused as refusal:
        if refusal.verdict.reason == WRONG:  # one that came too soon is not looked at
            _note_wrong_code(screen, officer_with_number(number), now)
        raise


def choose_code(visit: Visit, old: str, new: str, *, now: datetime) -> None:
    """The officer of this visit chooses a code. Refused as `change_code` does; a wrong old one counts like any other."""
    officer, screen = visit.officer, visit.screen
    try:
        change_code(officer, old, new, sender=str(screen.pk), actor=officer_actor(officer), now=now)
    except Refused as refusal:
        if refusal.verdict.reason == WRONG:
            _note_wrong_code(screen, officer, now)
        raise


def _note_wrong_code(screen: Screen, officer: Officer | None, now: datetime) -> None:
    if officer is None:
        return
    key = f"wrong-codes-at-docks-{officer.pk}"
    with serialised():  # tries at once are all counted
        wrong = [at for at in cache.get(key, []) if now - at < REMEMBERED] + [now]
        cache.set(key, wrong[-GUESSING:], timeout=REMEMBERED.total_seconds())
        if is_guessing(len(wrong)):
            text = (
                f"Bij een dockingstation is {GUESSING} keer of vaker een verkeerde code getypt voor handhaver"
                f" {officer.number}. Vraag de handhaver of die dat zelf was."
            )
            raise_finding(
                rule="access.presence",
                key=f"wrong-codes-at-docks:{officer.number}",
                text=text,
                recording=None,
                bodycam=None,
                actor=screen_actor(screen),
                now=now,
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
