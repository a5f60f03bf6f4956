from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.retention.world import ACTOR, DUE, ENDED, World

from beeldkluis.findings.models import Finding
from beeldkluis.footage.actions import release_hold
from beeldkluis.footage.models import Hold, Recording
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.register import load
from beeldkluis.protocol.retention import Destroy, Keep
from beeldkluis.protocol.verdict import Refused
from beeldkluis.retention import actions, queries, tasks
from beeldkluis.retention.models import Brake
from beeldkluis.vault import actions as vault
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.queries import certificate

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SECOND = timedelta(seconds=1)


@pytest.fixture
def narrow_brake(tmp_path: Path, settings: object) -> None:
    """A protocol whose brake stops at more than two recordings."""
    text = Path(settings.PROTOCOL_FILE).read_text(encoding="utf-8")  # type: ignore[attr-defined] # pytest-django's settings
    narrow = tmp_path / "narrow.toml"
    assert "recordings = 200" in text
    narrow.write_text(text.replace("recordings = 200", "recordings = 2"), encoding="utf-8")
    assert load(narrow).number("retention.brake", "recordings") == 2
    settings.PROTOCOL_FILE = narrow  # type: ignore[attr-defined] # pytest-django's settings


@pytest.mark.rule("retention.period")
def test_not_a_second_early_and_at_the_first_round_after(world: World) -> None:
    recording = world.receive()
    assert tasks.round_(DUE - SECOND).destroyed == []
    assert world.still_opens(recording)
    done = tasks.round_(DUE)
    assert done.destroyed == [recording.pk]
    assert done.problems == []
    assert not world.still_opens(recording)
    assert tasks.round_(DUE + SECOND).destroyed == []


@pytest.mark.rule("retention.no-request")
def test_a_destroyed_recording_has_a_certificate_and_entries_that_name_the_rules(world: World) -> None:
    recording = world.receive(clips=2)
    tasks.round_(DUE + SECOND)
    recording.refresh_from_db()
    assert recording.state == Recording.State.DESTROYED
    found = certificate(recording.pk)
    assert found is not None
    assert found.rules == ("retention.period", "retention.no-request")
    assert found.due_at == DUE
    assert found.certified_at == DUE + SECOND
    assert len(found.objects) == 2
    acts = list(Entry.objects.filter(recording=recording.pk).order_by("number").values_list("act", flat=True))
    wanted = [
        "vault.destruction_begun",
        "vault.shredded",
        "retention.recording_destroyed",
        "vault.destruction_certified",
    ]
    assert [act for act in acts if act in wanted] == wanted


@pytest.mark.rule("retention.hold-on-request")
def test_while_a_hold_lasts_nothing_goes_and_when_it_ends_it_goes(world: World) -> None:
    recording, other = world.receive(), world.receive()
    world.hold(recording, DUE - timedelta(days=1))
    long_after = DUE + timedelta(days=400)
    assert tasks.round_(long_after).destroyed == [other.pk]
    assert world.still_opens(recording)
    release_hold(Hold.objects.get(), because="definitief", actor=ACTOR, now=long_after)
    assert tasks.round_(long_after + SECOND).destroyed == [recording.pk]


