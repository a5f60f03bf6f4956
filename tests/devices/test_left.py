"""What stays on a camera is told to a person: how many, of which kind, why, and once."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from beeldkluis.devices.actions import note_left
from beeldkluis.devices.models import Bodycam, Dock
from beeldkluis.findings.actions import settle_finding
from beeldkluis.findings.models import Finding
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person
from beeldkluis.protocol.finding import may_settle
from beeldkluis.protocol.intake import FOLDER, Left, Why, left_behind
from beeldkluis.protocol.roles import Role
from tests.conftest import START
from tests.devices.conftest import Ask
from tests.devices.test_dock_door import VALUES, is_problem
from tests.devices.test_dock_spec import SPEC, table_after

LEFT = "/dock/v1/left"
ROW = {"why": "unreadable", "kind": ".mp4", "count": 2}
TOLD: dict[str, Any] = {
    "serial": "SIM-0007",
    "slot": "p1",
    "left": [ROW, {"why": "unreadable", "kind": "folder", "count": 1}],
}
pytestmark = pytest.mark.rule("intake.nothing-left")


def sentences() -> list[str]:
    return list(Finding.objects.filter(rule="intake.nothing-left").order_by("pk").values_list("text", flat=True))


def test_each_reason_is_a_sentence_with_how_many_and_of_which_kind() -> None:
    left = [
        Left(Why.LOCKED, ".ts", 3),
        Left(Why.UNREADABLE, ".mp4", 1),
        Left(Why.UNREADABLE, FOLDER, 2),
        Left(Why.LOCKED, "", 1),
    ]
    told = left_behind(camera="bodycam BC-7", left=left)
    assert told.keys() == {Why.LOCKED, Why.UNREADABLE}
    assert "bodycam BC-7" in told[Why.LOCKED].text
    assert "1 bestand zonder soort, 3 bestanden (.ts)" in told[Why.LOCKED].text
    assert "1 bestand (.mp4), 2 mappen" in told[Why.UNREADABLE].text
    assert left_behind(camera="x", left=[]) == {}


def test_the_message_in_the_spec_becomes_two_findings(ask: Ask, bodycam: Bodycam) -> None:
    block = SPEC.partition("\n## 6.")[2].partition("```text\n")[2].partition("```")[0]
    assert ask("POST", LEFT, json.loads(block)).status_code == 204
    assert len(sentences()) == 2
    assert "1 map" in sentences()[0]
    assert "3 bestanden (.mp4)" in sentences()[1]
    assert Finding.objects.filter(bodycam=bodycam.pk).count() == 2
    assert table_after("6.") == {"serial", "slot", "why", "kind", "count"}
    assert set(re.findall(r"^\* `(\w+)`", SPEC.partition("\n## 6.")[2], re.MULTILINE)) == set(Why)


def test_it_is_said_once_while_it_is_open_and_anew_when_it_is_something_else(ask: Ask, bodycam: Bodycam) -> None:
    for _ in range(3):
        ask("POST", LEFT, TOLD)
    assert len(sentences()) == 1
    ask("POST", LEFT, TOLD | {"left": [ROW | {"count": 3}]})
    assert len(sentences()) == 2


@pytest.mark.parametrize(
    ("why", "again"), [(Why.UNREADABLE, 2), (Why.LOCKED, 2), (Why.REFUSED, 2), (Why.UNRECOGNISED, 1)]
)
def test_what_was_settled_and_still_is_there_is_said_again_after_a_term(
    let_in: tuple[Dock, str], bodycam: Bodycam, dpo: Person, why: Why, again: int
) -> None:
    def told(days: float) -> int:
        note_left(serial=bodycam.serial, left=[Left(why, ".bin", 1)], dock=let_in[0], now=START + timedelta(days=days))
        return len(sentences())

    assert told(0) == 1
    assert told(40) == 1, "it is open"
    settle_finding(Finding.objects.get(), because="Gezien.", actor=dpo.as_actor, now=START + timedelta(days=40))
    assert told(67.9) == 1
    assert told(68) == again
    assert told(69) == again


def test_a_camera_that_nobody_knows_is_named_by_its_number(ask: Ask) -> None:
    ask("POST", LEFT, TOLD | {"serial": "VREEMD-1"})
    assert "een onbekende camera met serienummer VREEMD-1" in sentences()[0]


def test_whoever_looks_after_docks_does_not_settle_it() -> None:
    settlers = {role for role in Role if may_settle(role=role, finding_rule="intake.nothing-left").allowed}
    assert settlers == {Role.DPO, Role.TEAM_MANAGER}


@pytest.mark.parametrize(
    "wrong",
    [
        {"serial": ""},
        {"serial": "s" * 65},
        {"left": "x"},
        {"left": [ROW] * 65},
        {"left": [1]},
        {"left": [ROW | {"why": "zomaar"}]},
        {"left": [ROW | {"kind": "Jan Jansen.mp4"}]},
        {"left": [ROW | {"kind": ".MP4"}]},
        {"left": [ROW | {"kind": ".mp4\n"}]},
        {"left": [ROW | {"count": 0}]},
        {"left": [ROW | {"count": True}]},
    ],
)
def test_another_shape_is_refused_and_changes_nothing(ask: Ask, bodycam: Bodycam, wrong: dict[str, object]) -> None:
    before = Entry.objects.count()
    is_problem(ask("POST", LEFT, TOLD | wrong), 400)
    assert Entry.objects.count() == before


def test_without_a_token_nothing_is_taken(ask: Ask, client: Client) -> None:
    is_problem(client.post(LEFT, TOLD, content_type="application/json"), 401)
    is_problem(ask("POST", LEFT, TOLD, token="x"), 401)
    assert ask("GET", LEFT).status_code == 405


@settings(max_examples=40, deadline=None)
@given(
    changed=st.dictionaries(st.sampled_from(sorted(TOLD)), VALUES, max_size=3),
    row=st.dictionaries(st.sampled_from(sorted(ROW)), VALUES),
)
def test_no_message_breaks_the_door(
    changed: dict[str, object], row: dict[str, object], ask: Ask, bodycam: Bodycam
) -> None:
    assert ask("POST", LEFT, json.dumps(TOLD | {"left": [ROW | row]} | changed)).status_code in (204, 400)
