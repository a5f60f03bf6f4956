from collections.abc import Callable
from datetime import timedelta

import pytest

from beeldkluis.cases import actions, queries
from beeldkluis.cases.models import Case, CaseRecording
from beeldkluis.cases.tasks import hold_late_recordings
from beeldkluis.footage.actions import mark_destroyed
from beeldkluis.footage.models import Recording
from beeldkluis.footage.queries import hold_facts_of, live_holds
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.retention import Destroy, Keep, decide
from beeldkluis.protocol.verdict import Refused
from tests.cases.conftest import INCIDENT, LETTER, NOW

AddRecording = Callable[..., Recording]
MakeCase = Callable[..., Case]


def rules_of(recording: Recording) -> list[str]:
    return [hold.rule for hold in live_holds(recording.pk)]


def after_the_term(recording: Recording) -> Keep | Destroy:
    return decide(
        ended_at=recording.ended_at,
        received_at=recording.received_at,
        holds=hold_facts_of(recording),
        protocol=in_force(),
        now=recording.due_at + timedelta(days=1),
    )


@pytest.mark.rule("retention.hold-on-request")
def test_everything_around_the_moment_is_held_from_receipt(add_recording: AddRecording, received: MakeCase) -> None:
    before, inside = add_recording(INCIDENT - timedelta(minutes=30)), add_recording()
    far = add_recording(INCIDENT + timedelta(hours=5))
    case = received()
    assert {one.recording for one in queries.links(case)} == {before.pk, inside.pk}
    assert rules_of(before) == rules_of(inside) == ["retention.hold-on-request"]
    assert isinstance(after_the_term(inside), Keep)
    assert isinstance(after_the_term(far), Destroy)


def test_a_request_gets_the_next_reference_of_its_year_and_four_weeks(received: MakeCase) -> None:
    first, second = received(), received(received_at=NOW - timedelta(days=3))
    assert (first.reference, second.reference) == ("2026-0001", "2026-0002")
    assert first.decide_by == NOW + timedelta(days=28)
    assert second.decide_by == NOW + timedelta(days=25)


def test_references_start_anew_with_the_year(received: MakeCase) -> None:
    received()
    assert received(now=NOW + timedelta(days=90)).reference == "2027-0001"


def test_a_receipt_in_the_future_is_refused(received: MakeCase) -> None:
    with pytest.raises(Refused):
        received(received_at=NOW + timedelta(minutes=1))


@pytest.mark.rule("request.kinds", "retention.hold-until-resolved")
@pytest.mark.parametrize(
    ("kind", "held"),
    [
        (CaseKind.DEMAND, ["retention.hold-until-resolved"]),
        (CaseKind.PRESERVATION, ["retention.hold-until-resolved"]),
        (CaseKind.SELF_REFLECTION, []),
        (CaseKind.PUBLIC_RECORDS, ["retention.hold-on-request"]),
    ],
)
def test_each_kind_holds_what_it_may_hold(
    kind: CaseKind, held: list[str], add_recording: AddRecording, received: MakeCase
) -> None:
    recording = add_recording()
    received(kind=kind.value)
    assert rules_of(recording) == held


@pytest.mark.rule("request.via-dpo")
def test_only_the_data_protection_officer_registers(team_manager: Person, administrator: Person) -> None:
    for person in (team_manager, administrator):
        with pytest.raises(Refused) as refusal:
            actions.receive(**LETTER, actor=person.as_actor, now=NOW)
        assert refusal.value.verdict.rule == "request.via-dpo"
    assert not Case.objects.exists()
    assert Entry.objects.filter(act="journal.step_refused").count() == 2


@pytest.mark.rule("request.required-fields")
def test_an_incomplete_request_is_registered_completed_and_only_then_passed_on(
    dpo: Person, received: MakeCase, add_recording: AddRecording
) -> None:
    recording = add_recording()
    case = received(kind="interest", requester_address="", moment_from=None, moment_until=None)
    assert rules_of(recording) == []
    with pytest.raises(Refused) as refusal:
        actions.forward(case, actor=dpo.as_actor, now=NOW)
    assert "adres" in refusal.value.verdict.reason
    gave = {name: LETTER[name] for name in ("requester_address", "moment_from", "moment_until")}
    actions.complete_fields(case, fields=gave | {"state": "granted"}, actor=dpo.as_actor, now=NOW)
    assert rules_of(recording) == ["retention.hold-on-request"]
    assert actions.forward(case, actor=dpo.as_actor, now=NOW).state == CaseState.FORWARDED


def test_a_corrected_moment_holds_more_and_lets_nothing_go(
    dpo: Person, received: MakeCase, add_recording: AddRecording
) -> None:
    first, later = add_recording(), add_recording(INCIDENT + timedelta(days=1))
    case = received()
    moved = {"moment_from": INCIDENT + timedelta(days=1), "moment_until": INCIDENT + timedelta(days=1)}
    actions.complete_fields(case, fields=moved, actor=dpo.as_actor, now=NOW)
    assert rules_of(first) == rules_of(later) == ["retention.hold-on-request"]


@pytest.mark.rule("request.search-window")
def test_footage_docked_after_its_request_is_held_too(received: MakeCase, add_recording: AddRecording) -> None:
    received()
    assert hold_late_recordings(NOW) == 0
    late = add_recording(received=NOW + timedelta(days=40))
    assert hold_late_recordings(NOW + timedelta(days=40)) == 1
    assert isinstance(after_the_term(late), Keep)
    assert hold_late_recordings(NOW + timedelta(days=40)) == 0


def test_a_rejected_match_stays_held_until_the_decision_is_final_and_can_be_taken_back(
    team_manager: Person, forwarded: MakeCase, add_recording: AddRecording
) -> None:
    recording = add_recording()
    case = forwarded()
    actions.reject_match(case, recording.pk, actor=team_manager.as_actor, now=NOW)
    assert rules_of(recording) == ["retention.hold-on-request"]
    assert hold_late_recordings(NOW) == 0
    assert isinstance(after_the_term(recording), Keep)
    actions.link_recording(case, recording.pk, actor=team_manager.as_actor, now=NOW)
    assert rules_of(recording) == ["retention.hold-on-request"]


def test_rejecting_ends_no_hold_of_another_case(
    team_manager: Person, forwarded: MakeCase, add_recording: AddRecording
) -> None:
    recording = add_recording()
    one, other = forwarded(), forwarded()
    actions.reject_match(one, recording.pk, actor=team_manager.as_actor, now=NOW)
    assert {hold.case for hold in live_holds(recording.pk)} == {one.reference, other.reference}


def test_a_destroyed_recording_cannot_be_linked(
    team_manager: Person, forwarded: MakeCase, add_recording: AddRecording
) -> None:
    recording = add_recording(INCIDENT + timedelta(days=2))
    mark_destroyed(recording.pk, rules=("retention.period",), actor=Actor.system("tests"), now=NOW)
    case = forwarded()
    with pytest.raises(Refused):
        actions.link_recording(case, recording.pk, actor=team_manager.as_actor, now=NOW)
    assert not CaseRecording.objects.exists()
