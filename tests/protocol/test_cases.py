"""The table of steps: held against one that was written beside it, by hand."""

from itertools import product

import pytest

from beeldkluis.protocol import cases
from beeldkluis.protocol.cases import CaseState, Step
from beeldkluis.protocol.holding import ENDS, hold_rule
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.roles import Role

S = CaseState
D, T = Role.DPO, Role.TEAM_MANAGER
DECIDED = (S.GRANTED, S.REFUSED, S.NO_FOOTAGE, S.SET_ASIDE)
OPEN = tuple(state for state in S if state not in {S.NEW, S.CLOSED})
# step -> (who, from where)
REQUEST: dict[Step, tuple[tuple[Role, ...], tuple[CaseState, ...]]] = {
    Step.RECEIVE: ((D,), (S.NEW,)),
    Step.ASK: ((D,), (S.RECEIVED,)),
    Step.COMPLETE: ((D,), (S.RECEIVED, S.AWAITING)),
    Step.FORWARD: ((D,), (S.RECEIVED, S.AWAITING)),
    Step.IDENTIFY: ((D, T), (S.RECEIVED, S.AWAITING, S.FORWARDED, S.GRANTED)),
    Step.LINK: ((T,), (S.FORWARDED,)),
    Step.GRANT: ((T,), (S.FORWARDED,)),
    Step.REFUSE: ((T,), (S.FORWARDED,)),
    Step.FIND_NOTHING: ((T,), (S.FORWARDED,)),
    Step.SET_ASIDE: ((T,), (S.FORWARDED,)),
    Step.REOPEN: ((T,), (S.NO_FOOTAGE,)),
    Step.OBJECT: ((D,), (*DECIDED, S.CLOSED)),
    Step.APPEAL: ((D,), (*DECIDED, S.CLOSED, S.RECEIVED, S.AWAITING, S.FORWARDED)),
    Step.DEFAULT: ((D,), (*DECIDED, S.RECEIVED, S.AWAITING, S.FORWARDED)),
    Step.UPHOLD: ((D,), (S.OBJECTION, S.APPEAL)),
    Step.DISMISS: ((D,), (S.OBJECTION, S.APPEAL)),
    Step.COMPLAIN: ((D,), (*OPEN, S.CLOSED)),
    Step.INVITE: ((T,), (S.GRANTED,)),
    Step.REVIEW: ((T,), OPEN),
    Step.WITHDRAW: ((D,), (S.RECEIVED, S.AWAITING, S.FORWARDED)),
    Step.CLOSE: ((T,), DECIDED),
    Step.RESUME: ((D,), (S.WITHDRAWN,)),
    Step.LAPSE: ((), ()),  # nobody's: the program takes it
    Step.BY_EMAIL: ((D,), (*OPEN, S.CLOSED)),
}
DEMAND = {
    Step.RECEIVE: ((D,), (S.NEW,)),
    Step.COMPLETE: ((D,), (S.RECEIVED, S.AWAITING)),
    Step.FORWARD: ((D,), (S.RECEIVED, S.AWAITING)),
    Step.LINK: ((T,), (S.FORWARDED,)),
    Step.REVIEW: ((T,), OPEN),
    Step.WITHDRAW: ((D,), (S.RECEIVED, S.AWAITING, S.FORWARDED)),
    Step.CLOSE: ((T,), (S.FORWARDED,)),
    Step.RESUME: ((D,), (S.WITHDRAWN,)),
}
WANTED: dict[CaseKind, dict[Step, tuple[tuple[Role, ...], tuple[CaseState, ...]]]] = {
    CaseKind.ACCESS: REQUEST
    | {
        Step.EXTEND: ((T,), (S.FORWARDED,)),
        Step.GIVE: ((T,), (S.GRANTED,)),
        Step.SET_LAW: ((D, T), (S.RECEIVED, S.AWAITING, S.FORWARDED)),
    },
    CaseKind.INTEREST: REQUEST,
    CaseKind.DEMAND: DEMAND,
    CaseKind.SELF_REFLECTION: {step: row for step, row in DEMAND.items() if step not in {Step.REVIEW, Step.RESUME}},
    CaseKind.PRESERVATION: {
        Step.RECEIVE: ((D, T), (S.NEW,)),
        Step.COMPLETE: ((D, T), (S.FORWARDED,)),
        Step.LINK: ((T,), (S.FORWARDED,)),
        Step.REVIEW: ((T,), OPEN),
        Step.CLOSE: ((T,), (S.FORWARDED,)),
        Step.LAPSE: ((), ()),  # nobody's: the program takes it
    },
    CaseKind.PUBLIC_RECORDS: {one: row for one, row in REQUEST.items() if one not in {Step.IDENTIFY, Step.INVITE}}
    | {
        Step.REFER: ((D,), (S.RECEIVED,)),
        Step.EXTEND: ((T,), (S.FORWARDED,)),
        Step.CONSULT: ((T,), (S.FORWARDED,)),
        Step.HEAR: ((T,), (S.FORWARDED,)),
    },
}


