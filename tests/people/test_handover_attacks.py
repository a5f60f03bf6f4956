"""Insiders against a handover of the keys: each plays a role, through pages or steps, and gets neither footage nor its loss."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from beeldkluis.governance.registers import base
from beeldkluis.intake import axis_actions
from beeldkluis.journal import clock
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people import handover_actions as actions
from beeldkluis.people import handover_check_actions as checks
from beeldkluis.people import handover_plan_actions as plans
from beeldkluis.people import queries
from beeldkluis.people.deputation_actions import begin_in_emergency, end_deputation
from beeldkluis.people.models import Handover, HandoverItem, HandoverWait, Person, TeamKey
from beeldkluis.protocol.handover import (
    HOLDERS,
    HandoverPerson,
    is_over,
    may_agree,
    may_announce,
    may_go_on,
    may_settle,
)
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed import age, axis
from beeldkluis.sealed.header import parse, write
from tests.conftest import SETUP
from tests.people.handing import (
    AGREED,
    ANNOUNCED,
    MINUTES,
    NOW,
    Keys,
    agreed,
    announced,
    begin,
    begun,
    file_anew,
    finish,
    header_of,
    opens,
    recovers,
    seal_all,
    settle,
    show_sheet,
    try_all,
    try_axis,
    try_one,
    waited,
)
from tests.people.test_handover import come, demonstration, keys, post, sent, successor, world
from tests.retention.world import World

__all__ = ["demonstration", "keys", "successor", "world"]  # fixtures


def rubbish(header: bytes, keys: Keys) -> bytes:
    """The worst that passes: the recovery key's part kept, and before it nobody's, under a MAC of nothing."""
    other = age.Identity.generate().recipient.wrap(age.new_file_key())
    return write(age.new_file_key(), [other, parse(header).stanzas[-1]])


def false(header: bytes, keys: Keys) -> bytes:
    """A header that opens with the new key, with a right MAC, around a key that is not the film's."""
    other = age.new_file_key()
    return write(other, [keys.new.recipient.wrap(other), parse(header).stanzas[-1]])


# --- who begins ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["deputy", "renew"])
def test_the_takeover_that_worked_in_a_minute_is_refused_with_a_reason(
    client: Client, world: World, keys: Keys, team_manager: Person, successor: Person, administrator: Person,
    monkeypatch: pytest.MonkeyPatch, demonstration: None, how: str,
) -> None:  # fmt: skip
    """The administrator sits behind the account of a deputy whom he named in an emergency, or of the team manager."""
    monkeypatch.setattr(clock, "now", lambda: ANNOUNCED)
    recording, bad = world.receive(), team_manager
    if how == "deputy":
        until, actor = ANNOUNCED + timedelta(hours=4), administrator.as_actor
        begin_in_emergency(successor, until=until, because="ziek", actor=actor, now=ANNOUNCED)
        bad = successor
    come(client, Person.objects.get(pk=bad.pk))
    refused = post(client, "/sleutels/overdragen/begin/", sent(keys, bad))
    assert refused.status_code == 403
    assert "Kondig de overdracht eerst aan" in refused.json()["detail"]
    for address in ("volgende", "klaar"):
        assert post(client, f"/sleutels/overdragen/{address}/", {}).status_code == 404
    assert queries.current_recipients()[0] == str(keys.old.recipient)
    assert opens(recording, keys.old)
    if how == "deputy":
        form = client.post("/sleutels/overdragen/aankondigen/", {"receiver": bad.pk, "because": "ziek"})
        assert "niet wie waarneemt" in form.content.decode()
        sheet = client.post(
            "/sleutels/overdragen/aankondigen/", {"receiver": bad.pk, "because": "ziek", "with_recovery": "on"}
        )
        assert "Toon eerst de herstelsleutel" in sheet.content.decode()
        assert queries.running_plan() is None


def test_a_team_manager_alone_announces_and_can_do_nothing_more(
    world: World, keys: Keys, team_manager: Person, successor: Person
) -> None:
    plan = announced(team_manager, successor)
    for person in (team_manager, successor):
        with pytest.raises(Refused, match="tweede persoon"):
            plans.agree(plan, proved_at=AGREED, actor=person.as_actor, now=AGREED)
    with pytest.raises(Refused, match="nog niet akkoord"):
        begin(team_manager, successor, keys.beginning())
    assert not Handover.objects.exists()


