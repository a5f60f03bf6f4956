"""What list, reminders, notices and journal say of recordings: which, of whom, when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from beeldkluis.devices.actions import hand_in, issue
from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.footage import queries
from beeldkluis.footage.actions import mark_destroyed, place_hold
from beeldkluis.footage.models import Observation, Recording
from beeldkluis.footage.observation_actions import observe
from beeldkluis.footage.tasks import find_wearers, remind_of_observations
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.actions import add_officer
from beeldkluis.people.models import Notice, Officer, OfficerNotice, Person
from tests.conftest import SETUP, START
from tests.footage.conftest import BEGIN, RECEIVED, Register
from tests.lines import lines
from tests.protocol.test_observation import FINE

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def test_the_journal_says_which_recording_of_which_camera_goes_when(add: Register, issued: IssuePeriod) -> None:
    add()
    said = "Opname 1 ontvangen van camera SIM-0007, te vernietigen op 2026-10-29T10:05:00.000Z"
    assert lines("footage.recording_registered") == [said]


def test_the_list_of_a_day_has_what_was_filmed_then_and_not_what_came_in_then(add: Register, bodycam: Bodycam) -> None:
    made = add(now=START + 3 * DAY)
    day = START.replace(hour=0)
    assert list(queries.page(1, since=day, until=day + DAY)) == [made]
    assert list(queries.page(1, since=day + DAY)) == list(queries.page(1, until=day)) == []


def test_a_hold_is_looked_at_again_on_its_very_moment(add: Register, bodycam: Bodycam) -> None:
    hold = place_hold(add().pk, rule="retention.hold-on-request", case="2026-0001", actor=SETUP, now=RECEIVED)
    assert queries.to_review(hold.review_at - timedelta(microseconds=1)) == []
    assert queries.to_review(hold.review_at) == ["2026-0001"]


def test_the_latest_end_adds_what_may_be_later_and_the_earliest_start_what_may_be_earlier(add: Register) -> None:
    made = add(may_begin_earlier_ms=1_000, may_end_later_ms=2_000)
    assert made.earliest_start == made.started_at - timedelta(seconds=1)
    assert made.latest_end == made.ended_at + timedelta(seconds=2)


def test_every_word_of_an_observation_goes_with_the_footage(
    team_manager: Person, issued: IssuePeriod, add: Register
) -> None:
    made = add()
    words = {"facts": "Er werd geduwd.", "warning_because": "te snel", "place_because": "in een portiek"}
    told = replace(FINE, warning="not_possible", place="other", **words)
    observe(made, told, actor=team_manager.as_actor, now=RECEIVED)
    mark_destroyed(made.pk, rules=["retention.period"], actor=SETUP, now=RECEIVED)
    left = Observation.objects.get()
    assert [getattr(left, name) for name in words] == ["", "", ""]


def test_a_reminder_names_the_recording_and_what_to_do(issued: IssuePeriod, officer: Officer, add: Register) -> None:
    Officer.objects.filter(pk=officer.pk).update(email="boa@example.nl")
    made = add()
    remind_of_observations(RECEIVED + 3 * DAY)
    mail = Outgoing.objects.get()
    assert mail.about == f"Waarneming ontbreekt bij opname {made}"
    assert mail.body["text"].startswith(f"Bij opname {made} ontbreekt nog de waarneming")
    assert lines("footage.observation_reminded") == ["Herinnerd aan de waarneming"]


@pytest.fixture
def second(db: None) -> Officer:
    return add_officer(number="1208", name="B. Bos", employment="own", since=START, actor=SETUP, now=START)


def test_who_wore_a_camera_before_is_told_and_who_wears_it_by_now_is_not(
    add: Register, issued: IssuePeriod, second: Officer, dpo: Person
) -> None:
    made = add()
    hand_in(issued.bodycam, at=BEGIN - 20 * MINUTE, actor=SETUP, now=START + DAY)
    issue(issued.bodycam, second, at=BEGIN - 10 * MINUTE, because="x", actor=SETUP, now=START + DAY)
    find_wearers(START + DAY)
    assert Recording.objects.get(pk=made.pk).officer == second
    (told,) = Notice.objects.filter(receiver=dpo)
    assert told.text.startswith("Wie camera BC-0007 droeg op 01-10-2026 12:02, is pas na de opname ingevoerd")
    assert "Eerst stond er: handhaver 1207. Nu staat er: handhaver 1208." in told.text
    (own,) = OfficerNotice.objects.all()
    assert own.officer == issued.officer
    assert own.text.startswith("Op 01-10-2026 12:02 had u camera BC-0007.")
    said = "Camera en drager opnieuw bepaald, omdat de uitgifte later is ingevoerd of gewijzigd"
    assert lines("footage.wearer_found") == [said]
