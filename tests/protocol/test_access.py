from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.protocol.access import Act, CaseFacts, may, may_open, opening_ends
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.never import Never, refusal
from beeldkluis.protocol.presence import InTheRoom, purposes_of
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role

TABLE = {
    Role.TEAM_MANAGER: {
        Act.READ_RECORDINGS, Act.READ_JOURNAL, Act.READ_JOURNAL_DETAILS, Act.READ_CASES, Act.LINK_RECORDING,
        Act.DECIDE_CASE, Act.WRITE_DEMAND,
        Act.OPEN_RECORDING, Act.REPORT_OPENABLE, Act.HOLD_KEY_CEREMONY, Act.READ_OFFICERS, Act.MANAGE_OFFICERS,
        Act.MANAGE_BODYCAMS, Act.ISSUE_BODYCAM, Act.SETTLE_FINDING, Act.CONFIRM_DESTRUCTION,
        Act.READ_PROTOCOL_VERSIONS, Act.PREPARE_PROTOCOL, Act.PUBLISH_PROTOCOL, Act.READ_ACKNOWLEDGEMENTS,
        Act.MANAGE_ACKNOWLEDGEMENTS, Act.OBSERVE_RECORDING, Act.REPORT_LOSS, Act.HANDLE_INCIDENT, Act.REVIEW_RIGHTS,
        Act.HAND_OVER, Act.APPOINT_DEPUTY, Act.END_DEPUTATION, Act.SEE_OUTGOING, Act.MANAGE_ROOMS,
        Act.READ_VIEWINGS, Act.SHOW_RECOVERY_SHEET, Act.CONFIRM_ACCOUNT, Act.SEE_HANDOVER, Act.JUDGE_SET_APART,
        Act.SET_CONTACT,
    },
    Role.DEPUTY: {
        Act.READ_PROTOCOL_VERSIONS, Act.REPORT_LOSS, Act.END_DEPUTATION, Act.STAND_IN, Act.SHOW_RECOVERY_SHEET,
        Act.HAND_OVER, Act.SEE_HANDOVER,
    },
    Role.DPO: {
        Act.READ_JOURNAL, Act.READ_JOURNAL_DETAILS, Act.READ_CASES, Act.REGISTER_CASE, Act.FORWARD_CASE,
        Act.WRITE_DEMAND, Act.READ_SHIELDED,
        Act.CONFIRM_WEARER, Act.SETTLE_FINDING, Act.CONFIRM_DESTRUCTION, Act.READ_PROTOCOL_VERSIONS, Act.PUBLISH_PROTOCOL,
        Act.READ_ACKNOWLEDGEMENTS, Act.REPORT_LOSS, Act.HANDLE_INCIDENT, Act.REVIEW_RIGHTS, Act.READ_VIEWINGS,
        Act.SHOW_RECOVERY_SHEET, Act.CONFIRM_ACCOUNT, Act.SEE_HANDOVER, Act.SET_CONTACT,
    },
    Role.ADMINISTRATOR: {
        Act.READ_JOURNAL, Act.READ_OFFICERS, Act.GIVE_CODE, Act.SET_ADDRESS,
        Act.MANAGE_BODYCAMS, Act.ENROL_DOCK, Act.SETTLE_FINDING, Act.MANAGE_PEOPLE,
        Act.SEE_INSTALLATION, Act.READ_PROTOCOL_VERSIONS, Act.REPORT_LOSS, Act.APPOINT_DEPUTY_IN_EMERGENCY,
        Act.SEE_OUTGOING, Act.MANAGE_SCREENS, Act.SHOW_RECOVERY_SHEET,
    },
    Role.OFFICER: set(),
}  # fmt: skip
WEARER = "8f0c2f0e-0000-4000-8000-000000000000"
OFFICER = InTheRoom(team_manager=True, officers=frozenset({WEARER}))
BOTH = InTheRoom(team_manager=True, officers=frozenset({WEARER}), requester=True)


@pytest.mark.rule("access.roles")
@pytest.mark.parametrize(("role", "act"), list(product([*Role, None], Act)))
def test_each_role_may_do_exactly_what_stands_in_the_table(role: Role | None, act: Act) -> None:
    verdict = may(role, act)
    assert verdict.allowed == (role is not None and act in TABLE[role])
    assert verdict.rule == "access.roles"
    assert verdict.reason


def test_a_no_names_who_may() -> None:
    assert may(Role.ADMINISTRATOR, Act.DECIDE_CASE).reason == "Dit kan alleen de teammanager."
    several = may(Role.OFFICER, Act.READ_CASES).reason
    assert several == "Dit kan alleen de teammanager of functionaris gegevensbescherming."


def facts(kind: CaseKind = CaseKind.ACCESS, state: CaseState = CaseState.FORWARDED) -> CaseFacts:
    return CaseFacts("2026-0042", kind, state)


@pytest.mark.rule("access.case-required", "access.presence")
def test_the_team_manager_opens_a_linked_recording_with_the_officer_present() -> None:
    verdict = may_open(
        role=Role.TEAM_MANAGER,
        purpose=Purpose.ASSESS_REQUEST,
        case=facts(),
        linked=True,
        recording_state="kept",
        wearer=WEARER,
        room=OFFICER,
    )
    assert verdict.allowed
    assert "2026-0042" in verdict.reason


