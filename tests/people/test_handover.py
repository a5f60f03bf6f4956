"""The keys change hands: every recording sealed anew, tried, and only then in force; a stop anywhere loses nothing."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock, guard
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people import handover_actions as actions
from beeldkluis.people import handover_check_actions as checks
from beeldkluis.people import handover_plan_actions as plans
from beeldkluis.people import queries
from beeldkluis.people.actions import add_person
from beeldkluis.people.deputation_actions import record_copy
from beeldkluis.people.models import Handover, HandoverItem, Person, SealedIdentity, TeamKey
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed import age
from beeldkluis.vault import actions as vault
from beeldkluis.vault import queries as vault_queries
from beeldkluis.vault.errors import KeyAwayError
from tests.conftest import SETUP
from tests.people.handing import (
    ANNOUNCED,
    NOW,
    PASSPHRASE,
    Keys,
    agreed,
    begin,
    begun,
    finish,
    header_of,
    opens,
    recovers,
    seal_all,
    settle,
    show_sheet,
    try_all,
    try_axis,
    waited,
)
from tests.retention.world import ENDED, World


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def world(vault_folders: Path, keys: Keys, team_manager: Person) -> World:
    keys.put_in_force(team_manager)
    return World(vault_folders, keys.old, keys.recovery)


@pytest.fixture
def successor(db: None) -> Person:
    return add_person(
        email="opvolger@example.nl", name="O. Volger", role=Role.DEPUTY, password=None, actor=SETUP, now=ENDED
    )


def key_files(world: World) -> set[Path]:
    return {path for path in (world.folder / "keys").glob("*.[0-9]*") if path.is_file()}


def test_after_a_handover_the_new_key_opens_and_the_old_one_nothing(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    recordings = [world.receive(clips=2), world.receive()]
    record_copy(successor, keys.sealed(keys.old), actor=team_manager.as_actor, now=ANNOUNCED)
    before = key_files(world)
    handover = begun(team_manager, successor, dpo, keys)
    assert queries.current_recipients() == (str(keys.old.recipient), str(keys.recovery.recipient)), "not in force yet"
    assert seal_all(handover, keys, keys.old) == 2
    assert all(opens(one, keys.old) for one in recordings), "until it was tried nothing changed"
    finish(handover, keys, keys.old)
    assert queries.current_recipients() == (str(keys.new.recipient), str(keys.recovery.recipient))
    for recording in recordings:
        assert opens(recording, keys.new)
        assert opens(recording, keys.recovery)
        assert not opens(recording, keys.old)
    assert not before & key_files(world), "every recording has a new shred key, the old ones are gone"
    assert len(key_files(world)) == 2
    assert not SealedIdentity.objects.filter(key=handover.old_key).exclude(sealed=b"").exists()
    for person, role in ((team_manager, Role.DEPUTY), (successor, Role.TEAM_MANAGER)):
        person.refresh_from_db()
        assert (person.role, person.acting) == (role.value, role.value)
    mine = queries.sealed_identity_for(successor)
    assert mine is not None
    assert str(age.open_identity(bytes(mine.sealed), PASSPHRASE)) == str(keys.new)
    assert {"people.handover_begun", "vault.headers_put_in_force", "people.handover_finished"} <= set(
        Entry.objects.values_list("act", flat=True)
    )
    assert queries.running_handover() is None
    assert queries.running_plan() is None


def test_everybody_who_can_stop_it_is_told_at_each_turn(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    world.receive()
    finish(begun(team_manager, successor, dpo, keys), keys, keys.old)
    for person in (team_manager, successor, dpo):
        subjects = list(Outgoing.objects.filter(body__to=person.email).order_by("pk").values_list("about", flat=True))
        told = [one.removeprefix("Overdracht van de teamsleutel ") for one in subjects if "Overdracht" in one]
        assert told == ["aangekondigd", "heeft akkoord", "begonnen", "klaar"], person
    text = Outgoing.objects.filter(about="Overdracht van de teamsleutel aangekondigd")[0].body["text"]
    assert "De teammanager wil de teamsleutel overdragen aan O. Volger" in text
    assert "waarin u het kunt stoppen" in text


def test_it_goes_on_where_it_stopped_and_no_recording_is_left_without_a_key(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    recordings, actor = [world.receive() for _ in range(3)], team_manager.as_actor
    handover = begun(team_manager, successor, dpo, keys)
    (first, headers), *_ = actions.give_headers(handover, actor=actor, now=NOW).items()
    actions.reseal(first, keys.anew(headers, keys.old), actor=actor, now=NOW)
    assert all(opens(one, keys.old) for one in recordings)
    with pytest.raises(Refused, match="Nog 2"):
        actions.close_sealing(handover, actor=actor, now=NOW)
    for _ in range(2):
        actions.reseal(first, keys.anew(headers, keys.old), actor=actor, now=NOW)  # told twice: nothing happens
    assert seal_all(handover, keys, keys.old) == 2, "what was done is seen, not done again"
    with pytest.raises(Refused, match="niet gecontroleerd"):
        settle(handover)
    finish(handover, keys, keys.old)
    assert all(opens(one, keys.new) for one in recordings)
    handover.refresh_from_db()
    with pytest.raises(Refused):
        settle(handover)


def test_what_was_destroyed_meanwhile_is_ticked_off_and_comes_back_never(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    early, late, stays = world.receive(), world.receive(), world.receive()
    handover, actor = begun(team_manager, successor, dpo, keys), team_manager.as_actor
    given = actions.give_headers(handover, actor=actor, now=NOW)
    vault.destroy(recording=early.pk, rules=("retention.period",), due_at=NOW, actor=SETUP, now=NOW)
    for item, headers in given.items():
        actions.reseal(item, keys.anew(headers, keys.old), actor=actor, now=NOW)
    vault.destroy(recording=late.pk, rules=("retention.period",), due_at=NOW, actor=SETUP, now=NOW)
    finish(handover, keys, keys.old)
    for gone in (early, late):
        assert not world.still_opens(gone)
        assert not any(str(gone.pk) in path.name for path in key_files(world))
    assert opens(stays, keys.new)


def add_file(world: World, recording: Recording, identity: age.Identity, at: datetime) -> UUID:
    """One more file of a recording, sealed for this key: a late clip, or a viewing copy."""
    object_id, key = uuid4(), age.new_file_key()
    header = age.build_header(key, [identity.recipient, world.recovery.recipient])
    sealed = header + b"".join(bytes(one) for one in age.Sealer(key).chunks([b"a file"]))
    staged = world.folder / "staging" / str(object_id)
    staged.write_bytes(sealed)
    number = vault_queries.generation(recording.pk)
    assert number is not None
    prepared = vault.prepare(
        recording=recording.pk, object_id=object_id, staged=staged, sealed_sha256=sha256(sealed).hexdigest(),
        generation=number,
    )  # fmt: skip
    with transaction.atomic(), guard.opened():
        vault.admit(prepared, inner_kind="plain", now=at)
    vault.discard_staged(staged)
    return object_id


def test_a_recording_whose_key_is_away_is_not_ticked_off_as_destroyed(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    recording = world.receive()
    handover, actor = begun(team_manager, successor, dpo, keys), team_manager.as_actor
    (world.folder / "keys").rename(world.folder / "unplugged")
    (world.folder / "keys").mkdir(mode=0o700)
    with pytest.raises(KeyAwayError):
        actions.give_headers(handover, actor=actor, now=NOW)
    (world.folder / "keys").rmdir()
    (world.folder / "unplugged").rename(world.folder / "keys")
    (item,) = actions.give_headers(handover, actor=actor, now=NOW)
    assert (item.recording, item.gone) == (recording.pk, False)


def test_what_came_in_meanwhile_is_sealed_anew_too_and_the_old_key_stays_until_then(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    known, actor = world.receive(), team_manager.as_actor
    handover = begun(team_manager, successor, dpo, keys)
    seal_all(handover, keys, keys.old)
    assert all(try_all(handover, keys))
    assert try_axis(handover, keys)
    clip, fresh = add_file(world, known, keys.old, NOW + timedelta(minutes=1)), world.receive(received=NOW)
    for step in (lambda: actions.close_sealing(handover, actor=actor, now=NOW), lambda: settle(handover)):
        with pytest.raises(Refused, match="Nog 2 opnames zijn niet opnieuw verzegeld"):
            step()
    assert SealedIdentity.objects.filter(key=handover.old_key).exclude(sealed=b"").exists()
    finish(handover, keys, keys.old)
    assert opens(known, keys.new)
    assert opens(fresh, keys.new)
    assert age.open_header(header_of(clip), [keys.new])
    assert not HandoverItem.objects.filter(unreadable=True).exists()


def test_a_file_that_comes_in_between_giving_and_sealing_makes_it_given_again(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    recording, actor = world.receive(), team_manager.as_actor
    handover = begun(team_manager, successor, dpo, keys)
    ((item, headers),) = actions.give_headers(handover, actor=actor, now=NOW).items()
    add_file(world, recording, keys.old, NOW)
    actions.reseal(item, keys.anew(headers, keys.old), actor=actor, now=NOW)
    ((_item, headers),) = actions.give_headers(handover, actor=actor, now=NOW).items()
    assert len(headers) == 2
    finish(handover, keys, keys.old)
    assert opens(recording, keys.new)


def test_one_file_that_does_not_open_never_gives_up_the_others_and_is_counted(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    mixed, strange = world.receive(), World(world.folder, age.Identity.generate(), keys.recovery).receive()
    copy = add_file(world, mixed, age.Identity.generate(), NOW - timedelta(hours=1))
    before = {clip.object: header_of(clip.object) for clip in strange.clips.all()}
    handover, actor = begun(team_manager, successor, dpo, keys), team_manager.as_actor
    for item, headers in actions.give_headers(handover, actor=actor, now=NOW).items():
        if item.recording == strange.pk:
            actions.report_unreadable(item, actor=actor, now=NOW)
        else:
            actions.reseal(item, keys.anew(headers, keys.old), actor=actor, now=NOW)
    finish(handover, keys, keys.old)
    assert opens(mixed, keys.new)
    assert age.open_header(header_of(copy), [keys.recovery])
    assert {clip.object: header_of(clip.object) for clip in strange.clips.all()} == before
    assert HandoverItem.objects.filter(unreadable=True).count() == 2
    assert "2 opnames gingen niet open" in Outgoing.objects.filter(about__contains="klaar")[0].body["text"]


def test_with_the_recovery_sheet_when_the_team_manager_is_gone(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    lost = World(world.folder, age.Identity.generate(), keys.recovery).receive()  # the team's key is lost
    show_sheet(successor, keys)
    with pytest.raises(Refused, match="waarom"):
        agreed(successor, successor, dpo, with_recovery=True)
    plan = agreed(successor, successor, dpo, with_recovery=True, because="overleden")
    early = plan.agreed_at + timedelta(minutes=59)
    with pytest.raises(Refused, match="wachttijd"):
        begin(successor, successor, keys.beginning(keys.recovery), now=early)
    waited(plan, 60)
    handover = begin(successor, successor, keys.beginning(keys.recovery), now=plan.agreed_at + timedelta(hours=1))
    finish(handover, keys, keys.recovery)
    assert opens(lost, keys.new)
    successor.refresh_from_db()
    assert successor.role == Role.TEAM_MANAGER
    assert Outgoing.objects.filter(about="Overdracht van de teamsleutel begonnen met de herstelsleutel").exists()


def test_keys_that_are_none_change_nothing(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    good = keys.beginning()
    waited(agreed(team_manager, successor, dpo))
    for wrong in (
        replace(good, team_recipient="age1x"),
        replace(good, team_recipient=str(keys.old.recipient)),
        replace(good, team_recipient=str(keys.recovery.recipient)),
        replace(good, axis_sealed_private=b"open"),
        replace(good, sealed_identity=b"open"),
    ):
        with pytest.raises(Refused, match="niets veranderd"):
            begin(team_manager, successor, wrong)
    assert not Handover.objects.exists()


def test_a_key_that_was_in_use_before_is_no_new_key(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    finish(begun(team_manager, successor, dpo, keys), keys, keys.old)
    successor.refresh_from_db()
    team_manager.refresh_from_db()
    waited(agreed(successor, team_manager, dpo))
    again = replace(keys.beginning(), team_recipient=str(keys.old.recipient))
    with pytest.raises(Refused, match="niets veranderd"):
        begin(successor, team_manager, again)


def turn(client: Client, giver: Person) -> tuple[list[dict[str, Any]], int]:
    """What one turn of the giver's browser gets, and how many questions it asks of the database."""
    client.force_login(giver)
    with CaptureQueriesContext(connection) as asked:
        items = post(client, "/sleutels/overdragen/volgende/", {}).json()["items"]
    return items, len(asked)


