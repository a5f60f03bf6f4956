"""Accounts that matter come, change and go by two people or in time; whom it is about and who watches hear it and can stop it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from beeldkluis.governance.registers import base
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people import account_queries, queries
from beeldkluis.people.account_actions import (
    ask_change,
    carry_out_due,
    confirm_change,
    confirm_with_sheet,
    note_used,
    object_to_change,
    sheet_purpose,
)
from beeldkluis.people.actions import add_person, deactivate_person
from beeldkluis.people.models import AccountChange, Notice, Person, TeamKey
from beeldkluis.people.recovery_actions import ask_for_recovery_sheet, show_recovery_sheet
from beeldkluis.protocol.accounts import (
    Change,
    Second,
    Waited,
    is_guarded,
    may_ask,
    may_carry_out,
    may_confirm,
    may_object,
)
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed import age
from tests.conftest import SETUP, START, Machine

DAY, HOUR = timedelta(hours=24), timedelta(hours=1)
TICK = Actor.system("tick")
HOURS = st.integers(0, 200).map(lambda hours: timedelta(hours=hours))


@pytest.fixture
def deputy(db: None) -> Person:
    return add_person(
        email="deputy@example.nl", name="P. Vervanger", role=Role.DEPUTY, password=None, actor=SETUP, now=START
    )


def add(role: Role, by: Person, *, now: datetime = START) -> tuple[Person, AccountChange]:
    """Somebody whom the administrator adds."""
    name = f"nieuw-{role.value}-{Person.objects.count()}"
    person = add_person(
        email=f"{name}@example.nl", name=f"N. {name}", role=role, password=None, actor=by.as_actor, now=now
    )
    return person, person.changes.get()


def wait(machine: Machine, length: timedelta, *, now: datetime = START) -> datetime:
    """Time goes by, for the clock and for the machine, with the minute's job at its end."""
    machine.run(length)
    carry_out_due(actor=TICK, now=now + length)
    return now + length


def is_active(person: Person) -> bool:
    return Person.objects.get(pk=person.pk).is_active


def told(person: Person) -> list[str]:
    """What stands on this person's start page, newest last; the mails say the same."""
    notices = list(Notice.objects.filter(receiver=person).order_by("pk").values_list("subject", flat=True))
    mails = Outgoing.objects.filter(body__to=person.email, must_leave=True).order_by("pk")
    assert list(mails.values_list("about", flat=True)) == notices
    return notices


@pytest.mark.rule("access.account-change")
@given(
    change=st.sampled_from(list(Change)), role=st.sampled_from(list(Role)), confirmed=st.booleans(), by_clock=HOURS,
    running=HOURS,
)  # fmt: skip
def test_what_matters_is_never_done_without_a_second_person_or_time_by_clock_and_machine(
    change: Change, role: Role, confirmed: bool, by_clock: timedelta, running: timedelta
) -> None:
    verdict = may_carry_out(
        change=change, role=role, confirmed=confirmed, sheet=False, keys=True, waited=Waited(by_clock, running),
        protocol=base(),
    )  # fmt: skip
    day, week = min(by_clock, running) >= DAY, min(by_clock, running) >= 7 * DAY
    fine = {Change.DEPUTISE: confirmed, Change.RESET: confirmed and day, Change.RESTORE: week}
    assert verdict.allowed == (not is_guarded(change, role) or fine.get(change, confirmed or day))
    assert verdict.reason


@pytest.mark.rule("access.restore")
def test_a_restoration_waits_a_week_once_there_are_keys_and_a_day_before(protocol: Protocol) -> None:
    def may(keys: bool, hours: int, *, sheet: bool = False) -> bool:
        long = timedelta(hours=hours)
        return may_carry_out(
            change=Change.RESTORE, role=Role.TEAM_MANAGER, confirmed=True, sheet=sheet, keys=keys,
            waited=Waited(long, long), protocol=protocol,
        ).allowed  # fmt: skip

    assert (may(True, 167), may(True, 168), may(False, 23), may(False, 24)) == (False, True, False, True)
    assert may(True, 0, sheet=True)


