"""Shred keys: one file of 4,096 bytes per recording, outside the database, the store and every backup.

A file of a whole block is never kept inside an inode, so overwriting it in place overwrites the key on the disk (ext4,
XFS; not on file systems that copy on write). A standby folder, on a second disk or host, takes part in every creation
and destruction before either is called done. Standby keys are destroyed first: as long as the first key is there, the
destruction has not happened, and a key that is only on the standby means that the first disk was lost.

A destroyed key leaves a tombstone in its own block (vault.tombstones). A place counts only while it carries the mark that the
database knows (vault.places): in an empty or wrong mount nothing is read, made, destroyed or concluded.
"""

import os
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from beeldkluis.vault import tombstones
from beeldkluis.vault.errors import KeyAwayError, KeyGoneError, KeyStoreError
from beeldkluis.vault.files import make_folder, written_before
from beeldkluis.vault.key_files import (
    FILE_SIZE,
    GONE,
    KEY_SIZE,
    NEW,
    destroy,
    ensure,
    entomb,
    generation_of,
    gone_name,
    is_key,
    key_name,
    key_of,
    page_of,
    put_away,
    read,
    touched,
)  # fmt: skip
from beeldkluis.vault.place_queries import marks
from beeldkluis.vault.places import Mark, PlaceKind, read_mark
from beeldkluis.vault.tombstones import Tombstone

__all__ = [
    "FILE_SIZE",
    "KEY_SIZE",
    "Gone",
    "KeptKey",
    "KeyAwayError",
    "KeyGoneError",
    "KeyStore",
    "KeyStoreError",
    "key_store_in_use",
]

SPARE = 16  # generations


@dataclass(frozen=True, slots=True)
class KeptKey:
    """One key file: whose it is, which generation, and when (UTC) it was made or last asked for by an intake."""

    recording: UUID
    generation: int
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """What a destruction found. `at`: when (UTC) the key went, now or before; `key_found`: a whole key was overwritten just now;
    `places`: where a key was overwritten, now or before. Every other place carries a tombstone as well.
    """

    at: datetime
    key_found: bool
    places: tuple[PlaceKind, ...]


