"""Disks that are away, swapped, doubled, old or another's: what the minute's jobs do, and what people are told."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings
from tests.retention.world import DUE, ENDED, World
from tests.web.conftest import sign_in

from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Recording
from beeldkluis.journal import leaves
from beeldkluis.journal.actions import step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.models import Entry
from beeldkluis.journal.signer import make_signing_key
from beeldkluis.people.models import Notice, Person
from beeldkluis.sealed.age import Identity
from beeldkluis.vault import actions, checks
from beeldkluis.vault.errors import GoneError, KeyAwayError, StoreAwayError
from beeldkluis.vault.events import DestructionCertified, LeftoverRemoved, Shredded
from beeldkluis.vault.key_files import entomb
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import Destruction, Place, SealedObject
from beeldkluis.vault.places import MARK
from beeldkluis.vault.queries import certificate
from beeldkluis.vault.tombstones import Tombstone
from beeldkluis.web import ticking

MINUTE = timedelta(minutes=1)
ACTOR = Actor.system("tests")
JOBS = {"plaatsen": ticking.places, "bewaartermijn": ticking.retention, "afmaken": ticking.unfinished}
BOTH = ("keys", "standby")


@pytest.fixture
def world(tmp_path: Path, settings: Settings, db: None) -> World:
    for name in ("store", "keys", "standby", "staging"):
        (tmp_path / name).mkdir(mode=0o700)
    settings.STORE, settings.STORE_FOLDER, settings.KEY_FOLDER = "local", tmp_path / "store", tmp_path / "keys"
    settings.KEY_STANDBY_FOLDER, settings.STAGING_FOLDER = str(tmp_path / "standby"), tmp_path / "staging"
    make_signing_key()
    return World(tmp_path, Identity.generate())


def tick(at: Any) -> list[str]:
    return ticking.tick(at, JOBS)


def unplug(world: World, *names: str) -> None:
    """The disk is not there: what is left is the empty folder that it was mounted on."""
    for name in names:
        (world.folder / name).rename(world.folder / f"{name}-unplugged")
        (world.folder / name).mkdir(mode=0o700)


def plug_in(world: World, *names: str) -> None:
    for name in names:
        shutil.rmtree(world.folder / name)
        (world.folder / f"{name}-unplugged").rename(world.folder / name)


@contextmanager
def away(world: World, *names: str) -> Iterator[None]:
    unplug(world, *names)
    yield
    plug_in(world, *names)


def acts(recording: Recording) -> list[str]:
    wanted = Entry.objects.filter(recording=recording.pk, act__startswith="vault.").order_by("number")
    return [act for act in wanted.values_list("act", flat=True) if "leftover" not in act]


def facts(act: str) -> dict[str, Any]:
    return dict(leaves.read(bytes(Entry.objects.filter(act=act).latest("number").data)).facts)


def told(person: Person) -> str:
    return "\n".join(Notice.objects.filter(receiver=person).values_list("text", flat=True))


def doctor() -> list[str]:
    """Without what is said of every machine with one disk."""
    return [one for one in checks.findings() if "schijf. " not in one and "eigen schijf" not in one]


def test_with_the_key_disks_away_nothing_is_destroyed_or_certified_and_it_goes_when_they_are_back(
    world: World, dpo: Person
) -> None:
    recording = world.receive()
    assert tick(DUE - MINUTE) == []
    with away(world, *BOTH):
        for minute in range(3):
            problems = tick(DUE + minute * MINUTE)
            assert any("sleutelmap" in one and "niet bereikbaar" in one for one in problems)
        assert acts(recording) == []
        assert certificate(recording.pk) is None
        assert Finding.objects.filter(rule="storage.places").count() == 1
        assert "Niet bereikbaar: de sleutelmap en de reservesleutelmap." in told(dpo)
        assert Entry.objects.filter(act="vault.place_away").count() == 2, "one entry for each, not one a minute"
        assert sum("niet bereikbaar" in one for one in doctor()) == 2
        assert not any("ontbreekt" in one for one in doctor()), "away is not lost"
        for place in BOTH:
            assert list((world.folder / place).iterdir()) == [], "nothing is made in an empty mount"
    assert tick(DUE + 5 * MINUTE) == []
    assert acts(recording) == ["vault.destruction_begun", "vault.shredded", "vault.destruction_certified"]
    said = facts("vault.shredded")
    assert (said["key_found"], said["places"]) == (True, ["keys", "standby"])
    assert not key_store_in_use().exists(recording.pk)
    assert Entry.objects.filter(act="vault.place_back").count() == 2
    assert doctor() == []


@pytest.mark.parametrize("name", ["keys", "standby", "store"])
def test_while_one_place_is_away_nothing_is_begun_and_nothing_taken_in(world: World, dpo: Person, name: str) -> None:
    recording = world.receive()
    with away(world, name):
        assert tick(DUE)
        assert acts(recording) == []
        with pytest.raises((KeyAwayError, StoreAwayError)):
            world.receive()
        assert list((world.folder / name).iterdir()) == []
        assert doctor()
    assert world.still_opens(recording)
    assert tick(DUE + MINUTE) == []
    assert acts(recording)[-1] == "vault.destruction_certified"
    assert doctor() == []


def test_a_disk_that_goes_between_the_key_and_the_payload_leaves_no_certificate(world: World, dpo: Person) -> None:
    recording = world.receive()
    now = {"actor": ACTOR, "now": DUE}
    actions.begin_destruction(recording=recording.pk, rules=("retention.period",), due_at=DUE, **now)
    actions.shred(recording=recording.pk, **now)
    with away(world, "store"):
        with pytest.raises(StoreAwayError):
            actions.finish_destruction(recording=recording.pk, **now)
        assert tick(DUE)
        assert "vault.destruction_certified" not in acts(recording)
    tick(DUE + MINUTE)
    assert acts(recording)[-1] == "vault.destruction_certified"


def swapped(folder: Path) -> str:
    (folder / "keys").rename(folder / "other")
    (folder / "standby").rename(folder / "keys")
    (folder / "other").rename(folder / "standby")
    return "verwisseld"


def twice(folder: Path) -> str:
    shutil.rmtree(folder / "standby")
    (folder / "standby").symlink_to(folder / "keys")
    return "twee keer aangekoppeld"


def of_another(folder: Path) -> str:
    mark = folder / "standby" / MARK
    shutil.rmtree(folder / "standby")
    mark.parent.mkdir(mode=0o700)
    text = b"beeldkluis place 1\ninstallation 00000000-0000-4000-8000-000000000001\nplace standby\n"
    text += b"identity 00000000-0000-4000-8000-000000000002\n"
    mark.write_bytes(text + f"sha256 {hashlib.sha256(text).hexdigest()}\n".encode())
    (mark.parent / "00000000-0000-4000-8000-000000000009.1").write_bytes(b"somebody else's key".ljust(4096, b"\0"))
    os.utime(mark.parent / "00000000-0000-4000-8000-000000000009.1", (0, 0))
    return "andere installatie"


def damaged(folder: Path) -> str:
    (folder / "standby" / MARK).write_bytes(b"beeldkluis place 1\n")
    return "niet bereikbaar"


@pytest.mark.parametrize("wrong", [swapped, twice, of_another, damaged])
def test_what_is_in_the_wrong_place_is_named_and_nothing_in_it_is_touched(
    world: World, dpo: Person, wrong: Any
) -> None:
    recording = world.receive()
    words = wrong(world.folder)
    before = {path: path.read_bytes() for path in world.folder.rglob("*.1")}
    problems = tick(DUE)
    assert any(words in one for one in problems), problems
    assert any(words in one for one in doctor())
    assert acts(recording) == []
    assert {path: path.read_bytes() for path in world.folder.rglob("*.1")} == before, "another's keys are not swept"


@pytest.mark.parametrize("places", [("keys",), ("standby",), BOTH])
def test_an_old_copy_that_brings_a_destroyed_key_back_is_found_told_and_destroyed_again(
    world: World, dpo: Person, places: tuple[str, ...]
) -> None:
    recording, stays = world.receive(), world.receive(ended=ENDED + timedelta(days=20))
    secret = key_store_in_use().get(recording.pk)
    for place in places:
        shutil.copytree(world.folder / place, world.folder / f"{place}-copy")
    assert tick(DUE) == []
    first = certificate(recording.pk)
    for place in places:
        shutil.rmtree(world.folder / place)
        (world.folder / f"{place}-copy").rename(world.folder / place)
    assert any("weer aanwezig" in one for one in doctor())
    assert not world.still_opens(recording)
    assert tick(DUE + MINUTE) == []
    assert not any(secret in path.read_bytes() for path in world.folder.rglob("*") if path.is_file())
    assert acts(recording)[-1] == "vault.key_came_back"
    assert str(recording) in told(dpo)
    assert "al waren vernietigd" in told(dpo)
    after = certificate(recording.pk)
    assert first is not None
    assert after is not None
    assert (after.certified_at, after.key_destroyed_at) == (first.certified_at, first.key_destroyed_at)
    assert after.corrected_at == DUE + MINUTE
    assert world.still_opens(stays)
    assert doctor() == []
    assert tick(DUE + 2 * MINUTE) == []
    assert acts(recording).count("vault.key_came_back") == 1


def test_when_database_and_key_folder_are_both_old_the_tombstone_of_the_standby_keeps_it_shut(
    world: World, dpo: Person
) -> None:
    recording = world.receive()
    row = SealedObject.objects.filter(recording=recording.pk).values().get()
    shutil.copytree(world.folder / "keys", world.folder / "copy")
    actions.destroy(recording=recording.pk, rules=("retention.period",), due_at=DUE, actor=ACTOR, now=DUE)
    SealedObject.objects.all().delete()
    Destruction.objects.all().delete()
    SealedObject.objects.create(**row)
    shutil.rmtree(world.folder / "keys")
    (world.folder / "copy").rename(world.folder / "keys")
    assert key_store_in_use().exists(recording.pk), "the key is there again"
    with pytest.raises(GoneError):
        world.release(row["id"])
    assert any("oudere kopie" in one for one in doctor())


def by_an_older_version(world: World, recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the version before tombstones did with empty mounts: an entry that no key was found, and a certificate."""
    whole = Shredded.split, DestructionCertified.split
    for event, split in zip((Shredded, DestructionCertified), whole, strict=True):
        monkeypatch.setattr(event, "split", lambda self, split=split: (without(split(self)[0]), {}))
    one = SealedObject.objects.get(recording=recording.pk)
    with step("tests.older_version", actor=ACTOR) as record:
        shredded = record(
            Shredded(
                recording=recording.pk, rules=("retention.period",), due_at=DUE, objects=(one.pk,),
                wrapped_headers_sha256=("0" * 64,), key_found=False, key_destroyed_at=DUE, places=(),
            )
        )  # fmt: skip
        certified = record(
            DestructionCertified(
                recording=recording.pk, objects=1, bytes_removed=1, shredded_at=DUE, shred_entry=shredded.number,
                key_destroyed_at=DUE, places=(),
            )
        )  # fmt: skip
        Destruction.objects.create(
            recording=recording.pk, rules=["retention.period"], due_at=DUE, begun_at=DUE, shredded_at=DUE, removed_at=DUE,
            shred_entry=shredded.number, certified_at=DUE, certificate_entry=certified.number,
        )  # fmt: skip
        SealedObject.objects.filter(pk=one.pk).update(wrapped_header=None, state=SealedObject.State.DESTROYED)
        Recording.objects.filter(pk=recording.pk).update(state=Recording.State.DESTROYED)
        Place.objects.all().delete()
    monkeypatch.undo()
    for name in ("keys", "standby", "store"):
        (world.folder / name / MARK).unlink()
    for payload in (world.folder / "store").glob("??/*"):
        payload.unlink()