@given(
    change=st.sampled_from([one for one in Change if one is not Change.RESTORE]), about=st.sampled_from(list(Role)),
    role=st.sampled_from(list(Role)), subject=st.booleans(), asked=st.booleans(),
    hours=st.one_of(st.none(), st.integers(0, 48)), is_open=st.booleans(),
)  # fmt: skip
def test_who_may_be_the_second_person(
    change: Change, about: Role, role: Role, subject: bool, asked: bool, hours: int | None, is_open: bool
) -> None:
    known = None if hours is None else START - timedelta(hours=hours)
    verdict = may_confirm(
        change=change, role=about, is_open=is_open, protocol=base(), now=START,
        second=Second(role=role, is_subject=subject, asked=asked, known_since=known),
    )  # fmt: skip
    fine = is_open and role in (Role.DPO, Role.TEAM_MANAGER) and not subject and not asked
    fine = fine and (hours is None or hours >= 24)
    assert verdict.allowed == (fine and not (change is Change.CLOSE and about is Role.DPO and role is not Role.DPO))
    assert verdict.reason


def test_who_may_stop_it_and_what_may_be_asked() -> None:
    for role in Role:
        watches = role in (Role.DPO, Role.TEAM_MANAGER, Role.ADMINISTRATOR)
        assert may_object(role=role, is_subject=False, stoppable=True).allowed == watches
        assert may_object(role=role, is_subject=True, stoppable=True).allowed
        assert not may_object(role=role, is_subject=True, stoppable=False).allowed

    def may(change: Change, **other: object) -> bool:
        facts = {"role": Role.DPO, "active": True, "added_once": True, "others": 1, "because": "x"} | other
        return may_ask(change=change, **facts).allowed  # type: ignore[arg-type]  # facts of several types

    assert may(Change.CLOSE)
    assert not may(Change.CLOSE, others=0), "somebody always watches"
    assert not may(Change.RENEW, because=" ")
    assert not may(Change.RENEW, active=False)
    assert not may(Change.ADD, active=False), "an account that was closed does not come back as a new one"
    assert may(Change.ADD, active=False, added_once=False)
    assert not may(Change.RESTORE, added_once=False)


@pytest.mark.parametrize("role", [Role.DEPUTY, Role.DPO])
def test_an_administrator_alone_adds_nobody_who_matters_before_a_day_is_over(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person, role: Role
) -> None:
    person, change = add(role, administrator)
    assert not is_active(person)
    assert person not in queries.deputies()
    assert person not in queries.active_with(Role.DPO)
    for one in (dpo, team_manager, person):
        assert told(one) == ["Een account wacht op een tweede persoon of op tijd"]
    with pytest.raises(Refused):
        confirm_change(change, actor=administrator.as_actor, now=START)
    wait(machine, DAY - HOUR)
    assert not is_active(person)
    wait(machine, HOUR, now=START + DAY - HOUR)
    assert is_active(person)
    assert told(dpo)[-1] == "Een wijziging van een account werkt nu"


@pytest.mark.parametrize("who", ["dpo", "team_manager"])
def test_a_second_person_lets_somebody_in_at_once(
    administrator: Person, dpo: Person, team_manager: Person, who: str
) -> None:
    person, change = add(Role.DEPUTY, administrator)
    second = dpo if who == "dpo" else team_manager
    confirm_change(change, actor=second.as_actor, now=START)
    assert is_active(person)
    entry = Entry.objects.get(act="people.account_change_confirmed")
    assert str(second.pseudonym).encode() in bytes(entry.data)
    assert person.name.encode() not in b"".join(bytes(one.data) for one in Entry.objects.all())


def test_two_administrators_are_not_a_second_person(administrator: Person, dpo: Person) -> None:
    second, _change = add(Role.ADMINISTRATOR, administrator)
    assert is_active(second)
    assert "Een wijziging van een account werkt nu" in told(dpo), "it is told, though it waits for nobody"
    person, change = add(Role.DEPUTY, administrator)
    with pytest.raises(Refused):
        confirm_change(change, actor=second.as_actor, now=START)
    assert not is_active(person)


