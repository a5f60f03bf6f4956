from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.protocol.cases import WEIGHED
from beeldkluis.protocol.deciding import CONSIDERATIONS, EXCEPTIONS, Facts, Outcome, Words, differences, may_decide
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.letters import DECISIONS, SENDERS, letter_kind, may_send
from beeldkluis.protocol.roles import Role

ANSWERS = dict.fromkeys("abcde", "Ja, want.")
CHOSEN = {one.interpretation: "law" for one in differences(CaseKind.ACCESS)}
SORTED = Facts(confirmed=1, unsorted=0)
words_ = st.sampled_from(["", "  ", "Een zwaar belang."])


def words(outcome: Outcome, **more: Any) -> Words:
    return Words(outcome=outcome, **{"choices": CHOSEN} | more)


@pytest.mark.rule("request.no-unless", "request.considerations")
@given(grounds=words_, answers=st.dictionaries(st.sampled_from("abcde"), words_))
def test_somebody_else_is_granted_with_grounds_and_all_five_answers_only(grounds: str, answers: dict[str, str]) -> None:
    complete = bool(grounds.strip()) and all(answers.get(letter, "").strip() for letter in CONSIDERATIONS)
    said = words(Outcome.GRANTED, grounds=grounds, considerations=answers)
    assert may_decide(CaseKind.INTEREST, said, SORTED).allowed == complete


@pytest.mark.rule("request.yes-unless")
@given(
    grounds=words_, exception=st.sampled_from(["", "15-4", "41-d", "99"]), why=words_,
    outcome=st.sampled_from([Outcome.GRANTED, Outcome.REFUSED]),
)  # fmt: skip
def test_a_filmed_person_is_granted_without_reason_and_refused_only_under_an_exception(
    grounds: str, exception: str, why: str, outcome: Outcome
) -> None:
    said = words(outcome, grounds=grounds, exception=exception, not_by_covering=why)
    fine = outcome is Outcome.GRANTED or (bool(grounds.strip()) and exception in EXCEPTIONS and bool(why.strip()))
    assert may_decide(CaseKind.ACCESS, said, SORTED).allowed == fine


@pytest.mark.rule("request.no-unless")
def test_a_refusal_of_somebody_else_needs_its_grounds() -> None:
    assert not may_decide(CaseKind.INTEREST, words(Outcome.REFUSED, grounds=" "), SORTED).allowed
    assert may_decide(CaseKind.INTEREST, words(Outcome.REFUSED, grounds="Anderen staan erop."), SORTED).allowed


@pytest.mark.rule("request.yes-unless")
def test_where_protocol_and_law_differ_a_choice_is_made() -> None:
    assert {one.interpretation for one in differences(CaseKind.ACCESS)} == {"I-26", "I-27"}
    assert differences(CaseKind.INTEREST) == ()
    for name in CHOSEN:
        said = words(Outcome.GRANTED, choices={one: value for one, value in CHOSEN.items() if one != name})
        verdict = may_decide(CaseKind.ACCESS, said, SORTED)
        assert not verdict.allowed
        assert name in verdict.reason


@pytest.mark.rule("request.no-footage", "request.completion", "request.decided-by-team-manager")
@pytest.mark.parametrize("kind", [CaseKind.ACCESS, CaseKind.INTEREST])
@given(
    confirmed=st.integers(0, 2), unsorted=st.integers(0, 2), missing=st.booleans(), in_vain=st.booleans(),
    outcome=st.sampled_from(Outcome),
)  # fmt: skip
def test_the_outcome_fits_what_was_found(
    kind: CaseKind, confirmed: int, unsorted: int, missing: bool, in_vain: bool, outcome: Outcome
) -> None:
    said = words(outcome, grounds="x", considerations=ANSWERS, exception="15-4", not_by_covering="x")
    facts = Facts(confirmed=confirmed, unsorted=unsorted, missing=("place",) if missing else (), asked_in_vain=in_vain)
    fits = {
        Outcome.GRANTED: confirmed > 0 and not missing,
        Outcome.REFUSED: confirmed > 0 and not missing,
        Outcome.NO_FOOTAGE: confirmed == 0 and not missing,
        Outcome.SET_ASIDE: missing and in_vain,
    }
    assert may_decide(kind, said, facts).allowed == (unsorted == 0 and fits[outcome])


@pytest.mark.rule("request.letter")
def test_a_letter_leaves_once_by_whose_it_is() -> None:
    for kind, roles in SENDERS.items():
        for role in [*Role, None]:
            assert may_send(kind=kind, role=role, sent=False).allowed == (role in roles)
            assert not may_send(kind=kind, role=role, sent=True).allowed
    assert {letter_kind(kind, outcome) for kind in WEIGHED for outcome in Outcome} == DECISIONS
    assert all(Role.DPO not in SENDERS[kind] for kind in DECISIONS), "the desk has no decision button"