def test_a_hold_placed_between_the_two_questions_keeps_the_recording(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recording, begin = world.receive(), vault.begin_destruction

    def begin_and_then_a_request_comes(**facts: object) -> None:
        begin(**facts)  # type: ignore[arg-type] # passed on as they came
        world.hold(recording, DUE)

    monkeypatch.setattr(actions.vault, "begin_destruction", begin_and_then_a_request_comes)
    answer = actions.destroy_recording(recording.pk, actor=ACTOR, now=DUE)
    assert isinstance(answer, Keep)
    assert answer.because == ("retention.hold-on-request",)
    assert world.still_opens(recording)
    assert certificate(recording.pk) is None
    assert Entry.objects.filter(act="vault.destruction_withdrawn").count() == 1


def test_a_destruction_stopped_after_its_key_went_is_finished_and_not_asked_again(world: World) -> None:
    recording = world.receive()
    vault.begin_destruction(recording=recording.pk, rules=("retention.period",), due_at=DUE, actor=ACTOR, now=DUE)
    key_store_in_use().destroy(recording.pk)
    world.hold(recording, DUE)
    assert tasks.round_(DUE + SECOND).destroyed == [recording.pk]
    recording.refresh_from_db()
    assert recording.state == Recording.State.DESTROYED
    found = certificate(recording.pk)
    assert found is not None
    assert found.certified_at == DUE + SECOND


def test_what_the_sweep_finished_is_marked_in_the_register_by_the_next_round(world: World) -> None:
    recording = world.receive()
    vault.destroy(recording=recording.pk, rules=("retention.period",), due_at=DUE, actor=ACTOR, now=DUE)
    assert tasks.round_(DUE + SECOND).destroyed == [recording.pk]
    recording.refresh_from_db()
    assert recording.state == Recording.State.DESTROYED


def test_a_disk_that_is_away_is_named_and_the_next_round_goes_on(world: World) -> None:
    recording = world.receive()
    (world.folder / "standby").rename(world.folder / "unplugged")
    done = tasks.round_(DUE)
    assert done.destroyed == []
    assert "standby" in done.problems[0]
    assert world.still_opens(recording)
    (world.folder / "unplugged").rename(world.folder / "standby")
    assert tasks.round_(DUE + SECOND).destroyed == [recording.pk]


@pytest.mark.rule("retention.late-docking")
def test_what_is_docked_late_waits_for_requests_and_then_goes_and_is_reported(world: World) -> None:
    late = DUE + timedelta(days=3)
    recording, held = world.receive(received=late), world.receive(received=late)
    assert tasks.round_(late + SECOND).destroyed == []
    world.hold(held, late + SECOND)
    assert tasks.round_(late + in_force().minutes("retention.late-docking")).destroyed == [recording.pk]
    assert world.still_opens(held)
    assert [finding.recording for finding in Finding.objects.filter(rule="retention.late-docking")] == [recording.pk]


@pytest.mark.rule("retention.clock-unknown", "retention.late-docking")
@pytest.mark.parametrize("behind", [timedelta(days=20), timedelta(days=31), timedelta(days=5 * 365)])
def test_nothing_is_destroyed_as_late_by_a_clock_that_nobody_measured(world: World, behind: timedelta) -> None:
    """A camera was reset, or runs slow, and cannot be measured: what counts is when its film came in."""
    received = DUE
    recording = world.receive(ended=received - behind, received=received, clock_offset_ms=None)
    assert "recording.clock" in recording.flags
    term = in_force().days("retention.period")
    assert recording.due_at == received + term
    for later in (timedelta(minutes=11), timedelta(days=9), term - SECOND):
        assert tasks.round_(received + later).destroyed == []
    assert world.still_opens(recording)
    assert tasks.round_(received + term).destroyed == [recording.pk]
    assert not Finding.objects.filter(rule="retention.late-docking").exists()


@pytest.mark.rule("retention.period")
@hypothesis_settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_never_early_never_while_held_and_never_late_without_a_reason(world: World, data: st.DataObject) -> None:
    minutes = st.integers(-3 * 24 * 60, 3 * 24 * 60)
    recording = world.receive()
    placed, released = sorted(DUE + timedelta(minutes=data.draw(minutes)) for _ in range(2))
    moments = sorted([DUE + timedelta(minutes=data.draw(minutes)) for _ in range(4)] + [placed, released])
    for moment in moments:
        if moment == placed:
            gone = not world.still_opens(recording)
            if not gone:
                world.hold(recording, moment)
        if moment == released and (hold := Hold.objects.filter(recording=recording, released_at=None).first()):
            release_hold(hold, because="definitief", actor=ACTOR, now=moment)
        tasks.round_(moment)
        held = Hold.objects.filter(recording=recording, released_at=None).exists()
        assert world.still_opens(recording) is (moment < DUE or held)
    assert [one for one in queries.overdue(moments[-1]) if not one.because] == []


def test_a_recording_past_its_term_without_a_reason_is_a_fault(world: World) -> None:
    recording, held = world.receive(), world.receive()
    world.hold(held, DUE)
    assert queries.overdue(DUE + timedelta(minutes=59)) == []
    found = {one.recording: one.because for one in queries.overdue(DUE + timedelta(minutes=61))}
    assert found == {recording.pk: (), held.pk: ("retention.hold-on-request",)}


def test_what_goes_this_week_is_announced_unless_it_is_held(world: World) -> None:
    recording, held = world.receive(), world.receive()
    world.receive(ended=ENDED + timedelta(days=8))
    world.hold(held, ENDED)
    soon = queries.destroyed_soon(DUE - timedelta(days=7))
    assert [one.pk for one in soon] == [recording.pk]


def confirm(brake: Brake, person: Person, now: datetime) -> Brake:
    return actions.confirm_brake(brake.pk, person=person, actor=person.as_actor, now=now)


@pytest.mark.rule("retention.brake")
def test_too_many_at_once_stop_until_two_different_people_confirmed(
    world: World,
    narrow_brake: None,
    manager: Person,
    inspector: Person,
    keeper: Person,
) -> None:
    recordings = [world.receive() for _ in range(3)]
    done = tasks.round_(DUE)
    assert (done.destroyed, done.stopped) == ([], 3)
    assert tasks.round_(DUE + SECOND).stopped == 3
    brake = Brake.objects.get()
    assert Finding.objects.filter(rule="retention.brake").count() == 1
    assert {one.because for one in queries.overdue(DUE + timedelta(hours=2))} == {("retention.brake",)}
    with pytest.raises(Refused):
        confirm(brake, keeper, DUE)
    confirm(brake, manager, DUE)
    with pytest.raises(Refused, match="ander"):
        confirm(brake, manager, DUE)
    assert tasks.round_(DUE + SECOND).destroyed == []
    confirm(brake, inspector, DUE)
    assert set(tasks.round_(DUE + 2 * SECOND).destroyed) == {one.pk for one in recordings}
    tasks.round_(DUE + 3 * SECOND)
    brake.refresh_from_db()
    assert brake.finished_at == DUE + 3 * SECOND
    with pytest.raises(Refused, match="wacht niet meer"):
        confirm(brake, inspector, DUE)


@pytest.mark.rule("retention.brake")
def test_as_many_as_the_protocol_allows_go_without_anybody(world: World, narrow_brake: None) -> None:
    recordings = [world.receive() for _ in range(2)]
    assert set(tasks.round_(DUE).destroyed) == {one.pk for one in recordings}
    assert not Brake.objects.exists()


def test_two_people_confirm_a_list_and_nothing_beside_it(
    world: World,
    narrow_brake: None,
    manager: Person,
    inspector: Person,
) -> None:
    listed = [world.receive() for _ in range(3)]
    tasks.round_(DUE)
    later = [world.receive() for _ in range(3)]
    world.hold(listed[0], DUE)
    brake = Brake.objects.get()
    confirm(brake, manager, DUE)
    confirm(brake, inspector, DUE)
    done = tasks.round_(DUE + SECOND)
    assert set(done.destroyed) == {one.pk for one in listed[1:]}
    assert done.stopped == 3
    assert world.still_opens(listed[0])
    assert all(world.still_opens(one) for one in later)
    assert Brake.objects.filter(released_at=None).count() == 1


def test_a_stopped_round_of_which_nothing_is_due_any_more_closes_itself(world: World, narrow_brake: None) -> None:
    recordings = [world.receive() for _ in range(3)]
    tasks.round_(DUE)
    for one in recordings:
        world.hold(one, DUE)
    assert tasks.round_(DUE + SECOND).stopped == 0
    assert Brake.objects.get().finished_at == DUE + SECOND


def test_a_round_takes_a_batch_and_the_next_round_the_rest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        world.receive()
    monkeypatch.setattr(tasks, "BATCH", 2)
    done = tasks.round_(DUE)
    assert (len(done.destroyed), done.left) == (2, 1)
    assert len(tasks.round_(DUE + SECOND).destroyed) == 1


def test_a_recording_apart_is_destroyed_like_any_other(world: World) -> None:
    recording = world.receive()
    assert recording.state == Recording.State.QUARANTINED
    answer = actions.destroy_recording(recording.pk, actor=ACTOR, now=DUE)
    assert isinstance(answer, Destroy)
