import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest

from beeldkluis.vault.errors import KeyAwayError, KeyGoneError, KeyStoreError
from beeldkluis.vault.key_store import FILE_SIZE, KeyStore

LATER = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    (tmp_path / "standby").mkdir()
    return KeyStore(tmp_path / "keys", tmp_path / "standby")


def test_a_recording_has_one_key_however_often_it_is_asked_for(keys: KeyStore) -> None:
    recording = uuid4()
    key = keys.create(recording)
    assert len(key) == 32
    assert keys.create(recording) == key == keys.get(recording)
    assert keys.create(uuid4()) != key


def test_each_key_fills_a_block_of_its_own_that_only_the_owner_may_read(keys: KeyStore, tmp_path: Path) -> None:
    keys.create(recording := uuid4())
    for place in ("keys", "standby"):
        facts = (tmp_path / place / f"{recording}.1").stat()
        assert facts.st_size == FILE_SIZE
        assert facts.st_mode & 0o777 == 0o600


def test_who_joins_a_recording_never_makes_its_key(keys: KeyStore, tmp_path: Path) -> None:
    recording = uuid4()
    with pytest.raises(KeyAwayError):
        keys.touch(recording)
    key = keys.create(recording)
    place = tmp_path / "keys" / f"{recording}.1"
    os.utime(place, (0, 0))
    assert keys.touch(recording) == key
    assert keys.touched_at(recording).year > 2000
    keys.destroy(recording)
    with pytest.raises(KeyGoneError):
        keys.touch(recording)
    assert not keys.exists(recording)


def test_a_destroyed_key_is_gone_in_every_place_and_generation(keys: KeyStore, tmp_path: Path) -> None:
    recording, other = uuid4(), uuid4()
    secrets = [keys.create(recording), keys.create(recording, 2)]
    kept = keys.create(other)
    keys.destroy(recording)
    keys.destroy(recording)
    assert not keys.exists(recording)
    assert not keys.exists(recording, 2)
    with pytest.raises(KeyGoneError):
        keys.get(recording)
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not any(secret in everything for secret in secrets)
    assert kept in everything
    assert {key.recording for key in keys.list()} == {other}


def test_whoever_knows_the_highest_generation_needs_no_look_through_the_folder(
    keys: KeyStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, other = uuid4(), uuid4()
    secrets = [
        keys.create(recording, generation) for generation in (1, 4, 5)
    ]  # the last one's header was never written
    keys.create(other)

    def looked(*_arguments: object) -> None:
        raise AssertionError("there are as many names in it as recordings")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "glob", looked)
        patched.setattr(Path, "iterdir", looked)
        keys.destroy(recording, highest=4)
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not any(secret in everything for secret in secrets)
    assert {key.recording for key in keys.list()} == {other}


def test_the_key_is_overwritten_in_place_before_its_name_goes(keys: KeyStore, tmp_path: Path) -> None:
    secret = keys.create(recording := uuid4())
    for place in ("keys", "standby"):
        os.link(tmp_path / place / f"{recording}.1", tmp_path / f"second-name-{place}")
    keys.destroy(recording)
    for place in ("keys", "standby"):
        overwritten = (tmp_path / f"second-name-{place}").read_bytes()
        assert len(overwritten) == FILE_SIZE
        assert secret not in overwritten


def test_a_key_that_was_overwritten_but_not_removed_counts_as_gone(keys: KeyStore, tmp_path: Path) -> None:
    keys.create(recording := uuid4())
    for place in ("keys", "standby"):
        (tmp_path / place / f"{recording}.1").write_bytes(os.urandom(FILE_SIZE))
    assert not keys.exists(recording)
    with pytest.raises(KeyStoreError):
        keys.create(recording)


def test_a_key_file_of_another_recording_is_no_key_of_this_one(keys: KeyStore, tmp_path: Path) -> None:
    keys.create(one := uuid4())
    other = UUID(int=one.int ^ 1)
    for place in ("keys", "standby"):
        shutil.copy(tmp_path / place / f"{one}.1", tmp_path / place / f"{other}.1")
    assert not keys.exists(other)


