"""What is open stays open only as long as it may: a ground that goes, a screen that is left, people who are there no more."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.viewing.conftest import CODE, NOW, Scene

from beeldkluis.cases.models import Case
from beeldkluis.cases.recording_queries import recordings_of
from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Recording
from beeldkluis.journal.models import Entry
from beeldkluis.people.deputation_actions import begin_in_emergency
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.presence import Ground
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.viewing import actions, gate, presence_actions, presence_queries
from beeldkluis.viewing.models import Attendance, Heartbeat, Opening, Viewing

ASSESS = Purpose.ASSESS_REQUEST
MINUTE = timedelta(minutes=1)
LATER = NOW + MINUTE


def begin(scene: Scene, **changed: object) -> Viewing:
    asked = {"purpose": ASSESS, "place": "Spreekkamer", "proved_at": NOW, "person": scene.manager, "now": NOW}
    return presence_actions.begin(scene.case, **(asked | changed))  # type: ignore[arg-type] - a table of keywords


def opened(scene: Scene) -> Opening:
    """The officer is there, and the recording is open."""
    scene.confirm()
    viewing = begin(scene)
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    return actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW).opening


def deputise(scene: Scene) -> None:
    second, until = scene.people[Role.DPO].as_actor, LATER + timedelta(hours=1)
    begin_in_emergency(scene.people[Role.DEPUTY], until=until, because="Ziek.", actor=second, now=LATER)


def out_of_service(scene: Scene) -> None:
    Officer.objects.update(until=LATER)


GONE: dict[str, tuple[Callable[[Scene], object], str]] = {
    "a deputation begins": (deputise, "access.team-manager-only"),
    "the account is closed": (lambda _: Person.objects.update(is_active=False), "access.team-manager-only"),
    "the case is decided": (lambda _: Case.objects.update(state="granted"), "access.case-required"),
    "the case is withdrawn": (lambda _: Case.objects.update(state="closed"), "access.case-required"),
    "the recording is of another case": (lambda scene: scene.reject(), "access.case-required"),
    "the recording is destroyed": (lambda _: Recording.objects.update(state="destroyed"), "access.case-required"),
    "the officer leaves service": (out_of_service, "access.presence"),
    "another wore the camera": (lambda _: Recording.objects.update(officer=None), "access.presence"),
}


@pytest.mark.slow
@pytest.mark.rule("access.case-required", "access.presence", "access.team-manager-only")
@pytest.mark.parametrize("what", GONE)
def test_what_is_open_closes_within_a_minute_after_its_ground_is_gone(scene: Scene, what: str) -> None:
    opening = opened(scene)
    assert gate.still_allowed(opening, LATER).allowed
    assert actions.close_expired(actor=scene.people[Role.DPO].as_actor, now=LATER) == 0
    go, rule = GONE[what]
    go(scene)
    verdict = gate.still_allowed(opening, LATER)
    assert (verdict.allowed, verdict.rule) == (False, rule)
    assert actions.close_expired(actor=scene.people[Role.DPO].as_actor, now=LATER) == 1
    opening.refresh_from_db()
    assert opening.closed_at == LATER
    entry = json.loads(bytes(Entry.objects.get(act="viewing.ground_gone").data))
    assert entry["facts"]["rule"] == rule
    assert actions.close_expired(actor=scene.people[Role.DPO].as_actor, now=LATER) == 0


def test_who_signs_out_closes_what_is_open_and_nobody_elses(scene: Scene, client: Client) -> None:
    opening = opened(scene)
    client.force_login(scene.people[Role.DEPUTY])
    client.post("/accounts/logout/")
    opening.refresh_from_db()
    assert opening.closed_at is None
    client.force_login(scene.manager)
    client.post("/accounts/logout/")
    opening.refresh_from_db()
    assert opening.closed_at is not None
    assert Entry.objects.filter(act="viewing.opening_closed").count() == 1
    assert Entry.objects.filter(act="web.signed_out").count() == 2


@pytest.mark.rule("access.team-manager-only")
def test_who_opens_is_asked_under_the_lock_and_not_as_the_page_knew_it(scene: Scene) -> None:
    scene.confirm()
    viewing, before = begin(scene), Person.objects.get(pk=scene.manager.pk)
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    deputise(scene)
    assert before.acting == Role.TEAM_MANAGER
    with pytest.raises(Refused) as refusal:
        actions.open_recording(viewing, scene.recording.pk, person=before, now=LATER)
    assert refusal.value.verdict.rule == "access.team-manager-only"
    with pytest.raises(Refused):
        begin(scene, person=before, now=LATER)


@pytest.mark.rule("access.confirmation", "access.stand-in")
def test_who_lost_the_role_or_the_service_is_not_in_the_room(scene: Scene) -> None:
    viewing = scene.look(ASSESS, "officer", "stand_in", "requester")
    inside = presence_queries.in_the_room(viewing, NOW)
    assert (len(inside.officers), len(inside.replaced), inside.requester) == (1, 1, True)
    Person.objects.filter(role=Role.DEPUTY).update(acting=Role.ADMINISTRATOR)
    assert not presence_queries.in_the_room(viewing, NOW).replaced
    Person.objects.filter(role=Role.DEPUTY).update(acting=Role.DEPUTY, is_active=False)
    assert not presence_queries.in_the_room(viewing, NOW).replaced
    Officer.objects.update(until=NOW)
    assert not presence_queries.in_the_room(viewing, NOW).officers
    assert presence_queries.present_now(viewing, NOW) == [f"team_manager:{scene.manager.pseudonym}", "requester"]


@pytest.mark.rule("access.confirmation", "access.left-alone")
def test_a_screen_that_was_left_alone_leaves_only_the_team_manager_there(scene: Scene) -> None:
    opening, manager = opened(scene), scene.manager.as_actor
    viewing = Viewing.objects.get()
    late = NOW + 5 * MINUTE + timedelta(seconds=1)
    with pytest.raises(Refused):  # before the tick came by, too
        actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=late)
    assert actions.close_expired(actor=manager, now=late) == 1
    opening.refresh_from_db()
    assert opening.closed_at == late
    officer = Attendance.objects.get(present="officer")
    assert (officer.left_at, officer.lapsed) == (late, True)
    entry = json.loads(bytes(Entry.objects.get(act="viewing.confirmations_lapsed").data))
    assert entry["facts"]["people"] == 1
    with pytest.raises(Refused):
        actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=late + 55 * MINUTE)
    presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=late + 55 * MINUTE)
    assert actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=late + 55 * MINUTE).headers


@pytest.mark.rule("access.left-alone")
def test_a_page_that_is_loaded_anew_throws_nobody_out(scene: Scene) -> None:
    opened(scene)
    viewing = Viewing.objects.get()
    second = actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=LATER).opening
    at = NOW + 5 * MINUTE + timedelta(seconds=1)
    actions.note_heartbeat(second, now=at)
    assert actions.close_expired(actor=scene.manager.as_actor, now=at) == 1, "the one that the reload left behind"
    assert len(presence_queries.here_now(viewing, at)) == 2
    actions.close(second, actor=scene.manager.as_actor, now=at)
    assert actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=at + MINUTE).headers


@pytest.mark.rule("access.confirmation")
def test_a_confirmation_is_over_when_nothing_is_open_for_long(scene: Scene) -> None:
    scene.confirm()
    viewing = begin(scene)
    first = presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    late = NOW + 31 * MINUTE
    with pytest.raises(Refused):
        actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=late)
    again = presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=late)
    assert again.pk != first.pk, "a word of half an hour ago is not renewed, it is given anew"
    first.refresh_from_db()
    assert first.lapsed
    assert actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=late).headers
    actions.close_expired(actor=scene.manager.as_actor, now=late)
    Heartbeat.objects.update(at=late + 40 * MINUTE)
    actions.close_expired(actor=scene.manager.as_actor, now=late + 40 * MINUTE)
    assert Attendance.objects.get(pk=again.pk).left_at is None, "it is open"


@pytest.mark.rule("access.presence")
def test_the_team_manager_does_not_guess_an_officers_code(scene: Scene) -> None:
    def wrong(viewing: Viewing, minutes: int) -> str:
        with pytest.raises(Refused) as refusal:
            presence_actions.confirm_officer(viewing, number="1207", code="111111", now=NOW + minutes * MINUTE)
        return refusal.value.verdict.reason

    for _ in range(3):
        assert "horen niet bij elkaar" in wrong(begin(scene), 0)
    assert "Wacht nog" in wrong(begin(scene), 0), "a new viewing gives no new tries"
    viewing = begin(scene)
    for minutes in range(2, 6):
        assert "horen niet bij elkaar" in wrong(viewing, minutes)
    assert not Finding.objects.filter(rule="access.presence").exists()
    for minutes in (7, 9):
        wrong(viewing, minutes)
    finding = Finding.objects.get(rule="access.presence")
    assert "1207" in finding.text
    assert scene.officer.name not in finding.text


@pytest.mark.rule("access.stand-in")
def test_the_team_manager_who_rests_is_no_stand_in_in_the_own_case(scene: Scene) -> None:
    scene.confirm()
    Case.objects.update(about_team_manager=True)
    scene.case.refresh_from_db()
    deputise(scene)
    deputy, manager = (Person.objects.get(role=role) for role in (Role.DEPUTY, Role.TEAM_MANAGER))
    viewing = begin(scene, person=deputy)
    with pytest.raises(Refused) as refusal:
        presence_actions.stand_in(
            viewing, scene.officer, ground=Ground.REFUSES, because="Wil niet.", person=manager, now=LATER
        )
    assert refusal.value.verdict.rule == "access.stand-in"
    assert "teammanager zelf" in refusal.value.verdict.reason


@pytest.mark.rule("access.presence")
def test_who_was_noted_twice_leaves_once(scene: Scene) -> None:
    scene.confirm()
    Recording.objects.update(officer=None)
    viewing, deputy, manager = begin(scene), scene.people[Role.DEPUTY], scene.manager.as_actor
    for _ in range(2):
        told = {"ground": Ground.UNKNOWN, "because": "Onbekend.", "person": deputy, "now": NOW}
        stood = presence_actions.stand_in(viewing, None, **told)  # type: ignore[arg-type] - a table of keywords
    for name in ("Proef", " proef "):
        presence_actions.note_requester(viewing, name=name, document="passport", actor=manager, now=NOW)
        presence_actions.note_companion(viewing, name=name, actor=manager, now=NOW)
    assert Attendance.objects.count() == 4
    assert Finding.objects.filter(rule="access.stand-in").count() == 1
    Attendance.objects.create(  # as it could be before they were counted once
        viewing=viewing, present="stand_in", how="account", person=deputy, ground="unknown", because="x", at=NOW
    )
    opening = actions.open_recording(viewing, scene.recording.pk, person=scene.manager, now=NOW).opening
    assert presence_actions.leave(stood, actor=manager, now=LATER) == 1
    opening.refresh_from_db()
    assert opening.closed_at == LATER
    assert not Attendance.objects.filter(present="stand_in", left_at=None).exists()


@pytest.mark.rule("access.presence")
def test_nobody_leaves_after_the_end_and_who_began_does_not_leave(scene: Scene) -> None:
    viewing = begin(scene)
    officer = presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=NOW)
    with pytest.raises(Refused, match="beëindigt"):
        presence_actions.leave(viewing.attendances.get(present="team_manager"), actor=scene.manager.as_actor, now=NOW)
    presence_actions.end(viewing, actor=scene.manager.as_actor, now=LATER)
    with pytest.raises(Refused, match="voorbij"):
        presence_actions.leave(officer, actor=scene.manager.as_actor, now=LATER)
    officer.refresh_from_db()
    assert officer.left_at is None


@pytest.mark.rule("access.opening-ends")
def test_an_officer_who_confirms_too_late_stands_in_the_journal(scene: Scene) -> None:
    viewing = begin(scene)
    presence_actions.end(viewing, actor=scene.manager.as_actor, now=LATER)
    viewing.refresh_from_db()
    with pytest.raises(Refused):
        presence_actions.confirm_officer(viewing, number="1207", code=CODE, now=LATER)
    entry = Entry.objects.order_by("-number")[0]
    assert (entry.act, entry.case) == ("journal.step_refused", scene.case.reference)
    assert json.loads(bytes(entry.data))["facts"]["step"] == "viewing.confirm_officer"


def test_an_identity_that_may_not_be_noted_stands_in_the_journal_though_its_turn_is_rolled_back(scene: Scene) -> None:
    viewing = begin(scene)
    with pytest.raises(Refused):
        presence_actions.note_requester(viewing, name="Proef", document="", actor=scene.manager.as_actor, now=NOW)
    entry = Entry.objects.order_by("-number")[0]
    assert json.loads(bytes(entry.data))["facts"]["step"] == "viewing.attend"


def test_what_the_gate_asks_does_not_grow_with_the_recordings(
    scene: Scene, django_assert_max_num_queries: object
) -> None:
    scene.confirm()
    viewing = begin(scene)
    recordings = recordings_of(scene.case) * 20
    with django_assert_max_num_queries(6):  # type: ignore[operator] - a fixture of pytest-django
        assert len(gate.answers(viewing, recordings, person=scene.manager, now=NOW)) == 20
