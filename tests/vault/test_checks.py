from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings
from tests.vault.installation import Installation

from beeldkluis.vault import checks
from beeldkluis.vault.key_store import key_store_in_use

pytestmark = pytest.mark.django_db


def said(*words: str) -> bool:
    return any(all(word in finding for word in words) for finding in checks.findings())


def test_a_vault_whose_only_fault_is_one_disk_says_only_that(vault: Installation) -> None:
    found = checks.findings()
    assert [finding for finding in found if "schijf" not in finding] == []
    assert said("dezelfde schijf")
    assert said("geen eigen schijf")


def test_a_missing_standby_is_named(vault: Installation, settings: Settings) -> None:
    settings.KEY_STANDBY_FOLDER = ""
    assert said("geen reservesleutelmap")


def test_a_folder_that_is_away_is_named(vault: Installation) -> None:
    (vault.folder / "keys").rename(vault.folder / "unplugged")
    assert said("sleutelmap", "is er niet")


def test_a_folder_that_others_may_enter_is_named(vault: Installation) -> None:
    (vault.folder / "keys").chmod(0o750)
    assert said("sleutelmap", "0700")


def test_keys_inside_the_store_are_named(vault: Installation, settings: Settings) -> None:
    settings.KEY_FOLDER = vault.folder / "store" / "keys"
    settings.KEY_FOLDER.mkdir(mode=0o700)
    assert said("in de opslagmap", "reservekopie")


@pytest.mark.parametrize(
    ("kind", "word"), [("btrfs", "oude sleutel"), ("zfs", "oude sleutel"), ("tmpfs", "stroomuitval")]
)
def test_a_file_system_that_does_not_overwrite_in_place_is_named(
    vault: Installation,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    word: str,
) -> None:
    monkeypatch.setattr(checks, "file_system", lambda folder: kind)
    assert said(kind, word)


def test_the_file_system_is_read_from_the_mount_that_really_holds_the_folder(tmp_path: Path) -> None:
    assert checks.file_system(Path("/proc/self")) == "proc"
    assert checks.file_system(tmp_path) == checks.file_system(tmp_path.parent) != ""


@pytest.mark.slow
def test_a_store_that_does_not_exist_or_does_not_answer_is_named(vault: Installation, settings: Settings) -> None:
    settings.STORE = "tape"
    assert said("tape")
    settings.STORE = "s3"
    assert said("S3_ENDPOINT")
    settings.S3_ENDPOINT, settings.S3_ACCESS_KEY, settings.S3_SECRET_KEY = "http://127.0.0.1:9", "a", "b"
    assert said("antwoordt niet")


def test_a_key_that_is_gone_without_a_destruction_is_named(vault: Installation) -> None:
    recording = uuid4()
    vault.take_in(recording)
    assert not said("ontbreekt de sleutel")
    for place in ("keys", "standby"):
        (vault.folder / place / f"{recording}.1").unlink()
    assert said("1 opnames", "ontbreekt de sleutel")


def test_a_recording_of_which_a_tombstone_tells_is_not_called_lost(vault: Installation) -> None:
    recording = uuid4()
    vault.take_in(recording)
    key_store_in_use().destroy(recording)
    assert said("1 opnames", "al vernietigd", "oudere kopie")
    assert not said("ontbreekt de sleutel")