def test_a_data_protection_officer_of_ones_own_confirms_nothing_for_a_day_more(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person
) -> None:
    own, change = add(Role.DPO, administrator)
    now = wait(machine, DAY)
    note_used(change, actor=own.as_actor, now=now + 5 * HOUR)
    reset = ask_change(Change.RESET, team_manager, because="x", actor=administrator.as_actor, now=now + 5 * HOUR)
    own.refresh_from_db()
    for later in (5 * HOUR, 5 * HOUR + DAY - timedelta(seconds=1)):
        with pytest.raises(Refused, match="te nieuw"):
            confirm_change(reset, actor=own.as_actor, now=now + later)
    with pytest.raises(Refused, match="gaat over u"):
        confirm_change(
            ask_change(Change.RENEW, own, because="x", actor=administrator.as_actor, now=now),
            actor=own.as_actor, now=now + 3 * DAY,
        )  # fmt: skip


def test_a_lost_second_factor_takes_a_second_person_and_the_waiting_time(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person
) -> None:
    def ask() -> AccountChange:
        return ask_change(Change.RESET, team_manager, because="kwijt", actor=administrator.as_actor, now=START)

    asked = ask()
    wait(machine, 2 * DAY)
    asked.refresh_from_db()
    assert asked.done_at is None, "time alone is not enough"
    again = ask_change(Change.RESET, team_manager, because="kwijt", actor=administrator.as_actor, now=START + 2 * DAY)
    confirm_change(again, actor=dpo.as_actor, now=START + 2 * DAY)
    again.refresh_from_db()
    assert again.done_at is None, "a second person alone is not enough"
    wait(machine, DAY, now=START + 2 * DAY)
    again.refresh_from_db()
    assert again.done_at == START + 3 * DAY
    asked.refresh_from_db()
    assert asked.stopped_because == "Er kwam een nieuwe aanvraag in de plaats."


@pytest.mark.parametrize("who", ["dpo", "team_manager", "administrator"])
def test_whoever_it_concerns_stops_it_and_everybody_hears(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person, who: str
) -> None:
    person = {"dpo": dpo, "team_manager": team_manager, "administrator": administrator}[who]
    asked = ask_change(Change.RENEW, team_manager, because="kwijt", actor=administrator.as_actor, now=START)
    object_to_change(asked, because="ik weet van niets", actor=person.as_actor, now=START)
    for one in (dpo, team_manager, administrator):
        assert told(one)[-1] == "Een wijziging van een account is tegengehouden"
    wait(machine, 2 * DAY)
    asked.refresh_from_db()
    assert asked.done_at is None
    with pytest.raises(Refused):
        confirm_change(asked, actor=dpo.as_actor, now=START)
    with pytest.raises(Refused):
        object_to_change(asked, because="nog eens", actor=person.as_actor, now=START)


def test_a_deputy_stops_only_what_is_about_the_deputy(
    administrator: Person, team_manager: Person, deputy: Person, dpo: Person
) -> None:
    other = ask_change(Change.RENEW, team_manager, because="x", actor=administrator.as_actor, now=START)
    own = ask_change(Change.CLOSE, deputy, because="x", actor=administrator.as_actor, now=START)
    with pytest.raises(Refused):
        object_to_change(other, because="", actor=deputy.as_actor, now=START)
    object_to_change(own, because="", actor=deputy.as_actor, now=START)
    assert is_active(deputy)


def test_what_works_is_still_stopped_while_its_link_was_not_used_and_not_after(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person
) -> None:
    person, change = add(Role.DEPUTY, administrator)
    now = wait(machine, DAY)
    assert is_active(person)
    object_to_change(change, because="te laat gezien", actor=dpo.as_actor, now=now)
    assert not is_active(person)
    renew = ask_change(Change.RENEW, team_manager, because="x", actor=administrator.as_actor, now=now)
    confirm_change(renew, actor=dpo.as_actor, now=now)
    note_used(renew, actor=team_manager.as_actor, now=now)
    with pytest.raises(Refused):
        object_to_change(renew, because="", actor=dpo.as_actor, now=now)


