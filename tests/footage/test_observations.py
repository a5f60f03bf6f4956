"""Observations: whose, what follows, who is reminded, and that the words go with the footage."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from django.test import Client

from beeldkluis.devices.models import IssuePeriod
from beeldkluis.findings.models import Finding
from beeldkluis.footage import observation_queries as queries
from beeldkluis.footage.actions import mark_destroyed
from beeldkluis.footage.models import Observation, Recording
from beeldkluis.footage.observation_actions import observe, remind
from beeldkluis.footage.tasks import remind_of_observations
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor, ActorKind
from beeldkluis.journal.models import Detail, Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people.actions import add_officer
from beeldkluis.people.models import Officer, Person
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from tests.conftest import SETUP, START
from tests.footage.conftest import RECEIVED, Register
from tests.protocol.test_observation import FINE

NOW = RECEIVED + timedelta(hours=1)
TYPED = {
    "kind": "aggression",
    "warning": "given",
    "one_to_one": "ja",
    "place": "public_space",
    "off_when_over": "ja",
    "enforcement_number": "W-2026-17",
    "facts": "Er werd geduwd.",
}


def acting(officer: Officer) -> Actor:
    return Actor(ActorKind.OFFICER, str(officer.pseudonym), Role.OFFICER, f"Boa {officer.number}")


def test_the_officer_of_the_recording_and_nobody_else_s_officer_tells(
    issued: IssuePeriod, officer: Officer, add: Register
) -> None:
    recording = add()
    other = add_officer(number="1208", name="X", employment="own", since=START, actor=SETUP, now=START)
    assert queries.owed_by(officer) == [recording]
    assert queries.owed_by(other) == []
    with pytest.raises(Refused, match="eigen opnames"):
        observe(recording, FINE, actor=acting(other), now=NOW)
    observe(recording, FINE, actor=acting(officer), now=NOW)
    assert queries.owed_by(officer) == []


def test_a_recording_of_nobody_is_told_of_by_the_team_manager_only(
    team_manager: Person, dpo: Person, administrator: Person, officer: Officer, add: Register
) -> None:
    recording = add()
    for actor in (acting(officer), dpo.as_actor, administrator.as_actor):
        with pytest.raises(Refused):
            observe(recording, FINE, actor=actor, now=NOW)
    assert observe(recording, FINE, actor=team_manager.as_actor, now=NOW).made_by == str(team_manager.pseudonym)


def test_a_correction_keeps_what_was_said_before(team_manager: Person, issued: IssuePeriod, add: Register) -> None:
    recording = add()
    first = observe(recording, FINE, actor=team_manager.as_actor, now=NOW)
    second = observe(recording, replace(FINE, kind="other"), actor=team_manager.as_actor, now=NOW)
    assert queries.observation_of(recording.pk) == second
    first.refresh_from_db()
    assert first.replaced_at == NOW
    with pytest.raises(IntegrityError):
        Observation.objects.filter(pk=first.pk).update(replaced_at=None)


def test_a_place_that_is_not_public_becomes_a_finding_without_the_words(
    team_manager: Person, issued: IssuePeriod, add: Register
) -> None:
    recording = add()
    told = replace(FINE, place="other", place_because="in de woning van Jansen")
    for _ in range(2):
        observe(recording, told, actor=team_manager.as_actor, now=NOW)
    finding = Finding.objects.get(rule="recording.public-place")
    assert "Jansen" not in finding.text
    leaves = b"".join(bytes(entry.data) for entry in Entry.objects.all())
    assert b"Jansen" not in leaves
    assert b"W-1" not in leaves


def test_what_is_late_is_told_once_and_stays_until_it_is_made(
    team_manager: Person, issued: IssuePeriod, officer: Officer, add: Register
) -> None:
    recording = add()
    Officer.objects.filter(pk=officer.pk).update(email="boa@example.nl")
    before, after = RECEIVED + timedelta(days=3, seconds=-1), RECEIVED + timedelta(days=3)
    assert remind_of_observations(before) == 0
    assert remind_of_observations(after) == 1
    assert remind_of_observations(after) == 0
    assert Outgoing.objects.get().body["to"] == "boa@example.nl"
    mark_destroyed(recording.pk, rules=["retention.period"], actor=SETUP, now=after)
    assert list(queries.wanting()) == [recording]
    observe(recording, replace(FINE, enforcement_number=""), actor=team_manager.as_actor, now=after)
    assert list(queries.wanting()) == [recording]
    observe(recording, FINE, actor=team_manager.as_actor, now=after)
    assert not queries.wanting().exists()


def test_without_an_address_of_the_officer_the_team_manager_is_told(
    team_manager: Person, issued: IssuePeriod, add: Register
) -> None:
    add()
    assert remind_of_observations(RECEIVED + timedelta(days=3)) == 1
    assert Outgoing.objects.get().body["to"] == team_manager.email


def test_without_any_address_it_still_counts_as_reminded(issued: IssuePeriod, add: Register) -> None:
    recording = add()
    remind(recording, to="", actor=SETUP, now=NOW)
    assert not Outgoing.objects.exists()
    assert Recording.objects.get().observation_reminded_at == NOW


def test_what_is_set_apart_asks_for_no_observation(officer: Officer, add: Register) -> None:
    add(said_apart="kapot")
    assert list(queries.wanting()) == []


def test_the_words_go_with_the_footage_and_the_number_stays(
    team_manager: Person, issued: IssuePeriod, add: Register
) -> None:
    recording = add()
    told = replace(FINE, facts="Er werd geduwd.", warning="not_possible", warning_because="te snel")
    observe(recording, told, actor=team_manager.as_actor, now=NOW)
    mark_destroyed(recording.pk, rules=["retention.period"], actor=SETUP, now=NOW)
    left = Observation.objects.get()
    assert (left.facts, left.warning_because, left.enforcement_number) == ("", "", "W-1")
    assert Entry.objects.filter(act="footage.observation_texts_erased").count() == 1
    everything = b"".join(bytes(one.payload) for one in Detail.objects.all())
    assert b"W-1" in everything
    assert b"te snel" not in everything


def test_the_page_asks_what_lacks_and_keeps_what_was_typed(
    client: Client, team_manager: Person, issued: IssuePeriod, add: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    recording = add()
    client.force_login(team_manager)
    address = f"/opnames/{recording.pk}/waarneming/"
    assert "R-000001" in client.get("/opnames/waarnemingen/").content.decode()
    page = client.post(address, TYPED | {"warning": "not_given"}).content.decode()
    assert "waarom er niet is gewaarschuwd" in page
    assert "Er werd geduwd." in page
    assert not Observation.objects.exists()
    assert client.post(address, TYPED).status_code == 302
    page = client.get(f"/opnames/{recording.pk}/").content.decode()
    assert "W-2026-17" in page
    assert "Er werd geduwd." in client.get(address).content.decode()
    assert "Bij elke opname is de waarneming ingevuld" in client.get("/opnames/waarnemingen/").content.decode()


@pytest.mark.parametrize("role", ["dpo", "administrator"])
def test_nobody_else_comes_to_these_pages(
    client: Client, role: str, request: pytest.FixtureRequest, issued: IssuePeriod, add: Register
) -> None:
    recording = add()
    client.force_login(request.getfixturevalue(role))
    assert client.get(f"/opnames/{recording.pk}/waarneming/").status_code == 403
    assert client.get("/opnames/waarnemingen/").status_code == 403


def test_the_start_page_says_which_are_late(
    client: Client, team_manager: Person, issued: IssuePeriod, add: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    add()
    client.force_login(team_manager)
    moment: datetime = RECEIVED + timedelta(days=4)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert "Bij één opname ontbreekt de waarneming" in client.get("/").content.decode()
