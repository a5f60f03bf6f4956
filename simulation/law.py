"""Days and terms of the law as the texts of the law say them, computed anew: nothing here comes from the program.

Awb 6:7, 6:8 and 6:9(2): six weeks from the day after the letter left, and a week more for what was posted in time.
Algemene termijnenwet, article 1: a last day that is a Saturday, a Sunday or a public holiday moves to the next working day;
article 3 names the holidays, paragraph 3 those of a royal decree.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
DECREED = frozenset(
    {date(2026, 1, 2), date(2026, 5, 15), date(2027, 5, 7), date(2028, 4, 28), date(2028, 5, 26)}
)  # the decree for 2026, 2027 and 2028
SUNDAY = 6


def easter(year: int) -> date:
    """Easter Sunday: the full moon of spring by the golden number, then the next Sunday (Oudin, 1940)."""
    golden, century = year % 19, year // 100
    epact = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon = epact - (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    after = moon - weekday
    month = 3 + (after + 40) // 44
    return date(year, month, after + 28 - 31 * (month // 4))


@lru_cache(maxsize=64)
def days_off(year: int) -> frozenset[date]:
    """Public holidays of the law in that year, Sundays left out."""
    sunday = easter(year)
    king = date(year, 4, 26) if date(year, 4, 27).weekday() == SUNDAY else date(year, 4, 27)
    fixed = [date(year, 1, 1), king, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)]
    moving = [sunday - timedelta(days=2), *(sunday + timedelta(days=days) for days in (1, 39, 50))]
    return frozenset([*fixed, *moving, *(one for one in DECREED if one.year == year)])


def works(day: date) -> bool:
    """Is it a working day of the law?"""
    return day.weekday() < SUNDAY - 1 and day not in days_off(day.year)


def last_day(first: date, days: int) -> date:
    """The last day of a term of so many days after `first`, moved to a working day."""
    day = first + timedelta(days=days)
    while not works(day):
        day += timedelta(days=1)
    return day


def same_date_after(first: date, months: int) -> date:
    """The last day of a term of so many months (Regulation 1182/71, article 3), moved to a working day."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    after = date(year + 1, 1, 1) if month == 11 else date(year, month + 2, 1)
    day = min(first.day, (after - timedelta(days=1)).day)
    return last_day(date(year, month + 1, day), 0)


def midnight_after(day: date) -> datetime:
    """The end of that day, where the municipality is."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


def objection_day(sent: datetime) -> date:
    """The last day to object to what left at `sent`."""
    return last_day(sent.astimezone(ZONE).date(), 42)


def final_from(sent: datetime) -> datetime:
    """From when nobody can object any more, by post either."""
    return midnight_after(objection_day(sent) + timedelta(days=7))
