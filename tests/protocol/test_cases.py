from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.protocol import cases
from beeldkluis.protocol.cases import CaseKind, CaseState, Step
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role

DECIDED = datetime(2026, 11, 24, 9, tzinfo=UTC)
FULL = {
    "requester_name": "J. de Vries",
    "requester_address": "Hoofdstraat 1",
    "requester_place": "Zuidhorn",
    "requester_phone": "0594 000 000",
    "requester_email": "j@example.nl",
    "demonstrable_interest": "Een klacht.",
    "moment_from": DECIDED,
    "moment_until": DECIDED,
    "place": "De Gast",
}
WAY = [
    (Step.RECEIVE, Role.DPO, CaseState.RECEIVED),
    (Step.COMPLETE, Role.DPO, CaseState.RECEIVED),
    (Step.FORWARD, Role.DPO, CaseState.FORWARDED),
    (Step.LINK, Role.TEAM_MANAGER, CaseState.FORWARDED),
    (Step.REFUSE, Role.TEAM_MANAGER, CaseState.REFUSED),
    (Step.OBJECT, Role.DPO, CaseState.OBJECTION),
    (Step.GRANT, Role.TEAM_MANAGER, CaseState.GRANTED),
    (Step.CLOSE, Role.TEAM_MANAGER, CaseState.CLOSED),
]


@pytest.mark.rule("request.via-dpo", "request.decided-by-team-manager")
@pytest.mark.parametrize("kind", [CaseKind.ACCESS, CaseKind.INTEREST])
def test_a_request_goes_its_way_each_step_by_its_own_role(kind: CaseKind) -> None:
    state = CaseState.NEW
    for step, role, after in WAY:
        for somebody in [*Role, None]:
            verdict = cases.may_step(kind=kind, state=state, step=step, role=somebody)
            assert verdict.allowed == (somebody is role), (step, somebody)
        state = cases.state_after(kind, state, step)
        assert state is after


@pytest.mark.rule("request.kinds")
@pytest.mark.parametrize("step", Step)
def test_kinds_that_are_not_built_take_no_step_and_say_so(step: Step) -> None:
    for kind, state, role in product(
        (CaseKind.DEMAND, CaseKind.SELF_REFLECTION, CaseKind.PRESERVATION), CaseState, Role
    ):
        verdict = cases.may_step(kind=kind, state=state, step=step, role=role)
        assert (verdict.allowed, verdict.rule) == (False, "request.kinds")


def test_nothing_leads_out_of_a_closed_case_and_every_other_state_has_a_way_to_it() -> None:
    ways = {
        (state, cases.state_after(CaseKind.ACCESS, state, step))
        for state, step, role in product(CaseState, Step, Role)
        if cases.may_step(kind=CaseKind.ACCESS, state=state, step=step, role=role).allowed
    }
    assert not [to for start, to in ways if start is CaseState.CLOSED]
    reached = {CaseState.CLOSED}
    for _ in CaseState:
        reached |= {start for start, to in ways if to in reached}
    assert reached == set(CaseState)


def test_a_step_that_is_not_in_the_table_has_no_outcome() -> None:
    with pytest.raises(LookupError):
        cases.state_after(CaseKind.ACCESS, CaseState.CLOSED, Step.GRANT)


@pytest.mark.rule("request.required-fields")
@pytest.mark.parametrize("name", ["requester_name", "requester_address", "requester_place", "moment_from", "place"])
def test_each_required_field_is_missed(name: str) -> None:
    assert cases.missing_fields(CaseKind.ACCESS, FULL | {name: ""}) == (name,)
    assert not cases.may_forward(CaseKind.ACCESS, FULL | {name: None}).allowed
    assert cases.may_forward(CaseKind.ACCESS, FULL).allowed


@pytest.mark.rule("request.required-fields")
def test_a_telephone_number_or_an_e_mail_address_is_enough_and_only_others_must_show_an_interest() -> None:
    assert cases.missing_fields(CaseKind.ACCESS, FULL | {"requester_phone": ""}) == ()
    unreachable = FULL | {"requester_phone": "", "requester_email": ""}
    assert cases.missing_fields(CaseKind.ACCESS, unreachable) == ("requester_phone",)
    silent = FULL | {"demonstrable_interest": ""}
    assert cases.missing_fields(CaseKind.ACCESS, silent) == ()
    assert cases.missing_fields(CaseKind.INTEREST, silent) == ("demonstrable_interest",)


