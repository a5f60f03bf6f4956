"""What the rules say in words, days and units: each beside a number that somebody can check with a calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from beeldkluis.protocol.access import RIGHTS, Act, CaseFacts, may, may_open
from beeldkluis.protocol.accounts import Waited
from beeldkluis.protocol.brake import Look, clock_holds, node_clock_holds
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.giving import months_after
from beeldkluis.protocol.incident import Known, deadline, prefilled
from beeldkluis.protocol.intake import Left, Why, left_behind
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.presence import InTheRoom, Present
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.terms import ZONE, default_ends, final_from, objection_ends
from beeldkluis.protocol.watching import MEBI, Account, accounts_agree, as_told

NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
HOLDERS = {
    Act.OPEN_RECORDING: {Role.TEAM_MANAGER},
    Act.DECIDE_CASE: {Role.TEAM_MANAGER},
    Act.JUDGE_SET_APART: {Role.TEAM_MANAGER},
    Act.ISSUE_BODYCAM: {Role.TEAM_MANAGER},
    Act.CONFIRM_WEARER: {Role.DPO},
    Act.FORWARD_CASE: {Role.DPO},
    Act.GIVE_CODE: {Role.ADMINISTRATOR},
    Act.MANAGE_PEOPLE: {Role.ADMINISTRATOR},
    Act.STAND_IN: {Role.DEPUTY},
    Act.CONFIRM_DESTRUCTION: {Role.TEAM_MANAGER, Role.DPO},
    Act.CONFIRM_ACCOUNT: {Role.TEAM_MANAGER, Role.DPO},
    Act.READ_JOURNAL_DETAILS: {Role.TEAM_MANAGER, Role.DPO},
}


@pytest.mark.parametrize("act", HOLDERS)
def test_what_keeps_others_in_check_is_in_these_hands_alone(act: Act) -> None:
    assert {role for role in Role if act in RIGHTS[role]} == HOLDERS[act]
    refused = may(Role.OFFICER, act)
    assert not refused.allowed
    assert all(role.dutch in refused.reason for role in HOLDERS[act])


def test_a_wait_counts_what_clock_and_machine_agree_on() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert Waited(day, hour).surely == Waited(hour, day).surely == hour


@pytest.mark.parametrize(("seconds", "fine"), [(0, True), (-3600, False), (3600, False)])
def test_a_machine_that_is_behind_is_as_wrong_as_one_that_is_ahead(
    protocol: Protocol, seconds: int, *, fine: bool
) -> None:
    verdict = node_clock_holds(ahead=timedelta(seconds=seconds), protocol=protocol)
    assert verdict.allowed is fine
    allowed = protocol.number("retention.clock-node", "seconds")
    assert fine or f"meer dan {allowed} seconden uiteen" in verdict.reason


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(minutes=45), "45 minuten"), (timedelta(hours=47), "47 uur"), (timedelta(hours=50), "2 dagen"),
        (timedelta(days=365), "365 dagen"),
    ],
)  # fmt: skip
def test_a_jump_of_the_clock_is_told_in_the_unit_that_people_use(
    protocol: Protocol, ahead: timedelta, words: str
) -> None:
    anchor = Look(NOW, "boot", 1000)
    verdict = clock_holds(last=NOW, anchor=anchor, look=Look(NOW + ahead, "boot", 1000), protocol=protocol)
    assert not verdict.allowed
    assert f"sprong {words} vooruit" in verdict.reason


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 8, 31), date(2026, 9, 30)), (date(2027, 1, 31), date(2027, 2, 28)), (date(2028, 1, 30), date(2028, 2, 29)),
        (date(2026, 12, 5), date(2027, 1, 5)), (date(2026, 3, 30), date(2026, 4, 30)),
    ],
)  # fmt: skip
def test_a_month_later_is_the_same_date_or_the_last_of_the_month(day: date, later: date) -> None:
    assert months_after(day, 1) == later


def test_terms_of_the_law_begin_with_the_day_here_and_end_with_a_working_day(protocol: Protocol) -> None:
    evening = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)  # the 4th, here
    assert default_ends(evening) == datetime(2026, 11, 19, tzinfo=ZONE)  # the end of Wednesday the 18th
    assert default_ends(NOW) == datetime(2026, 11, 18, tzinfo=ZONE)
    assert objection_ends(NOW, protocol) == datetime(2026, 12, 16, tzinfo=ZONE)  # the end of Tuesday the 15th
    assert final_from(NOW, protocol) == datetime(2026, 12, 23, tzinfo=ZONE)  # and a week for what was posted then


def test_72_hours_are_three_days(protocol: Protocol) -> None:
    assert deadline(NOW, protocol) == NOW + timedelta(days=3)


def known(**changed: object) -> Known:
    facts: dict[str, object] = {
        "kind": "loss", "label": "BC-7", "model": "Proef P1", "seals": True, "pre_event_seconds": 120,
        "last_docked": "01-11-2026 10:00", "dock": "hal", "officers": 2, "fingerprints": ("ab12",),
    }  # fmt: skip
    return Known(**(facts | changed))  # type: ignore[arg-type] # the fields above


@pytest.mark.parametrize(
    ("changed", "point", "words"),
    [
        ({}, "nature", "Bodycam BC-7 (Proef P1) is verloren."),
        ({"kind": "theft"}, "nature", "is gestolen."),
        ({"kind": "damage"}, "nature", "is beschadigd."),
        ({"officers": 1}, "nature", "had één handhaver de camera"),
        ({"last_docked": ""}, "nature", "stond nog nooit in een dockingstation"),
        ({}, "consequences", "Wie de camera vindt, kan de beelden niet bekijken."),
        ({"seals": False}, "consequences", "Dit model versleutelt niet wat erop staat. Wie de camera vindt, kan de beelden "),
        ({"seals": None}, "consequences", "Het is niet bekend of dit model versleutelt wat erop staat; wij gaan uit van nee."),
        ({"kind": "damage"}, "consequences", "Niemand anders heeft de camera."),
        ({}, "measures", "De camera is geblokkeerd"),
    ],
)  # fmt: skip
def test_an_incident_is_described_as_it_was_reported(changed: dict[str, object], point: str, words: str) -> None:
    assert words in prefilled(known(**changed))[point]


def test_what_stays_on_a_camera_is_told_with_its_own_reason() -> None:
    left = [Left(why, ".mp4", 1) for why in Why] + [Left(Why.LOCKED, "folder", 2)]
    said = {why: doubt.text for why, doubt in left_behind(camera="BC-7", left=left).items()}
    assert said[Why.UNREADABLE].startswith("Op BC-7 is iets niet te lezen: 1 bestand (.mp4).")
    assert said[Why.LOCKED].startswith("Op BC-7 staan opnames die wel zijn opgeslagen maar niet gewist kunnen worden")
    assert "1 bestand (.mp4), 2 mappen" in said[Why.LOCKED]
    assert said[Why.REFUSED].startswith("Op BC-7 blijven opnames staan die de server niet aanneemt: 1 bestand (.mp4).")
    assert said[Why.UNRECOGNISED].startswith("Op BC-7 blijven bestanden staan die het dockingstation niet als beeld ")


def test_who_looked_is_told_by_the_function_of_that_person() -> None:
    assert as_told("stand_in:7d0a") == Present.STAND_IN.dutch == "vervanger van de handhaver"
    assert [as_told(one) for one in ("officer:7d0a", "witness", "strange")] == [
        "handhaver", "tweede persoon bij de herstelsleutel", "iemand die erbij was",
    ]  # fmt: skip


def test_what_may_differ_between_two_accounts_is_in_whole_seconds(protocol: Protocol) -> None:
    allowed = protocol.number("access.played", "seconds")
    for seconds, fine in ((allowed - 1, True), (allowed + 1, False)):
        told = Account(duration_ms=600_000, played=((0, seconds * 1000),), size=100 * MEBI, fetched=())
        assert accounts_agree(told, protocol).allowed is fine


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("kept", "Het origineel, zonder afdekking."),
        ("quarantined", "Zij is apart gezet: het kan dat zij niet afspeelt."),
        ("destroyed", "Deze opname is vernietigd en gaat niet open."),
    ],
)
def test_what_is_set_apart_opens_with_a_warning_and_what_is_destroyed_does_not(state: str, words: str) -> None:
    verdict = may_open(
        role=Role.TEAM_MANAGER, purpose=Purpose.ASSESS_REQUEST, recording_state=state, wearer="7d0a", linked=True,
        case=CaseFacts("2026-0001", CaseKind.ACCESS, CaseState.FORWARDED), titular=True,
        room=InTheRoom(team_manager=True, officers=frozenset({"7d0a"})),
    )  # fmt: skip
    assert verdict.allowed is (state != "destroyed")
    assert verdict.reason.endswith(words)
