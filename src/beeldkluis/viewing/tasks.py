"""What the tick does for viewings."""

from datetime import datetime

from beeldkluis.documents.words import day_and_time
from beeldkluis.journal.actor import Actor
from beeldkluis.people.acknowledgement_actions import remind_once
from beeldkluis.viewing.actions import close_expired
from beeldkluis.viewing.appointment_actions import cancel_of_closed, officers_of, place_of
from beeldkluis.viewing.appointment_queries import tomorrows
from beeldkluis.viewing.copy_actions import ask_again
from beeldkluis.viewing.models import Appointment
from beeldkluis.viewing.presence_actions import end_expired

ACTOR = Actor.system("viewing")
TEXT = """Morgen is uw afspraak bij de gemeente: {at}, in {place}. Het duurt ongeveer {minutes} minuten.

Kunt u niet? Laat het dan zo snel mogelijk weten.
"""


def close_what_is_over(now: datetime) -> None:
    """Close openings and viewings that are over or left alone, call off what has no ground any more, and give viewing copies
    to another worker when theirs is gone.
    """
    close_expired(actor=ACTOR, now=now)
    end_expired(actor=ACTOR, now=now)
    cancel_of_closed(actor=ACTOR, now=now)
    ask_again(actor=ACTOR, now=now)


def remind_of_appointments(now: datetime) -> int:
    """A mail a day before to everybody who comes and has an address. How many were queued."""
    return sum(_remind(one, to, now) for one in tomorrows(now) for to in sorted(_addresses(one)))


def _addresses(appointment: Appointment) -> set[str]:
    everybody = [appointment.case.requester_email, appointment.made_by.email]
    everybody += [one.email for one in officers_of(appointment)]
    return {one for one in everybody if one}


def _remind(appointment: Appointment, to: str, now: datetime) -> bool:
    assert appointment.at is not None  # noqa: S101 - only those with a moment are asked for
    text = TEXT.format(at=day_and_time(appointment.at), place=place_of(appointment), minutes=appointment.minutes)
    who = sorted(_addresses(appointment)).index(to)
    key = f"appointment/{appointment.pk}/{appointment.sequence}/{who}"
    return remind_once(key, to=to, subject="Uw afspraak van morgen", text=text, actor=ACTOR, now=now)