def test_neither_the_administrator_nor_a_second_factor_of_this_morning_agrees(
    world: World, team_manager: Person, successor: Person, administrator: Person, dpo: Person
) -> None:
    plan = announced(team_manager, successor)
    with pytest.raises(Refused):
        plans.agree(plan, proved_at=AGREED, actor=administrator.as_actor, now=AGREED)
    for proved_at in (None, AGREED - timedelta(hours=3), AGREED + timedelta(minutes=1)):
        with pytest.raises(Refused, match="tweede stap"):
            plans.agree(plan, proved_at=proved_at, actor=dpo.as_actor, now=AGREED)
        with pytest.raises(Refused):
            plans.stop(plan, actor=administrator.as_actor, now=AGREED)
    assert queries.running_plan() == plan


def test_who_lost_the_role_during_the_wait_does_not_begin(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person, administrator: Person
) -> None:
    waited(agreed(team_manager, successor, dpo))
    until = NOW + timedelta(hours=5)
    acting = begin_in_emergency(successor, until=until, because="ziek", actor=administrator.as_actor, now=NOW)
    for person in (team_manager, successor):
        person.refresh_from_db()
        with pytest.raises(Refused, match="wie waarneemt niet"):
            begin(person, successor, keys.beginning())
    end_deputation(acting, actor=SETUP, now=NOW)
    team_manager.refresh_from_db()
    with pytest.raises(Refused, match="tweede stap"):
        actions.begin_handover(successor, keys.beginning(), proved_at=AGREED, actor=team_manager.as_actor, now=NOW)
    with pytest.raises(Refused, match="iemand anders"):
        begin(team_manager, team_manager, keys.beginning())
    assert begin(team_manager, successor, keys.beginning())
    with pytest.raises(Refused, match="eerst aan"):
        begin(team_manager, successor, keys.beginning())


