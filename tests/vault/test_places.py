"""Marks and tombstones: what they say, what is taken for one, and which folder is taken into use."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vault.installation import NOW, Installation

from beeldkluis.vault import places, tombstones
from beeldkluis.vault.errors import GoneError, KeyAwayError, StoreAwayError
from beeldkluis.vault.key_files import FILE_SIZE, gone_name
from beeldkluis.vault.key_store import KeyStore, key_store_in_use
from beeldkluis.vault.models import Place
from beeldkluis.vault.places import MARK, Mark, PlaceKind
from beeldkluis.vault.tombstones import Tombstone

MARKS = st.builds(Mark, st.uuids(), st.sampled_from(PlaceKind), st.uuids())
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
STONES = st.builds(
    Tombstone, st.uuids(), MOMENTS.map(lambda at: at.replace(microsecond=0)), st.integers(0, 10**12), st.booleans()
)


@given(MARKS, st.data())
def test_a_mark_says_what_it_was_made_for_and_with_one_bit_changed_nothing(mark: Mark, data: st.DataObject) -> None:
    text = bytearray(mark.text())
    assert places.parse(bytes(text)) == mark
    at = data.draw(st.integers(0, len(text) - 1))
    text[at] ^= 1
    assert places.parse(bytes(text)) is None
    assert places.parse(mark.text()[:-1]) is None
    assert places.parse(mark.text() + b"\n") is None


@given(STONES, st.binary(max_size=600), st.data())
def test_a_tombstone_is_read_whatever_follows_and_never_with_one_bit_changed_or_for_another(
    stone: Tombstone, rest: bytes, data: st.DataObject
) -> None:
    text = bytearray(stone.text())
    assert len(text) <= tombstones.SECTOR, "a disk writes it as a whole"
    assert tombstones.parse(bytes(text) + rest, stone.recording) == stone
    assert tombstones.parse(bytes(text), UUID(int=stone.recording.int ^ 1)) is None
    at = data.draw(st.integers(0, len(text) - 1))
    text[at] ^= 1
    assert tombstones.parse(bytes(text) + rest, stone.recording) is None


def test_a_destruction_that_was_stopped_between_overwriting_and_moving_keeps_its_first_moment(tmp_path: Path) -> None:
    keys, recording = KeyStore(tmp_path), uuid4()
    secret, at = keys.create(recording), datetime(2026, 11, 1, 12, tzinfo=UTC)
    path = tmp_path / f"{recording}.1"
    path.write_bytes(Tombstone(recording, at, 7).text().ljust(FILE_SIZE, b"\0"))
    assert not keys.exists(recording)
    assert keys.tombstone(recording) == Tombstone(recording, at, 7)
    gone = keys.destroy(recording, at=NOW, entry=9)
    assert (gone.at, gone.key_found, gone.places) == (at, False, (PlaceKind.KEYS,))
    assert tombstones.parse((tmp_path / gone_name(recording)).read_bytes(), recording) == Tombstone(recording, at, 7)
    assert not path.exists()
    assert not any(secret in one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())


def test_the_tombstone_takes_the_keys_own_block(tmp_path: Path) -> None:
    keys, recording = KeyStore(tmp_path), uuid4()
    keys.create(recording)
    before = (tmp_path / f"{recording}.1").stat().st_ino
    keys.destroy(recording)
    assert (tmp_path / gone_name(recording)).stat().st_ino == before


@pytest.mark.django_db
def test_a_destroyed_recording_never_gets_a_key_again(vault: Installation) -> None:
    vault.take_in(recording := uuid4())
    key_store_in_use().destroy(recording)
    with pytest.raises(GoneError):
        vault.prepare(recording)


@pytest.mark.django_db
def test_a_first_intake_marks_empty_places_also_over_a_mark_that_a_stopped_one_left(vault: Installation) -> None:
    (vault.folder / "keys" / MARK).write_bytes(Mark(uuid4(), PlaceKind.KEYS, uuid4()).text())
    vault.take_in(uuid4())
    assert {one.kind for one in Place.objects.all()} == {"keys", "standby", "store"}
    assert len({one.installation for one in Place.objects.all()}) == 1
    for name in ("keys", "standby", "store"):
        assert (vault.folder / name / MARK).stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["keys", "standby", "store"])
def test_a_new_installation_takes_no_place_in_which_something_lies(vault: Installation, name: str) -> None:
    path = vault.folder / name / (f"{uuid4()}.1" if name != "store" else f"ab/ab{uuid4()}")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"of another".ljust(FILE_SIZE, b"\0"))
    with pytest.raises((KeyAwayError, StoreAwayError)):
        vault.take_in(uuid4())
    assert not (vault.folder / name / MARK).exists()
    assert path.exists()


@pytest.mark.django_db
def test_a_standby_that_is_the_key_folder_by_another_way_is_not_taken(vault: Installation) -> None:
    (vault.folder / "standby").rmdir()
    (vault.folder / "standby").symlink_to(vault.folder / "keys")
    with pytest.raises(KeyAwayError):
        vault.take_in(uuid4())
