"""docs/guarantees.md and docs/cannot.md promise nothing without a test that exists."""

import re

import pytest

from beeldkluis.protocol.never import WHY, Never
from tests.house.source import PACKAGE

ROOT = PACKAGE.parents[1]
PAGE = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
PROMISES = re.findall(r"^(\d+)\. (.+?)$", PAGE, re.MULTILINE)
CANNOT = (ROOT / "docs" / "cannot.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE + CANNOT)


def test_promises_are_numbered_without_a_gap() -> None:
    assert [int(number) for number, _ in PROMISES] == list(range(1, len(PROMISES) + 1))


@pytest.mark.parametrize(("number", "promise"), PROMISES)
def test_every_promise_names_its_test(number: str, promise: str) -> None:
    assert "`tests/" in promise, number


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_the_named_test_exists(file: str, name: str) -> None:
    path = ROOT / file
    assert path.is_file()
    assert not name or f"def {name}(" in path.read_text(encoding="utf-8")


def test_every_promise_says_whom_it_holds_against() -> None:
    attackers = set(re.findall(r"\*\*([a-z ]+)\*\*", PAGE))
    threats = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8").lower()
    assert attackers
    for number, promise in PROMISES:
        named = re.match(r"\*Against ([a-z ,]+):\* ", promise)
        assert named, number
        assert set(named[1].split(", ")) <= attackers, number
    assert not [one for one in attackers if f"**{one}**" not in threats]


def test_what_cannot_be_done_is_written_down_with_its_test_and_told_on_the_page() -> None:
    rows = re.findall(r"^\| [^|]*\(`(\w+)`\) \|[^|]*\| (.+) \|$", CANNOT, re.MULTILINE)
    assert [name for name, _ in rows] == [one.value for one in Never]
    assert all("`tests/" in held for _, held in rows)
    assert WHY.keys() == set(Never)
