"""Making an installation: folders, secrets and keys, each only when it is not there yet."""

import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from beeldkluis.journal.signer import make_signing_key
from beeldkluis.vault.key_files import GONE

PRIVATE = 0o700
SECRET = 0o600
OTHERS = 0o077
_NUMBERED = re.compile(r"[0-9a-f]{2}")  # how the names of sealed files' folders and of keys begin


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
    """Make the folders, for the program's own user only. Those that exist keep their rights until `mend_rights`."""
    for folder in folders():
        if not folder.exists():
            folder.mkdir(parents=True, mode=PRIVATE)


def private() -> Iterator[Path]:
    """Every file and folder of this installation that is for the program's own user only and is there: the folders, secrets and
    keys, the database with what SQLite puts beside it, and what lies in the folders. Not what the web server gives to anybody.
    """
    yield from _few()
    yield from _many("")


def _few() -> Iterator[Path]:
    """All of it but what lies in the folders of sealed files and keys, of which there are as many as recordings."""
    yield from (folder for folder in folders() if folder.is_dir())
    name = str(settings.DATABASES["default"]["NAME"])
    beside = [Path(name + end) for end in ("", "-wal", "-shm", "-journal")]
    yield from (one for one in (*beside, Path(settings.SECRET_FILE), Path(settings.SIGNING_KEY_FILE)) if one.is_file())
    public, top = Path(settings.STATIC_ROOT), Path(settings.DATA_FOLDER)
    inside = [folder for folder in folders() if folder != top] + [Path(settings.PROTOCOLS_FOLDER)]
    for folder in dict.fromkeys(inside):
        if folder not in _full():
            yield from (one for one in _below(folder) if public not in (one, *one.parents))
    yield from (one for one in top.glob("*.log*") if one.is_file() and not one.is_symlink())


def _full() -> set[Path]:
    """The folders in which the sealed files and the keys lie."""
    standby = [Path(settings.KEY_STANDBY_FOLDER)] if settings.KEY_STANDBY_FOLDER else []
    return {Path(settings.KEY_FOLDER), Path(settings.STORE_FOLDER), *standby} & set(folders())


def _many(first: str) -> Iterator[Path]:
    """Sealed files, keys and tombstones whose name begins so, and the folders that they lie in. With the first part comes what
    lies beside them.
    """
    for folder in _full():
        yield from _below(folder, lambda name: bool(_NUMBERED.match(name)) and name.startswith(first))
        yield from _below(folder / GONE, lambda name: bool(_NUMBERED.match(name)) and name.startswith(first))
        if first in {"", "0"}:
            yield from _below(folder, lambda name: not _NUMBERED.match(name) and name != GONE)
            yield from (one for one in (folder / GONE,) if one.is_dir())
            yield from _below(folder / GONE, lambda name: not _NUMBERED.match(name))


def _below(folder: Path, wanted: Callable[[str], bool] = lambda _name: True) -> Iterator[Path]:
    """What lies in a folder under a name that is wanted, and at any depth below that; no link is followed."""
    with suppress(OSError), os.scandir(folder) as entries:
        for one in entries:
            if wanted(one.name) and not one.is_symlink():
                yield Path(one.path)
                if one.is_dir(follow_symlinks=False):
                    yield from _below(Path(one.path))


def open_to_others() -> Iterator[Path]:
    """What others on this machine may read, write or list, and should not."""
    return (path for path in private() if is_open(path))


def open_among_few() -> Iterator[Path]:
    """The same, without the sealed files and the keys."""
    return (path for path in _few() if is_open(path))


def open_among_many(first: str) -> Iterator[Path]:
    """The same of the sealed files and the keys whose name begins so."""
    return (path for path in _many(first) if is_open(path))


def is_open(path: Path) -> bool:
    """May others do something with it? What was made and is gone while we look is not open."""
    with suppress(FileNotFoundError):
        return bool(path.stat().st_mode & OTHERS)
    return False


def mend_rights() -> int:
    """Take the rights of others away from what is for the program's own user only, and is that user's. How many."""
    mended = 0
    for path in open_to_others():
        with suppress(FileNotFoundError):
            state = path.stat()
            if state.st_uid == os.geteuid():
                path.chmod(stat.S_IMODE(state.st_mode) & ~OTHERS)
                mended += 1
    return mended


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
