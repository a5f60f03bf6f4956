"""Cameras that keep local time and name no zone: their clock jumps when summer time begins or ends (work-1, work-11).

What is measured at the dock is then a whole number of hours, now; the film may be from before a change, when it was another one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import product
from zoneinfo import ZoneInfo, available_timezones

from beeldkluis.protocol.recording import SKEW
from beeldkluis.protocol.register import rule
from beeldkluis.protocol.terms import ZONE

NOTHING = timedelta(0)
MOST = timedelta(hours=3)  # no clock of any zone jumps further
SAME = timedelta(minutes=1)  # lengths that differ less say nothing about which hour it was
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Said:
    """A film's begin and end by the camera's own words, as if they were UTC, and its length; each empty when nobody knows. One of
    begin and end is there.
    """

    started: datetime | None
    ended: datetime | None
    length: timedelta | None


@dataclass(frozen=True, slots=True)
class Placed:
    """Begin and end of a film, UTC; it may also have begun so much earlier, or ended so much later."""

    started: datetime
    ended: datetime
    earlier: timedelta = NOTHING
    later: timedelta = NOTHING


@rule("recording.local-clock")
def place(said: Said, *, offset: timedelta, now: datetime, latest: datetime, zone: ZoneInfo = ZONE) -> Placed | None:
    """When a film was made by a clock that keeps local time; None for any other clock. `offset` is true time minus camera time,
    measured at `now`; a film cannot have ended after `latest`.

    The municipality's own zone: each moment is turned by what that zone's clocks said then; of the hour that comes twice, and of
    the hour that never was, the later one. The clock may also have been set by hand and stood still when others
    jumped: how much that would differ is told beside it. A whole offset of another zone: the measured offset counts, and what the
    zones with that offset could make of it is told beside it. What the clock drifts besides is kept apart from the hours.
    """
    zones = _zones(offset, now, zone)
    if not zones:
        return None
    fixed = _fixed(said, offset)
    turned = [one for each in zones for one in _turned(said, offset, now, each) if one[1] <= latest]
    if zones == (zone,) and turned:
        likely = max(turned, key=lambda one: one[1])
    elif fixed:
        likely = fixed
    else:
        return None
    every = [likely, *turned, *([fixed] if fixed and fixed[1] <= latest else [])]
    earlier, later = likely[0] - min(one[0] for one in every), max(one[1] for one in every) - likely[1]
    return Placed(*likely, min(earlier, MOST), min(later, MOST))


def _zones(offset: timedelta, now: datetime, own: ZoneInfo) -> tuple[ZoneInfo, ...]:
    """Whose local time this clock shows: the own zone, or all of which the clocks say this now; none for UTC and for a drift."""
    if abs(offset) <= SKEW:
        return ()
    if _shows(own, offset, now):
        return (own,)
    return tuple(one for one in _all() if _shows(one, offset, now))


def _shows(zone: ZoneInfo, offset: timedelta, now: datetime) -> bool:
    return abs(_drift(zone, offset, now)) <= SKEW


def _drift(zone: ZoneInfo, offset: timedelta, now: datetime) -> timedelta:
    """What is left of the offset when the hours of the zone are taken off."""
    return offset + (now.astimezone(zone).utcoffset() or NOTHING)


@lru_cache(maxsize=1)
def _all() -> tuple[ZoneInfo, ...]:
    return tuple(ZoneInfo(name) for name in sorted(available_timezones()) if "/" in name)


def _fixed(said: Said, offset: timedelta) -> Span | None:
    """By a clock that never jumped; None when it ended before it began, which only a jump can do."""
    length = said.length or NOTHING
    ended = said.ended or (said.started + length if said.started else None)
    if ended is None:
        return None
    started = said.started or ended - length
    return (started + offset, ended + offset) if started <= ended else None


def _turned(said: Said, offset: timedelta, now: datetime, zone: ZoneInfo) -> list[Span]:
    """When it may have been by the clocks of this zone: those spans that fit the film's length best."""
    drift, length = _drift(zone, offset, now), said.length or NOTHING
    begins = _moments(said.started, drift, zone) if said.started else ()
    ends = _moments(said.ended, drift, zone) if said.ended else ()
    if not begins:
        return [(one - length, one) for one in ends]
    if not ends:
        return [(one, one + length) for one in begins]
    spans = [(begin, end) for begin, end in product(begins, ends) if begin <= end]
    lasts = said.length if said.length is not None else _told(said)
    return _best(spans, lasts)


def _told(said: Said) -> timedelta:
    return max(said.ended - said.started, NOTHING) if said.started and said.ended else NOTHING


def _best(spans: Sequence[Span], lasts: timedelta) -> list[Span]:
    off = [abs(end - begin - lasts) for begin, end in spans]
    return [one for one, miss in zip(spans, off, strict=True) if miss <= min(off) + SAME]


def _moments(said: datetime, drift: timedelta, zone: ZoneInfo) -> tuple[datetime, ...]:
    """One moment, two for the hour that comes twice or never was."""
    wall = (said + drift).replace(tzinfo=None)
    found: Iterable[datetime] = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return tuple(sorted(set(found)))