def test_an_objection_to_the_addition_of_somebody_who_came_in_by_a_newer_link_closes_no_account(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person
) -> None:
    person, change = add(Role.DPO, administrator)
    confirm_change(change, actor=dpo.as_actor, now=START)
    newer = ask_change(Change.RENEW, person, because="link kwijt", actor=administrator.as_actor, now=START)
    confirm_change(newer, actor=dpo.as_actor, now=START)
    note_used(newer, actor=person.as_actor, now=START)
    for one in (change, newer):
        with pytest.raises(Refused):
            object_to_change(one, because="", actor=team_manager.as_actor, now=START)
    assert is_active(person)


def test_the_last_who_watches_is_not_sent_away_and_the_team_manager_does_not_help_to(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person
) -> None:
    with pytest.raises(Refused, match="altijd iemand toezien"):
        deactivate_person(dpo, because="x", actor=administrator.as_actor, now=START)
    other, change = add(Role.DPO, administrator)
    with pytest.raises(Refused, match="altijd iemand toezien"):
        deactivate_person(dpo, because="x", actor=administrator.as_actor, now=START)
    confirm_change(change, actor=team_manager.as_actor, now=START)
    closing = deactivate_person(dpo, because="x", actor=administrator.as_actor, now=START)
    with pytest.raises(Refused, match="beslist de teammanager niet mee"):
        confirm_change(closing, actor=team_manager.as_actor, now=START)
    both = deactivate_person(other, because="x", actor=administrator.as_actor, now=START)
    assert is_active(dpo)
    wait(machine, DAY)
    assert [is_active(dpo), is_active(other)] == [False, True], "the second of two finds that it is the last by now"
    both.refresh_from_db()
    assert "altijd iemand toezien" in both.stopped_because


def test_what_a_data_protection_officer_did_not_see_is_for_the_next_one(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person
) -> None:
    other, change = add(Role.DPO, administrator)
    confirm_change(change, actor=dpo.as_actor, now=START)
    Notice.objects.filter(receiver=other).delete()
    deactivate_person(dpo, because="x", actor=administrator.as_actor, now=START)
    before = Notice.objects.filter(receiver=dpo).count()
    wait(machine, DAY)
    assert Notice.objects.filter(receiver=None).count() == before


def test_the_team_manager_is_not_locked_out_by_one_person(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person
) -> None:
    closing = deactivate_person(team_manager, because="x", actor=administrator.as_actor, now=START)
    assert is_active(team_manager)
    confirm_change(closing, actor=dpo.as_actor, now=START)
    assert not is_active(team_manager)


def test_a_clock_that_is_set_forward_shortens_no_wait(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person
) -> None:
    person, _change = add(Role.DEPUTY, administrator)
    for days in range(1, 7):
        carry_out_due(actor=TICK, now=START + days * DAY)
    assert not is_active(person)
    machine.run(DAY - HOUR)
    carry_out_due(actor=TICK, now=START + 6 * DAY)
    assert not is_active(person)
    machine.run(HOUR)
    carry_out_due(actor=TICK, now=START + 6 * DAY)
    assert is_active(person)


def test_starting_the_machine_anew_and_the_time_before_it_was_asked_count_for_nothing(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person
) -> None:
    machine.run(30 * DAY)
    person, _change = add(Role.DEPUTY, administrator)
    for days in range(1, 7):
        machine.start_anew()
        machine.run(DAY)
        carry_out_due(actor=TICK, now=START + days * DAY)
    assert not is_active(person), "of what ran before a start two minutes count"


