"""Moments as a letter says them, in the municipality's own time."""

from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip


def day(moment: datetime) -> str:
    """1 december 2026."""
    local = moment.astimezone(ZONE)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def day_and_time(moment: datetime) -> str:
    """1 december 2026 om 14.30 uur."""
    return f"{day(moment)} om {moment.astimezone(ZONE):%H.%M} uur"


def span(start: datetime, end: datetime) -> str:
    """From one moment to another; the day once when both are on it, and the moment once when they are the same."""
    if start == end:
        return f"{day(start)}, rond {start.astimezone(ZONE):%H.%M} uur"
    if day(start) == day(end):
        return f"{day(start)}, tussen {start.astimezone(ZONE):%H.%M} en {end.astimezone(ZONE):%H.%M} uur"
    return f"tussen {day_and_time(start)} en {day_and_time(end)}"
