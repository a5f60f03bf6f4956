"""What the tick does for viewings."""

from datetime import datetime, timedelta

from django.utils import timezone

from beeldkluis.documents.words import day_and_time
from beeldkluis.journal.actor import Actor
from beeldkluis.people.acknowledgement_actions import Mail, remind_each
from beeldkluis.people.models import Person
from beeldkluis.people.queries import team_manager
from beeldkluis.viewing.actions import close_expired
from beeldkluis.viewing.appointment_actions import cancel_of_closed, note_over, place_of
from beeldkluis.viewing.appointment_queries import officers_of, tomorrows
from beeldkluis.viewing.models import Appointment
from beeldkluis.viewing.presence_actions import end_expired

ACTOR = Actor.system("viewing")
FRESH = timedelta(hours=12)  # who was told of the moment shorter ago, still knows
DAYS = ("vandaag", "morgen")  # by how many midnights come between
TEXT = """{day} is uw afspraak bij de gemeente: {at}, in {place}. Het duurt ongeveer {minutes} minuten.

Kunt u niet? Laat het dan zo snel mogelijk weten.
"""


def close_what_is_over(now: datetime) -> None:
    """Close openings and viewings that are over or left alone, note which appointments are over, call off what has no ground
    any more.
    """
    close_expired(actor=ACTOR, now=now)
    end_expired(actor=ACTOR, now=now)
    note_over(actor=ACTOR, now=now)
    cancel_of_closed(actor=ACTOR, now=now)


def remind_of_appointments(now: datetime) -> int:
    """A mail a day before to everybody who comes and has an address. How many were queued."""
    due = [one for one in tomorrows(now) if now - (one.told_at or one.made_at) >= FRESH]
    manager = team_manager()
    mails = (_mail(one, who, to, now) for one in due for to, who in _addresses(one, manager).items())
    return remind_each((one for one in mails if one is not None), actor=ACTOR, now=now)


def _addresses(appointment: Appointment, manager: Person | None) -> dict[str, str]:
    """Each address once, with who it is by role and pseudonym: that stays when somebody gets another address."""
    everybody = [(one.email, f"officer-{one.pseudonym}") for one in officers_of(appointment)]
    everybody += [(manager.email, f"team-manager-{manager.pseudonym}")] if manager else []
    everybody.append((appointment.case.by_email, "requester"))
    return {address: who for address, who in everybody if address}


def _mail(appointment: Appointment, who: str, to: str, now: datetime) -> Mail | None:
    assert appointment.at is not None  # noqa: S101 - only those with a moment are asked for
    midnights = (timezone.localdate(appointment.at) - timezone.localdate(now)).days
    if midnights >= len(DAYS):  # the night in which the clock goes forward: a day from now is the day after tomorrow
        return None
    day = DAYS[midnights]
    at, place = day_and_time(appointment.at), place_of(appointment)
    text = TEXT.format(day=day.capitalize(), at=at, place=place, minutes=appointment.minutes)
    key = f"appointment/{appointment.pk}/{appointment.sequence}/{who}"
    return Mail(key=key, to=to, subject=f"Uw afspraak van {day}", text=text, case=appointment.case.reference)
