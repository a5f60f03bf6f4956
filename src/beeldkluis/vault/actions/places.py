"""Taking places into use, replacing and giving them up, and noting when one is away. Never silently: an empty folder in a place
that the database knows is an empty mount, not a new place.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings

from beeldkluis.journal.actions import serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.sealed.age import SealError
from beeldkluis.sealed.wrap import unwrap_header
from beeldkluis.vault.errors import KeyStoreError, StoreError
from beeldkluis.vault.events import PlaceAway, PlaceBack, PlaceGivenUp, PlaceReplaced, PlacesTakenUp
from beeldkluis.vault.files import make_folder
from beeldkluis.vault.key_files import copy_keys
from beeldkluis.vault.key_store import KeyStore
from beeldkluis.vault.models import Destruction, Place, SealedObject
from beeldkluis.vault.place_queries import configured, found_mark, in_use, states
from beeldkluis.vault.places import Mark, PlaceKind, write_mark
from beeldkluis.vault.store import store_in_use

SAMPLE = 20  # kept recordings of which the key is tried in a folder


class WrongPlaceError(Exception):
    """A place cannot be taken into use. The sentence (Dutch) says why."""


def take_up_places(*, actor: Actor, now: datetime) -> list[PlaceKind]:
    """Mark the places that belong to this installation for sure, and say which. Quiet when all are marked, or none can be.

    For sure: in an installation that holds nothing yet, an empty place; in one from before marks were made, a place with a
    key that opens a header of ours, or a payload of ours. Everything else waits for `replace_place`.
    """
    if not configured().keys() - in_use().keys():
        return []
    with serialised():
        known, fresh = in_use(), _is_fresh()
        chosen = [kind for kind in configured() if kind not in known and _may_take_up(kind, fresh=fresh and not known)]
        if chosen:
            with step("vault.take_up_places", actor=actor) as record:
                installation = next((one.installation for one in known.values()), uuid4())
                made = {kind: _mark(kind, installation, now) for kind in chosen}
                record(PlacesTakenUp(places=tuple(chosen), identities=tuple(made.values())))
    return chosen


def _is_fresh() -> bool:
    return not (SealedObject.objects.exists() or Destruction.objects.exists() or Place.objects.exists())


def _mark(kind: PlaceKind, installation: UUID, now: datetime) -> UUID:
    mark = Mark(installation, kind, uuid4())
    Place.objects.create(kind=kind.value, installation=installation, identity=mark.identity, taken_up_at=now)
    if kind == PlaceKind.STORE:
        store_in_use().set_mark(mark.text())
    else:
        write_mark(_folder(kind), mark.text())
    return mark.identity


def _folder(kind: PlaceKind) -> Path:
    return Path(configured()[kind])


def _may_take_up(kind: PlaceKind, *, fresh: bool) -> bool:
    if fresh:
        if kind == PlaceKind.KEYS or (kind == PlaceKind.STORE and settings.STORE == "local"):
            make_folder(_folder(kind))
        return _is_empty(kind) and not _is_twice(kind)
    if kind == PlaceKind.STORE and not SealedObject.objects.exclude(state=SealedObject.State.DESTROYED).exists():
        return _found_mark(kind) is None and _is_empty(kind)  # nothing is kept: there is nothing that it could lack
    return _found_mark(kind) is None and not _is_twice(kind) and _is_ours(kind)


def _found_mark(kind: PlaceKind) -> Mark | None:
    try:
        return found_mark(kind)
    except (StoreError, OSError):
        return None


def _is_twice(kind: PlaceKind) -> bool:
    """Is the standby the same folder as the keys', by whatever way?"""
    if kind != PlaceKind.STANDBY:
        return False
    first, second = _folder(PlaceKind.KEYS), _folder(kind)
    return first.is_dir() and second.is_dir() and first.samefile(second)


def _is_empty(kind: PlaceKind) -> bool:
    """Is it there, with nothing in it of any installation?"""
    if kind == PlaceKind.STORE:
        try:
            return next(iter(store_in_use().listing()), None) is None
        except (StoreError, OSError):
            return False
    return _folder(kind).is_dir() and next(iter(KeyStore(_folder(kind)).list()), None) is None and not _stones(kind)


def _stones(kind: PlaceKind) -> bool:
    return (_folder(kind) / "gone").exists()


def _is_ours(kind: PlaceKind) -> bool:
    """Does something in it belong to what the database keeps, or once kept?"""
    if kind == PlaceKind.STORE:
        return _store_is_ours()
    return _folder(kind).is_dir() and any(_opens(_folder(kind)))


def _store_is_ours() -> bool:
    newest = SealedObject.objects.filter(state=SealedObject.State.KEPT).order_by("-taken_in_at")[:SAMPLE]
    for one in newest:
        try:
            if store_in_use().size(str(one.pk)) == one.payload_size:
                return True
        except (StoreError, OSError):
            continue
    return False


