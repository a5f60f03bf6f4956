"""A version that lacks what a newer program asks is completed number by number, from the municipality's own file first."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.governance import actions, queries, registers
from beeldkluis.protocol.options import NAMED
from beeldkluis.protocol.register import Protocol, write
from tests.conftest import SETUP, START

WHOLE = registers.shipped()
NUMBERS = tuple((one.name, key) for one in WHOLE.rules.values() for key in one.numbers)


def other(name: str, key: str) -> int:
    """Another number than the shipped one, that may stand there."""
    shipped = WHOLE.number(name, key)
    return shipped % len(NAMED[name, key]) + 1 if (name, key) in NAMED else shipped + 5


def without(protocol: Protocol, dropped: set[tuple[str, str]], rules: set[str]) -> Protocol:
    kept = {
        name: replace(one, numbers={key: other(name, key) for key in one.numbers if (name, key) not in dropped})
        for name, one in protocol.rules.items()
        if name not in rules
    }
    return replace(protocol, rules=kept)


@given(st.sets(st.sampled_from(NUMBERS)), st.sets(st.sampled_from(list(WHOLE.rules))))
def test_every_number_is_there_whatever_the_version_dropped(dropped: set[tuple[str, str]], rules: set[str]) -> None:
    stored = registers.read(write(without(WHOLE, dropped, rules)), "stored")
    base = without(WHOLE, set(), set())
    own = replace(base, municipality="Elders")
    whole = queries.completed(stored, replace(own, rules={n: one for n, one in own.rules.items() if n in WHOLE.rules}))
    assert set(whole.rules) == set(WHOLE.rules)
    for name, key in NUMBERS:
        assert whole.number(name, key) == other(name, key)
    for one in WHOLE.rules.values():
        assert whole.rules[one.name].lists == one.lists
        assert whole.rules[one.name].choices == one.choices


@pytest.mark.parametrize("number", NUMBERS, ids=".".join)
def test_each_number_alone_comes_from_the_base_file_when_the_version_lacks_it(number: tuple[str, str]) -> None:
    older = registers.read(write(without(WHOLE, {number}, set())), "stored")
    whole = queries.completed(older, WHOLE)
    assert whole.number(*number) == WHOLE.number(*number)
    assert [one for one in NUMBERS if one != number and whole.number(*one) != other(*one)] == []


def test_an_adopted_version_of_one_line_answers_every_number(settings: Any, tmp_path: Path, db: None) -> None:
    """Nothing at the gate stops working, also when the municipality's own base file says as little."""
    settings.PROTOCOLS_FOLDER, settings.PROTOCOL_FILE = tmp_path / "protocols", tmp_path / "own.toml"
    head = '[protocol]\nmunicipality = "Elders"\nversion = "1"\n'
    settings.PROTOCOL_FILE.write_text(head + '[retention.period]\nplace = "art. 1"\ndays = 9\n')
    actions.adopt(head.encode(), takes_effect_at=START, actor=SETUP, now=START)
    held = queries.in_force()
    assert held.municipality == "Elders"
    assert held.number("retention.period", "days") == 9
    for name, key in NUMBERS:
        assert held.number(name, key) == (9 if name == "retention.period" else WHOLE.number(name, key))
