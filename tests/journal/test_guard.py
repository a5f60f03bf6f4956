"""Evidence changes only inside a step."""

import threading
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from tests.journal.conftest import NOW, SOMEBODY

from beeldkluis.findings.actions import EACH_TIME, raise_finding
from beeldkluis.findings.models import Finding
from beeldkluis.journal import guard
from beeldkluis.journal.actions import NoEntryError, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.events import DetailsErased
from beeldkluis.journal.models import Entry
from beeldkluis.people.models import Person

strict = pytest.mark.usefixtures("as_in_a_real_process")


@pytest.fixture
def as_in_a_real_process(rows_of_tests: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes back what lets tests write rows."""
    monkeypatch.setattr(guard, "is_open", guard._open.get)


def finding() -> None:
    Finding.objects.create(rule="tests", text="zonder regel", found_at=NOW)


@strict
@pytest.mark.django_db
@pytest.mark.rule("journal.every-act")
def test_evidence_is_not_written_changed_or_removed_outside_a_step() -> None:
    raise_finding(rule="tests", key=EACH_TIME, text="met regel", recording=None, bodycam=None, actor=SOMEBODY, now=NOW)
    for act in (
        finding,
        lambda: Finding.objects.update(text="anders"),
        lambda: Finding.objects.all().delete(),
        lambda: Finding.objects.bulk_create([Finding(rule="tests", text="x", found_at=NOW)], ignore_conflicts=True),
        lambda: Entry.objects.create(number=9_999, time=NOW, act="x", trace="", data=b"", leaf_hash=b""),
        lambda: connection.cursor().execute('  delete from "findings_finding"'),
    ):
        with pytest.raises(guard.OutsideStepError), transaction.atomic():
            act()
    assert [one.text for one in Finding.objects.all()] == ["met regel"]


@strict
@pytest.mark.django_db
@pytest.mark.rule("journal.every-act")
def test_inside_a_step_evidence_and_its_entry_go_together_or_not_at_all() -> None:
    with pytest.raises(NoEntryError), step("tests.silent", actor=Actor.system("tests")):
        finding()
    with pytest.raises(NoEntryError), step("tests.taken-back", actor=Actor.system("tests")) as record:
        finding()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            record(DetailsErased(entries=()))
            raise ZeroDivisionError
    assert not Finding.objects.exists()
    assert not Entry.objects.exists()
    with step("tests.whole", actor=Actor.system("tests")) as record:
        finding()
        record(DetailsErased(entries=()))
    assert Finding.objects.count() == Entry.objects.count() == 1


@pytest.mark.usefixtures("people", "as_in_a_real_process")
@pytest.mark.django_db
def test_nothing_of_a_person_changes_outside_a_step_and_neither_does_the_password(people: dict[str, Person]) -> None:
    person = next(iter(people.values()))
    person.name, person.last_login, person.password = "Anders", NOW, "x"
    for columns in (["name"], ["password"], ["last_login"], None):
        with pytest.raises(guard.OutsideStepError), transaction.atomic():
            person.save(update_fields=columns)


@pytest.mark.usefixtures("people", "as_in_a_real_process")
@pytest.mark.django_db
def test_asking_for_a_password_writes_no_newer_hash(people: dict[str, Person], settings: Any) -> None:
    person = next(iter(people.values()))
    with guard.opened():
        person.set_password("een lang wachtwoord")
        person.save()
    hashed = person.password
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", *settings.PASSWORD_HASHERS]
    assert person.check_password("een lang wachtwoord")
    assert not person.check_password("een ander wachtwoord")
    assert Person.objects.get(pk=person.pk).password == hashed


@pytest.mark.django_db
def test_every_thread_has_a_guarded_connection() -> None:
    seen: list[bool] = []

    def look() -> None:
        connection.ensure_connection()
        seen.append(guard.check in connection.execute_wrappers)
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [True]


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('INSERT INTO "footage_hold" ("rule") VALUES (%s)', "footage_hold"),
        ('INSERT OR IGNORE INTO "footage_hold" ("rule") VALUES (%s)', "footage_hold"),
        ('UPDATE "vault_sealedobject" SET "state" = %s WHERE "id" = %s', "vault_sealedobject"),
        ("\n delete from cases_case", "cases_case"),
        ("TRUNCATE TABLE people_officer", "people_officer"),
        ('UPDATE "people_person" SET "password" = %s WHERE "name" = %s', "people_person"),
        ('DELETE FROM "people_person"', "people_person"),
        ('UPDATE "intake_upload" SET "offset" = %s', ""),
        ('INSERT INTO "django_session" VALUES (%s)', ""),
        ('SELECT "footage_hold"."id" FROM "footage_hold" FOR UPDATE', ""),
        ('CREATE TABLE "new__footage_hold" ("id" integer)', ""),
    ],
)
def test_a_statement_says_which_evidence_it_changes(sql: str, table: str) -> None:
    assert guard.evidence(sql) == table


def test_every_table_that_is_exempt_exists_and_says_why() -> None:
    tables = {model._meta.db_table: model for model in apps.get_models()}
    assert set(guard.TECHNICAL) <= set(tables)
    assert all(guard.TECHNICAL.values())
    ours = {model._meta.app_label for model in apps.get_models() if model.__module__.startswith("beeldkluis.")}
    assert ours - {"web"} == set(guard.ROOMS)
