"""What the register makes of what comes in."""

import json
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.devices.actions import block_bodycam, hand_in
from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.findings.models import Finding
from beeldkluis.footage import queries
from beeldkluis.footage.actions import extend, mark_destroyed
from beeldkluis.footage.models import Clip, Recording, SetApart
from beeldkluis.footage.term_actions import reassess
from beeldkluis.governance.queries import in_force
from beeldkluis.journal import guard
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.people.actions import add_person
from beeldkluis.protocol.intake import Ground
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP
from tests.footage.conftest import BEGIN, RECEIVED, Register, a_clip, a_recording


def facts(act: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(Entry.objects.filter(act=act).latest("number").data))["facts"]
    return found


def texts() -> list[str]:
    return list(Finding.objects.order_by("pk").values_list("text", flat=True))


@pytest.mark.rule("recording.officer-known")
def test_a_recording_is_its_wearers_and_without_doubts_when_all_is_well(add: Register, issued: IssuePeriod) -> None:
    made = add()
    assert (made.officer, made.bodycam, made.flags) == (issued.officer, issued.bodycam, [])
    assert (made.state, str(made)) == (Recording.State.KEPT, "R-000001")
    assert (made.pre_event_ms, made.duration_ms) == (120_000, 300_000)
    assert texts() == []
    told = facts("footage.recording_registered")
    assert told["officer"] == str(issued.officer.pseudonym)
    assert told["due_at"].startswith("2026-10-29T10:05:00")
    assert told["quarantined"] is False


@pytest.mark.rule("retention.period")
def test_it_is_due_exactly_so_many_days_after_its_end(add: Register, protocol: Protocol) -> None:
    before_winter_time = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)
    made = add(before_winter_time, lasts=60, pre_event=0)
    assert made.due_at - made.ended_at == protocol.days("retention.period")


@pytest.mark.rule("retention.clock-unknown")
def test_with_a_clock_that_was_not_measured_it_is_due_so_many_days_after_its_receipt(
    add: Register, issued: IssuePeriod, protocol: Protocol
) -> None:
    made = add(BEGIN - timedelta(days=400), clock_offset_ms=None)
    assert made.due_at == RECEIVED + protocol.days("retention.period")
    part = another(add(), clock_offset_ms=None)
    assert part.due_at == RECEIVED + protocol.days("retention.period"), "nor when one of its parts was not measured"
    assert "recording.clock" in part.flags


def test_what_an_older_program_took_in_with_a_clock_that_nobody_measured_gets_its_term(
    add: Register, issued: IssuePeriod, protocol: Protocol
) -> None:
    made = add(clock_offset_ms=None)
    Recording.objects.filter(pk=made.pk).update(due_at=RECEIVED - timedelta(days=400))
    import_module("beeldkluis.footage.migrations.0007_terms_from_receipt_clocks").ask_anew(apps, None)
    assert reassess(in_force(), actor=SETUP) == 1
    made.refresh_from_db()
    assert made.due_at == RECEIVED + protocol.days("retention.period")


@pytest.mark.parametrize(
    ("changed", "flag"),
    [
        ({"pre_event": 119}, "recording.pre-event"),
        ({"clock_offset_ms": None}, "recording.clock"),
        ({"lasts": 3 * 3600}, "recording.long"),
    ],
)
def test_what_deserves_a_second_look_is_flagged_by_rule(
    add: Register, issued: IssuePeriod, changed: dict[str, Any], flag: str
) -> None:
    assert add(**changed).flags == [flag]


@pytest.mark.rule("recording.officer-known")
def test_footage_of_a_moment_when_nobody_had_the_camera_is_kept_and_flagged(add: Register, issued: IssuePeriod) -> None:
    hand_in(issued.bodycam, at=BEGIN + timedelta(seconds=60), actor=SETUP, now=RECEIVED)
    made = add()  # begins while issued, but is activated after the hand-in
    assert (made.officer, made.flags, made.state) == (None, ["recording.officer-known"], Recording.State.KEPT)
    assert "aan niemand uitgegeven" in texts()[0]


@pytest.mark.rule("camera.blocked")
def test_footage_of_an_unknown_camera_is_set_apart_and_never_lost(add: Register) -> None:
    made = add(serial="FOUND-1")
    assert (made.state, made.bodycam) == (Recording.State.QUARANTINED, None)
    assert "niet bekend" in made.quarantine_reason
    assert [one for one in texts() if "apart gezet" in one]
    assert made.clips.count() == 1


@pytest.mark.rule("camera.blocked")
def test_footage_of_a_blocked_camera_is_set_apart(add: Register, issued: IssuePeriod) -> None:
    block_bodycam(issued.bodycam, actor=SETUP, now=RECEIVED)
    assert add().state == Recording.State.QUARANTINED