def without(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in ("key_destroyed_at", "places")}


def test_a_certificate_that_an_older_version_gave_without_a_key_is_named_and_corrected_when_the_key_turns_up(
    world: World, dpo: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = world.receive()
    by_an_older_version(world, recording, monkeypatch)
    with away(world, *BOTH):
        problems = tick(DUE + MINUTE)
        assert any("niet in gebruik genomen" in one for one in problems)
        assert "zonder dat het de sleutel had gevonden" in told(dpo)
        assert str(recording) in told(dpo)
        found = certificate(recording.pk)
        assert found is not None
        assert not found.is_proved
        assert any("staat niet vast" in one for one in doctor())
    page = open_certificate(client, dpo, recording)
    assert "Staat niet vast" in page
    assert "kan de beelden nog openen" not in page
    tick(DUE + 2 * MINUTE)
    assert not key_store_in_use().exists(recording.pk)
    assert acts(recording)[-1] == "vault.certificate_corrected"
    said = facts("vault.certificate_corrected")
    assert said["certificate_entry"] == Destruction.objects.get().certificate_entry
    assert "dat was niet zo" in told(dpo)
    page = open_certificate(client, dpo, recording)
    assert "Verbetering" in page
    assert "in de sleutelmap en de reservesleutelmap" in page
    assert doctor() == []


def open_certificate(client: Client, person: Person, recording: Recording) -> str:
    return sign_in(client, person).get(f"/opnames/{recording.pk}/vernietiging/").content.decode()


def test_the_page_of_a_destruction_that_waits_says_what_is_away_and_since_when(
    world: World, dpo: Person, client: Client
) -> None:
    recording = world.receive()
    actions.begin_destruction(recording=recording.pk, rules=("retention.period",), due_at=DUE, actor=ACTOR, now=DUE)
    with away(world, "standby"):
        tick(DUE)
        page = open_certificate(client, dpo, recording)
    assert "er is dus nog geen verklaring" in page
    assert "reservesleutelmap" in page
    assert "Dat is zo sinds" in page
    assert "Niemand kan de beelden" not in page


def test_a_key_that_nobody_can_find_is_not_certified_and_named(world: World, dpo: Person) -> None:
    recording = world.receive()
    for name in BOTH:
        (world.folder / name / f"{recording.pk}.1").unlink()
    assert any("sleutel niet te vinden" in one for one in tick(DUE))
    tick(DUE + MINUTE)
    assert acts(recording) == ["vault.destruction_begun"]
    assert Finding.objects.filter(rule="storage.places", text__contains=str(recording)).count() == 1
    assert any("niet te vinden" in one for one in doctor())


def test_a_new_disk_is_taken_into_use_by_a_step_with_every_key_and_the_old_one_is_known_for_what_it_is(
    world: World, dpo: Person
) -> None:
    recording, gone = world.receive(), world.receive()
    actions.destroy(recording=gone.pk, rules=("retention.period",), due_at=DUE, actor=ACTOR, now=DUE)
    with pytest.raises(CommandError, match="niets te vervangen"):
        call_command("places", "replace", "standby", "--because", "proef")
    unplug(world, "standby")
    out = StringIO()
    with pytest.raises(CommandError, match="Niet alles is in orde"):
        call_command("places", stdout=out)
    assert "niet bereikbaar" in out.getvalue()
    call_command("places", "replace", "standby", "--because", "schijf stuk", stdout=out)
    assert "1 sleutels" in out.getvalue()
    assert "schijf stuk" in told(dpo)
    assert doctor() == []
    shutil.rmtree(world.folder / "keys")
    (world.folder / "keys").mkdir(mode=0o700)
    assert world.still_opens(recording), "the new standby has the key"
    assert key_store_in_use().tombstone(gone.pk), "and the tombstone"
    shutil.rmtree(world.folder / "standby")
    (world.folder / "standby-unplugged").rename(world.folder / "standby")
    assert any("oude schijf" in one for one in doctor())
    with pytest.raises(CommandError, match="al in gebruik"):
        call_command("places", "replace", "standby", "--because", "toch maar")


def test_a_database_from_before_the_marks_takes_its_places_up_again_by_a_step_and_a_strangers_never(
    world: World, dpo: Person
) -> None:
    recording = world.receive()
    with step("tests.restore", actor=ACTOR) as record:
        Place.objects.all().delete()
        record(LeftoverRemoved(kind="test", name="an older database"))
    assert any("oudere kopie" in one for one in tick(DUE))
    assert acts(recording) == []
    with pytest.raises(CommandError):
        call_command("places", "replace", "keys", "--because", "database teruggezet", stdout=StringIO())
    with pytest.raises(CommandError):
        call_command("places", "replace", "standby", "--because", "database teruggezet", stdout=StringIO())
    call_command("places", "replace", "store", "--because", "database teruggezet", stdout=StringIO())
    of_another(world.folder)
    with pytest.raises(CommandError, match="andere installatie"):
        call_command("places", "replace", "standby", "--because", "proef", stdout=StringIO())
    assert tick(DUE + MINUTE)
    assert acts(recording) == []


def test_without_its_standby_in_the_settings_nothing_goes_until_it_is_given_up_and_certificates_tell_of_it(
    world: World, dpo: Person, settings: Settings
) -> None:
    recording = world.receive()
    settings.KEY_STANDBY_FOLDER = ""
    assert any("staat niet in de instellingen" in one for one in tick(DUE))
    assert acts(recording) == []
    call_command("places", "give-up", "standby", "--because", "wij doen het met één schijf", stdout=StringIO())
    Place.objects.filter(kind="standby").update(retired_at=DUE)
    assert tick(DUE + MINUTE) == []
    found = certificate(recording.pk)
    assert found is not None
    assert found.key_places == ("de sleutelmap",)
    assert found.left_places == (("de reservesleutelmap", DUE),)


def test_a_hold_that_comes_when_only_the_standbys_key_went_keeps_the_recording_with_both_keys(world: World) -> None:
    recording = world.receive()
    actions.begin_destruction(recording=recording.pk, rules=("retention.period",), due_at=DUE, actor=ACTOR, now=DUE)
    standby = world.folder / "standby"
    entomb(standby, standby / f"{recording.pk}.1", Tombstone(recording.pk, DUE, 1))
    assert world.still_opens(recording)
    actions.withdraw_destruction(recording=recording.pk, because=("retention.hold",), actor=ACTOR)
    assert world.still_opens(recording)
    for name in BOTH:
        assert (world.folder / name / f"{recording.pk}.1").exists()
    assert doctor() == []
