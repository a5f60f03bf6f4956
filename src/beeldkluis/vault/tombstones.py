"""What stands in the place of a shred key once it was destroyed: a file that says of which recording, when, and on what ground.

It is written over the key, in the key's own block, so that there is no moment at which the key is gone and nothing proves it:
all of it fits in the first sector, in which the key stood as well (docs/spec/vault.md, section 3).
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

_FIRST = "beeldkluis gone 1"
SECTOR = 512  # bytes: what a disk writes as a whole
_LINES = 6


@dataclass(frozen=True, slots=True)
class Tombstone:
    """`at`: when (UTC, whole seconds) the key went. `entry`: the journal's number of the entry that said that it would go; 0 when
    none was told. `held_key`: whether a key was overwritten in this place, or its place was empty while the other's went.
    """

    recording: UUID
    at: datetime
    entry: int
    held_key: bool = True

    def text(self) -> bytes:
        """As it stands in the file: five lines, and a sixth with their SHA-256. Shorter than a sector."""
        lines = [
            _FIRST,
            f"recording {self.recording}",
            f"at {self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            f"entry {self.entry}",
            f"key {'overwritten' if self.held_key else 'none-here'}",
        ]
        body = "".join(f"{line}\n" for line in lines).encode()
        return body + f"sha256 {hashlib.sha256(body).hexdigest()}\n".encode()


def parse(page: bytes | None, recording: UUID) -> Tombstone | None:
    """The tombstone of this recording that a file begins with; None when it is none, another's, or damaged."""
    if page is None or not page.startswith(_FIRST.encode()):
        return None
    try:
        lines = page[:SECTOR].split(b"\n")[:_LINES]
        words = dict(line.decode("ascii").split(" ", 1) for line in lines[1:])
        at = datetime.strptime(words["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        found = Tombstone(UUID(words["recording"]), at, int(words["entry"]), words["key"] == "overwritten")
    except (UnicodeDecodeError, ValueError, KeyError):
        return None
    return found if found.recording == recording and page.startswith(found.text()) else None
