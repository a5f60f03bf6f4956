"""What people are told of accounts, codes, deputies and signatures: who did it, for whom, until when."""

from datetime import UTC, datetime, timedelta

import pytest

from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.journal import leaves
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people import account_queries, account_words, review_queries
from beeldkluis.people.account_actions import ask_change, carry_out_due, confirm_change, note_used, object_to_change
from beeldkluis.people.acknowledgement_actions import (
    Receipt,
    code_fits,
    make_signing_link,
    officer_actor,
    sign_as_officer,
)
from beeldkluis.people.actions import add_officer, end_officer
from beeldkluis.people.code_actions import give_code
from beeldkluis.people.deputation_actions import begin_deputation, end_deputation
from beeldkluis.people.models import Deputation, Notice, Officer, OfficerNotice, Person, SigningLink
from beeldkluis.people.notice_actions import see_notice, tell
from beeldkluis.protocol.accounts import Change
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START, Machine
from tests.lines import lines
from tests.people.test_acknowledgements import NOW, version
from tests.people.test_deputation import deputy

__all__ = ["deputy", "version"]  # fixtures, for this file
DAY = timedelta(days=1)
TICK = Actor.system("tick")


def mail_to(person: Person) -> str:
    return str(Outgoing.objects.filter(body__to=person.email).latest("pk").body["text"])


def test_a_code_is_told_to_its_officer_at_the_dock_and_to_who_watches(
    officer: Officer, administrator: Person, dpo: Person
) -> None:
    Officer.objects.filter(pk=officer.pk).update(code_confirmed_at=START)
    for words in ("kreeg voor het eerst een code", "kreeg een nieuwe code"):
        give_code(officer, actor=administrator.as_actor, now=START)
        own = OfficerNotice.objects.latest("pk")
        assert (own.officer, own.until) == (officer, START + 60 * DAY)
        assert own.text.startswith(f"Handhaver 1207 {words}, voor het scherm bij het dockingstation en voor inzagen.")
        assert "Gedaan door: De beheerder." in own.text
        told = Notice.objects.filter(receiver=dpo).latest("pk")
        assert told.text.startswith(f"Handhaver 1207 (S. Wiersma) {words}.")
    officer.refresh_from_db()
    assert officer.code_confirmed_at is None, "what was confirmed says nothing of another code"
    assert lines("people.code_given")[-1] == "Persoonlijke code gegeven aan handhaver 1207"


def test_who_watches_reads_so_and_who_is_concerned_reads_that(dpo: Person, team_manager: Person) -> None:
    tell([dpo, team_manager, dpo], subject="Iets", text="Er is iets gedaan.", actor=SETUP, now=START)
    assert "Er is iets gedaan." in mail_to(dpo)
    assert "omdat u toeziet" in mail_to(dpo)
    assert "omdat het u aangaat" in mail_to(team_manager)
    assert lines("people.watchers_told") == ["Bericht klaargezet: Iets (mensen: 2)"]


def test_a_notice_is_seen_by_its_own_receiver_and_loses_its_words(dpo: Person, team_manager: Person) -> None:
    tell([dpo], subject="Iets", text="Er is iets gedaan.", actor=SETUP, now=START)
    notice = Notice.objects.get()
    with pytest.raises(Refused, match="Dit is aan een ander verteld"):
        see_notice(notice, team_manager, actor=team_manager.as_actor, now=START)
    see_notice(notice, dpo, actor=dpo.as_actor, now=START)
    notice.refresh_from_db()
    assert (notice.text, notice.seen_at, notice.subject) == ("", START, "Iets")


def test_a_moment_is_told_with_the_day_of_the_week_here() -> None:
    assert account_words.moment(datetime(2026, 12, 4, 13, 0, tzinfo=UTC)) == "vrijdag 04-12-2026 14:00"
    assert account_words.moment(datetime(2026, 12, 6, 23, 30, tzinfo=UTC)) == "maandag 07-12-2026 00:30"


def test_what_is_stopped_names_who_stopped_it_and_who_asked(
    dpo: Person, team_manager: Person, administrator: Person, machine: Machine
) -> None:
    change = ask_change(Change.RENEW, team_manager, because="Vergeten.", actor=administrator.as_actor, now=START)
    assert {one.role for one in account_queries.who_hears(change)} == {Role.TEAM_MANAGER.value, Role.DPO.value}
    stopped = object_to_change(change, because="Niet nodig.", actor=dpo.as_actor, now=START)
    said = Notice.objects.filter(receiver=team_manager).latest("pk")
    assert said.text == (
        "De functionaris gegevensbescherming hield tegen dat De beheerder vroeg om een nieuw wachtwoord voor "
        "De teammanager (teammanager). Reden: Niet nodig."
    )
    assert not account_queries.is_stoppable(stopped, now=START)


