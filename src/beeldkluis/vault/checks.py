"""What is wrong with the vault of this installation, in words for its administrator (Dutch)."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from beeldkluis.vault.errors import StoreError
from beeldkluis.vault.queries import lost_keys
from beeldkluis.vault.store import store_in_use

# File systems that write changed blocks elsewhere and leave the old ones, or keep nothing at all.
_COPY_ON_WRITE = {"btrfs", "zfs", "bcachefs", "nilfs2", "overlay", "f2fs", "apfs"}
_IN_MEMORY = {"tmpfs", "ramfs"}


def findings(lost: int | None = None) -> list[str]:
    """Sentences, one per fault; empty when nothing is wrong. Reads only. `lost`: how many keys are lost, from who knows that
    already; otherwise every key is looked at.
    """
    return [*_folders(), *_key_places(), *_store(), *_keys(len(lost_keys()) if lost is None else lost)]


def _folders() -> Iterator[str]:
    folders = {"sleutelmap": Path(settings.KEY_FOLDER), "uploadmap": Path(settings.STAGING_FOLDER)}
    if settings.STORE == "local":
        folders["opslagmap"] = Path(settings.STORE_FOLDER)
    if settings.KEY_STANDBY_FOLDER:
        folders["reservesleutelmap"] = Path(settings.KEY_STANDBY_FOLDER)
    for name, folder in folders.items():
        if not folder.is_dir():
            yield f"De {name} {folder} is er niet. Is de schijf aangekoppeld?"
        elif folder.stat().st_mode & 0o077:
            yield f"De {name} {folder} is ook voor anderen toegankelijk; zet de rechten op 0700."
        elif not os.access(folder, os.W_OK | os.X_OK):
            yield f"In de {name} {folder} mag dit programma niet schrijven."


def _key_places() -> Iterator[str]:
    keys = Path(settings.KEY_FOLDER)
    standby = Path(settings.KEY_STANDBY_FOLDER) if settings.KEY_STANDBY_FOLDER else None
    if standby is None:
        yield "Er is geen reservesleutelmap. Gaat de schijf met de sleutels stuk, dan zijn alle opnames verloren."
    elif keys.is_dir() and standby.is_dir() and _device(keys) == _device(standby):
        yield "De sleutelmap en de reservesleutelmap staan op dezelfde schijf. Zet de reserve op een andere."
    for folder in filter(None, (keys, standby)):
        if not folder.is_dir():
            continue
        kind = file_system(folder)
        if kind in _COPY_ON_WRITE:
            yield f"De sleutelmap {folder} staat op {kind}: daar blijft een oude sleutel bestaan. Kies ext4 of XFS."
        if kind in _IN_MEMORY:
            yield f"De sleutelmap {folder} staat op {kind}: bij stroomuitval zijn alle opnames verloren."
        if _inside(folder, Path(settings.STORE_FOLDER)):
            yield f"De sleutelmap {folder} ligt in de opslagmap en komt zo in de reservekopie. Zet haar daarbuiten."
        if Path(settings.DATA_FOLDER).is_dir() and _device(folder) == _device(Path(settings.DATA_FOLDER)):
            yield f"De sleutelmap {folder} heeft geen eigen schijf. Houd haar dan zelf buiten elke reservekopie."


def _store() -> Iterator[str]:
    if settings.STORE not in {"local", "s3"}:
        yield f"BEELDKLUIS_STORE is {settings.STORE}; kies local of s3."
        return
    if settings.STORE == "s3" and not settings.S3_ENDPOINT:
        yield "BEELDKLUIS_STORE is s3, maar BEELDKLUIS_S3_ENDPOINT is leeg."
        return
    try:
        next(iter(store_in_use().listing()), None)
    except (StoreError, OSError) as error:
        yield f"De opslag antwoordt niet: {error}"


def _keys(lost: int) -> Iterator[str]:
    if lost:
        yield (
            f"Van {lost} opnames ontbreekt de sleutel, zonder dat ze vernietigd zijn. De sleutelmap is kwijt, of "
            "de database is teruggezet uit een reservekopie van voor hun vernietiging."
        )


def file_system(folder: Path) -> str:
    """The type of the file system that holds `folder`, as the system names it; "" when it does not say."""
    best, kind = -1, ""
    for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
        before, after = line.split(" - ", 1)
        where = Path(before.split()[4].encode().decode("unicode_escape"))
        if _inside(folder, where) and len(where.parts) >= best:
            best, kind = len(where.parts), after.split()[0]
    return kind


def _inside(folder: Path, other: Path) -> bool:
    return folder.resolve().is_relative_to(other.resolve())


def _device(folder: Path) -> int:
    return folder.stat().st_dev
