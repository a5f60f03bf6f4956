"""A deputy acts for a time: one person at a time, for a reason, and the data protection officer hears at once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.governance.registers import base
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people import queries
from beeldkluis.people.account_actions import ask_change, confirm_change
from beeldkluis.people.actions import add_person
from beeldkluis.people.deputation_actions import begin_deputation, end_deputation, end_expired
from beeldkluis.people.models import AccountChange, Deputation, Person
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.accounts import Change
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.succession import may_deputise, may_open_in_emergency
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START

UNTIL = START + timedelta(days=14)
Begin = Callable[..., Deputation]


@pytest.fixture
def deputy(db: None) -> Person:
    return add_person(
        email="deputy@example.nl", name="P. Vervanger", role=Role.DEPUTY, password=None, actor=SETUP, now=START
    )


@pytest.fixture
def begin(team_manager: Person, deputy: Person, dpo: Person) -> Begin:
    def start(by: Person = team_manager, *, until: datetime = UNTIL, because: str = "vakantie") -> Deputation:
        return begin_deputation(deputy, until=until, because=because, actor=by.as_actor, now=START)

    return start


@pytest.mark.rule("access.deputy")
@given(
    role=st.sampled_from(list(Role)), active=st.booleans(), running=st.booleans(), days=st.integers(-1, 40),
    because=st.sampled_from(["", "  ", "vakantie"]),
)  # fmt: skip
def test_who_may_act_as_team_manager_and_how_long(
    role: Role, active: bool, running: bool, days: int, because: str
) -> None:
    protocol = base()
    verdict = may_deputise(
        role=role, active=active, running=running, emergency=False, because=because,
        until=START + timedelta(days=days), protocol=protocol, now=START,
    )  # fmt: skip
    fine = role is Role.DEPUTY and active and not running and bool(because.strip()) and 0 < days <= 35
    assert verdict.allowed == fine
    assert verdict.reason


@pytest.mark.rule("access.emergency")
def test_an_emergency_is_short_and_has_a_witness(protocol: Protocol) -> None:
    for hours, fine in ((72, True), (73, False)):
        verdict = may_deputise(
            role=Role.DEPUTY, active=True, running=False, emergency=True, because="ziek",
            until=START + timedelta(hours=hours), protocol=protocol, now=START,
        )  # fmt: skip
        assert verdict.allowed == fine
    assert may_open_in_emergency(witness="J. de Boer", because="wachtzin kwijt").allowed
    assert not may_open_in_emergency(witness=" ", because="wachtzin kwijt").allowed
    assert not may_open_in_emergency(witness="J. de Boer", because="").allowed


def test_at_any_moment_one_person_acts_as_team_manager(begin: Begin, team_manager: Person, deputy: Person) -> None:
    made = begin()
    for person in (team_manager, deputy):
        person.refresh_from_db()
    assert not may(team_manager.as_actor.role, Act.OPEN_RECORDING).allowed
    assert may(deputy.as_actor.role, Act.OPEN_RECORDING).allowed
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=team_manager.pk).update(acting=Role.TEAM_MANAGER.value)
    end_deputation(made, actor=team_manager.as_actor, now=START + timedelta(days=1))
    for person in (team_manager, deputy):
        person.refresh_from_db()
    assert may(team_manager.as_actor.role, Act.OPEN_RECORDING).allowed
    assert not may(deputy.as_actor.role, Act.OPEN_RECORDING).allowed


def test_the_data_protection_officer_hears_at_once_and_the_subject_names_nobody(begin: Begin, dpo: Person) -> None:
    begin()
    mail = Outgoing.objects.get()
    assert mail.body["to"] == dpo.email
    assert "P. Vervanger" in mail.body["text"]
    assert "Vervanger" not in mail.about.replace("plaatsvervanger", "")
    assert b"Vervanger" not in b"".join(bytes(one.data) for one in Entry.objects.all())


def test_in_an_emergency_two_people_name_a_deputy_for_hours(
    begin: Begin, administrator: Person, team_manager: Person, deputy: Person, dpo: Person
) -> None:
    def ask(hours: int) -> AccountChange:
        until = START + timedelta(hours=hours)
        return ask_change(
            Change.DEPUTISE, deputy, until=until, because="ziekenhuis", actor=administrator.as_actor, now=START
        )

    with pytest.raises(Refused, match="72 uur"):
        ask(73)
    with pytest.raises(Refused):
        begin(administrator)
    Person.objects.filter(pk=team_manager.pk).update(is_active=False)
    asked = ask(72)
    assert queries.running_deputation() is None, "one person is not enough"
    confirm_change(asked, actor=dpo.as_actor, now=START)
    running = queries.running_deputation()
    assert running is not None
    assert running.emergency
    acting = queries.team_manager()
    assert acting is not None
    assert acting.role == Role.DEPUTY.value


def test_nobody_else_names_a_deputy_and_there_is_one_at_a_time(begin: Begin, dpo: Person, team_manager: Person) -> None:
    with pytest.raises(Refused):
        begin(dpo)
    begin()
    team_manager.refresh_from_db()
    with pytest.raises(Refused):
        begin(team_manager)


def test_it_ends_by_itself(begin: Begin, team_manager: Person) -> None:
    begin()
    end_expired(actor=SETUP, now=UNTIL - timedelta(seconds=1))
    assert queries.running_deputation() is not None
    end_expired(actor=SETUP, now=UNTIL)
    end_expired(actor=SETUP, now=UNTIL)
    assert queries.running_deputation() is None
    assert queries.team_manager() == team_manager
    assert Entry.objects.filter(act="people.deputation_ended").count() == 1


def test_a_second_team_manager_is_not_added(team_manager: Person) -> None:
    with pytest.raises(Refused, match="al een teammanager"):
        add_person(
            email="nog@example.nl", name="Nog Een", role=Role.TEAM_MANAGER, password=None, actor=SETUP, now=START
        )


def test_on_screen(
    client: Client, team_manager: Person, deputy: Person, dpo: Person, administrator: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: START)
    typed = {"deputy": deputy.pk, "until": "2026-10-09T12:00", "because": "vakantie"}
    client.force_login(team_manager)
    assert "Laten waarnemen" in client.get("/vervanging/").content.decode()
    assert client.post("/vervanging/", typed | {"until": "2027-10-09T12:00"}).status_code == 403
    assert client.post("/vervanging/", typed).status_code == 302
    assert client.get("/opnames/").status_code == 403, "the team manager rests"
    client.force_login(deputy)
    assert client.get("/opnames/").status_code == 200
    client.force_login(dpo)
    assert "Een plaatsvervanger neemt waar" in client.get("/").content.decode()
    client.force_login(administrator)
    assert "P. Vervanger" in client.get("/vervanging/nood/").content.decode()
    client.force_login(team_manager)
    assert client.post("/vervanging/einde/").status_code == 302
    assert client.post("/vervanging/einde/").status_code == 302
    assert client.get("/opnames/").status_code == 200
    client.force_login(administrator)
    urgent = typed | {"until": "2026-10-03T12:00"}
    page = client.post("/vervanging/nood/", urgent)["Location"]
    client.force_login(dpo)
    assert "Waarnemen in een noodgeval: P. Vervanger" in client.get(page).content.decode()
    assert client.post(f"{page}bevestigen/").status_code == 302
    client.force_login(deputy)
    assert "noodgeval" in client.get("/vervanging/").content.decode()
