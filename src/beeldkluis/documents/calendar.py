"""The calendar file beside an invitation (iCalendar, RFC 5545; its exchange, RFC 5546). It says when and where, never why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Beeldkluis//Afspraken//NL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """An appointment: its name for ever, its revision, when (UTC), how long in minutes, and where. `organiser` is the
    municipality's own address; empty when it has none.
    """

    uid: UUID
    sequence: int
    at: datetime
    minutes: int
    place: str
    municipality: str
    organiser: str
    cancelled: bool = False


def calendar(meeting: Meeting, *, made_at: datetime) -> bytes:
    """The file that a calendar program reads: a meeting, its newer revision, or that it does not go on."""
    event = Event()
    event.add("uid", f"{meeting.uid}@beeldkluis")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", made_at)
    event.add("dtstart", meeting.at)
    event.add("dtend", meeting.at + timedelta(minutes=meeting.minutes))
    event.add("summary", f"Afspraak gemeente {meeting.municipality}")
    event.add("location", vText(meeting.place))
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if meeting.organiser:
        event.add("organizer", vCalAddress(f"mailto:{meeting.organiser}"))
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "CANCEL" if meeting.cancelled else "REQUEST" if meeting.organiser else "PUBLISH")
    made.add_component(event)
    return bytes(made.to_ical())
