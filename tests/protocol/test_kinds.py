"""A kind of case is one object: what is not said of it does not import, and what it says is so everywhere."""

import subprocess
import sys
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from beeldkluis.cases.forms import RequestForm
from beeldkluis.documents.letters import KINDS as LETTERS
from beeldkluis.protocol import cases
from beeldkluis.protocol.cases import CaseState, Step
from beeldkluis.protocol.deciding import Outcome, answers
from beeldkluis.protocol.holding import hold_rule
from beeldkluis.protocol.kinds import FACTS, CaseKind, KindFacts, ListOf, Term, Weighing
from beeldkluis.protocol.laws import has_penalty, last_moment
from beeldkluis.protocol.legal import Regime
from beeldkluis.protocol.letters import SENDERS, letter_kind
from beeldkluis.protocol.presence import may_ask_for, purposes_of
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.requests import FIELD_NAMES, required_fields
from beeldkluis.protocol.terms import ZONE
from tests.protocol import seventh

ASKS = """
import beeldkluis.protocol.cases as cases
from beeldkluis.protocol.holding import hold_rule
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.laws import last_moment
kind = CaseKind.ACCIDENT
sets = [kind in one for one in (cases.HOLDING, cases.ASKED, cases.WEIGHED)]
print(hold_rule(kind), *sets, bool(cases.rows(kind, cases.Step.REVIEW)))
"""


def imported(source: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ASKS], env={"PYTHONPATH": str(source)}, capture_output=True, text=True, check=False
    )


def test_a_kind_without_facts_does_not_import_and_is_named(tmp_path: Path) -> None:
    run = imported(seventh.program(tmp_path, facts="", listed=False))
    assert run.returncode
    assert "kinds of case without their facts: ACCIDENT" in run.stderr


def test_a_kind_that_does_not_say_its_hold_does_not_import_and_the_fact_is_named(tmp_path: Path) -> None:
    run = imported(seventh.program(tmp_path, facts=seventh.FACTS.replace(seventh.HELD, "")))
    assert run.returncode
    assert "missing 1 required keyword-only argument: 'hold'" in run.stderr


@pytest.mark.parametrize(
    ("hold", "told"),
    [
        ("None", "the hint says that footage is kept, and no rule holds it"),
        ('"retention.x"', "without an end: ACCIDENT"),
    ],
)
def test_a_kind_that_promises_to_keep_footage_and_has_no_hold_does_not_import(
    hold: str, told: str, tmp_path: Path
) -> None:
    run = imported(seventh.program(tmp_path, facts=seventh.FACTS.replace(seventh.HELD, f"    hold={hold},\n")))
    assert run.returncode
    assert told in run.stderr


@pytest.mark.parametrize("fact", ["rule", "police"])
def test_a_kind_with_a_term_that_no_rule_counts_does_not_import(fact: str, tmp_path: Path) -> None:
    written = seventh.FACTS.replace(f"{fact}=OWN_PERIOD,", f'{fact}="request.completion",')
    run = imported(seventh.program(tmp_path, facts=written))
    assert run.returncode
    assert "kinds of case with a term that no rule counts: ACCIDENT" in run.stderr


@pytest.mark.rule("retention.hold-until-resolved")
def test_a_kind_that_says_it_is_in_every_set_of_its_facts(tmp_path: Path) -> None:
    run = imported(seventh.program(tmp_path))
    assert run.stdout.split() == ["retention.hold-until-resolved", "True", "True", "False", "True"], run.stderr


@pytest.mark.parametrize(
    "of",
    [FACTS[CaseKind.ACCESS], CaseKind.ACCESS.weighing, FACTS[CaseKind.ACCESS].term],
    ids=["kind", "weighing", "term"],
)
def test_no_fact_has_a_default_and_the_one_that_lacks_is_named(of: KindFacts | Weighing | Term) -> None:
    kind, said = type(of), {one.name: getattr(of, one.name) for one in fields(of)}
    for name in said:
        with pytest.raises(TypeError, match=f"'{name}'"):
            kind(**{other: value for other, value in said.items() if other != name})


def test_the_sets_of_kinds_follow_from_the_facts() -> None:
    every = set(CaseKind)
    assert set(FACTS) == every
    assert every - cases.HOLDING == {CaseKind.SELF_REFLECTION}
    assert every - cases.ASKED == {CaseKind.PRESERVATION}
    assert every - cases.WEIGHED == {CaseKind.DEMAND, CaseKind.SELF_REFLECTION, CaseKind.PRESERVATION}
    assert {CaseKind.ACCESS, CaseKind.INTEREST} == cases.REQUESTS
    assert {kind for kind in CaseKind if kind.facts.public} == {CaseKind.ACCESS, CaseKind.INTEREST}