@pytest.mark.rule("access.case-required", "access.team-manager-only", "access.presence", "purpose.no-assessment")
@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"role": None}, "access.team-manager-only"),
        ({"role": Role.ADMINISTRATOR}, "access.team-manager-only"),
        ({"role": Role.DPO}, "access.team-manager-only"),
        ({"role": Role.OFFICER}, "access.team-manager-only"),
        ({"case": None}, "access.case-required"),
        ({"linked": False}, "access.case-required"),
        ({"recording_state": "destroyed"}, "access.case-required"),
        ({"case": facts(kind=CaseKind.PRESERVATION)}, "access.case-required"),
        ({"case": facts(state=CaseState.RECEIVED)}, "access.case-required"),
        ({"case": facts(state=CaseState.REFUSED)}, "access.case-required"),
        ({"case": facts(state=CaseState.CLOSED)}, "access.case-required"),
        ({"room": InTheRoom(team_manager=True)}, "access.presence"),
        ({"room": InTheRoom(officers=frozenset({WEARER}))}, "access.presence"),
        ({"room": InTheRoom(team_manager=True, officers=frozenset({"another"}))}, "access.presence"),
        ({"room": InTheRoom(team_manager=True, requester=True)}, "access.presence"),
        ({"wearer": ""}, "access.presence"),
        ({"purpose": Purpose.REFLECT}, "access.case-required"),
        (
            {"purpose": Purpose.VIEW_WITH_DATA_SUBJECT, "case": facts(state=CaseState.GRANTED), "room": OFFICER},
            "access.presence",
        ),
        ({"purpose": Purpose.VIEW_WITH_OFFICER}, "access.case-required"),
        (
            {"purpose": Purpose.VIEW_WITH_DATA_SUBJECT, "case": facts(state=CaseState.GRANTED), "room": BOTH},
            "access.blurred",
        ),
    ],
)
def test_the_gate_stays_shut_every_way_round_and_says_why(changed: dict[str, object], rule: str) -> None:
    open_gate: dict[str, object] = {
        "role": Role.TEAM_MANAGER,
        "purpose": Purpose.ASSESS_REQUEST,
        "case": facts(),
        "linked": True,
        "recording_state": "kept",
        "wearer": WEARER,
        "room": OFFICER,
    }
    verdict = may_open(**(open_gate | changed))  # type: ignore[arg-type] - a table of keywords
    assert not verdict.allowed
    assert verdict.rule == rule
    assert verdict.reason.endswith(".")


SOMEBODY = st.sampled_from([WEARER, "another", ""])


@given(
    role=st.sampled_from([*Role, None]),
    purpose=st.sampled_from(Purpose),
    case=st.none() | st.builds(CaseFacts, st.just("x"), st.sampled_from(CaseKind), st.sampled_from(CaseState)),
    linked=st.booleans(),
    state=st.sampled_from(["kept", "quarantined", "destroyed"]),
    wearer=SOMEBODY,
    room=st.builds(
        InTheRoom,
        team_manager=st.booleans(),
        officers=st.frozensets(SOMEBODY),
        replaced=st.frozensets(SOMEBODY),
        requester=st.booleans(),
    ),
)
def test_no_yes_without_case_link_team_manager_and_officer(
    role: Role | None, purpose: Purpose, case: CaseFacts | None, linked: bool, state: str, wearer: str, room: InTheRoom
) -> None:
    verdict = may_open(
        role=role, purpose=purpose, case=case, linked=linked, recording_state=state, wearer=wearer, room=room
    )
    if verdict.allowed:
        assert role is Role.TEAM_MANAGER
        assert case is not None
        assert purpose in purposes_of(case.kind)
        assert linked
        assert state != "destroyed"
        assert ("niet afspeelt" in verdict.reason) == (state == "quarantined"), "who opens it knows what to expect"
        assert room.team_manager
        assert (wearer and wearer in room.officers) or (wearer in room.replaced and purpose is not Purpose.REFLECT)
        assert purpose is not Purpose.VIEW_WITH_DATA_SUBJECT


@pytest.mark.rule("purpose.no-assessment")
def test_there_is_no_purpose_to_assess_an_employee() -> None:
    assert set(Purpose) == {"assess_request", "redact", "view_with_officer", "view_with_data_subject", "reflect"}
    assert {kind for kind in CaseKind if purposes_of(kind)} == {
        CaseKind.ACCESS,
        CaseKind.INTEREST,
        CaseKind.SELF_REFLECTION,
    }


@pytest.mark.rule("access.opening-ends")
def test_an_opening_ends_after_two_hours(protocol: Protocol) -> None:
    opened = datetime(2026, 11, 9, 10, tzinfo=UTC)
    assert opening_ends(opened, protocol) == opened + timedelta(hours=2)


@pytest.mark.parametrize("wish", Never)
def test_what_is_never_done_is_refused_with_a_rule_of_the_register(wish: Never, protocol: Protocol) -> None:
    verdict = refusal(wish)
    assert not verdict.allowed
    assert verdict.rule in protocol.rules
    assert verdict.reason.endswith(".")


@pytest.mark.rule("request.team-manager-subject")
@pytest.mark.parametrize(("about", "titular"), [(True, True), (True, False), (False, True)])
def test_footage_of_a_request_about_the_team_manager_opens_for_the_deputy_only(about: bool, titular: bool) -> None:
    case = CaseFacts("x", CaseKind.ACCESS, CaseState.FORWARDED, about)
    verdict = may_open(
        role=Role.TEAM_MANAGER, purpose=Purpose.ASSESS_REQUEST, case=case, linked=True, recording_state="kept",
        wearer=WEARER, room=OFFICER, titular=titular,
    )  # fmt: skip
    assert verdict.allowed == (not (about and titular))
