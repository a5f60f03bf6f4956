"""Moments, lengths and sizes as a receiver reads them, in Dutch and in the municipality's own time."""

from datetime import datetime, timedelta

from beeldkluis.documents.words import ZONE, day


def moment(at: datetime) -> str:
    """18 november 2026, 10.30.05 uur (wintertijd). The season says which of two hours it is when the clock goes back."""
    local = at.astimezone(ZONE)
    season = "zomertijd" if local.dst() else "wintertijd"
    return f"{day(at)}, {local:%H.%M.%S} uur ({season})"


def length(milliseconds: int) -> str:
    """1:05 or 1:02:03, minutes and seconds cut down to whole ones."""
    seconds = milliseconds // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"


def seconds(milliseconds: int) -> str:
    """1,5 seconde; 3 seconden."""
    tenths = -(-milliseconds // 100)
    text = f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths // 10},{tenths % 10}"
    return f"{text} {'seconde' if tenths < 20 else 'seconden'}"


def between(begin: datetime, end: datetime) -> str:
    """How long it is from one moment to another, in words."""
    return seconds(round((end - begin) / timedelta(milliseconds=1)))


def size(count: int) -> str:
    """1.234.567 bytes."""
    return f"{count:,}".replace(",", ".") + " bytes"


def clock(error_ms: int | None) -> str:
    """How far the clock can be off."""
    if error_ms is None:
        return "De klok van de camera is niet vergeleken: hoeveel de tijd afwijkt, is niet bekend."
    return f"De tijd kan {seconds(error_ms)} eerder of later zijn (± {seconds(error_ms)})."
