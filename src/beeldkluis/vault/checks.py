"""What is wrong with the vault of this installation, in words for its administrator (Dutch)."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from beeldkluis.vault.errors import StoreError
from beeldkluis.vault.models import Destruction, Place, SealedObject
from beeldkluis.vault.place_queries import states
from beeldkluis.vault.places import PlaceKind
from beeldkluis.vault.queries import KeyState, destroyed_before_database, key_state, lost_keys, returned_keys
from beeldkluis.vault.store import store_in_use

# File systems that write changed blocks elsewhere and leave the old ones, or keep nothing at all.
_COPY_ON_WRITE = {"btrfs", "zfs", "bcachefs", "nilfs2", "overlay", "f2fs", "apfs"}
LOOKED_AT = 500  # destructions that were begun, of which the key is looked for
_IN_MEMORY = {"tmpfs", "ramfs"}


@dataclass(frozen=True, slots=True)
class KeyCounts:
    """Of how many recordings the key is lost, was destroyed before the database that is here was written (`buried`), or came back
    after its destruction.
    """

    lost: int
    buried: int
    returned: int


def findings(counts: KeyCounts | None = None) -> list[str]:
    """Sentences, one per fault; empty when nothing is wrong. Reads only. `counts`: from who knows them already; otherwise every
    key and every tombstone is looked at.
    """
    counts = counts or _count_keys()
    return [*_folders(), *_key_places(), *_store(), *_marks(), *_keys(counts), *_certificates(counts)]


def _count_keys() -> KeyCounts:
    returned = {one.recording for one in returned_keys()}
    return KeyCounts(len(lost_keys()), len(destroyed_before_database()), len(returned))


def _marks() -> Iterator[str]:
    """What is in each place is what belongs there. A folder that is not there at all was named already."""
    for one in states():
        named_already = one.kind != PlaceKind.STORE and one.where and not Path(one.where).is_dir()
        if one.problem and not named_already and not _unused():
            since = f" (sinds {timezone.localtime(one.away_since):%d-%m-%Y %H:%M})" if one.away_since else ""
            yield f"{one.problem}{since} Tot dan wordt niets opgenomen, vernietigd of verklaard."


def _unused() -> bool:
    """Has nothing been taken in yet, nor any place been marked? Then the first intake, or setup, marks them."""
    return not (Place.objects.exists() or SealedObject.objects.exists())


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


def _keys(counts: KeyCounts) -> Iterator[str]:
    if counts.buried:
        yield (
            f"{counts.buried} opnames zijn volgens de sleutelmap al vernietigd, maar volgens de database niet: de database is "
            "teruggezet uit een oudere kopie. Deze opnames gaan niet open. Op hun dag krijgen ze alsnog een verklaring."
        )
    if any(not one.is_here for one in states() if one.kind != PlaceKind.STORE):
        return  # a key that is on a disk that is away is not lost
    if (missing := counts.lost - counts.buried) > 0:
        yield (
            f"Van {missing} opnames ontbreekt de sleutel, zonder dat ze vernietigd zijn. De sleutelmap is kwijt, of "
            "de database is teruggezet uit een reservekopie van voor hun vernietiging."
        )


def _certificates(counts: KeyCounts) -> Iterator[str]:
    """Every certificate says what is so."""
    if counts.returned:
        yield (
            f"Van {counts.returned} vernietigde opnames is de sleutel weer aanwezig, uit een oude kopie of van een schijf die weg"
            " was. 'beeldkluis serve' vernietigt hem binnen een minuut opnieuw en legt dat vast."
        )
    if count := Destruction.objects.filter(proof=Destruction.Proof.NONE).count():
        yield (
            f"Van {count} vernietigingen door een eerdere versie staat niet vast dat de sleutel weg is. Sluit elke schijf met "
            "sleutels aan die er nog is. Welke opnames het zijn, staat bij de bevindingen."
        )
    begun = Destruction.objects.filter(shredded_at=None).order_by("begun_at").values_list("recording", flat=True)
    if keyless := sum(key_state(one) is KeyState.AWAY for one in begun[:LOOKED_AT]):
        yield f"Van {keyless} begonnen vernietigingen is de sleutel niet te vinden. Ze zijn niet vernietigd verklaard."


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
