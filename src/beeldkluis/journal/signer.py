"""The vault's signing key: one Ed25519 key for checkpoints and receipts. Made by set-up, never by accident."""

import os
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from beeldkluis.sealed.note import Signer


@lru_cache(maxsize=4)
def _read(path: Path, _changed_ns: int) -> Signer:
    return Signer.parse(path.read_text(encoding="ascii"))


def signer() -> Signer:
    """The key in use. FileNotFoundError before set-up; SealError when the file is no key."""
    path = Path(settings.SIGNING_KEY_FILE)
    return _read(path, path.stat().st_mtime_ns)


def make_signing_key() -> Signer:
    """Make the key in its file, readable by its owner alone. FileExistsError when there is one: it is never replaced, or
    the docks' pinned key and every old receipt would stop to verify.
    """
    path = Path(settings.SIGNING_KEY_FILE)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = Signer.generate(settings.JOURNAL_ORIGIN)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made.text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return made