@pytest.mark.rule("request.no-unless", "request.considerations")
@given(
    grounds=st.sampled_from(["", "  ", "Een zwaar belang."]),
    answers=st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["", " ", "Ja, want."])),
)
def test_a_grant_needs_grounds_and_all_five_answers(grounds: str, answers: dict[str, str]) -> None:
    complete = bool(grounds.strip()) and all(answers.get(letter, "").strip() for letter in "abcde")
    assert cases.may_grant(grounds=grounds, considerations=answers).allowed == complete


@pytest.mark.rule("request.no-unless", "request.considerations")
def test_the_answer_is_no_until_the_last_word_is_written() -> None:
    answers = dict.fromkeys("abcde", "Ja, want.")
    assert cases.may_grant(grounds="Een zwaar belang.", considerations=answers).allowed
    assert cases.may_grant(grounds=" ", considerations=answers).rule == "request.no-unless"
    missing = cases.may_grant(grounds="Een zwaar belang.", considerations=answers | {"c": " "})
    assert (missing.allowed, missing.rule) == (False, "request.considerations")
    assert "c van de afwegingen" in missing.reason


def test_a_refusal_needs_its_grounds_too() -> None:
    assert not cases.may_refuse(grounds=" ").allowed
    assert cases.may_refuse(grounds="Anderen zijn te zien.").allowed


@pytest.mark.rule("request.decided-by-team-manager")
def test_deciding_comes_after_sorting_and_a_grant_shows_something() -> None:
    assert not cases.may_decide(granting=False, confirmed=3, unsorted=1).allowed
    assert not cases.may_decide(granting=True, confirmed=0, unsorted=0).allowed
    assert cases.may_decide(granting=False, confirmed=0, unsorted=0).allowed
    assert cases.may_decide(granting=True, confirmed=1, unsorted=0).allowed


@pytest.mark.rule("request.decision-period")
def test_the_answer_is_due_four_weeks_after_receipt(protocol: Protocol, elsewhere: Protocol) -> None:
    assert cases.decide_by(DECIDED, protocol) == DECIDED + timedelta(days=28)
    assert cases.decide_by(DECIDED, elsewhere) == DECIDED + timedelta(days=7)
    assert cases.may_have_come_in(received_at=DECIDED, now=DECIDED).allowed
    future = cases.may_have_come_in(received_at=DECIDED + timedelta(seconds=1), now=DECIDED)
    assert not future.allowed
    assert "in de toekomst" in future.reason
    assert "in de toekomst" not in cases.may_have_come_in(received_at=DECIDED, now=DECIDED).reason


@pytest.mark.rule("request.search-window")
def test_an_hour_on_both_sides_of_the_moment_is_held(protocol: Protocol) -> None:
    start, end = cases.search_window(DECIDED, DECIDED + timedelta(minutes=5), protocol)
    assert (start, end) == (DECIDED - timedelta(hours=1), DECIDED + timedelta(minutes=65))


@pytest.mark.rule("request.objection")
def test_a_refusal_is_final_six_weeks_later_unless_somebody_objects(protocol: Protocol) -> None:
    final = DECIDED + timedelta(days=42)
    before = final - timedelta(seconds=1)
    refused, objected = CaseState.REFUSED, CaseState.OBJECTION
    assert not cases.is_final(state=refused, decided_at=DECIDED, protocol=protocol, now=before)
    assert cases.is_final(state=refused, decided_at=DECIDED, protocol=protocol, now=final)
    assert not cases.is_final(state=objected, decided_at=DECIDED, protocol=protocol, now=final)
    assert not cases.is_final(state=refused, decided_at=None, protocol=protocol, now=final)


@pytest.mark.rule("request.objection", "retention.hold-until-resolved")
def test_a_case_closes_when_the_refusal_is_final_or_the_incident_resolved() -> None:
    assert not cases.may_close(state=CaseState.REFUSED, final=False, resolved=True).allowed
    assert cases.may_close(state=CaseState.REFUSED, final=True, resolved=False).allowed
    assert not cases.may_close(state=CaseState.GRANTED, final=True, resolved=False).allowed
    assert cases.may_close(state=CaseState.GRANTED, final=False, resolved=True).allowed
