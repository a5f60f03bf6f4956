"""Moments, lengths and sizes as a receiver reads them, in Dutch and in the municipality's own time."""

from datetime import datetime, timedelta

from beeldkluis.bag.contents import Package, PartOf
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


def part(of: PartOf | None) -> str:
    """What a cut clip is a part of; empty for a whole one."""
    if of is None:
        return ""
    return (
        f". Dit is een deel, van {length(of.from_ms)} tot {length(of.to_ms)}, van een langer bestand. Het is geknipt zonder de "
        f"beelden opnieuw te maken. Het hele bestand heeft {size(of.size)} en SHA-256 {of.sha256}"
    )


def state(package: Package) -> str:
    """Whether the files are as they were taken in; what happened in the camera before that nobody here can know."""
    if all(clip.part_of is None for recording in package.recordings for clip in recording.clips):
        return "De bestanden zijn zoals ze van de camera binnenkwamen. Daarna is er niets aan veranderd."
    return (
        "Waar dat bij een bestand staat, is er een deel uit geknipt. De andere bestanden zijn zoals ze van de camera "
        "binnenkwamen."
    )


def name(camera: str) -> str:
    """A name as the camera gave it. What no screen shows, or turns a line about, is written out in codes."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in camera)
