from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.protocol.contradictions import contradictions, incomplete
from beeldkluis.protocol.governance import changes, may_propose, may_publish, takes_over
from beeldkluis.protocol.register import KeptBy, Protocol, RegisterError, Rule, parse, write

TODAY = datetime(2026, 11, 1, tzinfo=UTC)
LATER = TODAY + timedelta(days=1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = st.from_regex(r"[a-z]{1,8}\.[a-z-]{1,8}", fullmatch=True)
rules = st.builds(
    Rule,
    name=names,
    clauses=st.lists(texts, min_size=1, max_size=3).map(tuple),
    place=texts,
    sentence=texts,
    kept_by=st.just(KeptBy.SOFTWARE),
    help=texts,
    interpretation=texts,
    numbers=st.dictionaries(st.sampled_from(["days", "hours", "seconds"]), st.integers(0, 10**6), max_size=2),
)


@given(municipality=texts, version=texts, found=st.lists(rules, max_size=4))
def test_a_register_that_is_written_reads_back_the_same(municipality: str, version: str, found: list[Rule]) -> None:
    protocol = Protocol(municipality, version, {one.name: one for one in found})
    assert parse(write(protocol), "proef") == protocol


def test_the_register_of_the_municipality_reads_back_the_same(protocol: Protocol) -> None:
    assert parse(write(protocol), "proef") == protocol


@pytest.mark.rule("governance.version")
def test_a_version_is_proposed_with_a_text_and_a_day_that_is_not_past() -> None:
    fine = {"state": "draft", "takes_effect_at": TODAY, "today": TODAY, "another_waits": False, "sections": 1}
    assert may_propose(**fine).allowed  # type: ignore[arg-type] # one value of each kind
    for wrong in (
        {"state": "proposed"}, {"state": "in_force"}, {"state": "lapsed"}, {"another_waits": True}, {"sections": 0},
        {"takes_effect_at": TODAY - timedelta(days=1)},
    ):  # fmt: skip
        verdict = may_propose(**{**fine, **wrong})  # type: ignore[arg-type] # one value of each kind
        assert not verdict.allowed
        assert verdict.reason


@pytest.mark.rule("governance.new-version")
@given(
    state=st.sampled_from(["draft", "proposed", "published", "in_force", "lapsed", "withdrawn"]),
    same=st.booleans(),
    days=st.integers(-3, 3),
)
def test_a_version_is_published_by_another_person_before_its_day(state: str, same: bool, days: int) -> None:
    verdict = may_publish(
        state=state,
        proposed_by="a",
        person="a" if same else "b",
        takes_effect_at=TODAY + timedelta(days=days),
        today=TODAY,
    )
    assert verdict.allowed == (state == "proposed" and not same and days >= 0)


def test_a_version_takes_over_on_its_day_and_not_before() -> None:
    assert not takes_over(state="published", takes_effect_at=LATER, now=LATER - timedelta(seconds=1))
    assert takes_over(state="published", takes_effect_at=LATER, now=LATER)
    assert not takes_over(state="proposed", takes_effect_at=LATER, now=LATER)
    assert not takes_over(state="published", takes_effect_at=None, now=LATER)


def with_number(protocol: Protocol, rule: str, **numbers: int) -> Protocol:
    changed = replace(protocol.rules[rule], numbers={**protocol.rules[rule].numbers, **numbers})
    return replace(protocol, rules={**protocol.rules, rule: changed})


def test_which_numbers_change_is_said_with_old_and_new(protocol: Protocol) -> None:
    assert changes(protocol, protocol) == ()
    other = with_number(protocol, "retention.period", days=14)
    assert changes(protocol, other) == (("retention.period", "days", 28, 14),)


def test_the_register_in_the_house_contradicts_itself_nowhere(protocol: Protocol) -> None:
    assert contradictions(protocol, ["Wij bewaren beelden 28 dagen, dat is vier weken."], protocol.rules) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Wij bewaren 28 dagen.", "28 dagen"),
        ("Wij bewaren vier weken.", "vier weken"),
        ("De camera neemt 90 seconden vooraf op.", "90 seconden"),
        ("Na twee  jaar.", "twee jaar"),
    ],
)
def test_a_text_that_names_a_number_that_no_rule_has_is_named(protocol: Protocol, text: str, named: str) -> None:
    other = with_number(protocol, "retention.period", days=14)
    other = with_number(other, "request.decision-period", days=13)
    other = with_number(other, "access.known-address", days=12)
    found = contradictions(other, [text], protocol.rules)
    assert any(named in one for one in found), found


def test_numbers_that_undo_each_other_are_named(protocol: Protocol) -> None:
    found = contradictions(with_number(protocol, "retention.period", days=2), [], protocol.rules)
    assert any("retention.notice" in one for one in found)
    assert any("recording.observation" in one for one in found)
    assert any(
        "nul" in one
        for one in contradictions(with_number(protocol, "retention.brake", recordings=0), [], protocol.rules)
    )


def test_a_sentence_that_says_another_number_than_its_rule_is_named(protocol: Protocol) -> None:
    period = replace(protocol.rules["retention.period"], sentence="Beelden worden 14 dagen bewaard.")
    found = contradictions(replace(protocol, rules={**protocol.rules, period.name: period}), [], protocol.rules)
    assert any("retention.period" in one and "14 dagen" in one for one in found)


def test_a_rule_that_the_program_does_not_know_is_named(protocol: Protocol) -> None:
    odd = replace(protocol.rules["retention.period"], name="retention.made-up", numbers={})
    found = contradictions(replace(protocol, rules={**protocol.rules, odd.name: odd}), [], protocol.rules)
    assert any("retention.made-up" in one for one in found)


@given(text=st.text(max_size=200))
def test_no_text_breaks_the_reading(protocol: Protocol, text: str) -> None:
    contradictions(protocol, [text], protocol.rules)


def test_a_register_without_a_rule_or_number_that_the_program_asks_for_is_refused(protocol: Protocol) -> None:
    incomplete(protocol, protocol)
    fewer = {name: one for name, one in protocol.rules.items() if name != "retention.period"}
    with pytest.raises(RegisterError, match=r"retention\.period"):
        incomplete(replace(protocol, rules=fewer), protocol)
    bare = replace(protocol.rules["retention.period"], numbers={})
    with pytest.raises(RegisterError, match="days"):
        incomplete(replace(protocol, rules={**protocol.rules, bare.name: bare}), protocol)


@pytest.mark.parametrize(
    "text",
    ["", "geen toml [", "[protocol]\nmunicipality='X'", "[protocol]\nmunicipality='X'\nversion='1'\n[a]\nb=2"],
)
def test_what_is_no_register_says_so(text: str) -> None:
    with pytest.raises(RegisterError):
        parse(text, "proef")