def test_a_turn_asks_the_same_of_the_database_however_much_is_kept_and_done(
    client: Client, world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(actions, "AT_ONCE", 5)
    for _ in range(6):
        world.receive()
    handover = begun(team_manager, successor, dpo, keys)
    items, few = turn(client, team_manager)
    assert len(items) == 5
    for _ in range(24):
        world.receive()
    seal_all(handover, keys, keys.old)
    for _ in range(5):
        world.receive()
    items, many = turn(client, team_manager)
    assert len(items) == 5
    assert many - few < 25, (
        "one more for each that was there would be 30; the journal's tree asks for a node more now and then"
    )


def post(client: Client, address: str, content: object) -> Any:
    return client.post(address, json.dumps(content), content_type="application/json")


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def sent(keys: Keys, receiver: Person) -> dict[str, object]:
    """What the browser posts to begin, and what an attacker posted (the form of before)."""
    made = keys.beginning()
    return {
        "receiver": receiver.pk,
        "team_recipient": made.team_recipient,
        "because": "x",
        "with_recovery": False,
        "axis_sealed_private": b64(made.axis_sealed_private),
        "sealed_identity": b64(made.sealed_identity),
    }


@pytest.fixture
def demonstration(settings: Settings) -> None:
    """A session of `client` counts as one that showed its second factor just now: see people.signed_in."""
    settings.DEMONSTRATION = True


def come(client: Client, person: Person) -> Client:
    client.force_login(person)
    session = client.session
    session["beeldkluis_demonstration"] = True
    session.save()
    return client


def page(client: Client, address: str = "/sleutels/overdragen/") -> str:
    return client.get(address).content.decode()


def test_the_pages_from_announcing_to_the_new_key(
    client: Client, world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person,
    monkeypatch: pytest.MonkeyPatch, demonstration: None,
) -> None:  # fmt: skip
    recording, moment = world.receive(), [ANNOUNCED]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    come(client, team_manager)
    assert "Een overdracht aankondigen" in page(client)
    wrong = client.post("/sleutels/overdragen/aankondigen/", {"receiver": successor.pk, "with_recovery": "on"})
    assert "Schrijf op waarom de herstelsleutel nodig is" in wrong.content.decode()
    assert client.post("/sleutels/overdragen/aankondigen/", {"receiver": dpo.pk}).status_code == 200
    assert client.post("/sleutels/overdragen/aankondigen/", {"receiver": successor.pk}).status_code == 302
    assert "Er is nog geen tweede persoon akkoord" in page(client)
    come(client, dpo)
    assert "Kijk of u akkoord gaat met een overdracht van de teamsleutel" in page(client, "/")
    assert "Gaat u akkoord?" in page(client)
    assert client.post("/sleutels/overdragen/akkoord/").status_code == 302
    assert "Beginnen kan vanaf" in page(client)
    come(client, team_manager)
    refused = post(client, "/sleutels/overdragen/begin/", sent(keys, successor))
    assert refused.status_code == 403
    assert "wachttijd" in refused.json()["detail"]
    moment[0] = NOW
    plan = queries.running_plan()
    assert plan is not None
    waited(plan)
    assert "Nieuwe sleutel maken" in page(client)
    assert post(client, "/sleutels/overdragen/volgende/", {}).status_code == 404
    assert post(client, "/sleutels/overdragen/begin/", {"receiver": 1}).status_code == 400
    assert post(client, "/sleutels/overdragen/begin/", sent(keys, successor) | {"receiver": 999}).status_code == 404
    begun_now = post(client, "/sleutels/overdragen/begin/", sent(keys, successor))
    assert begun_now.json()["recipient"] == str(keys.new.recipient)
    assert "Maak de overdracht van de sleutels af" in page(client, "/")
    seal_by_pages(client, keys)
    assert "Nog 0 opnames te verzegelen en 1 te controleren" in page(client)
    come(client, successor)
    assert "Controleer de nieuwe sleutel" in page(client, "/")
    try_by_pages(client, keys)
    assert client.get("/inzien/controle/").status_code == 200, "the role went over"
    assert opens(recording, keys.new)
    assert "Er loopt geen" not in page(client)
    come(client, team_manager)
    assert client.get("/opnames/").status_code == 403, "the role went over"


def seal_by_pages(client: Client, keys: Keys) -> None:
    (item,) = post(client, "/sleutels/overdragen/volgende/", {}).json()["items"]
    headers = {UUID(one): base64.b64decode(header) for one, header in item["headers"].items()}
    assert post(client, item["address"], {"headers": {"x": "y"}}).status_code == 400
    wrong = {str(one): b64(b"kapot") for one in headers}
    assert post(client, item["address"], {"headers": wrong}).status_code == 403
    good = {str(one): b64(header) for one, header in keys.anew(headers, keys.old).items()}
    for _ in range(2):
        assert post(client, item["address"], {"headers": good}).status_code == 200
    assert post(client, "/sleutels/overdragen/999/", {"unreadable": True}).status_code == 404
    assert post(client, "/sleutels/overdragen/volgende/", {}).json()["items"] == []
    assert post(client, "/sleutels/overdragen/klaar/", {}).json()["next"] == "/sleutels/overdragen/"


def try_by_pages(client: Client, keys: Keys) -> None:
    assert "Gaat alles open met uw nieuwe sleutel?" in page(client, "/sleutels/overdragen/controle/")
    asked = post(client, "/sleutels/overdragen/controle/axis/", {}).json()
    private = age.open_bytes(base64.b64decode(asked["sealed"]), [keys.new])
    answer = checks.axis.unwrap_key(base64.b64decode(asked["question"]), private).decode()
    assert post(client, "/sleutels/overdragen/controle/axis/antwoord/", {}).status_code == 400
    assert post(client, "/sleutels/overdragen/controle/axis/antwoord/", {"answer": answer}).json() == {"right": True}
    told = post(client, "/sleutels/overdragen/controle/volgende/", {}).json()
    assert told["ready"] is True
    (item,) = told["items"]
    assert post(client, "/sleutels/overdragen/controle/uitkomst/", {"items": [1]}).status_code == 400
    tried = {"item": item["item"], "seal": item["seal"], "proofs": proofs(item["objects"], keys)}
    assert post(client, "/sleutels/overdragen/controle/uitkomst/", {"items": [tried]}).json() == {"fits": True}
    assert post(client, "/sleutels/overdragen/controle/klaar/", {}).json() == {"next": "/"}


def proofs(objects: Mapping[str, Any], keys: Keys) -> dict[str, str]:
    made = {}
    for one, file in objects.items():
        key = age.open_header(base64.b64decode(file["header"]), [keys.new])
        made[one] = b64(age.prove(key, base64.b64decode(file["nonce"]), file["size"]))
    return made


def test_an_old_second_factor_is_shown_again_first(
    client: Client, world: World, team_manager: Person, successor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: ANNOUNCED)
    client.force_login(team_manager)
    told = page(client)
    assert "Tweede stap laten zien" in told
    assert "/accounts/2fa/reauthenticate/?next=%2Fsleutels%2Foverdragen%2F" in told
    refused = client.post("/sleutels/overdragen/aankondigen/", {"receiver": successor.pk})
    assert "Tweede stap laten zien" in refused.content.decode()
    assert queries.running_plan() is None


def test_a_handover_that_is_stopped_leaves_everything_as_it_was(
    client: Client, world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    recordings, before = [world.receive() for _ in range(2)], key_files(world)
    handover = begun(team_manager, successor, dpo, keys)
    seal_all(handover, keys, keys.old)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    client.force_login(dpo)
    assert "Overdracht stoppen" in page(client)
    assert client.post("/sleutels/overdragen/stoppen/").status_code == 302
    assert client.post("/sleutels/overdragen/stoppen/").status_code == 404
    assert all(opens(one, keys.old) for one in recordings)
    assert checks.clear_rest(actor=SETUP, now=NOW) == 2
    assert key_files(world) == before
    handover.refresh_from_db()
    with pytest.raises(Refused):
        settle(handover)
    assert "Overdracht van de teamsleutel gestopt" in Outgoing.objects.values_list("about", flat=True)
    again = begun(team_manager, successor, dpo, keys)
    finish(again, keys, keys.old)
    assert all(opens(one, keys.new) for one in recordings)


def test_plan_actions_speak_of_nothing_that_is_not_there(world: World, team_manager: Person) -> None:
    plans.count_minute(now=NOW)
    with pytest.raises(RuntimeError):
        plans.pass_minutes(1)
    assert TeamKey.objects.filter(retired_at=None).count() == 3
    assert recovers(world.receive(), Keys()) is False