# Received on Wednesday 1 July 2026 at ten; by hand: the last moment under the AVG, under the Wpg, and when it is extended.
RECEIVED = datetime(2026, 7, 1, 10, tzinfo=ZONE)
FOUR_WEEKS = "2026-07-29 10:00:00"
LAST: dict[CaseKind, tuple[str, str, str]] = {
    CaseKind.ACCESS: (FOUR_WEEKS, "2026-08-12 23:59:59", "2026-09-27 10:00:00"),
    CaseKind.INTEREST: (FOUR_WEEKS, FOUR_WEEKS, ""),
    CaseKind.DEMAND: (FOUR_WEEKS, FOUR_WEEKS, ""),
    CaseKind.SELF_REFLECTION: (FOUR_WEEKS, FOUR_WEEKS, ""),
    CaseKind.PRESERVATION: (FOUR_WEEKS, FOUR_WEEKS, ""),
    CaseKind.PUBLIC_RECORDS: ("2026-07-29 23:59:59", "2026-07-29 23:59:59", "2026-08-12 23:59:59"),
}
# What opens under a kind, and for a kind on which is decided: the first answer on screen and the letters of yes and no.
SEEN = {Purpose.ASSESS_REQUEST, Purpose.VIEW_WITH_OFFICER, Purpose.VIEW_WITH_DATA_SUBJECT}
OPENS = {
    CaseKind.ACCESS: SEEN | {Purpose.REDACT},
    CaseKind.INTEREST: SEEN | {Purpose.REDACT},
    CaseKind.SELF_REFLECTION: {Purpose.REFLECT},
}
DECIDED = {
    CaseKind.ACCESS: (Outcome.GRANTED, "granted", "refused"),
    CaseKind.INTEREST: (Outcome.REFUSED, "granted", "refused"),
    CaseKind.PUBLIC_RECORDS: (Outcome.REFUSED, "woo_disclosed", "woo_refused"),
}
NO_PENALTY = {CaseKind.PUBLIC_RECORDS}


@pytest.mark.rule("request.decision-period", "request.police-data", "request.public-records")
@pytest.mark.parametrize("kind", CaseKind)
def test_a_kind_is_decided_by_its_own_last_moment(kind: CaseKind, protocol: Protocol) -> None:
    own, police, extended = LAST[kind]
    assert f"{last_moment(kind, Regime.AVG, RECEIVED, protocol):%F %T}" == own
    assert f"{last_moment(kind, Regime.WPG, RECEIVED, protocol):%F %T}" == police
    assert bool(cases.rows(kind, Step.EXTEND)) == bool(extended)
    if extended:
        assert f"{last_moment(kind, Regime.AVG, RECEIVED, protocol, extended=True):%F %T}" == extended


@pytest.mark.parametrize("kind", CaseKind)
def test_what_a_kind_names_is_there(kind: CaseKind, protocol: Protocol) -> None:
    facts = kind.facts
    assert set(purposes_of(kind)) == OPENS.get(kind, set())
    assert may_ask_for(kind, protocol).allowed
    assert protocol.number("personal.case", facts.years) > 0
    assert set(facts.shown) <= set(RequestForm.base_fields)
    assert set(required_fields(kind, None)) <= set(FIELD_NAMES)


@pytest.mark.parametrize("kind", CaseKind)
def test_only_a_weighed_kind_has_answers_letters_and_a_penalty(kind: CaseKind) -> None:
    if kind not in DECIDED:
        assert not cases.rows(kind, Step.GRANT)
        for ask in (answers, has_penalty, lambda one: letter_kind(one, Outcome.GRANTED)):
            with pytest.raises(LookupError, match="nothing is decided on"):
                ask(kind)
        return
    told = {outcome: letter_kind(kind, outcome) for outcome in Outcome}
    assert set(told.values()) <= set(SENDERS) & set(LETTERS)
    first = answers(kind)[0][0]
    assert (first, told[Outcome.GRANTED], told[Outcome.REFUSED]) == DECIDED[kind]
    assert has_penalty(kind) == (kind not in NO_PENALTY)


@pytest.mark.parametrize("kind", CaseKind)
def test_a_kind_that_holds_nothing_ends_at_once_when_it_is_withdrawn(kind: CaseKind) -> None:
    for row in cases.rows(kind, Step.WITHDRAW):
        assert (row.after is CaseState.CLOSED) == (hold_rule(kind) is None)


@pytest.mark.parametrize(
    ("kind", "changed", "told"),
    [
        (CaseKind.DEMAND, {"hold": None}, "Vordering van politie of OM: the hint says that footage is kept"),
        (
            CaseKind.DEMAND,
            {"hold": None, "hint": "De opnames worden bewaard."},
            "Vordering van politie of OM: the hint says that footage is kept",
        ),
        (CaseKind.INTEREST, {"hold": None}, "Verzoek van een ander met een belang: a decision can be objected to"),
    ],
)
def test_facts_that_contradict_each_other_cannot_be_written(kind: CaseKind, changed: dict[str, Any], told: str) -> None:
    assert replace(FACTS[kind]) == FACTS[kind]
    with pytest.raises(ValueError, match=told):
        replace(FACTS[kind], **changed)


def test_what_must_stand_in_a_list_may_stand_there() -> None:
    assert ListOf(("place",), ("place",)).must == ("place",)
    with pytest.raises(ValueError, match="may not stand: age"):
        ListOf(("place",), ("place", "age"))
