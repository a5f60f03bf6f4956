"""Making an installation: folders, secrets and keys, each only when it is not there yet."""

import secrets
from pathlib import Path

from django.conf import settings

from beeldkluis.journal.signer import make_signing_key

PRIVATE = 0o700
SECRET = 0o600


def folders() -> list[Path]:
    """Every folder the program writes to."""
    standby = [Path(settings.KEY_STANDBY_FOLDER)] if settings.KEY_STANDBY_FOLDER else []
    local = [Path(settings.STORE_FOLDER)] if settings.STORE == "local" else []
    return [
        Path(settings.DATA_FOLDER),
        Path(settings.SECRET_FILE).parent,
        Path(settings.SIGNING_KEY_FILE).parent,
        Path(settings.KEY_FOLDER),
        Path(settings.STAGING_FOLDER),
        Path(settings.DATA_FOLDER) / "cache",
        *local,
        *standby,
    ]


def make_folders() -> None:
    """Make the folders, for the program's own user only. Those that exist keep their rights; the doctor looks at them."""
    for folder in folders():
        if not folder.exists():
            folder.mkdir(parents=True, mode=PRIVATE)


def make_secret() -> bool:
    """Make the secret that signs sessions, unless the environment or the file has one. True when made."""
    path = Path(settings.SECRET_FILE)
    if path.exists() or settings.SECRET_KEY != settings.NO_SECRET:
        return False
    path.touch(SECRET, exist_ok=False)
    path.write_text(secrets.token_urlsafe(60) + "\n")
    settings.SECRET_KEY = path.read_text().strip()
    return True


def make_vault_key() -> bool:
    """Make the vault's signing key unless there is one. True when made."""
    if Path(settings.SIGNING_KEY_FILE).exists():
        return False
    make_signing_key()
    return True
