"""Who must be in the room, who may take another's place, and when two accounts of what was seen agree."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import pairwise, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.governance.registers import base
from beeldkluis.protocol.codes import OwnCode, knows_address, shows_who_types
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.presence import (
    REQUIRED,
    Confirmation,
    Ground,
    InTheRoom,
    Present,
    Screen,
    is_present,
    lacking,
    looks_like_guessing,
    may_appoint,
    may_report,
    may_stand_in,
    may_tell_who_looked,
    recently_proved,
    still_counts,
)
from beeldkluis.protocol.purposes import Purpose
from beeldkluis.protocol.recording import was_issued_before
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Verdict
from beeldkluis.protocol.watching import MEBI, Account, accounts_agree, as_told, is_left_alone, total, union

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
WEARER = "wearer"
ALL = InTheRoom(team_manager=True, officers=frozenset({WEARER}), requester=True)


@pytest.mark.rule("access.presence")
@pytest.mark.parametrize("purpose", Purpose)
def test_everybody_whom_a_purpose_asks_for_must_be_there(purpose: Purpose) -> None:
    assert is_present(purpose=purpose, wearer=WEARER, room=ALL).allowed
    without = {
        Present.TEAM_MANAGER: InTheRoom(officers=ALL.officers, requester=True),
        Present.OFFICER: InTheRoom(team_manager=True, requester=True),
        Present.REQUESTER: InTheRoom(team_manager=True, officers=ALL.officers),
    }
    for who, room in without.items():
        verdict = is_present(purpose=purpose, wearer=WEARER, room=room)
        assert verdict.allowed == (who not in REQUIRED[purpose])
        assert verdict.reason.endswith(".")
        assert lacking(purpose=purpose, wearer=WEARER, room=room) == (() if verdict.allowed else (who,))


@pytest.mark.rule("access.presence")
def test_an_officer_is_there_for_the_own_camera_only_and_reflection_knows_no_substitute() -> None:
    replaced = InTheRoom(team_manager=True, replaced=frozenset({WEARER, ""}))
    for purpose in (Purpose.ASSESS_REQUEST, Purpose.VIEW_WITH_OFFICER):
        assert not is_present(purpose=purpose, wearer="another", room=ALL).allowed
        assert not is_present(purpose=purpose, wearer="", room=ALL).allowed
        assert is_present(purpose=purpose, wearer=WEARER, room=replaced).allowed
        assert is_present(purpose=purpose, wearer="", room=replaced).allowed
        assert not is_present(purpose=purpose, wearer="another", room=replaced).allowed
    assert not is_present(purpose=Purpose.REFLECT, wearer=WEARER, room=replaced).allowed


@pytest.mark.rule("access.second-factor")
@pytest.mark.parametrize(
    ("ago", "fine"), [(None, False), (-1, False), (0, True), (15 * 60, True), (15 * 60 + 1, False)]
)
def test_the_second_factor_was_shown_shortly_before(ago: int | None, fine: bool, protocol: Protocol) -> None:
    shown = None if ago is None else NOW - timedelta(seconds=ago)
    assert recently_proved(shown, protocol=protocol, now=NOW).allowed is fine


@pytest.mark.rule("access.stand-in")
@pytest.mark.parametrize(
    ("role", "same", "ground", "left", "known", "purpose"),
    list(product([*Role, None], [True, False], Ground, [True, False], [True, False], Purpose)),
)
def test_a_deputy_takes_the_place_of_an_officer_for_a_ground_that_is_true(
    role: Role | None, same: bool, ground: Ground, left: bool, known: bool, purpose: Purpose
) -> None:
    true = known != (ground is Ground.UNKNOWN) and (left or ground is not Ground.LEFT)
    fine = role is Role.DEPUTY and not same and true and purpose is not Purpose.REFLECT
    for about, titular in product((True, False), repeat=2):
        asked = {"role": role, "same": same, "ground": ground, "left": left, "known": known, "purpose": purpose}
        asked |= {"about_team_manager": about, "titular": titular}
        verdict = may_stand_in(**asked, because="Ziek sinds mei.")  # type: ignore[arg-type] - a table of keywords
        assert verdict.allowed == (fine and not (about and titular)), "nobody looks along in a case about oneself"
        assert not may_stand_in(**asked, because=" ").allowed  # type: ignore[arg-type] - likewise


MINUTE = timedelta(minutes=1)
CAME = Confirmation(present=Present.OFFICER, at=NOW)


def counts(one: Confirmation, minutes: int, *screens: Screen) -> bool:
    verdict = still_counts(one, screens=screens, protocol=base(), now=NOW + minutes * MINUTE)
    assert verdict.rule == "access.confirmation"
    assert verdict.reason.endswith(".")
    return verdict.allowed


@pytest.mark.rule("access.confirmation")
@pytest.mark.parametrize(
    ("one", "fine"),
    [
        (CAME, True),
        (replace(CAME, serves=False), False),
        (replace(CAME, present=Present.STAND_IN, role=Role.DEPUTY), True),
        (replace(CAME, present=Present.STAND_IN, role=Role.TEAM_MANAGER), False),
        (replace(CAME, present=Present.STAND_IN, role=Role.DEPUTY, serves=False), False),
        (replace(CAME, present=Present.TEAM_MANAGER, role=Role.TEAM_MANAGER), True),
        (replace(CAME, present=Present.TEAM_MANAGER, role=Role.DEPUTY), False),
        (replace(CAME, present=Present.REQUESTER), True),
    ],
)
def test_whose_ground_is_gone_does_not_count(one: Confirmation, fine: bool) -> None:
    assert counts(one, 1) is fine


@pytest.mark.rule("access.confirmation")
def test_a_confirmation_is_over_when_nothing_was_open_for_half_an_hour() -> None:
    assert counts(CAME, 30)
    assert not counts(CAME, 31)
    watched = Screen(opened_at=NOW, lived_at=NOW + 40 * MINUTE, closed_at=NOW + 40 * MINUTE)
    assert counts(CAME, 70, watched)
    assert not counts(CAME, 71, watched)
    assert counts(CAME, 90, Screen(opened_at=NOW, lived_at=NOW + 89 * MINUTE))  # still open
    manager = replace(CAME, present=Present.TEAM_MANAGER, role=Role.TEAM_MANAGER)
    assert counts(manager, 110)


@pytest.mark.rule("access.confirmation", "access.left-alone")
def test_a_screen_that_was_left_alone_leaves_nobody_there_but_a_reload_does() -> None:
    alone = Screen(opened_at=NOW, lived_at=NOW + 2 * MINUTE)
    assert counts(CAME, 7, alone)
    assert not counts(CAME, 8, alone)
    assert not counts(CAME, 9, replace(alone, closed_at=NOW + 9 * MINUTE)), "closed by who came back"
    manager = replace(CAME, present=Present.TEAM_MANAGER, role=Role.TEAM_MANAGER)
    assert counts(manager, 8, alone)
    assert counts(replace(CAME, at=NOW + 9 * MINUTE), 20, alone), "who confirmed afterwards is there"
    again = Screen(opened_at=NOW + 3 * MINUTE, lived_at=NOW + 5 * MINUTE, closed_at=NOW + 5 * MINUTE)
    assert counts(CAME, 10, alone, again), "the page was loaded anew, and closed in order"
    other = replace(alone, lived_at=NOW + 2 * MINUTE + timedelta(seconds=1))
    assert not counts(CAME, 9, alone, other), "two beside each other under one lid"


def test_five_wrong_codes_are_no_slip_of_the_finger() -> None:
    assert [looks_like_guessing(wrong) for wrong in (0, 4, 5, 6)] == [False, False, True, True]


@pytest.mark.rule("access.presence")
def test_whoever_acts_as_team_manager_reports_once_and_not_of_oneself() -> None:
    def may(**changed: object) -> bool:
        asked = {"role": Role.TEAM_MANAGER, "reported": False, "about_team_manager": False, "titular": True}
        return may_report(**(asked | changed)).allowed  # type: ignore[arg-type] - a table of keywords

    assert may()
    assert not any(may(role=one) for one in [*Role, None] if one is not Role.TEAM_MANAGER)
    assert not may(reported=True)
    assert not may(about_team_manager=True)
    assert may(about_team_manager=True, titular=False)


@pytest.mark.rule("access.who-looked")
def test_only_who_was_filmed_asks_who_looked() -> None:
    assert {kind for kind in CaseKind if may_tell_who_looked(kind=kind).allowed} == {CaseKind.ACCESS}


@pytest.mark.rule("access.appointment")
def test_an_appointment_is_in_a_room_in_use_at_a_moment_to_come() -> None:
    soon, later = NOW + timedelta(days=1), NOW + timedelta(days=2)
    assert appoint(soon).allowed
    assert appoint(soon, later).allowed
    assert not appoint(soon, room=False).allowed
    for moments in ((), (soon, soon), (soon, soon + timedelta(minutes=44)), (NOW,), (soon, NOW)):
        assert not appoint(*moments).allowed


@pytest.mark.rule("access.appointment")
@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Europe/Amsterdam"), timezone(timedelta(hours=-12))])
def test_a_moment_more_than_a_year_ahead_or_of_long_ago_is_a_slip_of_the_hand(zone: tzinfo) -> None:
    soon = NOW + timedelta(days=1)
    assert appoint((NOW + timedelta(days=366)).astimezone(zone)).allowed
    assert "jaartal" in appoint((NOW + timedelta(days=366, minutes=1)).astimezone(zone)).reason
    for year in (1, 9999):
        for moment in (datetime(year, 1, 1, tzinfo=zone), datetime(year, 12, 31, 23, 30, tzinfo=zone)):
            assert not appoint(moment).allowed
            assert not appoint(soon, moment).allowed


def appoint(*moments: datetime, room: bool = True, others: tuple[tuple[datetime, datetime], ...] = ()) -> Verdict:
    return may_appoint(moments=moments, lasts=timedelta(minutes=45), room_in_use=room, others=others, now=NOW)


@pytest.mark.rule("access.appointment")
@pytest.mark.parametrize(
    ("begin", "minutes", "free"), [(-45, 45, True), (45, 30, True), (-44, 45, False), (44, 5, False), (10, 5, False)]
)
def test_nobody_is_promised_a_moment_at_which_the_team_manager_looks_with_others(
    begin: int, minutes: int, free: bool
) -> None:
    soon = NOW + timedelta(days=1)
    first = soon + timedelta(minutes=begin)
    other = ((first, first + timedelta(minutes=minutes)),)
    assert appoint(soon, others=other).allowed is free
    assert appoint(soon + timedelta(days=1), soon, others=other).allowed is free


@pytest.mark.rule("access.left-alone")
@pytest.mark.parametrize(("seconds", "alone"), [(0, False), (300, False), (301, True)])
def test_a_screen_that_says_nothing_for_five_minutes_is_left_alone(
    seconds: int, alone: bool, protocol: Protocol
) -> None:
    assert is_left_alone(NOW - timedelta(seconds=seconds), protocol=protocol, now=NOW) is alone


SPANS = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=12)


@given(SPANS)
def test_a_union_covers_the_same_places_once_and_in_order(spans: list[tuple[int, int]]) -> None:
    covered = {place for first, last in spans for place in range(first, last)}
    joined = union(spans)
    assert {place for first, last in joined for place in range(first, last)} == covered
    assert total(spans) == len(covered) == sum(last - first for first, last in joined)
    assert all(one[1] < two[0] for one, two in pairwise(joined))


def account(played: int, fetched: int, *, islands: int = 1) -> Account:
    """An hour of film, 2,700 MiB (6 Mbit/s)."""
    step = 3_600_000 // max(1, islands)
    spans = tuple((n * step, n * step + played * 1000 // islands) for n in range(islands)) if played else ()
    return Account(duration_ms=3_600_000, played=spans, size=2700 * MEBI, fetched=((0, fetched * MEBI),))


@pytest.mark.rule("access.played")
@pytest.mark.parametrize(
    ("told", "agree"),
    [
        (account(0, 0), True),
        (account(60, 45), True),
        (account(60, 77), True),  # a player reads ahead
        (account(3600, 2700), True),
        (account(600, 0), False),  # told of ten minutes for which no byte went out
        (account(3600, 1000), False),
        (account(0, 2700), False),  # everything fetched, nothing shown
        (account(60, 400), False),
        (account(60, 400, islands=20), True),  # jumping about reads ahead at each jump
    ],
)
def test_two_accounts_agree_or_a_finding_says_so(told: Account, agree: bool, protocol: Protocol) -> None:
    verdict = accounts_agree(told, protocol)
    assert verdict.allowed is agree
    assert verdict.rule == "access.played"


@pytest.mark.rule("access.played")
@given(first=st.integers(0, 3600), length=st.integers(0, 3600), ahead=st.integers(0, 30))
def test_who_watches_a_part_and_reads_ahead_a_little_is_believed(
    first: int, length: int, ahead: int, protocol: Protocol
) -> None:
    last = min(3600, first + length)
    size = 2700 * MEBI
    given_out = (size * first // 3600, min(size, size * last // 3600 + ahead * MEBI))
    told = Account(duration_ms=3_600_000, played=((first * 1000, last * 1000),), size=size, fetched=(given_out,))
    assert accounts_agree(told, protocol).allowed


@pytest.mark.rule("access.played")
def test_a_film_of_unknown_length_is_not_judged(protocol: Protocol) -> None:
    told = Account(duration_ms=0, played=((0, 1000),), size=100, fetched=())
    assert accounts_agree(told, protocol).allowed


@pytest.mark.rule("access.who-looked")
def test_who_looked_is_told_by_function() -> None:
    assert as_told("officer:8f0c2f0e-0000-4000-8000-000000000000") == "handhaver"
    assert as_told("team_manager:x") == "teammanager"
    assert as_told("officer") == "handhaver"
    assert as_told("somebody:8f0c2f0e") == "iemand die erbij was"


MOMENTS = st.integers(0, 60 * 24 * 90).map(lambda minutes: NOW + timedelta(minutes=minutes))


@pytest.mark.rule("access.own-code")
@given(given_code=st.booleans(), set_at=st.none() | MOMENTS, confirmed_at=st.none() | MOMENTS, now=MOMENTS)
def test_a_code_shows_who_types_only_when_it_is_the_officers_own_and_old_or_confirmed(
    protocol: Protocol, given_code: bool, set_at: datetime | None, confirmed_at: datetime | None, now: datetime
) -> None:
    code = OwnCode(given=given_code, set_at=set_at, confirmed_at=confirmed_at)
    old = set_at is not None and set_at + timedelta(days=3) <= now
    confirmed = set_at is not None and confirmed_at is not None and set_at <= confirmed_at <= now
    verdict = shows_who_types(code, protocol=protocol, now=now)
    assert verdict.allowed is (not given_code and (old or confirmed))
    assert verdict.reason
    assert knows_address(set_at, protocol=protocol, now=now).allowed is (
        set_at is not None and set_at + timedelta(days=28) <= now
    )


@pytest.mark.rule("recording.issued-before")
@given(entered_at=st.none() | MOMENTS, asked_at=st.none() | MOMENTS, activated_at=MOMENTS)
def test_an_issue_stands_when_it_was_entered_before_the_recording_or_asked_after(
    entered_at: datetime | None, asked_at: datetime | None, activated_at: datetime
) -> None:
    verdict = was_issued_before(entered_at=entered_at, asked_at=asked_at, activated_at=activated_at)
    assert verdict.allowed is (asked_at is not None or (entered_at is not None and entered_at <= activated_at))
