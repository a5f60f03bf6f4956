"""A day before an appointment, everybody who comes hears of it once more."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.appointments.conftest import SOON, ZONE, acting_manager, make
from tests.viewing.conftest import NOW, Scene

from beeldkluis.appointments import actions
from beeldkluis.appointments.models import Room
from beeldkluis.appointments.tasks import remind_of_appointments
from beeldkluis.cases.models import Case
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.models import Officer
from beeldkluis.web.due import for_person


def test_a_day_before_everybody_is_reminded_once_and_again_when_it_moved(granted: Scene, room: Room) -> None:
    made = make(granted, room)
    assert remind_of_appointments(SOON - timedelta(days=2)) == 0
    assert remind_of_appointments(SOON - timedelta(hours=23)) == 3
    assert remind_of_appointments(SOON - timedelta(hours=22)) == 0
    actions.move(made, at=SOON + timedelta(hours=1), room=room, because="", actor=granted.manager.as_actor, now=NOW)
    assert remind_of_appointments(SOON - timedelta(hours=21)) == 3
    assert "Inzage bij" in " ".join(one.title for one in for_person(granted.manager, SOON - timedelta(hours=1)))
    texts = [one.body["text"] for one in Outgoing.objects.filter(about="Uw afspraak van morgen")]
    assert all(granted.case.reference not in text for text in texts)


def local(day: int, hour: int) -> datetime:
    """A moment in November 2026 as people call it."""
    return datetime(2026, 11, day, hour, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("made_at", "now", "said"),
    [
        (local(1, 9), local(19, 15), "Morgen is uw afspraak"),
        (local(1, 9), local(20, 0), "Vandaag is uw afspraak"),
        (local(1, 9), local(20, 9), "Vandaag is uw afspraak"),
        (local(19, 16), local(20, 9), "Vandaag is uw afspraak"),
        (local(19, 16), local(19, 17), ""),  # who heard of it an hour ago needs no reminder
        (local(20, 8), local(20, 9), ""),
    ],
)
def test_a_reminder_says_today_or_tomorrow_by_the_calendar_and_none_follows_an_invitation_at_once(
    granted: Scene, room: Room, made_at: datetime, now: datetime, said: str
) -> None:
    actions.make(
        granted.case, room=room, moments=[local(20, 14)], minutes=45, companion=False, actor=granted.manager.as_actor,
        now=made_at,
    )  # fmt: skip
    Outgoing.objects.all().delete()
    assert remind_of_appointments(now) == (3 if said else 0)
    for one in Outgoing.objects.all():
        assert one.body["text"].startswith(said)
        assert one.about == f"Uw afspraak van {said.partition(' ')[0].lower()}"


def test_in_the_night_of_summer_time_a_reminder_waits_until_it_is_tomorrow(granted: Scene, room: Room) -> None:
    at = datetime(2027, 3, 29, 0, 15, tzinfo=ZONE).astimezone(UTC)
    made_at = datetime(2026, 11, 1, 9, tzinfo=ZONE)
    actions.make(
        granted.case, room=room, moments=[at], minutes=45, companion=False, actor=granted.manager.as_actor, now=made_at
    )
    assert remind_of_appointments(datetime(2027, 3, 27, 23, 30, tzinfo=ZONE).astimezone(UTC)) == 0
    assert remind_of_appointments(datetime(2027, 3, 28, 0, 5, tzinfo=ZONE).astimezone(UTC)) == 3


def test_another_address_reminds_nobody_twice_and_leaves_nobody_out(granted: Scene, room: Room) -> None:
    make(granted, room)
    Case.objects.update(requester_email="")
    assert remind_of_appointments(SOON - timedelta(hours=20)) == 2
    Case.objects.update(requester_email="a@example.nl", email_agreed_at=NOW)
    Officer.objects.update(email="zz@example.nl")
    assert remind_of_appointments(SOON - timedelta(hours=19)) == 1
    told = [one.body["to"] for one in Outgoing.objects.filter(about__startswith="Uw afspraak van")]
    assert sorted(told) == ["a@example.nl", "boa@example.nl", granted.manager.email]


def test_only_who_serves_now_is_reminded(granted: Scene, room: Room) -> None:
    make(granted, room)
    successor = acting_manager(granted)
    Officer.objects.update(until=NOW)
    assert remind_of_appointments(SOON - timedelta(hours=20)) == 2
    told = [one.body["to"] for one in Outgoing.objects.filter(about__startswith="Uw afspraak van")]
    assert sorted(told) == sorted([successor.email, "vrager@example.nl"])
