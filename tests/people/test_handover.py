"""The keys change hands: every recording sealed anew, old copies gone, a stop anywhere loses nothing."""

import base64
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from beeldkluis.footage.models import Recording
from beeldkluis.journal import clock
from beeldkluis.journal.models import Entry
from beeldkluis.outbox.models import Outgoing
from beeldkluis.people import handover_actions as actions
from beeldkluis.people import queries
from beeldkluis.people.actions import add_person
from beeldkluis.people.deputation_actions import begin_in_emergency, record_copy
from beeldkluis.people.models import Handover, HandoverItem, Person, SealedIdentity, TeamKey
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.succession import may_finish, may_hand_over
from beeldkluis.protocol.verdict import Refused
from beeldkluis.sealed import age
from beeldkluis.vault import actions as vault
from beeldkluis.vault import queries as vault_queries
from tests.conftest import SETUP
from tests.retention.world import ENDED, World

NOW = ENDED + timedelta(days=2)
PASSPHRASE = "een-twee-drie-vier-vijf-zes"


class Keys:
    """The keys of a team: the one in force, the recovery key, and the one that is to come."""

    def __init__(self) -> None:
        self.old, self.recovery, self.new = (age.Identity.generate() for _ in range(3))

    def sealed(self, identity: age.Identity) -> bytes:
        return age.seal_identity(identity, PASSPHRASE, work_factor=1)

    def beginning(self) -> actions.NewKeys:
        return actions.NewKeys(
            team_recipient=str(self.new.recipient),
            axis_sealed_private=age.seal_bytes(b"rsa", [self.new.recipient, self.recovery.recipient]),
            sealed_identity=self.sealed(self.new),
        )

    def anew(self, headers: Mapping[UUID, bytes], old: age.Identity) -> dict[UUID, bytes]:
        """What the browser does with one recording."""
        recipients = [self.new.recipient, self.recovery.recipient]
        return {one: age.build_header(age.open_header(header, [old]), recipients) for one, header in headers.items()}


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Settings, keys: Keys, team_manager: Person) -> World:
    for name in ("store", "keys", "staging"):
        (tmp_path / name).mkdir(mode=0o700)
    settings.STORE, settings.STORE_FOLDER, settings.KEY_FOLDER = "local", tmp_path / "store", tmp_path / "keys"
    settings.KEY_STANDBY_FOLDER, settings.STAGING_FOLDER = "", tmp_path / "staging"
    kinds = {TeamKey.Kind.TEAM: keys.old, TeamKey.Kind.RECOVERY: keys.recovery}
    for kind, identity in kinds.items():
        public = str(identity.recipient)
        made = TeamKey.objects.create(kind=kind, public=public, fingerprint=age.fingerprint(public), made_at=ENDED)
        if kind is TeamKey.Kind.TEAM:
            sealed = keys.sealed(identity)
            SealedIdentity.objects.create(person=team_manager, key=made, sealed=sealed, made_at=ENDED)
    TeamKey.objects.create(kind="axis", public="pem", fingerprint="f", sealed_private=b"old", made_at=ENDED)
    return World(tmp_path, keys.old)


@pytest.fixture
def successor(db: None) -> Person:
    return add_person(
        email="opvolger@example.nl", name="O. Volger", role=Role.DEPUTY, password=None, actor=SETUP, now=ENDED
    )


def begun(giver: Person, receiver: Person, keys: Keys, **named: Any) -> Handover:
    told = {"with_recovery": False, "because": ""} | named
    return actions.begin_handover(receiver, keys.beginning(), actor=giver.as_actor, now=NOW, **told)


def do_all(handover: Handover, keys: Keys, old: age.Identity, giver: Person) -> int:
    count = 0
    while given := actions.give_headers(handover, actor=giver.as_actor, now=NOW):
        for item, headers in given.items():
            actions.reseal(item, keys.anew(headers, old), actor=giver.as_actor, now=NOW)
            count += 1
    return count


def opens(recording: Recording, identity: age.Identity) -> bool:
    from_vault = [header_of(clip.object) for clip in recording.clips.all()]
    try:
        return all(age.open_header(header, [identity]) for header in from_vault)
    except age.SealError:
        return False


def header_of(object_id: UUID) -> bytes:
    with transaction.atomic():
        return vault.release_header(object_id)


