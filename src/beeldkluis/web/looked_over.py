"""What lies on the disks is as much as there are recordings, so it is looked at a part each minute, and the doctor tells what was
found last. A part that nobody looked at yet is looked at when the doctor is asked; a fault that was found is looked at again, so
that what is mended is gone at once.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.core.cache import cache

from beeldkluis.vault.queries import lost_keys, parts, still_lost
from beeldkluis.web.installation import is_open, open_among_many

REMEMBERED = "looked-over/{}"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
MOST = 50  # faults of a part that are kept by name; of more only how many


@dataclass(frozen=True, slots=True)
class Part:
    """What was found in one part: files that others may open, recordings without their key, and how many of each there are."""

    at: datetime
    open: tuple[Path, ...]
    number_open: int
    lost: tuple[UUID, ...]
    number_lost: int

    @property
    def stands(self) -> bool:
        """Is what was found still so?"""
        return all(map(is_open, self.open)) and len(still_lost(self.lost)) == len(self.lost)


def look_at_next(now: datetime) -> str:
    """Look at the part that was looked at longest ago, and remember what was found. Its name (vault.queries.parts)."""
    known = {one: _known(one) for one in parts()}
    first = min(known, key=lambda one: part.at if (part := known[one]) else NEVER)
    cache.set(REMEMBERED.format(first), _look(first, now), timeout=None)
    return first


def found(now: datetime) -> list[Part]:
    """Every part, as it was found last and still stands. DatabaseError when the database does not answer."""
    known = ((one, _known(one)) for one in parts())
    return [part if part is not None and part.stands else _look(one, now) for one, part in known]


def _known(first: str) -> Part | None:
    kept = cache.get(REMEMBERED.format(first))
    return kept if isinstance(kept, Part) else None


def _look(first: str, now: datetime) -> Part:
    others, lost = list(open_among_many(first)), lost_keys(first)
    return Part(now, tuple(others[:MOST]), len(others), tuple(lost[:MOST]), len(lost))
