"""The words on the screen: for each slot one word that reads from three metres, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from beeldkluis.kiosk.models import SlotReport
from beeldkluis.protocol.naming import own_words

SILENT = timedelta(seconds=90)  # a dock speaks at least every thirty
OLD = "old"
STAY = "Laat de camera staan."
ASK = "Laat de camera staan en vraag uw teammanager."
WORDS = {
    SlotReport.State.EMPTY: ("Leeg", ""),
    SlotReport.State.READING: ("Bezig", STAY),
    SlotReport.State.READY: ("Klaar", "U mag gaan."),
    SlotReport.State.UNKNOWN: ("Niet herkend", ASK),
    SlotReport.State.FULL: (
        "Blijft vol",
        "Laat de camera staan. Er gaat niets verloren.",
    ),
    SlotReport.State.HELP: ("Hulp nodig", ASK),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """One slot as it is shown. `state` is a value of SlotReport.State, or "old" when nobody knows how it is now."""

    slot: str
    label: str
    state: str
    word: str
    advice: str
    percent: int | None


def clock_time(moment: datetime) -> str:
    """A moment of today on the municipality's clock: 14:02."""
    return f"{timezone.localtime(moment):%H:%M}"


def tile(report: SlotReport, now: datetime) -> Tile:
    """One slot. A word from a dock that is silent since is shown as what was, never as what is."""
    word, advice = WORDS[SlotReport.State(report.state)]
    if now - report.told_at > SILENT:
        return Tile(report.slot, report.label, OLD, word, f"Zo was het om {clock_time(report.told_at)}.", None)
    return Tile(report.slot, report.label, report.state, word, own_words(advice), report.percent)


def silent_since(reports: Sequence[SlotReport], now: datetime) -> str:
    """Since when the dock is silent, as people say it; empty while it speaks, or has nothing to say."""
    last = max((one.told_at for one in reports), default=now)
    return clock_time(last) if now - last > SILENT else ""


def silence(since: str) -> str:
    """What the screen says of a silent dock; empty while it speaks."""
    words = f"Geen bericht van het dockingstation sinds {since}. Laat uw camera staan: hij blijft vol en er gaat niets verloren."
    return words if since else ""