@pytest.mark.parametrize("confirmed", [False, True])
def test_what_works_says_whether_somebody_confirmed_it_and_cannot_be_stopped_once_used(
    dpo: Person, team_manager: Person, administrator: Person, machine: Machine, *, confirmed: bool
) -> None:
    Person.objects.filter(pk=dpo.pk).update(added_at=START - 9 * DAY)
    change = ask_change(Change.RENEW, team_manager, because="Vergeten.", actor=administrator.as_actor, now=START)
    if confirmed:
        confirm_change(change, actor=dpo.as_actor, now=START)
    machine.run(DAY)
    carry_out_due(actor=TICK, now=START + DAY)
    change.refresh_from_db()
    how = "bevestigd door De functionaris gegevensbescherming" if confirmed else "na de wachttijd"
    assert account_words.done(change)[1].endswith(f"Dit werkt nu, {how}.")
    assert Notice.objects.filter(receiver=dpo).latest("pk").text.endswith(f"Dit werkt nu, {how}.")
    assert account_queries.is_stoppable(change, now=START + DAY)
    note_used(change, actor=TICK, now=START + DAY)
    change.refresh_from_db()
    assert not account_queries.is_stoppable(change, now=START + DAY)


def test_a_deputation_names_both_and_ends_with_each_in_the_own_role(
    team_manager: Person, deputy: Person, dpo: Person
) -> None:
    until = START + 9 * DAY
    begin_deputation(deputy, until=until, because="vakantie", actor=team_manager.as_actor, now=START)
    told = Notice.objects.filter(receiver=dpo).latest("pk").text
    assert told == (
        "Een plaatsvervanger neemt waar: P. Vervanger voor De teammanager, tot 10-10-2026 10:00. Reden: vakantie"
    )
    roles = [Person.objects.get(pk=one.pk).acting for one in (team_manager, deputy)]
    assert roles == [Role.DEPUTY.value, Role.TEAM_MANAGER.value]
    end_deputation(Deputation.objects.get(), actor=Person.objects.get(pk=deputy.pk).as_actor, now=START + DAY)
    roles = [Person.objects.get(pk=one.pk).acting for one in (team_manager, deputy)]
    assert roles == [Role.TEAM_MANAGER.value, Role.DEPUTY.value]


def test_a_signature_is_ones_own_and_keeps_both_days(version: ProtocolVersion, officer: Officer) -> None:
    other = add_officer(number="1208", name="X", employment="own", since=START, actor=SETUP, now=START)
    day = NOW.date()
    receipt = Receipt(protocol_received_on=day, instruction_received_on=day - DAY, how="dock")
    with pytest.raises(Refused):
        sign_as_officer(version, officer, receipt, actor=officer_actor(other), now=NOW)
    sign_as_officer(version, officer, receipt, actor=officer_actor(officer), now=NOW)
    told = leaves.read(bytes(Entry.objects.get(act="people.signed").data)).facts
    assert (told["protocol_received_on"], told["instruction_received_on"]) == ("2026-10-02", "2026-10-01")


def test_ten_wrong_codes_end_a_link(version: ProtocolVersion, officer: Officer, team_manager: Person) -> None:
    _token, code = make_signing_link(version, officer, actor=team_manager.as_actor, now=NOW)
    link = SigningLink.objects.get()
    for _ in range(10):
        assert not code_fits(link, "x", now=NOW)
    assert not code_fits(link, code, now=NOW)
    link.refresh_from_db()
    assert link.tries == 10, "after that nothing is tried, and nothing counted"


def test_the_list_of_rights_has_who_serves_and_nobody_who_left(officer: Officer, team_manager: Person) -> None:
    gone = add_officer(number="1208", name="X", employment="own", since=START, actor=SETUP, now=START)
    end_officer(gone, until=START + DAY, actor=SETUP)
    listed = {one["who"]: one["role"] for one in review_queries.list_of_rights()}
    assert listed == {str(team_manager.pseudonym): "team_manager", str(officer.pseudonym): "officer"}
