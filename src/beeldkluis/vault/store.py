"""The store contract: where sealed payloads lie. One conformance suite (tests/vault/suite.py) holds for every store.

A payload is written once and never changed. A store is handed ciphertext only; keeping footage secret is no task of it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from beeldkluis.vault.errors import ChecksumError, ConflictError, MissingError, StoreError

__all__ = [
    "KEY",
    "ChecksumError",
    "ConflictError",
    "MissingError",
    "Source",
    "Store",
    "StoreError",
    "Stored",
    "store_in_use",
]

_TYPES = {
    # By name, so that only an installation that keeps footage in S3 loads the S3 client (about 30 MB of memory).
    "local": "beeldkluis.vault.local_store.LocalStore",
    "s3": "beeldkluis.vault.s3_store.S3Store",
}

KEY = re.compile(r"[a-z0-9][a-z0-9-]{3,99}")

Source = BinaryIO | Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Stored:
    """One key in a store and the moment (UTC) at which its newest version was written."""

    key: str
    written_at: datetime


class Store(Protocol):
    """What every store does. Keys are lower-case letters, digits and hyphens, 4 to 100 of them."""

    def put(self, key: str, source: Source, sha256: str) -> None:
        """Store the bytes of `source` under `key`, durably, and read them back before returning.

        `sha256` is the hexadecimal hash of exactly these bytes. Create-only: when the same bytes stand there already
        nothing is written; other bytes give ConflictError. ChecksumError when the bytes are not those of the hash;
        OSError or StoreError when the store is full or away. In every error case nothing new stands under `key`.
        """

    def adopt(self, key: str, path: Path, start: int) -> bool:
        """Take over a file that is synchronised and verified, whose payload begins at byte `start`, if no copy is needed.

        False when this store would have to copy it: use `put`. The first `start` bytes are the store's to overwrite,
        and the file may not be written by anybody from then on. True also when this very file was taken over before.
        """

    def read(self, key: str, first: int, last_exclusive: int) -> Iterator[bytes]:
        """The bytes from `first` up to `last_exclusive`, in pieces of at most 1 MiB.

        MissingError at once when there is nothing; ValueError when the range lies outside the object.
        """

    def size(self, key: str) -> int:
        """The number of bytes under `key`; MissingError."""

    def delete_all_versions(self, key: str) -> None:
        """Remove the key with every version and delete marker. Quiet when there is nothing."""

    def listing(self, first: str = "") -> Iterator[Stored]:
        """Every key that begins with `first` (a character or none) and of which anything is left, old versions included."""

    def forget_unfinished(self, before: datetime) -> int:
        """Remove what interrupted puts left behind before this moment; says how many."""

    def mark(self) -> bytes | None:
        """What says which store this is (vault.places); None when there is nothing. StoreError when the store is away."""

    def set_mark(self, content: bytes) -> None:
        """Put that there, durably, in place of what stood there. No key can be taken for it, and `listing` leaves it out."""


def store_in_use() -> Store:
    """The store of this installation, by settings.STORE."""
    if settings.STORE == "s3":
        return _make(
            "s3",
            settings.S3_ENDPOINT,
            settings.S3_BUCKET,
            settings.S3_ACCESS_KEY,
            settings.S3_SECRET_KEY,
        )
    return _make(settings.STORE, settings.STORE_FOLDER)


@cache
def _make(kind: str, *where: object) -> Store:
    return cast("Store", import_string(_TYPES[kind])(*where))
