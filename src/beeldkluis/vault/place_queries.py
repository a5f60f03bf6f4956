"""Which places this installation has, and whether what is in them is what belongs there. Asks disks, store and database."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from beeldkluis.vault.errors import StoreAwayError, StoreError
from beeldkluis.vault.models import Place
from beeldkluis.vault.places import Mark, PlaceKind, parse, read_mark
from beeldkluis.vault.store import store_in_use


def in_use() -> dict[PlaceKind, Place]:
    """The places that were taken into use and not given up since."""
    return {PlaceKind(one.kind): one for one in Place.objects.filter(retired_at=None)}


def marks() -> dict[PlaceKind, Mark]:
    """What each of them carries."""
    return {kind: _mark(one) for kind, one in in_use().items()}


def _mark(place: Place) -> Mark:
    return Mark(place.installation, PlaceKind(place.kind), place.identity)


def configured() -> dict[PlaceKind, str]:
    """The places that the settings name, and where each is: a folder, or an address with a bucket."""
    store = f"{settings.S3_ENDPOINT} {settings.S3_BUCKET}" if settings.STORE == "s3" else str(settings.STORE_FOLDER)
    found = {PlaceKind.KEYS: str(settings.KEY_FOLDER), PlaceKind.STORE: store}
    if settings.KEY_STANDBY_FOLDER:
        found[PlaceKind.STANDBY] = str(settings.KEY_STANDBY_FOLDER)
    return found


def found_mark(kind: PlaceKind) -> Mark | None:
    """The mark that is in this place now. StoreError when the store does not answer."""
    if kind == PlaceKind.STORE:
        return parse(store_in_use().mark())
    return read_mark(Path(configured()[kind]))


@dataclass(frozen=True, slots=True)
class PlaceState:
    """One place: where it should be, and what is wrong with it in a Dutch sentence; empty when it is what belongs there."""

    kind: PlaceKind
    where: str
    problem: str
    away_since: datetime | None

    @property
    def is_here(self) -> bool:
        """Is it what belongs there?"""
        return not self.problem


def states() -> list[PlaceState]:
    """Every place that the settings name or that was taken into use."""
    known, named = in_use(), configured()
    found = []
    for kind in PlaceKind:
        if kind in known or kind in named:
            row, where = known.get(kind), named.get(kind, "")
            found.append(PlaceState(kind, where, _problem(kind, row, where), row.away_since if row else None))
    return found


def _problem(kind: PlaceKind, row: Place | None, where: str) -> str:
    name = kind.dutch.capitalize()
    if not where:
        return (
            f"{name} hoort bij deze installatie, maar staat niet in de instellingen. Zet haar terug, of doe: "
            f"beeldkluis places give-up {kind.value}"
        )
    try:
        found = found_mark(kind)
    except (StoreError, OSError, LookupError, ValueError) as error:  # the last two: settings that name no store
        return f"{name} {where} is niet bereikbaar: {error}"
    if row is not None and found == _mark(row):
        return ""
    return f"{name} {where} {_what(found, row)}"


def _what(found: Mark | None, row: Place | None) -> str:
    """What is wrong with the mark that is there."""
    if row is None:
        if found is not None:
            return (
                "heeft een kenmerk dat de database niet kent: zij hoort bij een andere installatie, of de database is teruggezet "
                "uit een oudere kopie. Zie docs/operations.md, bij beeldkluis places."
            )
        return (
            "is nog niet in gebruik genomen, omdat niet vaststaat dat zij bij deze installatie hoort. Is de goede schijf "
            "aangekoppeld? Zie docs/operations.md, bij beeldkluis places."
        )
    if found is None:
        return "is niet bereikbaar: er is iets anders of niets aangekoppeld. Is de schijf aangekoppeld?"
    if found.installation != row.installation:
        return "is van een andere installatie. Koppel de goede schijf aan."
    if found.kind != row.kind:
        return (
            f"is de schijf van {found.kind.dutch}. Zijn er schijven verwisseld, of is dezelfde twee keer aangekoppeld?"
        )
    if Place.objects.filter(identity=found.identity, retired_at__isnull=False).exists():
        return "is een oude schijf, die eerder is vervangen. Koppel de goede aan, en vernietig de oude."
    return (
        "heeft een kenmerk dat de database niet kent. Is de database uit een oudere kopie? Zie docs/operations.md, bij "
        "beeldkluis places."
    )


def away() -> list[PlaceState]:
    """The places that are not here. While there is one, nothing is made or destroyed."""
    return [one for one in states() if not one.is_here]


def require_store() -> None:
    """StoreAwayError unless the store is the one that belongs to this installation. Asked before anything is written, removed
    or concluded there; what is read from a wrong store is simply not there.
    """
    wanted = marks().get(PlaceKind.STORE)
    if wanted is None:
        raise StoreAwayError("the store was not taken into use")
    if found_mark(PlaceKind.STORE) != wanted:
        raise StoreAwayError("what is in the store's place does not carry this installation's mark")