@pytest.mark.rule("request.via-dpo", "request.decided-by-team-manager", "request.kinds")
@pytest.mark.parametrize("kind", CaseKind)
def test_the_table_allows_exactly_what_was_written_beside_it(kind: CaseKind) -> None:
    for state, step, role in product(CaseState, Step, [*Role, None]):
        roles, before = WANTED[kind].get(step, ((), ()))
        verdict = cases.may_step(kind=kind, state=state, step=step, role=role)
        assert verdict.allowed == (role in roles and state in before), (state, step, role)
        assert verdict.reason


@pytest.mark.rule("request.via-dpo")
def test_the_website_registers_requests_and_does_nothing_else() -> None:
    for kind, state, step in product(CaseKind, CaseState, Step):
        verdict = cases.may_step(kind=kind, state=state, step=step, role=None, by_form=True)
        assert verdict.allowed == (kind in cases.REQUESTS and step is Step.RECEIVE and state is S.NEW)


@pytest.mark.parametrize("kind", CaseKind)
def test_only_objection_appeal_and_complaint_lead_out_of_a_closed_case_and_every_state_has_a_way_to_it(
    kind: CaseKind,
) -> None:
    found = {
        (state, cases.state_after(kind, state, step, decided=S.REFUSED), step)
        for state, step, role in product(CaseState, Step, Role)
        if cases.may_step(kind=kind, state=state, step=step, role=role).allowed
    }
    out = {step for start, to, step in found if start is S.CLOSED and to is not S.CLOSED}
    assert out == ({Step.OBJECT, Step.APPEAL, Step.COMPLAIN} if kind in cases.WEIGHED else set())
    ways = {(start, to) for start, to, _step in found}
    reached = {S.NEW}
    leading = {S.CLOSED}
    for _ in CaseState:
        reached |= {to for start, to in ways if start in reached}
        leading |= {start for start, to in ways if to in leading}
    assert reached <= leading


@pytest.mark.rule("request.objection")
def test_an_appeal_before_the_decision_leaves_the_case_where_it_is() -> None:
    for state in (S.RECEIVED, S.AWAITING, S.FORWARDED):
        assert cases.state_after(CaseKind.ACCESS, state, Step.APPEAL) is state
        assert cases.state_after(CaseKind.ACCESS, state, Step.DEFAULT) is state
    assert cases.state_after(CaseKind.ACCESS, S.REFUSED, Step.APPEAL) is S.APPEAL


@pytest.mark.parametrize("decided", DECIDED)
def test_what_is_dismissed_is_as_it_was_decided(decided: CaseState) -> None:
    for state in (S.OBJECTION, S.APPEAL):
        assert cases.state_after(CaseKind.ACCESS, state, Step.DISMISS, decided=decided) is decided
        assert cases.state_after(CaseKind.ACCESS, state, Step.UPHOLD) is S.FORWARDED
    with pytest.raises(LookupError):
        cases.state_after(CaseKind.ACCESS, S.OBJECTION, Step.DISMISS)


def test_a_step_that_is_not_in_the_table_has_no_outcome() -> None:
    with pytest.raises(LookupError):
        cases.state_after(CaseKind.ACCESS, S.CLOSED, Step.GRANT)


JUDGES = {
    Step.LINK, Step.EXTEND, Step.GRANT, Step.REFUSE, Step.FIND_NOTHING, Step.SET_ASIDE, Step.REOPEN, Step.INVITE,
    Step.GIVE, Step.CONSULT, Step.HEAR, Step.REVIEW, Step.CLOSE,
}  # fmt: skip


@pytest.mark.rule("request.team-manager-subject")
@pytest.mark.parametrize("step", Step)
def test_whoever_takes_a_step_of_judging_judges_and_nobody_else(step: Step) -> None:
    for kind in CaseKind:
        assert cases.judges(kind, step) == (step in JUDGES and step in WANTED[kind]), kind


@pytest.mark.rule("request.team-manager-subject", "request.decided-by-team-manager")
def test_every_step_that_is_the_team_managers_alone_is_one_of_judging() -> None:
    for row in cases.STEPS:
        assert row.judges == (row.roles == {T}), (row.step, row.kinds)


@pytest.mark.rule("request.team-manager-subject")
def test_a_request_about_the_team_manager_is_judged_by_somebody_else() -> None:
    for about, titular in product([True, False], [True, False]):
        verdict = cases.may_judge(about_team_manager=about, titular=titular)
        assert verdict.allowed == (not (about and titular))


@pytest.mark.rule("retention.review")
def test_every_kind_that_holds_has_an_end_and_self_reflection_holds_nothing() -> None:
    holding = {kind for kind in CaseKind if hold_rule(kind) is not None}
    assert holding == set(CaseKind) - {CaseKind.SELF_REFLECTION}
    assert all(ENDS[str(hold_rule(kind))] for kind in holding)


def test_every_kind_state_and_step_has_words() -> None:
    assert all(one.dutch and one.hint for one in CaseKind)
    assert all(one.dutch for one in [*CaseState, *Step])
