import errno
import hashlib
import io
import os
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.vault.disks import another_disk
from tests.vault.suite import StoreSuite, new_key, sha256

from beeldkluis.vault.errors import ChecksumError, ConflictError, MissingError, StoreError
from beeldkluis.vault.local_store import PREAMBLE, LocalStore, preamble


class TestLocalStore(StoreSuite):
    @pytest.fixture
    def store(self, tmp_path: Path) -> LocalStore:
        return LocalStore(tmp_path / "store")


def test_a_payload_and_its_folders_are_synchronised_before_put_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, key, synced = LocalStore(tmp_path / "store"), new_key(), []
    real = os.fsync

    def noting(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    store.put(key, io.BytesIO(b"durable"), sha256(b"durable"))
    assert str(tmp_path) in synced
    assert str(tmp_path / "store") in synced
    assert any(f"unfinished/{key}." in path for path in synced)
    assert synced[-1] == str(tmp_path / "store" / key[:2])


def test_a_payload_that_is_removed_while_the_store_is_listed_is_left_out(tmp_path: Path) -> None:
    store, names = LocalStore(tmp_path / "store"), {f"{uuid.UUID(int=number)}" for number in range(3)}
    for name in names:
        store.put(name, io.BytesIO(b"film"), sha256(b"film"))
    listed = store.listing()
    for other in names - {next(listed).key}:
        store.delete_all_versions(other)
    assert list(listed) == []


def test_bytes_that_the_disk_changed_are_found_before_put_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, key, real = LocalStore(tmp_path / "store"), new_key(), os.fsync

    def spoiling(descriptor: int) -> None:
        path = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if f"unfinished/{key}" in path:
            os.pwrite(descriptor, b"!", PREAMBLE + 3)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", spoiling)
    with pytest.raises(ChecksumError):
        store.put(key, io.BytesIO(b"durable"), sha256(b"durable"))
    with pytest.raises(MissingError):
        store.size(key)


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, real, written = LocalStore(tmp_path / "store"), os.write, []

    def full(descriptor: int, data: bytes) -> int:
        if sum(written) >= 1024 * 1024:
            raise OSError(errno.ENOSPC, "no space left")
        written.append(real(descriptor, data))
        return written[-1]

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="no space"):
        store.put(new_key(), io.BytesIO(bytes(3 * 1024 * 1024)), sha256(b""))
    assert [path for path in (tmp_path / "store").rglob("*") if path.is_file()] == []


def test_short_writes_lose_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(data[:1000])))
    store, key, data = LocalStore(tmp_path / "store"), new_key(), os.urandom(50_001)
    store.put(key, io.BytesIO(data), sha256(data))
    assert b"".join(store.read(key, 0, len(data))) == data


def test_only_the_owner_may_read_payloads(tmp_path: Path) -> None:
    store, key = LocalStore(tmp_path / "store"), str(uuid.uuid4())
    store.put(key, io.BytesIO(b"x"), hashlib.sha256(b"x").hexdigest())
    path = tmp_path / "store" / key[:2] / key
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_unfinished_files_go_only_when_they_are_old(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.put(new_key(), io.BytesIO(b"x"), sha256(b"x"))
    (tmp_path / "unfinished" / "stopped.1").write_bytes(b"half")
    now = datetime.now(UTC)
    assert store.forget_unfinished(now - timedelta(hours=1)) == 0
    assert store.forget_unfinished(now + timedelta(hours=1)) == 1
    assert len(list(store.listing())) == 1


def staged(folder: Path, payload: bytes, start: int = 500) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / new_key()
    path.write_bytes(preamble(start) + payload)
    return path


def test_a_file_on_the_same_disk_is_taken_over_without_a_copy(tmp_path: Path) -> None:
    store, key, path = LocalStore(tmp_path / "store"), new_key(), staged(tmp_path / "staging", b"0123456789")
    assert store.adopt(key, path, 500)
    assert store.adopt(key, path, 500)
    assert (tmp_path / "store" / key[:2] / key).samefile(path)
    path.unlink()
    assert store.size(key) == 10
    assert b"".join(store.read(key, 2, 9)) == b"2345678"
    with pytest.raises(ConflictError):
        store.put(key, io.BytesIO(b"other"), sha256(b"other"))


def test_a_file_on_another_disk_is_not_taken_over(tmp_path: Path) -> None:
    with another_disk(tmp_path) as other:
        store, key, path = LocalStore(tmp_path / "store"), new_key(), staged(other, b"0123456789")
        assert not store.adopt(key, path, 500)
        with pytest.raises(MissingError):
            store.size(key)


def test_taking_over_never_replaces_other_bytes(tmp_path: Path) -> None:
    store, key = LocalStore(tmp_path / "store"), new_key()
    store.put(key, io.BytesIO(b"first"), sha256(b"first"))
    assert store.adopt(key, staged(tmp_path / "staging", b"first"), 500)
    with pytest.raises(ConflictError):
        store.adopt(key, staged(tmp_path / "staging", b"second"), 500)
    assert b"".join(store.read(key, 0, 5)) == b"first"


def test_a_file_without_a_preamble_is_not_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "strange"
    path.write_bytes(b"age-encryption.org/v1" * 100)
    with pytest.raises(StoreError):
        LocalStore(tmp_path / "store").adopt(new_key(), path, 500)
    with pytest.raises(ValueError, match="byte 500"):
        LocalStore(tmp_path / "store").adopt(new_key(), staged(tmp_path / "staging", b"x", 400), 500)