def _opens(folder: Path) -> Iterator[bool]:
    """Of the newest kept recordings: does the key in this folder open the header? Where nothing is kept any more: is the key in
    it of a recording that the database knows?
    """
    keys, kept = KeyStore(folder), SealedObject.objects.filter(state=SealedObject.State.KEPT)
    for one in kept.order_by("-taken_in_at")[:SAMPLE]:
        try:
            unwrap_header(
                keys.get(one.recording, one.key_generation), bytes(one.wrapped_header or b""), one.recording, one.id
            )
        except (KeyStoreError, SealError, OSError):
            continue
        yield True
    if not kept.exists():
        for key in islice(keys.list(), SAMPLE):
            yield SealedObject.objects.filter(recording=key.recording).exists()


def replace_place(kind: PlaceKind, *, because: str, actor: Actor, now: datetime) -> int:
    """Take what is in this place now into use, in place of what was there before: a deliberate step of whoever has a shell on
    the server. The standby, or the key folder, first gets every key and tombstone of the other one. How many keys were brought.

    WrongPlaceError when what is there belongs to another installation, or holds what is not ours, and when nothing was wrong.
    """
    if kind not in configured():
        raise WrongPlaceError(f"{kind.dutch.capitalize()} staat niet in de instellingen.")
    with serialised():
        known = in_use()
        _require_replaceable(kind, known)
        brought = _bring(kind, known)
        with step("vault.replace_place", actor=actor) as record:
            installation = next((one.installation for one in known.values()), uuid4())
            old = known.get(kind)
            Place.objects.filter(kind=kind.value, retired_at=None).update(retired_at=now)
            identity = _mark(kind, installation, now)
            record(
                PlaceReplaced(
                    place=kind.dutch,
                    identity=identity,
                    before=old.identity if old else None,
                    keys=brought,
                    because=because,
                )
            )
    return brought


def _require_replaceable(kind: PlaceKind, known: dict[PlaceKind, Place]) -> None:
    name = kind.dutch.capitalize()
    if kind != PlaceKind.STORE and not _folder(kind).is_dir():
        raise WrongPlaceError(f"{name} is er niet.")
    try:
        found = found_mark(kind)
    except (StoreError, OSError) as error:
        raise WrongPlaceError(f"{name} is niet bereikbaar: {error}") from error
    if found is not None:
        here = [one for one in known.values() if one.identity == found.identity]
        if here and here[0].kind == kind:
            raise WrongPlaceError(f"{name} is goed; er is niets te vervangen.")
        if Place.objects.filter(identity=found.identity).exists() or not _is_ours(kind):
            raise WrongPlaceError(f"{name} is al in gebruik, bij deze of een andere installatie. Neem een lege schijf.")
        # Else ours, with a mark that the database does not know: the database was put back from before it was made.
    if _is_twice(kind):
        raise WrongPlaceError(f"{name} is dezelfde map als de sleutelmap.")
    if not _is_empty(kind) and not _is_ours(kind):
        raise WrongPlaceError(f"{name} bevat iets dat niet van deze installatie is. Neem een lege schijf.")


def _bring(kind: PlaceKind, known: dict[PlaceKind, Place]) -> int:
    """Copy the keys and tombstones of the other key place into this one."""
    other = {PlaceKind.KEYS: PlaceKind.STANDBY, PlaceKind.STANDBY: PlaceKind.KEYS}.get(kind)
    if other is None or other not in known or other not in configured():
        return 0
    if any(one.kind == other and not one.is_here for one in states()):
        return 0
    return copy_keys(_folder(other), _folder(kind))


def give_up_place(kind: PlaceKind, *, because: str, actor: Actor, now: datetime) -> None:
    """There is no such place any more: the standby was taken out of the settings. What lies on it stays there, and the
    certificates of what is destroyed from here on say so. WrongPlaceError for a place that cannot be missed.
    """
    if kind != PlaceKind.STANDBY or kind in configured():
        raise WrongPlaceError("Alleen een reservesleutelmap die niet meer in de instellingen staat, kunt u opgeven.")
    with step("vault.give_up_place", actor=actor) as record:
        place = Place.objects.select_for_update().filter(kind=kind.value, retired_at=None).first()
        if place is None:
            raise WrongPlaceError("Er is geen reservesleutelmap in gebruik.")
        place.retired_at = now
        place.save(update_fields=["retired_at"])
        record(PlaceGivenUp(place=kind.dutch, identity=place.identity, because=because))


def note_places(*, actor: Actor, now: datetime) -> tuple[list[PlaceKind], list[PlaceKind]]:
    """Write down which places went away, or came back, since they were last looked at: once for each change. Which."""
    gone: list[PlaceKind] = []
    back: list[PlaceKind] = []
    here = {one.kind: one.is_here for one in states()}
    for kind, place in in_use().items():
        if here[kind] == (place.away_since is None):
            continue
        with step("vault.note_place", actor=actor) as record:
            since = place.away_since
            place.away_since = None if here[kind] else now
            place.save(update_fields=["away_since"])
            record(PlaceBack(place=kind.dutch, since=since) if since else PlaceAway(place=kind.dutch))
        (back if here[kind] else gone).append(kind)
    return gone, back
