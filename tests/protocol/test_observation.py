from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.protocol.observation import ObservationFacts, doubts, is_told, late_when_received_by
from beeldkluis.protocol.register import Protocol

FINE = ObservationFacts(
    kind="aggression",
    enforcement_number="W-1",
    warning="given",
    warning_because="",
    one_to_one=True,
    place="public_space",
    place_because="",
    off_when_over=True,
    facts="",
)
told = st.builds(
    ObservationFacts,
    kind=st.sampled_from(["aggression", "unsafety", "other"]),
    enforcement_number=st.text(max_size=5),
    warning=st.sampled_from(["given", "not_possible", "not_given"]),
    warning_because=st.text(max_size=5),
    one_to_one=st.booleans(),
    place=st.sampled_from(["public_space", "public_building", "other"]),
    place_because=st.text(max_size=5),
    off_when_over=st.booleans(),
    facts=st.text(max_size=5),
)


@pytest.mark.rule("recording.reason")
@given(told=told)
def test_an_observation_is_complete_when_every_no_has_its_reason(told: ObservationFacts) -> None:
    verdict = is_told(told)
    lacks_warning = told.warning != "given" and not told.warning_because.strip()
    lacks_place = told.place == "other" and not told.place_because.strip()
    assert verdict.allowed == (not lacks_warning and not lacks_place)
    assert verdict.reason


@pytest.mark.rule("recording.warning")
@pytest.mark.rule("recording.public-place")
def test_what_deserves_a_second_look_is_named() -> None:
    assert doubts(FINE) == ()
    assert [one.rule for one in doubts(replace(FINE, warning="not_possible"))] == ["recording.warning"]
    assert doubts(replace(FINE, warning="not_possible", one_to_one=False)) == ()
    assert [one.rule for one in doubts(replace(FINE, warning="not_given", one_to_one=False))] == ["recording.warning"]
    assert [one.rule for one in doubts(replace(FINE, place="other"))] == ["recording.public-place"]
    assert doubts(replace(FINE, place="public_building")) == ()
    assert [one.rule for one in doubts(replace(FINE, off_when_over=False))] == ["recording.long"]


@given(told=told)
def test_a_doubt_never_repeats_what_was_told(told: ObservationFacts) -> None:
    secret = replace(told, facts="Jan de Vries", warning_because="Jan de Vries", place_because="Jan de Vries")
    assert "Jan" not in str(doubts(secret))


@pytest.mark.rule("recording.observation")
def test_an_observation_is_late_after_the_days_of_the_protocol(protocol: Protocol) -> None:
    came = datetime(2026, 10, 1, tzinfo=UTC)
    assert late_when_received_by(protocol=protocol, now=came + timedelta(days=3)) == came