class KeyStore:
    """The shred keys below `folder`, with their copies below `standby`.

    A recording has one key. Only while its headers are being sealed anew it has two, told apart by `generation`.
    `known`: the marks that the places must carry; None: nothing is asked of them (for tools and tests of this class alone).
    """

    def __init__(
        self, folder: Path, standby: Path | None = None, known: Mapping[PlaceKind, Mark] | None = None
    ) -> None:
        self._folder = folder
        self._standby = standby
        self._known = known
        self._readable: tuple[Path, ...] | None = (
            None  # looked at once: who reads many keys does not look again at each
        )

    def create(self, recording: UUID, generation: int = 1) -> bytes:
        """The recording's key, made when there is none; durable in every place on return. KeyAwayError when a place is away,
        KeyGoneError when it was destroyed, KeyStoreError, OSError.
        """
        if self._known is None:
            make_folder(self._folder)
        self.require_places()
        page = self._page(recording, generation)
        if page is None and self.tombstone(recording):
            raise KeyGoneError(f"the shred key for {recording} has been destroyed")
        page = page or page_of(secrets.token_bytes(KEY_SIZE), recording, generation)
        page = ensure(self._folder, key_name(recording, generation), page)
        if self._standby and ensure(self._standby, key_name(recording, generation), page) != page:
            raise KeyStoreError(f"the standby has another key for {recording}")
        if page_of(key_of(page), recording, generation) != page:
            raise KeyStoreError(f"the shred key for {recording} is being destroyed, or damaged")
        self.require_places()  # one that went away meanwhile took no key
        os.utime(self._folder / key_name(recording, generation))
        return key_of(page)

    def get(self, recording: UUID, generation: int = 1) -> bytes:
        """The recording's key (32 bytes). KeyGoneError when it was destroyed, KeyAwayError when it is only not here."""
        page = self._page(recording, generation)
        if page is None:
            raise self._why_not(recording, generation)
        return key_of(page)

    def touch(self, recording: UUID, generation: int = 1) -> bytes:
        """The recording's key, and note that it was asked for; never made here. KeyGoneError when there is none, or it is just
        being destroyed; KeyAwayError when a place is away.
        """
        key = self.get(recording, generation)
        try:
            os.utime(self._folder / key_name(recording, generation))
        except FileNotFoundError:
            raise KeyAwayError(
                f"the shred key for {recording} is being destroyed, or stands in the standby alone"
            ) from None
        return key

    def exists(self, recording: UUID, generation: int = 1) -> bool:
        """Whether the key can still be read, here or on the standby."""
        return self._page(recording, generation) is not None

    def touched_at(self, recording: UUID, generation: int = 1) -> datetime:
        """When (UTC) an intake last made or asked for the key; KeyGoneError, KeyAwayError."""
        try:
            return touched(self._folder / key_name(recording, generation))
        except FileNotFoundError:
            raise self._why_not(recording, generation) from None

    def tombstone(self, recording: UUID, generations: Collection[int] = (1,)) -> Tombstone | None:
        """What proves that the recording's key was destroyed, from any place that is here; None when nothing does.

        `generations`: those of which a key may have been overwritten and not put away yet, by a process that was stopped.
        """
        for folder in self._here():
            names = [gone_name(recording), *(Path(key_name(recording, one)) for one in generations)]
            for name in names:
                if stone := tombstones.parse(read(folder / name), recording):
                    return stone
        return None

    def destroy(
        self, recording: UUID, *, at: datetime | None = None, entry: int = 0, highest: int | None = None
    ) -> Gone:
        """Overwrite the recording's key by a tombstone, in every place and generation. Repeatable. What the tombstone says: `at`
        (UTC), and the journal's `entry` that the destruction was begun with. `highest`: the highest generation that any header
        of it has; then the names are known, and the folder, in which there are as many keys as recordings, is not read through.

        KeyAwayError when a place is away, and when no place has a key or a tombstone: then nothing was destroyed, or what
        was destroyed before a place went away stays so, and nothing may be certified.
        """
        self.require_places()
        files = {kind: _generations(folder, recording, highest) for kind, folder in self._places().items()}
        stopped = {generation_of(path) for paths in files.values() for path in paths}
        before = self.tombstone(recording, stopped)
        stone = Tombstone(
            recording, before.at if before else at or written_before(timedelta()), before.entry if before else entry
        )
        found = any(is_key(path) for paths in files.values() for path in paths)
        for kind, folder in self._places().items():
            for path in files[kind]:
                entomb(folder, path, stone)
        stones = {kind: self._stone(folder, recording) for kind, folder in self._places().items()}
        if not any(stones.values()):
            raise KeyAwayError(f"no place has a shred key for {recording}, and none says that it was destroyed")
        for kind, folder in self._places().items():
            if stones[kind] is None:
                put_away(folder, Tombstone(recording, stone.at, stone.entry, held_key=False))
        self.require_places()
        return Gone(stone.at, found, tuple(sorted(kind for kind, one in stones.items() if one and one.held_key)))

    def revive(self, recording: UUID, generations: Collection[int]) -> None:
        """Take back a destruction that was stopped after the standby: its key is put back from the first folder, which still
        has it. KeyStoreError.
        """
        self.require_places()
        for generation in generations:
            page = self._page(recording, generation)
            path = self._standby / key_name(recording, generation) if self._standby else None
            if page and path and tombstones.parse(read(path), recording):
                path.unlink()
        for folder in self._places().values():
            (folder / gone_name(recording)).unlink(missing_ok=True)
        for generation in generations:
            if self.exists(recording, generation):
                self.create(recording, generation)

    def destroy_generation(self, recording: UUID, generation: int) -> None:
        """Overwrite and remove one generation of the key in every place. Repeatable."""
        self.require_places()
        for folder in self._places().values():
            destroy(folder / key_name(recording, generation))

    def destroy_except(self, recording: UUID, kept: Collection[int]) -> None:
        """Overwrite and remove every generation of the recording's key but these, in every place. Repeatable."""
        self.require_places()
        for folder in self._places().values():
            for path in folder.glob(f"{recording}.*"):
                if path.name not in {key_name(recording, generation) for generation in kept}:
                    destroy(path)

    def list(self, first: str = "") -> Iterator[KeptKey]:
        """Every key file in any place that is here, damaged ones included, of recordings whose identifier begins so; without what
        is destroyed meanwhile.
        """
        seen: set[str] = set()
        for folder in self._here():
            for path in folder.glob(f"{first}*.*" if first else "[0-9a-f]*.*"):
                if path.name in seen:
                    continue
                try:
                    asked = touched(path)
                except FileNotFoundError:
                    continue
                seen.add(path.name)
                recording, generation = path.name.split(".")
                yield KeptKey(UUID(recording), int(generation), asked)

    def buried(self, first: str = "") -> Iterator[UUID]:
        """Every recording of which a tombstone lies in a place that is here and whose identifier begins with `first` (a character
        or none); some twice.
        """
        for folder in self._here():
            for path in (folder / GONE).glob(f"{first}?/*-*-*-*-*" if first else "??/*-*-*-*-*"):
                if "." not in path.name:
                    yield UUID(path.name)

    def forget_unfinished(self, before: datetime) -> int:
        """Remove what interrupted creations left behind before this moment; says how many."""
        count = 0
        for folder in self._here():
            for path in folder.glob(f"{NEW}*"):
                try:
                    facts = path.stat()
                except FileNotFoundError:
                    continue  # its creation came to an end meanwhile
                if facts.st_mtime >= before.timestamp():
                    continue
                # With a second name it is a living key, stopped between link and unlink: only this name goes.
                if facts.st_nlink > 1:
                    path.unlink(missing_ok=True)
                else:
                    destroy(path)
                count += 1
        return count

    def away(self) -> Sequence[PlaceKind]:
        """The places that are not here, or that the database does not know: without them no key is made or destroyed."""
        if self._known is None:
            return [PlaceKind.STANDBY] if self._standby and not self._standby.is_dir() else []
        wanted = {PlaceKind.KEYS, *self._places(), *(self._known.keys() - {PlaceKind.STORE})}
        return sorted(kind for kind in wanted if not self._is_here(kind))

    def require_places(self) -> None:
        """KeyAwayError unless every place is here."""
        if away := self.away():
            names = " and ".join("key folder" if kind == PlaceKind.KEYS else "standby" for kind in away)
            raise KeyAwayError(f"the {names} is away; a key is made and destroyed in every place or not")

    def _is_here(self, kind: PlaceKind) -> bool:
        folder = self._places().get(kind)
        if folder is None:
            return False  # no longer in the settings, though its keys may be anywhere
        if self._known is None:
            return folder.is_dir()
        return kind in self._known and read_mark(folder) == self._known[kind]

    def _places(self) -> dict[PlaceKind, Path]:
        first = {PlaceKind.KEYS: self._folder}
        return {PlaceKind.STANDBY: self._standby} | first if self._standby else first

    def _here(self) -> tuple[Path, ...]:
        """The places that may be read, the first folder first. Before anything was marked: whatever the settings say."""
        if self._readable is None:
            kinds = [kind for kind in self._places() if not self._known or self._is_here(kind)]
            self._readable = tuple(self._places()[kind] for kind in reversed(kinds))
        return self._readable

    def _stone(self, folder: Path, recording: UUID) -> Tombstone | None:
        return tombstones.parse(read(folder / gone_name(recording)), recording)

    def _why_not(self, recording: UUID, generation: int) -> KeyStoreError:
        if self.tombstone(recording, {generation}):
            return KeyGoneError(f"the shred key for {recording} has been destroyed")
        return KeyAwayError(f"no shred key for {recording} is here, and nothing says that it was destroyed")

    def _page(self, recording: UUID, generation: int) -> bytes | None:
        for folder in self._here():
            page = read(folder / key_name(recording, generation))
            if page and page_of(key_of(page), recording, generation) == page:
                return page
            if self._stone(folder, recording) or tombstones.parse(page, recording):
                return None  # destroyed here; what another place still has is the half of a destruction, or an old copy
        return None


def _generations(folder: Path, recording: UUID, highest: int | None) -> Sequence[Path]:
    if highest is None:
        return sorted(folder.glob(f"{recording}.*"))
    # One above is made before its header is written; the rest costs next to nothing and leaves no room for a mistake in that.
    named = (folder / key_name(recording, generation) for generation in range(1, highest + SPARE + 1))
    return [path for path in named if path.exists()]


def key_store_in_use() -> KeyStore:
    """The key store of this installation. Asks the database which marks its places carry."""
    standby = settings.KEY_STANDBY_FOLDER
    return KeyStore(Path(settings.KEY_FOLDER), Path(standby) if standby else None, marks())
