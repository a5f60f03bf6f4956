"""What pages, declaration and journal say of destruction: which moment, how many, by whom it may be confirmed."""

import re
from datetime import timedelta

import pytest
from tests.lines import lines
from tests.retention.test_pages import on_the_day, signed_in  # noqa: F401 - the fixture is used by its name
from tests.retention.world import ACTOR, DUE, World

from beeldkluis.documents.words import ZONE
from beeldkluis.journal import clock
from beeldkluis.people.models import Person
from beeldkluis.protocol.verdict import Refused
from beeldkluis.retention import actions, queries, tasks
from beeldkluis.retention.clock_actions import clock_is_believed
from beeldkluis.retention.declaration_queries import before, declaration, month

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_BEFORE = DUE - 70 * DAY


def words(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def test_the_steps_themselves_ask_who_confirms(
    world: World, manager: Person, inspector: Person, keeper: Person
) -> None:
    brake = actions.pull_brake(recordings=[world.receive().pk], because="Er staan er veel klaar.", actor=ACTOR, now=DUE)
    with pytest.raises(Refused, match="Dit kan alleen de teammanager of functionaris gegevensbescherming"):
        actions.confirm_brake(brake.pk, person=keeper, actor=keeper.as_actor, now=DUE)
    for person in (manager, inspector):
        actions.confirm_brake(brake.pk, person=person, actor=person.as_actor, now=DUE)
    assert lines("retention.brake_pulled") == [f"Vernietiging {brake.pk} gestopt. Er staan er veel klaar."]
    confirmed = lines("retention.brake_confirmed")
    assert confirmed == [f"Gestopte vernietiging {brake.pk} bevestigd ({count} van 2)" for count in (1, 2)]


def test_the_journal_names_rule_and_version(world: World) -> None:
    world.receive()
    tasks.round_(DUE)
    (said,) = lines("retention.recording_destroyed")
    assert said == "Opname vernietigd volgens ['retention.period', 'retention.no-request'], protocolversie 1"


def test_the_overview_gives_the_day_of_destruction_and_only_the_past_week(world: World, manager: Person) -> None:
    gone = world.receive()
    tasks.round_(DUE)
    coming = world.receive(ended=DUE - 23 * DAY)
    text = words(signed_in(manager).get("/vernietigen/").content)
    assert f"{coming} 06-10-2026 21:55 03-11-2026 21:00" in text  # begin in summer time, destruction in winter time
    assert f"{gone} 29-10-2026 21:00 Verklaring van {gone}" in text
    assert [one for one, _row in queries.recently_destroyed(DUE + 7 * DAY)] == [gone]
    assert queries.recently_destroyed(DUE + 7 * DAY + HOUR) == []


def test_the_certificate_says_each_moment_where_it_belongs(world: World, keeper: Person) -> None:
    recording = world.receive()
    tasks.round_(DUE + 2 * HOUR)
    text = words(signed_in(keeper).get(f"/opnames/{recording.pk}/vernietiging/").content)
    for said in (
        "Bewaartermijn voorbij 29-10-2026 21:00",
        "Sleutel vernietigd 29-10-2026 23:00, in de sleutelmap en de reservesleutelmap",
        "Bestanden verwijderd 29-10-2026 23:00",
    ):
        assert said in text, text


def test_a_declaration_begins_at_the_first_minute_of_its_month_here(world: World) -> None:
    recording = world.receive()
    tasks.round_(DUE)
    recording.refresh_from_db()
    assert recording.destroyed_at is not None
    first = recording.destroyed_at.astimezone(ZONE).replace(day=1, hour=0, minute=0)
    for moment, inside in ((first, True), (first - timedelta(minutes=1), False)):
        type(recording).objects.filter(pk=recording.pk).update(destroyed_at=moment)
        told = declaration(*month(first), DUE + 70 * DAY)
        assert told is not None
        assert bool(told.lines) is inside, moment
    assert before(2027, 1) == (2026, 12)


@pytest.fixture
def long_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """When everything is written that the clock is held against."""
    monkeypatch.setattr(clock, "now", lambda: LONG_BEFORE)


def test_while_the_clock_is_asked_about_nothing_goes(
    long_before: None, world: World, manager: Person, inspector: Person
) -> None:
    recording = world.receive()
    assert clock_is_believed(actor=ACTOR, now=LONG_BEFORE)
    done = tasks.round_(DUE)
    assert (done.destroyed, done.stopped) == ([], 1)
    assert world.still_opens(recording)
    (brake,) = queries.waiting_brakes()
    for person in (manager, inspector):
        actions.confirm_brake(brake.pk, person=person, actor=person.as_actor, now=DUE)
    assert tasks.round_(DUE).destroyed == [recording.pk]
    said = lines("retention.brake_finished")
    assert said == [f"Gestopte vernietiging {brake.pk} afgehandeld: Twee mensen keken naar de klok."]


def test_a_clock_that_is_right_again_ends_its_stop_with_those_words(long_before: None, world: World) -> None:
    world.receive()
    assert clock_is_believed(actor=ACTOR, now=LONG_BEFORE)
    assert not clock_is_believed(actor=ACTOR, now=DUE)
    assert clock_is_believed(actor=ACTOR, now=LONG_BEFORE + HOUR)
    assert lines("retention.brake_finished")[0].endswith("afgehandeld: De klok loopt weer goed.")


def test_what_is_held_is_late_with_its_reason_and_what_nothing_holds_is_a_fault(world: World) -> None:
    held, forgotten = world.receive(), world.receive()
    world.hold(held, DUE - DAY)
    found = {one.recording: one.because for one in queries.overdue(DUE + 2 * HOUR)}
    assert found == {held.pk: ("retention.hold-on-request",), forgotten.pk: ()}
