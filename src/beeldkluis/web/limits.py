"""Where the limits count: in files that all processes of one machine share, or in the database that several machines share."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache


class FileCache(FileBasedCache):
    """Django's looks whether a key is there and then writes it, and two at once both succeed: a lock that locks nothing."""

    def add(self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set the key unless it is there; of all who try at once, one succeeds."""
        with self._alone():
            return bool(super().add(key, value, timeout, version))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._createdir()  # type: ignore[attr-defined]  # django-stubs does not know it
        lock = Path(self._dir) / "lock"  # type: ignore[attr-defined]  # likewise
        descriptor = os.open(lock, os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


class Router:
    """The table of limits is written on a connection of its own, so that what is rolled back on the other still counts."""

    def db_for_read(self, model: Any, **_hints: Any) -> str | None:
        """The connection to read a model by; None where it does not matter here."""
        label = model._meta.app_label  # noqa: SLF001 - Django documents it
        return "limits" if label == "django_cache" else None

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        """The same as for reading."""
        return self.db_for_read(model, **hints)

    def allow_relation(self, *_objects: Any, **_hints: Any) -> bool:
        """Both connections lead to one database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool | None:
        """Everything is made on the ordinary connection, and the table of limits on its own."""
        return db == "limits" if app_label == "django_cache" else db == "default"