def test_what_nobody_decided_lapses_and_can_be_asked_anew(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person
) -> None:
    asked = ask_change(Change.RESET, team_manager, because="kwijt", actor=administrator.as_actor, now=START)
    now = wait(machine, 8 * DAY)
    asked.refresh_from_db()
    assert asked.stopped_because.startswith("Het duurde te lang")
    assert (
        ask_change(Change.RESET, team_manager, because="kwijt", actor=administrator.as_actor, now=now).done_at is None
    )


def test_an_emergency_begins_with_two_people_told_to_everybody_and_not_for_a_new_account(
    machine: Machine, administrator: Person, dpo: Person, team_manager: Person, deputy: Person
) -> None:
    until = START + 20 * HOUR

    def ask(person: Person, *, now: datetime = START) -> AccountChange:
        return ask_change(Change.DEPUTISE, person, until=until, because="ziek", actor=administrator.as_actor, now=now)

    own, change = add(Role.DEPUTY, administrator)
    confirm_change(change, actor=dpo.as_actor, now=START)
    with pytest.raises(Refused, match="te nieuw"):
        ask(own)
    asked = ask(deputy)
    for one in (administrator, dpo, team_manager, deputy, own):
        assert told(one)[-1] == "Een account wacht op een tweede persoon of op tijd"
    wait(machine, 19 * HOUR)
    assert queries.running_deputation() is None, "time is no second person here"
    for wrong in (administrator, deputy):
        with pytest.raises(Refused):
            confirm_change(asked, actor=wrong.as_actor, now=START + HOUR)
    confirm_change(asked, actor=dpo.as_actor, now=START + 19 * HOUR)
    running = queries.running_deputation()
    assert running is not None
    assert running.deputy == deputy
    for one in (administrator, team_manager, own):
        assert "In een noodgeval is een plaatsvervanger aangewezen voor de teammanager" in told(one)


def test_the_recovery_sheet_stands_for_the_second_person_and_the_time(
    administrator: Person, dpo: Person, team_manager: Person
) -> None:
    recovery = age.Identity.generate()
    TeamKey.objects.create(kind="team", public="age1x", fingerprint="0" * 64, made_at=START)
    TeamKey.objects.create(kind="recovery", public=str(recovery.recipient), fingerprint="1" * 64, made_at=START)
    asked = ask_change(Change.RESET, team_manager, because="kwijt", actor=administrator.as_actor, now=START)
    other = ask_change(Change.RENEW, dpo, because="kwijt", actor=administrator.as_actor, now=START)
    me = administrator.as_actor
    with pytest.raises(Refused, match="Toon eerst"):
        confirm_with_sheet(asked, actor=me, now=START)
    question = ask_for_recovery_sheet(sheet_purpose(asked), actor=me, now=START)
    answer = age.open_bytes(question.sealed, [recovery]).decode()
    show_recovery_sheet(question.number, answer, actor=me, now=START)
    with pytest.raises(Refused, match="Toon eerst"):
        confirm_with_sheet(other, actor=me, now=START)
    with pytest.raises(Refused):
        confirm_with_sheet(asked, actor=dpo.as_actor, now=START)
    confirm_with_sheet(asked, actor=me, now=START)
    asked.refresh_from_db()
    assert asked.done_at == START
    assert told(team_manager)[-1] == "Een wijziging van een account werkt nu"


def test_no_query_grows_with_the_number_of_accounts_that_wait(
    administrator: Person, dpo: Person, team_manager: Person, django_assert_max_num_queries: object
) -> None:
    for _ in range(12):
        add(Role.DEPUTY, administrator)
    with django_assert_max_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        assert len(account_queries.waiting()) == 12


def test_how_long_the_machine_ran_comes_from_the_machine_and_runs_ahead_only_in_a_demonstration(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_FOLDER = tmp_path
    (tmp_path / "demonstration-clock").write_text("86400")
    before = clock.uptime()
    assert before.boot
    settings.DEMONSTRATION = True
    ahead = clock.uptime().seconds - before.seconds
    assert DAY.total_seconds() <= ahead < DAY.total_seconds() + 3600