@pytest.mark.rule("access.handover")
def test_a_clock_that_jumps_does_not_end_the_wait(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    plan, moment = agreed(team_manager, successor, dpo), AGREED
    for _ in range(10):
        moment += timedelta(minutes=1)
        plans.count_minute(now=moment)
        plans.count_minute(now=moment + timedelta(seconds=1))  # asked twice in a minute: one
    assert queries.minutes_waited(plan) == 10
    for jump in (timedelta(days=400), timedelta(days=-400)):
        plans.count_minute(now=moment + jump)
    assert queries.minutes_waited(plan) == 12
    with pytest.raises(Refused, match="wachttijd is nog niet voorbij"):
        begin(team_manager, successor, keys.beginning(), now=NOW + timedelta(days=400))
    waited(plan, MINUTES)
    with pytest.raises(Refused, match="wachttijd is nog niet voorbij"):
        begin(team_manager, successor, keys.beginning(), now=AGREED + timedelta(hours=47))
    with pytest.raises(Refused, match="akkoord is te oud"):
        begin(team_manager, successor, keys.beginning(), now=AGREED + timedelta(days=14, minutes=1))
    assert begin(team_manager, successor, keys.beginning())


def test_what_counts_the_minutes_is_not_there_before_somebody_agreed(
    world: World, team_manager: Person, successor: Person
) -> None:
    announced(team_manager, successor)
    plans.count_minute(now=AGREED)
    assert not HandoverWait.objects.exists()


def test_during_the_wait_whoever_is_told_can_stop_it(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    for person in (team_manager, dpo, successor):
        plan = waited(agreed(team_manager, successor, dpo))
        plans.stop(plan, actor=person.as_actor, now=NOW)
        with pytest.raises(Refused, match="eerst aan"):
            begin(team_manager, successor, keys.beginning())
    assert Outgoing.objects.filter(about="Overdracht van de teamsleutel gestopt", body__to=dpo.email).count() == 3


# --- nothing that is sent takes the recovery, or what is in force -----------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("how", [rubbish, false])
def test_a_hostile_page_of_the_giver_changes_nothing_in_force_and_is_found_by_the_receiver(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person, how: Any
) -> None:
    recordings, actor = [world.receive(clips=2) for _ in range(3)], team_manager.as_actor
    handover = begun(team_manager, successor, dpo, keys)
    for item, headers in actions.give_headers(handover, actor=actor, now=NOW).items():
        made = {one: how(header, keys) for one, header in headers.items()}
        actions.reseal(item, made, actor=actor, now=NOW)
    actions.close_sealing(handover, actor=actor, now=NOW)
    assert try_axis(handover, keys)
    with pytest.raises(Refused, match="Nog 3 opnames zijn niet gecontroleerd"):
        settle(handover)
    assert False in try_all(handover, keys)
    with pytest.raises(Refused, match="niet opnieuw verzegeld"):
        settle(handover)
    for one in recordings:
        assert opens(one, keys.old)
        assert recovers(one, keys)
    for person in (dpo, team_manager, successor):
        mail = Outgoing.objects.filter(about="Een nieuw zegel gaat niet open", body__to=person.email)[0]
        assert "Het oude zegel geldt nog; er is niets verloren" in mail.body["text"]
    finish(handover, keys, keys.old)  # and whoever does it rightly then, gets through
    assert all(opens(one, keys.new) for one in recordings)


@pytest.mark.slow
@pytest.mark.parametrize("how", [rubbish, false])
def test_giver_and_receiver_together_take_nothing_that_the_recovery_sheet_opens(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person, how: Any
) -> None:
    """Both lie, and the vault is made to believe them (they know the sealed bytes, so they can make a one-time key fit)."""
    recordings, actor = [world.receive(clips=2) for _ in range(2)], team_manager.as_actor
    handover = begun(team_manager, successor, dpo, keys)
    for item, headers in actions.give_headers(handover, actor=actor, now=NOW).items():
        made = {one: how(header, keys) for one, header in headers.items()}
        actions.reseal(item, made, actor=actor, now=NOW)
    HandoverItem.objects.update(checked_at=NOW)
    assert try_axis(handover, keys)
    settle(handover)
    checks.clear_rest(actor=actor, now=NOW)
    assert not any(opens(one, keys.old) for one in recordings)
    assert all(recovers(one, keys) for one in recordings), "lost for ever"
    successor.refresh_from_db()
    keys.old, keys.new = keys.new, age.Identity.generate()
    keys.axis_sealed = bytes(TeamKey.objects.get(kind="axis").sealed_private or b"")
    show_sheet(successor, keys, now=ANNOUNCED)
    plan = waited(agreed(successor, successor, dpo, with_recovery=True, because="hersteld"))
    assert plan.with_recovery
    again = begin(successor, successor, keys.beginning(keys.recovery))
    finish(again, keys, keys.recovery)
    assert all(opens(one, keys.new) for one in recordings), "one handover with the sheet brings everything back"


def test_a_giver_who_says_that_nothing_opens_does_not_get_the_old_key_away(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    recordings, actor = [world.receive() for _ in range(6)], team_manager.as_actor
    handover = begun(team_manager, successor, dpo, keys)
    while given := actions.give_headers(handover, actor=actor, now=NOW):
        for item in given:
            actions.report_unreadable(item, actor=actor, now=NOW)
    assert try_axis(handover, keys)
    with pytest.raises(Refused, match="6 opnames gaan niet open met de oude sleutel"):
        settle(handover)
    assert all(opens(one, keys.old) for one in recordings)


def test_a_receiver_who_does_not_have_the_key_cannot_say_that_it_opens(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    world.receive()
    handover = begun(team_manager, successor, dpo, keys)
    seal_all(handover, keys, keys.old)
    ((item, given),) = checks.give_new_headers(handover, actor=successor.as_actor, now=NOW).items()
    guess = dict.fromkeys(given.objects, b"\x01" * 32)
    assert not checks.report_tried(item, given.seal, guess, actor=successor.as_actor, now=NOW)
    for other in (team_manager, dpo):
        with pytest.raises(Refused):
            checks.report_tried(item, given.seal, guess, actor=other.as_actor, now=NOW)
        with pytest.raises(Refused):
            checks.give_new_headers(handover, actor=other.as_actor, now=NOW)
        with pytest.raises(Refused):
            checks.settle(handover, actor=other.as_actor, now=NOW)
    with pytest.raises(Refused):
        actions.give_headers(handover, actor=successor.as_actor, now=NOW)


def test_headers_that_are_changed_while_they_are_tried_are_tried_again(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    world.receive()
    handover, actor = begun(team_manager, successor, dpo, keys), team_manager.as_actor
    seal_all(handover, keys, keys.old)
    ((item, good),) = checks.give_new_headers(handover, actor=successor.as_actor, now=NOW).items()
    nothing = dict.fromkeys(good.objects, b"")
    assert not checks.report_tried(item, good.seal, nothing, actor=successor.as_actor, now=NOW)
    ((item, headers),) = actions.give_headers(handover, actor=actor, now=NOW).items()
    actions.reseal(item, {one: rubbish(header, keys) for one, header in headers.items()}, actor=actor, now=NOW)
    assert not try_one(item, good, keys), "what was found of other headers counts for these"
    item.refresh_from_db()
    assert item.checked_at is None
    actions.reseal(item, keys.anew(headers, keys.old), actor=actor, now=NOW)  # once set beside, they stay until tried
    assert False in try_all(handover, keys)


@pytest.mark.slow
@pytest.mark.rule("access.handover-brake")
def test_no_more_than_the_first_are_sealed_anew_before_somebody_tried_them(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    monkeypatch.setattr(actions, "in_force", lambda: with_number(base(), "access.handover-brake", 4))
    recordings = [world.receive() for _ in range(7)]
    handover = begun(team_manager, successor, dpo, keys)
    with pytest.raises(Refused, match="Laat de ontvanger die eerst controleren"):
        seal_all(handover, keys, keys.old)
    assert HandoverItem.objects.filter(done_at__isnull=False).count() == 4
    assert all(try_all(handover, keys))
    assert seal_all(handover, keys, keys.old) == 3
    assert all(opens(one, keys.old) for one in recordings)


def with_number(protocol: Protocol, rule: str, recordings: int) -> Protocol:
    changed = replace(protocol.rules[rule], numbers={"recordings": recordings})
    return replace(protocol, rules={**protocol.rules, rule: changed})


# --- the key for Axis cameras ------------------------------------------------------------------------------------------


def test_another_axis_key_is_refused_and_one_that_does_not_open_changes_nothing(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    world.receive()
    waited(agreed(team_manager, successor, dpo))
    good, other = keys.beginning(), axis.generate_rsa()[1]
    ours = [keys.new.recipient, keys.recovery.recipient]
    for sealed in (
        age.seal_bytes(other, ours),
        age.seal_bytes(b"x", [keys.new.recipient]),
        good.axis_sealed_private + b"x",
    ):
        with pytest.raises(Refused, match="niets veranderd"):
            begin(team_manager, successor, replace(good, axis_sealed_private=sealed))
    spoilt = file_anew(keys.axis_sealed, keys.old, age.Identity.generate().recipient)
    handover = begin(team_manager, successor, replace(good, axis_sealed_private=spoilt))
    seal_all(handover, keys, keys.old)
    assert all(try_all(handover, keys))
    assert not try_axis(handover, keys)
    with pytest.raises(Refused, match="Axis-camera's is niet gecontroleerd"):
        settle(handover)
    assert Outgoing.objects.filter(about="De sleutel voor Axis-camera's is niet goed", body__to=dpo.email).exists()
    kept = bytes(TeamKey.objects.get(kind="axis").sealed_private or b"")
    assert age.open_bytes(kept, [keys.old]) == keys.axis_private


def test_the_axis_key_of_old_recordings_opens_after_a_handover_and_with_the_recovery_sheet(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    content, _iv = axis.new_content_key()
    wrapped = axis.wrap_key(content, keys.axis_public)
    finish(begun(team_manager, successor, dpo, keys), keys, keys.old)
    kept = bytes(TeamKey.objects.get(kind="axis").sealed_private or b"")
    for identity in (keys.new, keys.recovery):
        assert axis.unwrap_key(wrapped, age.open_bytes(kept, [identity])) == content
    with pytest.raises(age.SealError):
        age.open_bytes(kept, [keys.old])


def test_what_a_camera_system_delivers_during_a_handover_opens_with_the_old_key_and_never_with_the_attackers(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person, vault_folders: Path,
    administrator: Person,
) -> None:  # fmt: skip
    system, container = deliver_to(administrator)
    handover = begun(team_manager, successor, dpo, keys)
    made, _md5 = axis_actions.put_object(
        container, "20261001_200000_AAAA.mkv", {}, reader(b"FILM" * 9), 36, claimed="", now=NOW
    )
    header = header_of(made.pk)
    assert age.open_header(header, [keys.old]) == age.open_header(header, [keys.recovery])
    with pytest.raises(age.SealError):
        age.open_header(header, [keys.new])

    read = reader(b"FILM" * 9)

    def slow(size: int) -> bytes:
        if queries.running_handover() is not None:
            finish(handover, keys, keys.old)  # the keys change while the film comes in
        return read(size)

    with pytest.raises(axis_actions.CutOffError):
        axis_actions.put_object(container, "20261001_200500_AAAA.mkv", {}, slow, 36, claimed="", now=NOW)
    assert age.open_header(header_of(made.pk), [keys.new])
    assert system.retired_at is None


def deliver_to(administrator: Person) -> tuple[Any, Any]:
    axis_actions.add_system(name="Axis 1", certificate="", actor=administrator.as_actor, now=ANNOUNCED)
    system = axis_actions.AxisSystem.objects.get()
    container, _new = axis_actions.put_container(system, "o_B8A44F000001_20261001T200000Z", {}, now=ANNOUNCED)
    return system, container


def reader(content: bytes) -> Any:
    left = [content]

    def read(size: int) -> bytes:
        part, left[0] = left[0][:size], left[0][size:]
        return part

    return read


# --- the rules ---------------------------------------------------------------------------------------------------------

MANAGER = HandoverPerson(Role.TEAM_MANAGER, Role.TEAM_MANAGER, active=True)
DEPUTY = HandoverPerson(Role.DEPUTY, Role.DEPUTY, active=True)
ACTING = HandoverPerson(Role.DEPUTY, Role.TEAM_MANAGER, active=True)
RESTING = HandoverPerson(Role.TEAM_MANAGER, Role.DEPUTY, active=True)
OFFICER = HandoverPerson(Role.DPO, Role.DPO, active=True)
ADMINISTRATOR = HandoverPerson(Role.ADMINISTRATOR, Role.ADMINISTRATOR, active=True)


@pytest.mark.rule("access.handover")
def test_who_may_announce_to_whom() -> None:
    fine: dict[str, Any] = {
        "giver": MANAGER, "receiver": DEPUTY, "same": False, "sheet": False, "running": False, "keys": True, "because": "",
    }  # fmt: skip
    assert may_announce(**fine).allowed
    assert may_announce(**(fine | {"receiver": MANAGER, "same": True})).allowed
    assert may_announce(**(fine | {"giver": ACTING, "sheet": True, "because": "weg"})).allowed
    for wrong in (
        {"giver": ACTING}, {"giver": DEPUTY}, {"giver": RESTING}, {"giver": OFFICER, "sheet": True, "because": "x"},
        {"giver": ADMINISTRATOR, "sheet": True, "because": "x"}, {"giver": replace(MANAGER, active=False)},
        {"receiver": OFFICER}, {"receiver": replace(DEPUTY, active=False)}, {"running": True}, {"keys": False},
        {"sheet": True}, {"receiver": RESTING},
    ):  # fmt: skip
        assert not may_announce(**(fine | wrong)).allowed, wrong


@pytest.mark.rule("access.handover-second")
def test_who_is_a_second_person() -> None:
    for second in (OFFICER, DEPUTY, ACTING):
        assert may_agree(second=second, giver=False, receiver=False, waiting=True).allowed
        assert not may_agree(second=second, giver=True, receiver=False, waiting=True).allowed
        assert not may_agree(second=second, giver=False, receiver=True, waiting=True).allowed
        assert not may_agree(second=second, giver=False, receiver=False, waiting=False).allowed
        assert not may_agree(second=replace(second, active=False), giver=False, receiver=False, waiting=True).allowed
    for second in (MANAGER, ADMINISTRATOR, RESTING):
        assert not may_agree(second=second, giver=False, receiver=False, waiting=True).allowed


@pytest.mark.rule("access.handover-settled")
def test_when_the_new_key_counts(protocol: Protocol) -> None:
    fine: dict[str, Any] = {"receiver": True, "pending": 0, "unchecked": 0, "unreadable": 0, "axis": True}
    assert may_settle(**fine, protocol=protocol).allowed
    assert may_settle(**(fine | {"unreadable": 5}), protocol=protocol).allowed
    for wrong in ({"receiver": False}, {"pending": 1}, {"unchecked": 1}, {"axis": False}, {"unreadable": 6}):
        assert not may_settle(**(fine | wrong), protocol=protocol).allowed
    first = protocol.number("access.handover-brake", "recordings")
    assert may_go_on(unchecked=first - 1, checked=0, protocol=protocol).allowed
    assert not may_go_on(unchecked=first, checked=first - 1, protocol=protocol).allowed
    assert may_go_on(unchecked=10 * first, checked=first, protocol=protocol).allowed


def test_the_wait_is_shorter_with_the_sheet_and_never_nothing(protocol: Protocol) -> None:
    told: dict[str, Any] = {"agreed_at": AGREED, "protocol": protocol}
    assert not is_over(minutes=MINUTES, sheet=False, now=AGREED + timedelta(hours=47, minutes=59), **told)
    assert is_over(minutes=MINUTES, sheet=False, now=AGREED + timedelta(hours=48), **told)
    assert not is_over(minutes=50, sheet=True, now=AGREED + timedelta(days=9), **told)
    assert is_over(minutes=54, sheet=True, now=AGREED + timedelta(hours=1), **told)
    assert not is_over(minutes=9999, sheet=True, now=AGREED - timedelta(days=1), **told)
    assert set(HOLDERS) == {Role.TEAM_MANAGER, Role.DEPUTY, Role.DPO}
