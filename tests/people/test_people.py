from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from beeldkluis.journal.models import Detail, Entry
from beeldkluis.people import queries
from beeldkluis.people.actions import add_officer, add_person, deactivate_person, end_officer
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START


def newcomer(address: str, by: Person | None = None) -> Person:
    return add_person(
        email=address,
        name="Nieuw Iemand",
        role=Role.DPO,
        password=None,
        actor=by.as_actor if by else SETUP,
        now=START,
    )


@pytest.mark.parametrize("role", ["team_manager", "dpo"])
def test_only_the_administrator_gives_accounts(role: str, request: pytest.FixtureRequest) -> None:
    person = request.getfixturevalue(role)
    with pytest.raises(Refused):
        newcomer("iemand@example.nl", person)
    with pytest.raises(Refused):
        deactivate_person(person, because="x", actor=person.as_actor, now=START)
    assert not Person.objects.filter(email="iemand@example.nl").exists()
    assert Person.objects.get(pk=person.pk).is_active


def test_an_address_belongs_to_one_person_however_it_is_typed(administrator: Person) -> None:
    newcomer("Iemand@Example.nl", administrator)
    with pytest.raises(Refused, match="al iemand"):
        newcomer(" iemand@example.NL ", administrator)
    assert Person.objects.filter(email="iemand@example.nl").count() == 1


def test_without_a_password_nobody_gets_in_with_one(administrator: Person) -> None:
    assert not newcomer("iemand@example.nl", administrator).has_usable_password()
    assert administrator.check_password("paarden lopen langs het kanaal")
    assert "paarden" not in Person.objects.get(pk=administrator.pk).password


def test_somebody_who_leaves_stays_in_the_register(administrator: Person) -> None:
    colleague = add_person(
        email="c@example.nl", name="C", role=Role.ADMINISTRATOR, password=None, actor=administrator.as_actor, now=START
    )
    assert Person.objects.get(pk=colleague.pk).is_active
    deactivate_person(colleague, because="vertrokken", actor=administrator.as_actor, now=START)
    assert not Person.objects.get(pk=colleague.pk).is_active
    assert colleague in queries.persons()


def test_names_and_numbers_stand_in_details_never_in_a_leaf(administrator: Person, officer: Officer) -> None:
    newcomer("iemand@example.nl", administrator)
    leaves = b"".join(bytes(entry.data) for entry in Entry.objects.all())
    details = b"".join(bytes(detail.payload) for detail in Detail.objects.all())
    for personal in (b"Nieuw Iemand", b"1207"):
        assert personal in details
        assert personal not in leaves
    assert b"Wiersma" not in leaves + details
    assert str(officer.pseudonym).encode() in leaves


def test_a_number_belongs_to_one_officer(team_manager: Person, officer: Officer) -> None:
    with pytest.raises(Refused, match="1207"):
        add_officer(number="1207", name="X", employment="hired", since=START, actor=team_manager.as_actor, now=START)
    assert list(queries.officers()) == [officer]


def test_service_never_begins_in_the_time_to_come(db: None) -> None:
    later = START + timedelta(days=3)
    made = add_officer(number="1", name="X", employment="own", since=later, actor=SETUP, now=START)
    assert made.since == START


def test_the_first_end_of_service_stands(team_manager: Person, officer: Officer) -> None:
    for days in (10, 20):
        end_officer(officer, until=START + timedelta(days=days), actor=team_manager.as_actor)
    assert Officer.objects.get(pk=officer.pk).until == START + timedelta(days=10)


def test_the_dpo_and_the_administrator_have_no_say_over_officers(
    dpo: Person, administrator: Person, officer: Officer
) -> None:
    for person in (dpo, administrator):
        with pytest.raises(Refused):
            end_officer(officer, until=START, actor=person.as_actor)
    assert Officer.objects.get(pk=officer.pk).until is None


def test_the_database_itself_keeps_numbers_and_addresses_apart(administrator: Person, officer: Officer) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Officer.objects.create(number="1207", name="X", employment="own", since=START)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.create(email=administrator.email, name="X", role=Role.DPO, added_at=START)


@pytest.mark.parametrize("role", ["dpo", "administrator"])
def test_nobody_but_the_team_manager_adds_officers(role: str, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(role).as_actor
    with pytest.raises(Refused):
        add_officer(number="1", name="X", employment="own", since=START, actor=actor, now=START)
    assert not Officer.objects.exists()