def test_why_the_sender_set_it_apart_stands_with_the_recording_alone(add: Register, issued: IssuePeriod) -> None:
    made = add(said_apart="Het bestand van Jan Jansen is afgebroken.")
    assert (made.state, made.quarantine_reason) == (
        Recording.State.QUARANTINED,
        "Het bestand van Jan Jansen is afgebroken.",
    )
    assert f"Opname {made} is apart gezet. De reden staat bij de opname." in texts()
    for kept in (*Entry.objects.values_list("data", flat=True), *Detail.objects.values_list("payload", flat=True)):
        assert b"Jan Jansen" not in bytes(kept)


def test_numbers_follow_each_other(add: Register, bodycam: Bodycam) -> None:
    assert [add().number for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    "wrong", [{"activated_at": BEGIN - timedelta(seconds=1)}, {"ended_at": BEGIN + timedelta(seconds=119)}]
)
def test_times_out_of_order_do_not_get_in(add: Register, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        add(**wrong)
    assert not Entry.objects.filter(act="footage.recording_registered").exists()


YEAR_2090 = datetime(2090, 1, 1, tzinfo=UTC)


@pytest.mark.rule("recording.not-after-receipt", "retention.period")
@pytest.mark.parametrize("begin", [BEGIN, YEAR_2090 - timedelta(minutes=5)])
def test_a_clock_in_2090_keeps_nothing_until_2090(
    add: Register, issued: IssuePeriod, protocol: Protocol, client: Client, begin: datetime
) -> None:
    made = add(begin, ended_at=YEAR_2090)
    assert made.ended_at == RECEIVED
    assert made.due_at == RECEIVED + protocol.days("retention.period")
    assert "recording.not-after-receipt" in made.flags
    assert f"Opname {made} is volgens de camera later gemaakt dan zij binnenkwam. De ontvangst telt." in " ".join(
        texts()
    )
    told = facts("footage.times_bounded")
    assert told["told_ended_at"].startswith("2090-01-01"), "what was said stays on record"
    client.force_login(
        add_person(email="tm@example.org", name="T", role=Role.TEAM_MANAGER, password="x", actor=SETUP, now=RECEIVED)
    )
    page = client.get(f"/opnames/{made.pk}/").content.decode()
    assert "Volgens de camera is deze opname later gemaakt dan zij binnenkwam." in page
    assert "tot 2090-01-01" in page, "in its story: what was said"


@pytest.mark.rule("recording.not-after-receipt", "retention.period")
def test_a_later_part_never_moves_the_end_beyond_the_receipt_of_what_is_there(
    add: Register, issued: IssuePeriod, protocol: Protocol
) -> None:
    made = add()
    whole = another(made, ended_at=YEAR_2090, now=RECEIVED + timedelta(days=20))
    assert (whole.ended_at, whole.due_at) == (RECEIVED, RECEIVED + protocol.days("retention.period"))
    assert "recording.not-after-receipt" in whole.flags
    assert facts("footage.times_bounded")["told_ended_at"].startswith("2090-01-01")
    again = another(whole, clips=[a_clip(3, source_sha256="e" * 64)])
    assert "recording.not-after-receipt" in again.flags, "a later part that is right takes no doubt away"


@pytest.mark.rule("recording.not-after-receipt")
def test_a_row_that_an_older_program_dated_to_2090_gets_its_term_back(
    add: Register, issued: IssuePeriod, protocol: Protocol
) -> None:
    made = add()
    Recording.objects.filter(pk=made.pk).update(ended_at=YEAR_2090, due_at=YEAR_2090 + timedelta(days=28))
    migration = import_module("beeldkluis.footage.migrations.0006_term_not_after_receipt")
    migration.ask_anew(apps, None)
    assert reassess(in_force(), actor=SETUP) == 1
    made.refresh_from_db()
    assert made.due_at == RECEIVED + protocol.days("retention.period")
    assert facts("footage.terms_reassessed")["recordings"] == 1


def another(made: Recording, *, begin: datetime = BEGIN, now: datetime = RECEIVED, **changed: Any) -> Recording:
    return extend(made, a_recording(begin, id=made.pk, **changed), actor=SETUP, now=now)


def test_an_earlier_part_that_comes_later_is_judged_with_the_whole(add: Register, issued: IssuePeriod) -> None:
    made = add(pre_event=0)
    assert made.flags == ["recording.pre-event"]
    whole = another(made, begin=BEGIN - timedelta(seconds=300), pre_event=120)
    assert (whole.pre_event_ms, whole.duration_ms, whole.flags) == (120_000, 600_000, [])
    assert facts("footage.recording_extended")["flags"] == []


@pytest.mark.rule("recording.officer-known")
def test_whose_it_is_is_asked_again_when_the_activation_turns_out_earlier(add: Register, issued: IssuePeriod) -> None:
    made = add()
    whole = another(made, begin=BEGIN - timedelta(hours=2))
    assert whole.officer is None
    assert "recording.officer-known" in whole.flags
    assert "aan niemand uitgegeven" in texts()[0]


def test_a_later_part_moves_the_day_it_goes(add: Register, issued: IssuePeriod) -> None:
    made = add()
    whole = another(made, begin=BEGIN + timedelta(seconds=300), pre_event=0)
    assert whole.due_at == made.due_at + timedelta(seconds=300)
    assert whole.pre_event_ms == 120_000


def test_one_broken_part_sets_the_whole_apart_until_it_comes_whole(add: Register, issued: IssuePeriod) -> None:
    made = add()
    broken = (a_clip(1, name="DSC_B.mp4"),)
    assert another(made, said_apart="Dit deel is afgebroken.", clips=broken).state == Recording.State.QUARANTINED
    whole = another(made, clips=(a_clip(2, name="DSC_C.mp4"),))
    assert (whole.state, whole.quarantine_reason) == (Recording.State.QUARANTINED, "Dit deel is afgebroken.")
    assert len(texts()) == 1
    whole = another(made, clips=(a_clip(3, name="DSC_B.mp4"),))
    assert (whole.state, whole.quarantine_reason) == (Recording.State.KEPT, "")
    assert not Finding.objects.filter(settled_at__isnull=True).exists(), "nobody looks for what is no longer so"
    (went,) = Entry.objects.filter(act="footage.reason_apart_went")
    assert b"speelt een bestand niet af" in bytes(went.data)


def test_what_a_dock_doubts_sets_nothing_apart_and_is_told(add: Register, issued: IssuePeriod) -> None:
    made = add(clips=(a_clip(note="Het bestand zegt van Jan Jansen niet hoe lang het duurt."),))
    assert (made.state, made.clips.get().note) == (
        Recording.State.KEPT,
        "Het bestand zegt van Jan Jansen niet hoe lang het duurt.",
    )
    assert texts() == [
        f"Het dockingstation twijfelt of een bestand van opname {made} heel is. Wat het zag, staat bij de opname."
    ]
    for kept in (*Entry.objects.values_list("data", flat=True), *Detail.objects.values_list("payload", flat=True)):
        assert b"Jan Jansen" not in bytes(kept)


def test_two_parts_that_claim_one_place_are_both_kept(add: Register, issued: IssuePeriod) -> None:
    made = add()
    another(made, clips=(a_clip(0), a_clip(0)))
    assert [one.position for one in queries.clips(made.pk)] == [0, 1, 2]
    assert Entry.objects.filter(act="footage.clip_added").count() == 3


def test_nothing_is_added_to_what_is_destroyed(add: Register, issued: IssuePeriod) -> None:
    made = add()
    mark_destroyed(made.pk, rules=["retention.period"], actor=SETUP, now=RECEIVED)
    with pytest.raises(Refused, match="al vernietigd"):
        another(made)
    assert Clip.objects.count() == 1


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_lengths_are_exact_to_the_millisecond(pre_event: int, lasts: int) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    lengths = Recording(
        started_at=begin,
        activated_at=begin + timedelta(milliseconds=pre_event),
        ended_at=begin + timedelta(milliseconds=lasts),
    )
    assert (lengths.pre_event_ms, lengths.duration_ms) == (pre_event, lasts)


def test_one_camera_that_made_two_recordings_at_once_is_a_finding(issued: IssuePeriod, add: Register) -> None:
    add()
    add(BEGIN + timedelta(seconds=300), source="dock")
    assert not Finding.objects.exists(), "one recording after the other is nothing strange"
    add(BEGIN + timedelta(seconds=100))
    assert "op twee plaatsen" in Finding.objects.get().text


def test_an_unusually_long_recording_is_a_finding(issued: IssuePeriod, add: Register) -> None:
    add(lasts=3600)
    assert not Finding.objects.exists()
    add(BEGIN + timedelta(days=1), lasts=3601, now=RECEIVED + timedelta(days=1))
    assert Finding.objects.get().rule == "recording.long"


def test_what_was_set_apart_before_gets_its_row_by_its_words(add: Register, issued: IssuePeriod) -> None:
    unknown, broken = add(serial="FOUND-1"), add(said_apart="Het einde ontbreekt.")
    add(begin=BEGIN + timedelta(hours=3))
    with guard.opened():
        SetApart.objects.all().delete()
    import_module("beeldkluis.footage.migrations.0009_set_apart").give_rows(apps, None)
    rows = {one.recording_id: one for one in SetApart.objects.all()}
    assert {pk: one.ground for pk, one in rows.items()} == {unknown.pk: Ground.UNKNOWN, broken.pk: Ground.FILM}
    assert rows[broken.pk].reason == "Het einde ontbreekt."
    assert rows[broken.pk].set_at == broken.received_at
    assert all(one.ended_at is None for one in rows.values())
