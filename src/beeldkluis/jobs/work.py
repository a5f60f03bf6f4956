"""What the code of a kind of job gets to do its work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from beeldkluis.jobs.lent_key import Read
from beeldkluis.jobs.models import Job


class LookUp(Protocol):
    """Called often: sends the heartbeat and looks whether to go on. StoppedError and OverError pass through `run`."""

    def __call__(self, *, progress: float | None = None, written: int = 0, still_to_come: int = 0) -> None:
        """`progress` is 0 to 1. `written` counts bytes put on the disk: every 64 MiB it looks whether there is room for as much
        again and what is `still_to_come`; JobError when there is not.
        """


class KeepPart(Protocol):
    """Enters a part as done, so that the next attempt goes on after it."""

    def __call__(self, part: int, keep: Callable[[], None]) -> None:
        """Parts count from 1. `keep` changes the kind's own rows in the same transaction; what stands on the disk must be durable
        before. OverError when the job is no longer this worker's.
        """


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Work:
    """One attempt at one job. `read(start, stop)` gives the object's plain bytes, of which there are `size`; it waits for a
    database that is away. `limit` is how long it may take. `derived_key` gives the file key of an object that is
    made of this one (sealed.derived); the lent key itself stays out of reach.
    """

    job: Job
    read: Read
    size: int
    limit: timedelta
    look_up: LookUp
    keep_part: KeepPart
    derived_key: Callable[[UUID], bytes]
