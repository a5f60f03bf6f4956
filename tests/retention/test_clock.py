"""A clock that jumps, and many at once where few are kept: nothing goes until two people looked."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.retention.test_pages import signed_in
from tests.retention.test_round import confirm
from tests.retention.world import ACTOR, DUE, ENDED, World, ids

from beeldkluis.findings.models import Finding
from beeldkluis.journal import clock
from beeldkluis.journal.clock import Uptime
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.retention import queries, tasks
from beeldkluis.retention.clock_actions import clock_is_believed
from beeldkluis.retention.models import Brake
from beeldkluis.web import ticking

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SECOND, MINUTE, HOUR, DAY, YEAR = (
    timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=365),
)  # fmt: skip
NOW = ENDED + 2 * DAY


class Machine:
    """A server: `on` lets it run; what its clock says beside that is set apart."""

    def __init__(self) -> None:
        self.clock, self.ran, self.boot = NOW, 5000, "a"

    def on(self, span: timedelta, ahead: timedelta = timedelta(0)) -> bool:
        self.clock += span + ahead
        self.ran += int(span.total_seconds())
        return self.look()

    def starts(self, off: timedelta, ahead: timedelta = timedelta(0)) -> bool:
        self.clock += off + ahead + MINUTE
        self.ran, self.boot = 60, self.boot + "a"
        return self.look()

    def look(self) -> bool:
        return clock_is_believed(actor=ACTOR, now=self.clock, uptime=Uptime(self.boot, self.ran))


@pytest.fixture
def machine(world: World) -> Machine:
    made = Machine()
    assert made.look()
    return made


@pytest.mark.rule("retention.brake")
@pytest.mark.parametrize("kept", [11, 40])
def test_a_clock_a_year_ahead_that_no_round_saw_before_destroys_nothing(world: World, kept: int) -> None:
    """A first round: there is nothing to hold the clock against, and all that is kept is far from what goes on a day."""
    for number in range(kept):
        world.receive(ended=ENDED + timedelta(minutes=10 * number))
    assert tasks.round_(NOW + YEAR).destroyed == []
    assert f"Er staan {kept} opnames tegelijk klaar" in Brake.objects.get().because


@pytest.mark.rule("retention.clock-jump")
@pytest.mark.parametrize("kept", [1, 3, 12])
def test_a_clock_a_year_ahead_for_a_minute_destroys_nothing_however_few_there_are(world: World, kept: int) -> None:
    made = [world.receive(ended=ENDED + timedelta(minutes=10 * number)) for number in range(kept)]
    tasks.round_(NOW)
    ahead = max(NOW, clock.now()) + YEAR
    for minute in range(3):
        done = tasks.round_(ahead + minute * MINUTE)
        assert (done.destroyed, done.stopped) == ([], kept)
    brake = Brake.objects.get()
    assert "De klok van de server sprong 36" in brake.because
    (finding,) = Finding.objects.filter(rule="retention.brake")
    assert "Twee mensen moeten dit bevestigen" in finding.text
    assert {one.because for one in queries.overdue(ahead)} == {("retention.brake",)}
    assert tasks.round_(NOW + 3 * MINUTE).destroyed == []
    brake.refresh_from_db()
    assert brake.finished_at is not None
    assert "De klok loopt weer goed." in Entry.objects.get(act="retention.brake_finished").data.decode()
    for day in range(5, 28, 5):
        tasks.round_(NOW + day * DAY)
    assert all(world.still_opens(one) for one in made)


@pytest.mark.rule("retention.clock-jump")
def test_two_people_who_looked_at_the_clock_let_destruction_go_on(
    world: World, manager: Person, inspector: Person
) -> None:
    recording = world.receive()
    tasks.round_(NOW)
    late = max(NOW, clock.now()) + YEAR
    assert tasks.round_(late).stopped == 1
    brake = Brake.objects.get()
    confirm(brake, manager, late)
    assert tasks.round_(late + MINUTE).destroyed == []
    confirm(brake, inspector, late)
    assert tasks.round_(late + 2 * MINUTE).destroyed == [recording.pk]
    assert Brake.objects.filter(finished_at=None).count() == 0


def test_the_page_of_a_jump_says_what_time_it_is_and_what_would_go(
    world: World, manager: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = world.receive()
    tasks.round_(NOW)
    moment = datetime(2126, 10, 3, 20, 0, tzinfo=UTC)
    tasks.round_(moment)
    monkeypatch.setattr(clock, "now", lambda: moment)
    client, brake = signed_in(manager), Brake.objects.get()
    assert "Bekijken en bevestigen" in client.get("/vernietigen/").content.decode()
    text = client.get(f"/vernietigen/{brake.pk}/").content.decode()
    assert "Volgens de server is het nu" in text
    assert "2126" in text
    assert "Ik heb gekeken: de klok klopt" in text
    assert str(recording) in text


@pytest.mark.rule("retention.clock-jump")
@pytest.mark.parametrize("ahead", [20 * MINUTE, 3 * HOUR, 3 * DAY, YEAR])
def test_a_jump_beside_the_running_time_of_the_machine_stops_every_round_until_it_is_undone(
    world: World, machine: Machine, ahead: timedelta
) -> None:
    world.receive(ended=machine.clock + ahead - timedelta(days=28) - MINUTE, received=ENDED)
    assert machine.on(MINUTE)
    assert not machine.on(MINUTE, ahead)
    assert tasks.round_(machine.clock).destroyed == []
    assert tasks.round_(machine.clock + HOUR).destroyed == []
    assert not machine.on(5 * HOUR)
    assert machine.on(MINUTE, -ahead)
    assert Brake.objects.filter(finished_at=None).count() == 0


@pytest.mark.rule("retention.clock-jump")
def test_a_clock_that_creeps_ahead_adds_up(machine: Machine) -> None:
    believed = [machine.on(MINUTE, 5 * MINUTE) for _ in range(6)]
    assert believed == [True] * 3 + [False] * 3


@pytest.mark.rule("retention.clock-jump")
def test_ordinary_days_nights_off_and_corrections_ask_nobody(machine: Machine) -> None:
    for _ in range(40):
        assert machine.on(DAY, 30 * SECOND)
        assert machine.on(HOUR, -25 * SECOND)
    assert machine.starts(10 * HOUR)
    assert machine.on(20 * DAY), "a program that stood still on a machine that ran"
    assert not Brake.objects.exists()


@pytest.mark.rule("retention.clock-jump")
def test_a_machine_that_starts_with_another_year_destroys_nothing(machine: Machine) -> None:
    assert not machine.starts(HOUR, YEAR)
    assert not machine.on(5 * DAY)
    assert machine.on(HOUR, -YEAR)


@pytest.mark.rule("retention.brake")
def test_few_that_fall_due_on_one_day_need_nobody_and_more_than_a_share_does(world: World) -> None:
    small = [world.receive() for _ in range(2)]
    world.receive(ended=ENDED + 10 * DAY)
    assert set(tasks.round_(DUE).destroyed) == ids(small)
    crowd = [world.receive(ended=ENDED + DAY) for _ in range(11)]
    done = tasks.round_(DUE + DAY)
    assert (done.destroyed, done.stopped) == ([], len(crowd))


def test_what_waits_for_the_next_round_after_two_people_confirmed_is_not_overdue(
    world: World, manager: Person, inspector: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(12):
        world.receive()
    other = world.receive(ended=ENDED + MINUTE)
    tasks.round_(DUE)
    later = DUE + 9 * HOUR
    assert {one.because for one in queries.overdue(later)} == {("retention.brake",)}, "the one beside the list too"
    for person in (manager, inspector):
        confirm(Brake.objects.get(), person, later)
    monkeypatch.setattr(tasks, "BATCH", 5)
    assert tasks.round_(later + MINUTE).left > 0
    found = {one.recording: one.because for one in queries.overdue(later + MINUTE)}
    assert found.pop(other.pk, ()) == ()
    assert set(found.values()) == {("retention.brake",)}
    assert () in {one.because for one in queries.overdue(later + 2 * HOUR)}, "an hour after they did it is a fault"


def test_the_tick_looks_at_the_machine_s_clock_before_anything_goes_by_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = world.receive(ended=clock.now() - timedelta(days=27), received=clock.now() - timedelta(days=27))
    jobs = {name: ticking.HERE[name] for name in ("klok", "bewaartermijn")}
    assert next(iter(ticking.HERE)) == "klok"
    now: datetime = clock.now()
    assert ticking.tick(now, jobs) == []
    assert ticking.tick(now + 2 * DAY, jobs) == []
    assert world.still_opens(recording)
    assert Brake.objects.filter(finished_at=None).count() == 1
