"""What lies on the disks is as much as there are recordings, so it is looked at a part each minute, and the doctor tells what was
found last. A part that nobody looked at in the last hour is looked at when the doctor is asked, and so is one that was looked
at before an older copy of the database was put back; a fault that was found is looked at again, so that what is mended is gone
at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.core.cache import cache

from beeldkluis.journal.queries import leaf_hashes, newest_leaf
from beeldkluis.vault.checks import KeyCounts
from beeldkluis.vault.key_store import key_store_in_use
from beeldkluis.vault.queries import (
    destroyed_before_database,
    keys_that_wrap_nothing,
    lost_keys,
    parts,
    returned_keys,
    still_buried,
    still_lost,
)
from beeldkluis.web.installation import is_open, open_among_many

REMEMBERED = "looked-over/3/{}"  # the number changes with the fields of Part: the cache outlives a version
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
FRESH = timedelta(hours=1)  # a round takes a quarter of one
MOST = 50  # faults of a part that are kept by name; of more only how many


@dataclass(frozen=True, slots=True)
class Part:
    """What was found in one part: files that others may open, recordings without their key, recordings with a tombstone that the
    database knows nothing of (`buried`), keys (recording and generation) that came back, and how many of each there are.
    `leaf`: number and hash of the newest entry of the journal at that moment.
    """

    at: datetime
    leaf: tuple[int, bytes] | None
    open: tuple[Path, ...]
    number_open: int
    lost: tuple[UUID, ...]
    number_lost: int
    buried: tuple[UUID, ...]
    number_buried: int
    returned: tuple[tuple[UUID, int], ...]
    number_returned: int  # recordings

    @property
    def stands(self) -> bool:
        """Is what was found still so?"""
        keys = key_store_in_use() if self.returned else None
        return (
            all(map(is_open, self.open))
            and len(still_lost(self.lost)) == len(self.lost)
            and (not self.buried or len(still_buried(self.buried)) == len(self.buried))
            and (keys is None or all(keys.exists(one, generation) for one, generation in self.returned))
        )


def look_at_next(now: datetime) -> str:
    """Look at the part that was looked at longest ago, and remember what was found. Its name (vault.queries.parts). What says
    to be looked at after now was looked at by a clock that was ahead: it does not count.
    """
    known = {one: _known(one) for one in parts()}
    first = min(known, key=lambda one: part.at if (part := known[one]) and part.at <= now else NEVER)
    cache.set(REMEMBERED.format(first), _look(first, now), timeout=None)
    return first


def found(now: datetime) -> list[Part]:
    """Every part, as it was found last and still stands. DatabaseError when the database does not answer."""
    known = {one: _known(one) for one in parts()}
    there = leaf_hashes({part.leaf[0] for part in known.values() if part is not None and part.leaf is not None})

    def counts(part: Part) -> bool:
        same = part.leaf is None or there.get(part.leaf[0]) == part.leaf[1]
        return same and now - FRESH <= part.at <= now and part.stands

    return [part if part is not None and counts(part) else _look(one, now) for one, part in known.items()]


def key_counts(seen: Sequence[Part]) -> KeyCounts:
    """Of all parts together, how many keys are lost, destroyed before the database, and back."""
    return KeyCounts(
        lost=sum(one.number_lost for one in seen),
        buried=sum(one.number_buried for one in seen),
        returned=sum(one.number_returned for one in seen),
    )


def _known(first: str) -> Part | None:
    kept = cache.get(REMEMBERED.format(first))
    return kept if isinstance(kept, Part) else None


def _look(first: str, now: datetime) -> Part:
    others, lost = list(open_among_many(first)), lost_keys(first)
    buried = sorted(destroyed_before_database(first))
    back = [(one.recording, one.generation) for one in returned_keys(keys_that_wrap_nothing(first))]
    return Part(
        at=now,
        leaf=newest_leaf(),
        open=tuple(others[:MOST]),
        number_open=len(others),
        lost=tuple(lost[:MOST]),
        number_lost=len(lost),
        buried=tuple(buried[:MOST]),
        number_buried=len(buried),
        returned=tuple(back[:MOST]),
        number_returned=len({recording for recording, _generation in back}),
    )
