"""The places of an installation and the file in each that says which one it is: an empty or wrong mount is none of them.

A place is the key folder, the standby or the store. The file is plain text with a check; what it must say stands in the
database (models.Place), so that nothing which somebody mounts by mistake is taken for ours (docs/spec/vault.md, section 3).
"""

import hashlib
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from beeldkluis.vault.files import new_file, sync_folder, write_all

MARK = ".beeldkluis-place"  # no key, no payload and no unfinished file is ever called so
_FIRST = "beeldkluis place 1"
_LINES = 5
LARGEST = 1024  # bytes of a mark


class PlaceKind(StrEnum):
    """What lies in a place."""

    KEYS = "keys"
    STANDBY = "standby"
    STORE = "store"

    @property
    def dutch(self) -> str:
        """As screens call it, with its article."""
        return {"keys": "de sleutelmap", "standby": "de reservesleutelmap", "store": "de opslag"}[self.value]


@dataclass(frozen=True, slots=True)
class Mark:
    """Which place this is, of which installation. Another disk in the same place gets another `identity`."""

    installation: UUID
    kind: PlaceKind
    identity: UUID

    def text(self) -> bytes:
        """As it stands in the file: four lines, and a fifth with their SHA-256."""
        lines = [_FIRST, f"installation {self.installation}", f"place {self.kind.value}", f"identity {self.identity}"]
        body = "".join(f"{line}\n" for line in lines).encode()
        return body + f"sha256 {hashlib.sha256(body).hexdigest()}\n".encode()


def parse(content: bytes | None) -> Mark | None:
    """The mark that these bytes are; None when they are none, or damaged."""
    if content is None or len(content) > LARGEST:
        return None
    try:
        lines = content.decode("ascii").splitlines()
        words = dict(line.split(" ", 1) for line in lines[1:])
        mark = Mark(UUID(words["installation"]), PlaceKind(words["place"]), UUID(words["identity"]))
    except (UnicodeDecodeError, ValueError, KeyError):
        return None
    return mark if len(lines) == _LINES and mark.text() == content else None


def read_mark(folder: Path) -> Mark | None:
    """The mark in a folder; None when there is none that can be read."""
    try:
        with (folder / MARK).open("rb") as file:
            return parse(file.read(LARGEST + 1))
    except OSError:
        return None


def write_mark(folder: Path, content: bytes) -> None:
    """Put a mark in a folder, durably; in place of the one that stood there."""
    unfinished = folder / f"{MARK}.{secrets.token_hex(8)}"
    try:
        with new_file(unfinished) as descriptor:
            write_all(descriptor, content)
        unfinished.replace(folder / MARK)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(folder)
