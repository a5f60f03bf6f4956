"""The life of a copy in which others cannot be recognised, and what is missing before it is shown."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.protocol.options import CHOICES
from beeldkluis.protocol.redaction import (
    GRAIN,
    STEPS,
    RedactionState,
    RedactionStep,
    Reviewed,
    estimate,
    gaps,
    is_free,
    may_approve,
    may_check,
    may_choose,
    may_render,
    may_save,
    may_show,
    may_step,
    missing,
)
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.watching import total

S, T = RedactionState, RedactionStep
# Written by hand beside the table: from each state, which steps can be taken, and where they lead.
WANTED = {
    S.ASKED: {T.FIND: S.ANALYSED, T.FAIL: S.FAILED},
    S.ANALYSED: {T.SAVE: S.DRAFTED, T.RENDER: S.RENDERING, T.WITHDRAW: S.WITHDRAWN},
    S.DRAFTED: {T.SAVE: S.DRAFTED, T.RENDER: S.RENDERING, T.WITHDRAW: S.WITHDRAWN},
    S.RENDERING: {T.KEEP: S.RENDERED, T.LOSE: S.DRAFTED},
    S.RENDERED: {T.SAVE: S.DRAFTED, T.CHECK: S.CHECKED, T.WITHDRAW: S.WITHDRAWN},
    S.CHECKED: {T.SAVE: S.DRAFTED, T.APPROVE: S.APPROVED, T.WITHDRAW: S.WITHDRAWN},
    S.APPROVED: {T.SAVE: S.DRAFTED, T.WITHDRAW: S.WITHDRAWN},
    S.FAILED: {T.ASK: S.ASKED, T.WITHDRAW: S.WITHDRAWN},
    S.WITHDRAWN: {T.ASK: S.ASKED},
}
DONE = Reviewed(duration_ms=10_000, made=True, played=((0, 10_000),), freed=True)


@pytest.mark.rule("redaction.life")
def test_each_step_is_taken_from_the_states_written_here_and_from_no_other() -> None:
    found = {
        state: {step: STEPS[step].to for step in RedactionStep if may_step(step, state).allowed}
        for state in RedactionState
    }
    assert found == WANTED
    assert may_step(T.APPROVE, S.RENDERED).reason == "Controleer de kopie eerst."


@pytest.mark.rule("redaction.life")
def test_only_what_was_checked_is_approved_and_a_change_undoes_it() -> None:
    assert [state for state, steps in WANTED.items() if S.APPROVED in steps.values()] == [S.CHECKED]
    assert STEPS[T.SAVE].to is S.DRAFTED
    assert not may_step(T.SAVE, S.RENDERING).allowed, "a copy is never made of what changes meanwhile"


@pytest.mark.rule("redaction.life")
def test_a_film_that_is_worked_on_for_another_case_waits() -> None:
    assert is_free(elsewhere="").allowed
    no = is_free(elsewhere="2026-0007")
    assert (no.allowed, no.reason) == (
        False,
        "Aan deze film wordt nu gewerkt voor zaak 2026-0007. Probeer het daarna opnieuw.",
    )


@pytest.mark.rule("redaction.one-at-a-time")
def test_a_change_made_from_an_older_version_is_not_saved() -> None:
    assert may_save(version=4, known=4).allowed
    for known in (3, 5):
        no = may_save(version=4, known=known)
        assert not no.allowed
        assert "nog op uw scherm" in no.reason


@pytest.mark.rule("redaction.approval")
@pytest.mark.parametrize(
    ("reviewed", "reason"),
    [
        (Reviewed(duration_ms=10_000, played=((0, 10_000),), freed=True), "Laat de kopie maken van wat er nu staat."),
        (
            Reviewed(duration_ms=10_000, made=True, played=((0, 6_500),), freed=True),
            "Speel nog 4 seconden van de kopie af",
        ),
        (
            Reviewed(duration_ms=10_000, made=True, played=((0, 9_300),), freed=True),
            "Speel nog 1 seconde van de kopie af",
        ),
        (Reviewed(duration_ms=10_000, made=True, played=((0, 10_000),)), "Er is nog niemand vrijgegeven."),
        (
            Reviewed(duration_ms=10_000, made=True, played=((0, 10_000),), freed=True, unchecked=1),
            "Kijk nog naar één plek waar",
        ),
        (
            Reviewed(duration_ms=10_000, made=True, played=((0, 10_000),), freed=True, unchecked=3),
            "Kijk nog naar 3 plekken waar",
        ),
        (
            Reviewed(duration_ms=10_000, made=True, played=((0, 10_000),), freed=True, audible=((2_000, 4_000),)),
            "Luister nog naar 2 seconden geluid dat blijft.",
        ),
        (Reviewed(duration_ms=0, freed=True, made=True), "Het is niet bekend hoe lang de film is."),
    ],
)
def test_what_is_missing_is_said(reviewed: Reviewed, reason: str) -> None:
    verdict = may_check(reviewed)
    assert not verdict.allowed
    assert verdict.reason.startswith(reason)
    assert len(missing(reviewed)) == 1


@pytest.mark.rule("redaction.approval")
def test_who_saw_and_heard_all_of_it_may_call_it_good() -> None:
    assert may_check(DONE).allowed
    heard = Reviewed(
        duration_ms=10_000,
        made=True,
        played=((0, 10_000),),
        freed=True,
        audible=((2_000, 4_000),),
        heard=((1_900, 4_000),),
    )
    assert may_check(heard).allowed
    covered = Reviewed(duration_ms=10_000, made=True, played=((0, 10_000),), inverted=False)
    assert may_check(covered).allowed, "where everyone found is covered nobody has to be freed"


SPANS = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 20_000)), max_size=6)


@pytest.mark.rule("redaction.approval")
@given(SPANS, SPANS)
def test_a_gap_is_what_nobody_played(wanted: list[tuple[int, int]], had: list[tuple[int, int]]) -> None:
    inside = {ms for first, last in wanted for ms in range(first, last)}
    played = {ms for first, last in had for ms in range(first, last)}
    found = {ms for first, last in gaps(wanted, had) for ms in range(first, last)}
    assert found <= inside - played
    runs = sorted((inside - played) - found)
    longest = 0
    for at, ms in enumerate(runs):
        longest = longest + 1 if at and runs[at - 1] == ms - 1 else 1
        assert longest < GRAIN
    assert total(gaps(wanted, had)) == len(found)


@pytest.mark.rule("redaction.second-look")
def test_a_copy_that_goes_out_is_approved_by_another_who_saw_all_of_it(protocol: Protocol) -> None:
    inside = may_approve(leaves=False, same=True, reviewed=Reviewed(duration_ms=10_000), protocol=protocol)
    assert (inside.allowed, inside.reason) == (True, "De kopie blijft in de kamer: één controle is genoeg.")
    same = may_approve(leaves=True, same=True, reviewed=DONE, protocol=protocol)
    assert (same.allowed, same.reason[:28]) == (False, "Een ander dan wie controleer")
    half = Reviewed(duration_ms=10_000, made=True, played=((0, 5_000),), freed=True)
    other = may_approve(leaves=True, same=False, reviewed=half, protocol=protocol)
    assert (other.allowed, other.reason) == (
        False,
        "Speel nog 5 seconden van de kopie af die u nog niet zag.",
    )
    assert may_approve(leaves=True, same=False, reviewed=DONE, protocol=protocol).allowed


@pytest.mark.rule("redaction.second-look")
def test_a_municipality_may_ask_a_second_look_at_every_copy(protocol: Protocol) -> None:
    rule = protocol.rules["redaction.second-look"]
    assert rule.choices == {"copies": "leaving"}
    assert CHOICES["redaction.second-look", "copies"] == ("leaving", "every")
    rule.choices["copies"] = "every"  # type: ignore[index]  # a file would say it
    try:
        assert not may_approve(leaves=False, same=True, reviewed=DONE, protocol=protocol).allowed
    finally:
        rule.choices["copies"] = "leaving"  # type: ignore[index]  # as above


@pytest.mark.rule("redaction.approval")
def test_no_copy_is_made_on_which_nobody_is_to_be_seen() -> None:
    no = may_render(inverted=True, freed=False)
    assert (no.allowed, no.reason) == (
        False,
        "Er is nog niemand vrijgegeven. Dan is op de kopie niemand te zien.",
    )
    assert may_render(inverted=True, freed=True).allowed
    assert may_render(inverted=False, freed=False).allowed, "who was not found is to be seen"


@pytest.mark.rule("redaction.second-look")
def test_for_what_a_copy_is_stands_before_it_is_checked() -> None:
    assert [state for state in RedactionState if not may_choose(state).allowed] == [
        S.CHECKED,
        S.APPROVED,
        S.WITHDRAWN,
    ]


@pytest.mark.rule("access.blurred")
def test_a_requester_sees_an_approved_copy_or_nothing() -> None:
    assert may_show(reference="2026-0001", approved=True).reason == (
        "Zaak 2026-0001: de goedgekeurde kopie waarin anderen onherkenbaar zijn."
    )
    assert not may_show(reference="2026-0001", approved=False).allowed


@pytest.mark.rule("redaction.estimate")
def test_how_long_it_takes_is_told_before_anybody_promises_it(protocol: Protocol) -> None:
    about = estimate(timedelta(minutes=10), protocol)
    assert (about.for_machine, about.for_person) == ("20 minuten", "15 minuten")
    short = estimate(timedelta(seconds=2), protocol)
    assert (short.for_machine, short.for_person) == ("één minuut", "één minuut")
