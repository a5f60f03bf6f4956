"""The calendar file beside an invitation (iCalendar, RFC 5545; its exchange, RFC 5546). It says when and where, never why."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Beeldkluis//Afspraken//NL"
IN_AN_ADDRESS = "@!$'()*+,:~"  # what stands in a mailto: address as it is (RFC 6068)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """An appointment as one recipient gets it: its name for ever, its revision, when, how long in minutes, and where.
    `organiser` is the municipality's own address and `attendee` the recipient's; each is empty when there is none.
    """

    uid: UUID
    sequence: int
    at: datetime
    minutes: int
    place: str
    municipality: str
    organiser: str
    attendee: str = ""
    cancelled: bool = False


def calendar(meeting: Meeting, *, made_at: datetime) -> bytes:
    """The file that a calendar program reads: a meeting, its newer revision, or that it does not go on. Moments are in UTC, so
    that no program needs to know our time zone.
    """
    event, at = Event(), meeting.at.astimezone(UTC)
    event.add("uid", f"{meeting.uid}@beeldkluis")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("dtstart", at)
    event.add("dtend", at + timedelta(minutes=meeting.minutes))
    event.add("summary", f"Afspraak gemeente {meeting.municipality}")
    event.add("location", vText(meeting.place))
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    if method := _method(meeting):
        made.add("method", method)
        event.add("organizer", _address(meeting.organiser))
        if meeting.attendee:
            event.add("attendee", _attendee(meeting.attendee))
    made.add_component(event)
    return bytes(made.to_ical())


def _method(meeting: Meeting) -> str:
    """What the file asks of a calendar program. Each method needs an organiser, and REQUEST an attendee (RFC 5546, 3.2); without
    an organiser it is a plain file, which a person opens and keeps.
    """
    if not meeting.organiser:
        return ""
    if meeting.cancelled:
        return "CANCEL"
    return "REQUEST" if meeting.attendee else "PUBLISH"


def _attendee(address: str) -> vCalAddress:
    """No answer is asked: nobody reads answers at the municipality's address, and who cannot come says so."""
    attendee = _address(address)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    attendee.params["RSVP"] = vText("FALSE")
    return attendee


def _address(address: str) -> vCalAddress:
    return vCalAddress(f"mailto:{quote(address, safe=IN_AN_ADDRESS)}")
