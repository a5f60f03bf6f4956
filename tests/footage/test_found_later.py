"""A bodycam, an issue or a hand-in is entered after what was filmed: recordings find camera and wearer a minute later."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beeldkluis.devices.actions import add_bodycam, confirm_wearer, hand_in, issue
from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.findings.actions import settle_finding
from beeldkluis.findings.models import Finding
from beeldkluis.footage.actions import extend, mark_destroyed
from beeldkluis.footage.models import Recording
from beeldkluis.footage.tasks import find_wearers
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.actions import add_officer
from beeldkluis.people.models import Notice, Officer, OfficerNotice, Person
from beeldkluis.web import ticking
from tests.conftest import SETUP, START
from tests.footage.conftest import BEGIN, RECEIVED, Register, a_clip, a_recording

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
pytestmark = [pytest.mark.rule("recording.officer-known", "recording.issued-before")]


@pytest.fixture
def second(db: None) -> Officer:
    return add_officer(number="1208", name="B. Bos", employment="own", since=START, actor=SETUP, now=START)


def given_out(bodycam: Bodycam, officer: Officer, at: Any = START + HOUR, now: Any = START + DAY) -> IssuePeriod:
    return issue(bodycam, officer, at=at, because="x", actor=SETUP, now=now)


def open_texts(recording: Recording) -> list[str]:
    found = Finding.objects.filter(recording=recording.pk, settled_at__isnull=True)
    return list(found.order_by("pk").values_list("text", flat=True))


@pytest.mark.slow
def test_an_issue_that_is_entered_a_day_late_is_found(
    add: Register, bodycam: Bodycam, officer: Officer, dpo: Person
) -> None:
    made = add()
    assert "aan niemand uitgegeven" in open_texts(made)[0]
    period = given_out(bodycam, officer)
    ticking.tick(START + DAY + MINUTE)
    made.refresh_from_db()
    assert (made.officer, made.period) == (officer, period)
    assert made.flags == []
    (left,) = open_texts(made)
    assert "pas na de opname ingevoerd" in left, "what was settled is settled, and what is new is said"
    settled = Finding.objects.get(recording=made.pk, settled_at__isnull=False)
    assert settled.settled_because == "De camera of de uitgifte is daarna in het register gezet."
    assert Entry.objects.filter(act="footage.wearer_found", recording=made.pk).count() == 1
    (told,) = Notice.objects.filter(receiver=dpo)
    assert "Eerst stond er: niemand. Nu staat er: handhaver 1207" in told.text
    assert Outgoing.objects.filter(channel="mail").exists()
    assert not made.wearer_stands.allowed, "nobody, until the data protection officer asked around"
    confirm_wearer(period, person=dpo, now=START + 2 * DAY)
    assert Recording.objects.select_related("period").get(pk=made.pk).wearer_stands.allowed
    assert find_wearers(START + 2 * DAY) == 0


def test_a_camera_that_is_added_afterwards_is_found_and_what_the_dock_said_stays(db: None, add: Register) -> None:
    made = add(serial="LATE-1")
    broken = add(BEGIN + HOUR, serial="LATE-1", said_apart="Het bestand is kapot.")
    other = add(BEGIN + 2 * HOUR, serial="LATE-2")
    assert made.state == broken.state == "quarantined"
    assert "Het bestand is kapot" in broken.quarantine_reason
    assert not any("kapot" in text for text in open_texts(broken)), "a finding repeats nothing from outside"
    camera = add_bodycam(
        serial="LATE-1", label="BC-9", make="P", model="P", pre_event_seconds=120, actor=SETUP, now=START + DAY
    )
    find_wearers(START + DAY)
    for one in (made, broken, other):
        one.refresh_from_db()
    assert (made.bodycam, made.state, made.quarantine_reason) == (camera, "kept", "")
    assert (broken.bodycam, broken.state, broken.quarantine_reason) == (camera, "quarantined", "Het bestand is kapot.")
    assert (other.bodycam, other.state) == (None, "quarantined")
    assert any("aan niemand uitgegeven" in text for text in open_texts(made))
    assert made.due_at == made.ended_at + 28 * DAY


def test_a_hand_in_and_an_issue_that_are_entered_late_name_the_next_officer_and_tell_the_first(
    add: Register, issued: IssuePeriod, second: Officer, dpo: Person
) -> None:
    made = add()
    assert made.officer == issued.officer
    hand_in(issued.bodycam, at=BEGIN - 20 * MINUTE, actor=SETUP, now=START + DAY)
    find_wearers(START + DAY)
    made.refresh_from_db()
    assert (made.officer, made.flags) == (None, ["recording.officer-known"])
    given_out(issued.bodycam, second, at=BEGIN - 10 * MINUTE, now=START + DAY + HOUR)
    find_wearers(START + DAY + HOUR)
    made.refresh_from_db()
    assert made.officer == second
    assert not made.wearer_stands.allowed
    assert OfficerNotice.objects.filter(officer=issued.officer, text__contains="niet bij u was").exists()
    texts = list(Notice.objects.filter(receiver=dpo).order_by("pk").values_list("text", flat=True))
    assert "Eerst stond er: handhaver 1207. Nu staat er: niet bekend" in texts[0]
    assert "Nu staat er: handhaver 1208" in texts[1]


def test_a_hand_in_at_the_end_of_the_shift_changes_nothing(add: Register, issued: IssuePeriod, dpo: Person) -> None:
    made = add()
    find_wearers(RECEIVED)
    hand_in(issued.bodycam, at=RECEIVED, actor=SETUP, now=RECEIVED)
    entries = Entry.objects.count()
    assert find_wearers(RECEIVED + MINUTE) == 0
    assert Entry.objects.count() == entries
    made.refresh_from_db()
    assert made.officer == issued.officer
    assert not Notice.objects.exists()


def test_what_is_destroyed_or_in_dispute_stays_as_it_is(
    add: Register, bodycam: Bodycam, officer: Officer, second: Officer
) -> None:
    gone = add()
    mark_destroyed(gone.pk, rules=("retention.period",), actor=SETUP, now=RECEIVED)
    given_out(bodycam, officer, now=START + HOUR)
    disputed = add(BEGIN + 3 * HOUR)
    hand_in(bodycam, at=BEGIN + HOUR, actor=SETUP, now=RECEIVED)
    given_out(bodycam, second, at=BEGIN + 2 * HOUR, now=RECEIVED)
    extend(disputed, a_recording(BEGIN + 3 * HOUR + 5 * MINUTE, clips=(a_clip(1),)), actor=SETUP, now=RECEIVED)
    find_wearers(RECEIVED + HOUR)
    for one in (gone, disputed):
        one.refresh_from_db()
        assert one.officer is None
    assert disputed.wearer_disputed


def test_what_a_person_settled_is_not_raised_again(
    add: Register, bodycam: Bodycam, officer: Officer, team_manager: Person
) -> None:
    made = add(lasts=3 * 3600)
    long = Finding.objects.get(recording=made.pk, rule="recording.long")
    settle_finding(long, because="Nagevraagd.", actor=team_manager.as_actor, now=RECEIVED)
    given_out(bodycam, officer)
    find_wearers(START + DAY)
    assert Finding.objects.filter(recording=made.pk, rule="recording.long").count() == 1


@pytest.mark.slow
def test_one_notice_for_a_day_of_recordings_and_no_more_questions_for_more_of_them(
    add: Register, bodycam: Bodycam, officer: Officer, dpo: Person
) -> None:
    for n in range(12):
        add(BEGIN + n * 10 * MINUTE)
    given_out(bodycam, officer)
    assert find_wearers(START + DAY) == 12
    (told,) = Notice.objects.filter(receiver=dpo)
    assert "en bij nog 11 opnames" in told.text

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert find_wearers(START + 2 * DAY) == 0
        return len(seen)

    hand_in(bodycam, at=RECEIVED, actor=SETUP, now=RECEIVED)
    few = asked()
    assert asked() == 1, "nothing was entered since"
    for n in range(30):
        add(BEGIN + 3 * HOUR + n * 5 * MINUTE, now=RECEIVED)
    given_out(bodycam, officer, at=RECEIVED, now=RECEIVED)
    assert asked() == few
