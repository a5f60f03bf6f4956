"""What a dock says of its slots over HTTP, as docs/spec/dock.md describes it."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from beeldkluis.devices.actions import retire_dock
from beeldkluis.devices.models import Bodycam, Dock
from beeldkluis.dock.slots import MOST_SLOTS as DOCK_SAYS_MOST
from beeldkluis.dock.slots import SlotState
from beeldkluis.journal.models import Entry
from beeldkluis.kiosk.dock_views import MOST_SLOTS
from beeldkluis.kiosk.models import SlotReport
from beeldkluis.people.models import Person
from tests.conftest import START
from tests.devices.test_dock_door import is_problem
from tests.devices.test_dock_spec import SPEC
from tests.kiosk.conftest import Moment, Report, let_in, told

ROOT = Path(__file__).parents[2]
READING = {"slot": "plaats-1", "state": "reading", "percent": 42, "serial": "SIM-0007"}
EMPTY = {"slot": "plaats-2", "state": "empty", "percent": None, "serial": ""}


def rows() -> list[tuple[str, str, int | None, str]]:
    return list(SlotReport.objects.order_by("slot").values_list("slot", "state", "percent", "label"))


def test_a_report_replaces_the_one_before_and_names_cameras_by_their_housing(
    report: Report, bodycam: Bodycam, moment: Moment
) -> None:
    assert report({"slots": [EMPTY, READING]}).status_code == 204
    assert rows() == [("plaats-1", "reading", 42, "BC-0007"), ("plaats-2", "empty", None, "")]
    moment.now += timedelta(seconds=5)
    report({"slots": [READING | {"state": "ready", "percent": None}, EMPTY | {"slot": "plaats-3"}]})
    assert rows() == [("plaats-1", "ready", None, "BC-0007"), ("plaats-3", "empty", None, "")]
    assert set(SlotReport.objects.values_list("told_at", flat=True)) == {moment.now}
    report({"slots": []})
    assert rows() == []


def test_a_serial_that_is_in_no_register_is_shown_nowhere(report: Report, bodycam: Bodycam) -> None:
    report({"slots": [READING | {"serial": "VREEMD", "state": "unknown"}]})
    assert rows() == [("plaats-1", "unknown", 42, "")]


def test_one_docks_report_leaves_anothers_alone(report: Report, dock: Dock, administrator: Person) -> None:
    other, _token = let_in("Leek", administrator)
    told(other, plaats="ready")
    report({"slots": []})
    assert SlotReport.objects.get().dock == other


def test_no_report_stands_in_the_journal(report: Report) -> None:
    before = Entry.objects.count()
    report({"slots": [READING, EMPTY]})
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"slot": ""},
        {"slot": "x" * 121},
        {"slot": "a\nb"},
        {"slot": "plaats-2"},  # twice the same
        {"slot": 1},
        {"state": "gone"},
        {"state": None},
        {"percent": 101},
        {"percent": -1},
        {"percent": True},
        {"percent": 4.5},
        {"percent": "4"},
        {"serial": None},
        {"serial": "x" * 65},
        {"serial": "\0"},
    ],
)
def test_a_report_of_another_shape_is_refused_and_changes_nothing(report: Report, wrong: dict[str, object]) -> None:
    report({"slots": [READING]})
    is_problem(report({"slots": [READING | wrong, EMPTY]}), 400)
    assert rows() == [("plaats-1", "reading", 42, "")]


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"slots":{}}', b'{"slots":[1]}', b'{"slots":[{}]}', b"{",
     json.dumps({"slots": [EMPTY | {"slot": f"{one}"} for one in range(MOST_SLOTS + 1)]}).encode()],
)  # fmt: skip
def test_what_is_no_report_is_refused(report: Report, body: bytes) -> None:
    is_problem(report(body), 400)


def test_the_most_that_a_dock_says_fits(report: Report) -> None:
    most = [
        {"slot": f"{one:0120}", "state": "reading", "percent": 100, "serial": "s" * 64} for one in range(DOCK_SAYS_MOST)
    ]
    assert report({"slots": most}).status_code == 204
    assert {one.value for one in SlotState} == set(SlotReport.State.values)


def test_only_a_dock_in_use_reports(report: Report, client: Client, dock: Dock, administrator: Person) -> None:
    is_problem(client.post("/dock/v1/slots", {"slots": []}, content_type="application/json"), 401)
    is_problem(report({"slots": []}, token="x"), 401)
    assert client.get("/dock/v1/slots").status_code == 401
    retire_dock(dock, actor=administrator.as_actor, now=START)
    is_problem(report({"slots": []}), 401)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None)
@given(slots=st.lists(st.dictionaries(st.sampled_from(sorted(READING)), VALUES, max_size=4) | VALUES, max_size=3))
def test_no_report_whatever_it_says_breaks_the_door(slots: list[object], report: Report) -> None:
    sent = [READING | one if isinstance(one, dict) else one for one in slots]
    assert report(json.dumps({"slots": sent})).status_code in (204, 400)


def test_the_report_in_the_spec_is_taken(report: Report, bodycam: Bodycam) -> None:
    section = SPEC.partition("\n## 5. ")[2].partition("\n## ")[0]
    sent = re.findall(r"```text\n(.+?)```", section, re.DOTALL)[0]
    assert report(sent.encode()).status_code == 204
    assert {name for one in json.loads(sent)["slots"] for name in one} == set(
        re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    )
    assert set(re.findall(r"`(\w+)`: ", section)) == set(SlotReport.State.values)