def test_after_a_handover_the_new_key_opens_and_the_old_one_nothing(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    recordings = [world.receive(clips=2), world.receive()]
    record_copy(successor, keys.sealed(keys.old), actor=team_manager.as_actor, now=NOW)
    before = {path: path.read_bytes() for path in (world.folder / "keys").rglob("*") if path.is_file()}
    handover = begun(team_manager, successor, keys)
    assert queries.current_recipients() == (str(keys.new.recipient), str(keys.recovery.recipient))
    assert do_all(handover, keys, keys.old, team_manager) == 2
    actions.finish_handover(handover, actor=team_manager.as_actor, now=NOW)
    for recording in recordings:
        assert opens(recording, keys.new)
        assert opens(recording, keys.recovery)
        assert not opens(recording, keys.old)
    after = {path: path.read_bytes() for path in (world.folder / "keys").rglob("*") if path.is_file()}
    assert not before.keys() & after.keys(), "every recording has a new shred key, the old ones are gone"
    assert not SealedIdentity.objects.filter(key=handover.old_key).exclude(sealed=b"").exists()
    for person, role in ((team_manager, Role.DEPUTY), (successor, Role.TEAM_MANAGER)):
        person.refresh_from_db()
        assert (person.role, person.acting) == (role.value, role.value)
    mine = queries.sealed_identity_for(successor)
    assert mine is not None
    assert str(age.open_identity(bytes(mine.sealed), PASSPHRASE)) == str(keys.new)
    assert Outgoing.objects.filter(body__to=dpo.email).count() == 3
    assert {"people.handover_begun", "vault.headers_replaced", "people.handover_finished"} <= set(
        Entry.objects.values_list("act", flat=True)
    )


def test_it_goes_on_where_it_stopped_and_no_recording_is_left_without_a_key(
    world: World, keys: Keys, team_manager: Person, successor: Person
) -> None:
    recordings = [world.receive() for _ in range(3)]
    handover = begun(team_manager, successor, keys)
    (first, headers), *_ = actions.give_headers(handover, actor=team_manager.as_actor, now=NOW).items()
    vault.replace_headers(
        recording=first.recording, headers=keys.anew(headers, keys.old), actor=team_manager.as_actor
    )  # and here the process dies, before the recording is ticked off
    for one in recordings:
        assert opens(one, keys.new) or opens(one, keys.old)
    with pytest.raises(Refused, match="Nog 3"):
        actions.finish_handover(handover, actor=team_manager.as_actor, now=NOW)
    assert do_all(handover, keys, keys.old, team_manager) == 2, "what was done is seen, not done again"
    assert all(opens(one, keys.new) for one in recordings)
    actions.finish_handover(handover, actor=team_manager.as_actor, now=NOW)
    with pytest.raises(Refused):
        actions.finish_handover(handover, actor=successor.as_actor, now=NOW)


def test_what_was_destroyed_meanwhile_is_ticked_off_and_comes_back_never(
    world: World, keys: Keys, team_manager: Person, successor: Person
) -> None:
    gone, stays = world.receive(), world.receive()
    handover = begun(team_manager, successor, keys)
    given = actions.give_headers(handover, actor=team_manager.as_actor, now=NOW)
    vault.destroy(recording=gone.pk, rules=("retention.period",), due_at=NOW, actor=SETUP, now=NOW)
    for item, headers in given.items():
        actions.reseal(item, keys.anew(headers, keys.old), actor=team_manager.as_actor, now=NOW)
    actions.finish_handover(handover, actor=team_manager.as_actor, now=NOW)
    assert not world.still_opens(gone)
    assert opens(stays, keys.new)


def test_what_came_in_meanwhile_is_looked_at_too(
    world: World, keys: Keys, team_manager: Person, successor: Person
) -> None:
    handover, later = begun(team_manager, successor, keys), NOW + timedelta(minutes=3)
    under_way = world.receive(received=NOW + timedelta(minutes=1))
    world_after = World(world.folder, keys.new)
    fresh = world_after.receive(received=NOW + timedelta(minutes=2))
    with pytest.raises(Refused, match="Nog 2"):
        actions.finish_handover(handover, actor=team_manager.as_actor, now=later)
    for item, headers in actions.give_headers(handover, actor=team_manager.as_actor, now=later).items():
        if item.recording == fresh.pk:
            actions.report_unreadable(item, actor=team_manager.as_actor, now=later)
        else:
            actions.reseal(item, keys.anew(headers, keys.old), actor=team_manager.as_actor, now=later)
    actions.finish_handover(handover, actor=team_manager.as_actor, now=later)
    assert opens(under_way, keys.new)
    assert opens(fresh, keys.new)
    assert not HandoverItem.objects.filter(unreadable=True).exists()


def add_file(world: World, recording: Recording, identity: age.Identity, at: datetime) -> UUID:
    """One more file of a recording, sealed for this key: a late clip, or a viewing copy."""
    object_id, key = uuid4(), age.new_file_key()
    header = age.build_header(key, [identity.recipient])
    sealed = header + b"".join(age.Sealer(key).chunks([b"a file"]))
    staged = world.folder / "staging" / str(object_id)
    staged.write_bytes(sealed)
    number = vault_queries.generation(recording.pk)
    assert number is not None
    prepared = vault.prepare(
        recording=recording.pk, object_id=object_id, staged=staged, sealed_sha256=sha256(sealed).hexdigest(),
        generation=number,
    )  # fmt: skip
    with transaction.atomic():
        vault.admit(prepared, inner_kind="plain", now=at)
    vault.discard_staged(staged)
    return object_id


def tried_each(keys: Keys, headers: Mapping[UUID, bytes]) -> dict[UUID, bytes]:
    """What the browser does: each header by itself, and as it was where the old key does not open it."""
    anew = dict(headers)
    for one, header in headers.items():
        with suppress(age.SealError):
            anew |= keys.anew({one: header}, keys.old)
    return anew


def test_one_file_that_does_not_open_never_gives_up_the_others(
    world: World, keys: Keys, team_manager: Person, successor: Person
) -> None:
    mixed, strange = world.receive(), World(world.folder, age.Identity.generate()).receive()
    copy, actor = add_file(world, mixed, keys.new, NOW - timedelta(hours=1)), team_manager.as_actor
    before = {clip.object: header_of(clip.object) for clip in strange.clips.all()}
    handover = begun(team_manager, successor, keys)
    for item, headers in actions.give_headers(handover, actor=actor, now=NOW).items():
        actions.reseal(item, tried_each(keys, headers), actor=actor, now=NOW)
    actions.finish_handover(handover, actor=actor, now=NOW)
    assert opens(mixed, keys.new)
    assert opens(mixed, keys.recovery)
    assert age.open_header(header_of(copy), [keys.new])
    assert {clip.object: header_of(clip.object) for clip in strange.clips.all()} == before
    assert HandoverItem.objects.filter(unreadable=True).count() == 2


def test_a_file_that_comes_in_between_giving_and_sealing_makes_it_given_again(
    world: World, keys: Keys, team_manager: Person, successor: Person
) -> None:
    recording, actor = world.receive(), team_manager.as_actor
    handover = begun(team_manager, successor, keys)
    ((item, headers),) = actions.give_headers(handover, actor=actor, now=NOW).items()
    add_file(world, recording, keys.new, NOW)
    actions.reseal(item, keys.anew(headers, keys.old), actor=actor, now=NOW)
    with pytest.raises(Refused, match="Nog 1"):
        actions.finish_handover(handover, actor=actor, now=NOW)
    ((item, headers),) = actions.give_headers(handover, actor=actor, now=NOW).items()
    assert len(headers) == 2
    actions.reseal(item, tried_each(keys, headers), actor=actor, now=NOW + timedelta(seconds=1))
    actions.finish_handover(handover, actor=actor, now=NOW + timedelta(seconds=2))
    assert opens(recording, keys.new)


def test_old_copies_stay_while_a_file_that_came_in_late_opens_with_the_old_key_only(
    world: World, keys: Keys, team_manager: Person, successor: Person
) -> None:
    recording, actor, later = world.receive(), team_manager.as_actor, NOW + timedelta(minutes=5)
    handover = begun(team_manager, successor, keys)
    do_all(handover, keys, keys.old, team_manager)
    clip = add_file(world, recording, keys.old, NOW + timedelta(minutes=1))
    with pytest.raises(Refused, match="Nog 1"):
        actions.finish_handover(handover, actor=actor, now=later)
    assert SealedIdentity.objects.filter(key=handover.old_key).exclude(sealed=b"").exists()
    for item, headers in actions.give_headers(handover, actor=actor, now=later).items():
        actions.reseal(item, tried_each(keys, headers), actor=actor, now=later)
    actions.finish_handover(handover, actor=actor, now=later)
    assert opens(recording, keys.new)
    assert age.open_header(header_of(clip), [keys.new])
    assert not HandoverItem.objects.filter(unreadable=True).exists()


def test_what_the_old_key_does_not_open_keeps_its_header_and_is_counted(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    world.receive()
    handover = begun(team_manager, successor, keys)
    for item in actions.give_headers(handover, actor=team_manager.as_actor, now=NOW):
        actions.report_unreadable(item, actor=team_manager.as_actor, now=NOW)
    actions.finish_handover(handover, actor=team_manager.as_actor, now=NOW)
    assert HandoverItem.objects.get().unreadable
    assert "1 opnames gingen niet open" in Outgoing.objects.order_by("-pk")[0].body["text"]


def test_with_the_recovery_key_when_the_team_manager_is_gone(
    world: World, keys: Keys, team_manager: Person, successor: Person, dpo: Person
) -> None:
    recording = World(world.folder, keys.recovery).receive()
    until = NOW + timedelta(hours=10)
    begin_in_emergency(successor, until=until, because="overleden", actor=dpo.as_actor, now=NOW)
    successor.refresh_from_db()
    with pytest.raises(Refused, match="waarom"):
        begun(successor, successor, keys, with_recovery=True)
    handover = begun(successor, successor, keys, with_recovery=True, because="overleden")
    do_all(handover, keys, keys.recovery, successor)
    actions.finish_handover(handover, actor=successor.as_actor, now=NOW)
    assert opens(recording, keys.new)
    assert "herstelsleutel" in Outgoing.objects.filter(body__to=dpo.email).order_by("pk")[1].about


@pytest.mark.rule("access.handover")
def test_to_whom_the_role_may_go() -> None:
    fine: dict[str, Any] = {
        "receiver_role": Role.DEPUTY, "receiver_active": True, "same": False, "running": False, "keys": True,
        "with_recovery": False, "because": "",
    }  # fmt: skip
    assert may_hand_over(**fine).allowed
    assert may_hand_over(**(fine | {"receiver_role": Role.TEAM_MANAGER, "same": True})).allowed
    for wrong in (
        {"receiver_role": Role.DPO}, {"receiver_active": False}, {"running": True}, {"keys": False},
        {"with_recovery": True}, {"receiver_role": Role.TEAM_MANAGER},
    ):  # fmt: skip
        assert not may_hand_over(**(fine | wrong)).allowed
    assert may_finish(pending=0, finished=False).allowed
    assert not may_finish(pending=1, finished=False).allowed
    assert not may_finish(pending=0, finished=True).allowed


@pytest.mark.parametrize("role", ["dpo", "administrator"])
def test_nobody_else_hands_over(
    world: World, keys: Keys, successor: Person, role: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(Refused):
        begun(request.getfixturevalue(role), successor, keys)


def test_keys_that_are_none_change_nothing(world: World, keys: Keys, team_manager: Person, successor: Person) -> None:
    good = keys.beginning()
    for wrong in (
        replace(good, team_recipient="age1x"),
        replace(good, team_recipient=str(keys.old.recipient)),
        replace(good, axis_sealed_private=b"open"),
        replace(good, sealed_identity=b"open"),
    ):
        with pytest.raises(Refused, match="niets veranderd"):
            actions.begin_handover(
                successor, wrong, with_recovery=False, because="", actor=team_manager.as_actor, now=NOW
            )
    assert queries.current_recipients()[0] == str(keys.old.recipient)


def test_the_addresses_speak_json_and_refuse_what_is_none(
    client: Client, world: World, keys: Keys, team_manager: Person, successor: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    recording = world.receive()

    def post(address: str, content: object) -> Any:
        return client.post(address, json.dumps(content), content_type="application/json")

    def b64(data: bytes) -> str:
        return base64.b64encode(data).decode()

    client.force_login(team_manager)
    assert "Wat er gaat gebeuren" in client.get("/sleutels/overdragen/").content.decode()
    assert client.get("/sleutels/kopie/").status_code == 200
    assert post(f"/sleutels/kopie/{successor.pk}/", {"sealed_identity": "%"}).status_code == 400
    copied = post(f"/sleutels/kopie/{successor.pk}/", {"sealed_identity": b64(keys.sealed(keys.old))})
    assert copied.status_code == 200
    assert post("/sleutels/overdragen/volgende/", {}).status_code == 404
    assert post("/sleutels/overdragen/begin/", {"receiver": 1}).status_code == 400
    made = keys.beginning()
    told = {
        "receiver": successor.pk,
        "team_recipient": made.team_recipient,
        "axis_sealed_private": b64(made.axis_sealed_private),
        "sealed_identity": b64(made.sealed_identity),
    }
    assert post("/sleutels/overdragen/begin/", told | {"receiver": 999}).status_code == 404
    assert post("/sleutels/overdragen/begin/", told).json()["recipient"] == made.team_recipient
    assert "Er loopt een overdracht" in client.get("/sleutels/overdragen/").content.decode()
    assert "Maak de overdracht van de sleutels af" in client.get("/").content.decode()
    answer = post("/sleutels/overdragen/volgende/", {}).json()
    (item,) = answer["items"]
    headers = {UUID(one): base64.b64decode(header) for one, header in item["headers"].items()}
    assert post(item["address"], {"headers": {"x": "y"}}).status_code == 400
    wrong = {str(one): b64(b"kapot") for one in headers}
    assert post(item["address"], {"headers": wrong}).status_code == 403
    good = {str(one): b64(header) for one, header in keys.anew(headers, keys.old).items()}
    for _ in range(2):
        assert post(item["address"], {"headers": good}).status_code == 200
    assert post("/sleutels/overdragen/999/", {"unreadable": True}).status_code == 404
    assert post("/sleutels/overdragen/volgende/", {}).json()["items"] == []
    assert post("/sleutels/overdragen/klaar/", {}).status_code == 200
    assert opens(recording, keys.new)
    assert client.get("/opnames/").status_code == 403, "the role went over"
