"""For how long the vault waits, in hours, and what certificate and journal say of what it did, in words and numbers."""

import os
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from tests.vault.installation import ACTOR, NOW, Installation

from beeldkluis.journal import leaves
from beeldkluis.journal.models import Entry
from beeldkluis.journal.queries import line
from beeldkluis.vault import actions, arrival, queries
from beeldkluis.vault.errors import KeyGoneError
from beeldkluis.vault.events import Shredded
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.models import Place, SealedObject
from beeldkluis.vault.places import PlaceKind
from beeldkluis.vault.store import store_in_use

pytestmark = pytest.mark.django_db


def age(hours: float, *folders: Path) -> None:
    """As if nothing was written there for so many hours."""
    moment = time.time() - hours * 3600
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        os.utime(path, (moment, moment))


@pytest.mark.parametrize(("hours", "removed"), [(23.5, (0, 0, 0)), (24.5, (1, 1, 1))])
def test_what_was_never_admitted_is_left_alone_for_a_whole_day(
    vault: Installation, hours: float, removed: tuple[int, int, int]
) -> None:
    vault.prepare(uuid4())
    age(hours, vault.folder / "keys", vault.folder / "store", vault.folder / "staging")
    swept = actions.sweep(actor=ACTOR, now=NOW)
    assert (swept.keys, swept.payloads, swept.staged) == removed


def test_what_was_prepared_is_good_for_half_of_that(vault: Installation) -> None:
    prepared = vault.prepare(uuid4())
    age(11.5, vault.folder / "keys")
    vault.admit(prepared)
    late = vault.prepare(uuid4())
    age(12.5, vault.folder / "keys")
    with pytest.raises(KeyGoneError):
        vault.admit(late)


def test_the_certificate_counts_every_file_and_byte(vault: Installation) -> None:
    recording = uuid4()
    objects = [vault.take_in(recording, plain) for plain in (b"short", b"a longer film" * 999)]
    size = sum(queries.payload_size(one) for one in objects)
    vault.destroy(recording)
    assert list(store_in_use().listing()) == []
    found = queries.certificate(recording)
    assert found is not None
    assert (found.bytes_removed, len(found.objects)) == (size, 2)
    assert found.certificate_entry is not None
    said = line(found.certificate_entry, details=True).sentence
    assert said == f"Vernietiging afgerond: 2 bestanden ({size} bytes) verwijderd"


def test_a_headers_new_key_is_not_looked_for_under_the_old_number(vault: Installation) -> None:
    recording = uuid4()
    one = vault.take_in(recording)
    actions.set_beside(recording=recording, headers={one: vault.release(one)}, actor=ACTOR)
    actions.put_in_force(actor=ACTOR)
    actions.destroy_old_keys([recording], actor=ACTOR)
    assert not key_store_in_use().exists(recording)
    assert queries.lost_keys() == []
    assert vault.open(one) == b"pictures"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"key_found": True, "key_destroyed_at": "2026-11-23"}, "Sleutel vernietigd op {key_destroyed_at}: "),
        ({"key_found": True}, "Sleutel vernietigd: "),
        ({"key_found": False}, "De sleutel werd niet gevonden; of hij is vernietigd, staat hiermee niet vast"),
        ({}, "De sleutel werd niet gevonden; of hij is vernietigd, staat hiermee niet vast"),
    ],
)
def test_an_entry_says_as_much_of_the_key_as_it_proves(facts: dict[str, object], words: str) -> None:
    assert Shredded.words(facts).startswith(words)


def test_a_certificate_names_the_places_that_left_while_its_key_was_there(vault: Installation) -> None:
    recording = uuid4()
    vault.take_in(recording)
    SealedObject.objects.update(taken_in_at=NOW)
    days = {"before": -1, "meanwhile": 1, "afterwards": 3}
    for number in days.values():
        at = NOW + timedelta(days=number)
        Place.objects.create(
            kind="standby", installation=uuid4(), identity=uuid4(), taken_up_at=NOW - timedelta(days=9), retired_at=at
        )
    actions.destroy(
        recording=recording, rules=("retention.period",), due_at=NOW, actor=ACTOR, now=NOW + timedelta(days=2)
    )
    found = queries.certificate(recording)
    assert found is not None
    assert found.left_places == (("de reservesleutelmap", NOW + timedelta(days=1)),)


def test_the_journal_says_which_place_went_and_since_when_it_was_away(vault: Installation) -> None:
    vault.take_in(uuid4())
    standby, unplugged = vault.folder / "standby", vault.folder / "unplugged"
    standby.rename(unplugged)
    assert actions.note_places(actor=ACTOR, now=NOW) == ([PlaceKind.STANDBY], [])
    assert actions.note_places(actor=ACTOR, now=NOW + timedelta(minutes=1)) == ([], []), "said once"
    unplugged.rename(standby)
    assert actions.note_places(actor=ACTOR, now=NOW + timedelta(hours=1)) == ([], [PlaceKind.STANDBY])
    entries = {one.act: one for one in Entry.objects.filter(act__startswith="vault.place_")}
    away, back = entries["vault.place_away"], entries["vault.place_back"]
    said = line(away.number, details=True).sentence
    assert said == "Niet bereikbaar: de reservesleutelmap. Er wordt niets opgenomen, vernietigd of verklaard"
    assert line(back.number, details=True).sentence == "Weer bereikbaar: de reservesleutelmap"
    assert leaves.read(bytes(back.data)).facts["since"] == "2026-11-23T12:00:00.000Z"


def test_the_reserve_is_no_room_for_what_arrives(vault: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert arrival.has_room(1)
    monkeypatch.setattr(arrival, "RESERVE", 2**60)
    assert arrival.room() == 0
    assert not arrival.has_room(1)