def test_without_its_standby_no_key_is_made_or_destroyed(tmp_path: Path) -> None:
    (tmp_path / "standby").mkdir()
    keys = KeyStore(tmp_path / "keys", tmp_path / "standby")
    secret = keys.create(recording := uuid4())
    (tmp_path / "standby").rename(tmp_path / "unplugged")
    with pytest.raises(KeyStoreError):
        keys.create(uuid4())
    with pytest.raises(KeyStoreError):
        keys.destroy(recording)
    assert keys.get(recording) == secret


def test_when_the_first_disk_is_lost_the_standby_gives_the_same_keys(keys: KeyStore, tmp_path: Path) -> None:
    secret = keys.create(recording := uuid4())
    shutil.rmtree(tmp_path / "keys")
    assert keys.get(recording) == secret
    assert keys.create(recording) == secret
    assert (tmp_path / "keys" / f"{recording}.1").exists()


def test_a_key_that_missed_the_standby_reaches_it_when_asked_for_again(keys: KeyStore, tmp_path: Path) -> None:
    secret = keys.create(recording := uuid4())
    (tmp_path / "standby" / f"{recording}.1").unlink()
    keys.create(recording)
    shutil.rmtree(tmp_path / "keys")
    assert keys.get(recording) == secret


def test_of_several_that_make_the_key_at_once_all_get_the_same(keys: KeyStore) -> None:
    recording, start, made = uuid4(), Barrier(8), []

    def make() -> None:
        start.wait()
        made.append(keys.create(recording))

    threads = [Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert keys.forget_unfinished(LATER) == 0


def test_a_key_that_is_destroyed_while_the_keys_are_listed_is_left_out(keys: KeyStore) -> None:
    for _ in range(3):
        keys.create(uuid4())
    listed = keys.list()
    first = next(listed)
    for other in [key.recording for key in keys.list() if key != first]:
        keys.destroy(other)
    assert list(listed) == []


def test_leftovers_of_a_stopped_creation_go_without_harming_the_key_they_became(keys: KeyStore, tmp_path: Path) -> None:
    secret = keys.create(recording := uuid4())
    os.link(tmp_path / "keys" / f"{recording}.1", tmp_path / "keys" / ".new-linked")
    (tmp_path / "keys" / ".new-never-linked").write_bytes(b"k" * FILE_SIZE)
    assert keys.forget_unfinished(datetime.now(UTC) - timedelta(days=1)) == 0
    assert keys.forget_unfinished(LATER) == 2
    assert keys.get(recording) == secret


def test_making_and_destroying_synchronise_file_and_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, recording, synced, real = KeyStore(tmp_path), uuid4(), [], os.fsync

    def noting(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    keys.create(recording)
    assert synced[0].startswith(".new-")
    assert synced[-1] == tmp_path.name
    synced.clear()
    keys.destroy(recording)
    assert synced == [f"{recording}.1", tmp_path.name, "gone", str(recording)[:2], tmp_path.name]


@pytest.mark.slow
def test_on_a_raw_ext4_disk_no_destroyed_key_is_left_and_every_other_is(tmp_path: Path) -> None:
    image, mount = tmp_path / "disk.img", tmp_path / "disk"
    mount.mkdir()
    with image.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    subprocess.run(["/sbin/mkfs.ext4", "-q", image], check=True)
    if subprocess.run(["mount", "-o", "loop", image, mount], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk image, so the raw disk cannot be searched")
    try:
        keys = KeyStore(mount / "keys")
        secrets = {recording: keys.create(recording) for recording in (uuid4() for _ in range(200))}
        gone = list(secrets)[::2]
        for recording in gone:
            keys.destroy(recording)
    finally:
        subprocess.run(["umount", mount], check=True)
    raw = image.read_bytes()
    assert [recording for recording in gone if secrets[recording] in raw] == []
    assert all(secrets[recording] in raw for recording in secrets if recording not in gone)
