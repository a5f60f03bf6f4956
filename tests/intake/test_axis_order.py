"""In whatever order a delivery comes, and wherever it stops for hours: the recording ends as the same one."""

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.intake.test_axis import NAME, people, released

from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Recording
from beeldkluis.intake import axis_actions
from beeldkluis.intake.models import AxisContainer, AxisObject, AxisSystem
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.viewing.queries import clips_for_browser, films

__all__ = ["people"]  # a fixture, for this file
pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.rule("camera.blocked")]
TESTS = Actor.system("tests")
TOLD = {
    "bwcserialnumber": "AXIS-1",
    "starttimeiso": "2026-10-31T21:36:30Z",
    "triggerontimeiso": "2026-10-31T21:38:00Z",
    "stoptimeiso": "2026-10-31T21:42:00Z",
}
PIECES = {
    "20261031_213630_A1.mp4": b"film" * 20,
    "20261031_213630_A1.key": b"{}",
    "20261031_214000_A2.mp4": b"meer" * 20,
    "20261031_214000_A2.key": b'{"a":1}',
    "20261031_213630_A1_AXIS-1_gpstrail.json": b"spoor" * 9,
    "bookmark_20261031T213900Z_1": b"let op",
}
TIMES, COMPLETE, OUTAGE = "times", "complete", "outage"


def system() -> AxisSystem:
    return AxisSystem.objects.get_or_create(
        name="Kantoor", user="axis-x", key_hash="x", defaults={"made_at": clock.now()}
    )[0]


def deliver(steps: Sequence[str], name: str, now: datetime) -> Recording:
    """One thing after another; an outage lets the job of each minute run six hours later."""
    known = system()
    axis_actions.put_container(known, name, {"status": "Transferring"}, now=now)
    for step in steps:
        if step == TIMES:
            axis_actions.put_container(known, name, TOLD, now=now)
        elif step == COMPLETE:
            axis_actions.put_container(known, name, {"status": "Complete"}, now=now)
        elif step == OUTAGE:
            now += axis_actions.ABANDONED + timedelta(minutes=5)
            axis_actions.register_abandoned(actor=TESTS, now=now)
        else:
            holder = AxisContainer.objects.get(name=name)
            content = PIECES[step]
            axis_actions.put_object(holder, step, {}, io.BytesIO(content).read, len(content), claimed="", now=now)
    return Recording.objects.get(pk=AxisContainer.objects.get(name=name).pk)


def facts(found: Recording) -> dict[str, Any]:
    open_findings = Finding.objects.filter(recording=found.pk, settled_at__isnull=True)
    return {
        "state": found.state,
        "reason": found.quarantine_reason,
        "times": (found.started_at, found.activated_at, found.ended_at),
        "pieces": sorted(found.clips.values_list("name", flat=True)),
        "films": [one.name for one in films(found.pk)],
        "apart": sorted(open_findings.filter(rule="camera.blocked").values_list("text", flat=True)),
        "keys": open_findings.filter(rule="intake.automatic").count(),
    }


WHOLE = {
    "state": "kept",
    "reason": "",
    "pieces": sorted(PIECES),
    "films": ["20261031_213630_A1.mp4", "20261031_214000_A2.mp4"],
    "apart": [],
    "keys": 0,
}


@given(steps=st.permutations([*PIECES, TIMES, COMPLETE]), outage=st.none() | st.integers(0, 8))
@example(steps=[COMPLETE, *PIECES, TIMES], outage=None)
@settings(max_examples=20, deadline=None)
def test_any_order_of_arrival_ends_the_same(people: object, steps: list[str], outage: int | None) -> None:
    now = clock.now()
    name = NAME.replace("b7c1", f"u{AxisContainer.objects.count()}")
    if outage is not None:
        steps = [*steps[:outage], OUTAGE, *steps[outage:]]
    found = facts(deliver(steps, name, now))
    told = found.pop("times")
    assert found == WHOLE
    assert [f"{one:%H:%M:%S}" for one in told] == ["21:36:30", "21:38:00", "21:42:00"]


@pytest.mark.parametrize("order", list(permutations(["20261031_214000_A2.mp4", "20261031_214000_A2.key"])))
def test_film_that_comes_after_complete_opens_when_its_key_is_there(people: object, order: tuple[str, str]) -> None:
    begun = [TIMES, "20261031_213630_A1.mp4", "20261031_213630_A1.key", COMPLETE]
    made = deliver([*begun, *order[:1]], NAME, clock.now())
    if order[0].endswith(".mp4"):
        assert made.quarantine_reason == "Bij een bestand ontbreekt de sleutel van de camera."
    made = deliver(order[1:], NAME, clock.now())
    assert (made.state, made.quarantine_reason) == ("kept", "")
    assert facts(made)["apart"] == []
    if order[0].endswith(".mp4"):
        assert Entry.objects.filter(act="footage.reason_apart_went").count() == 1
        assert Entry.objects.filter(act="devices.finding_closed").count() == 1


def test_an_outage_in_the_middle_sets_apart_until_it_is_completed(people: object) -> None:
    first = [TIMES, "20261031_213630_A1.mp4", "20261031_213630_A1.key", OUTAGE]
    made = deliver(first, NAME, clock.now())
    assert made.quarantine_reason == "Het camerasysteem heeft deze opname niet afgemaakt."
    made = deliver(["20261031_214000_A2.mp4", "20261031_214000_A2.key"], NAME, clock.now())
    assert made.state == "quarantined"
    made = deliver([COMPLETE], NAME, clock.now())
    assert made.state == "kept"
    entries = Entry.objects.count()
    made = deliver([COMPLETE], NAME, clock.now())
    assert (made.state, Entry.objects.count()) == ("kept", entries), "a word that is repeated changes nothing"


def test_a_recording_of_which_nobody_knew_when_is_nobodys_until_it_is_told(people: object) -> None:
    steps = ["20261031_213630_A1.mp4", "20261031_213630_A1.key", OUTAGE]
    made = deliver(steps, "u_AXIS-1_20991031T213800Z", clock.now())
    assert "zegt niet wanneer" in made.quarantine_reason
    due = made.due_at
    made = deliver([TIMES, COMPLETE], "u_AXIS-1_20991031T213800Z", clock.now())
    assert (made.state, f"{made.started_at:%H:%M}") == ("kept", "21:36")
    assert made.due_at == due, "the term runs from the receipt: nobody measured this clock"
    assert AxisObject.objects.count() == 2


def test_film_without_its_key_keeps_the_rest_from_nobody(people: object) -> None:
    steps = [TIMES, "20261031_213630_A1.mp4", "20261031_213630_A1.key", "20261031_214000_A2.mp4", COMPLETE]
    made = deliver(steps, NAME, clock.now())
    assert made.state == "quarantined"
    objects = {clip.name: clip.object for clip in made.clips.all()}
    headers = {one: released(one) for one in objects.values()}
    (only,) = clips_for_browser(made.pk, headers)
    assert (only["object"], "axis" in only) == (str(objects["20261031_213630_A1.mp4"]), True)
