"""Why a job did not work, in the words of its kind."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why a job of this kind did not work, or cannot be asked: a Dutch sentence for each."""

    no_worker: str  # nobody can be asked now
    stopped: str  # its worker stopped
    too_late: str  # the lent key waited too long
    too_slow: str  # it ran longer than it may
    no_room: str  # on the disk
    not_needed: str  # its recording is gone
    changed: str  # the rows say something else than what was asked
    away: str  # keys or store cannot be reached
    no_key: str  # what was lent does not open it
    cancelled: str  # somebody stopped it
    broken: str  # what nobody foresaw; {error} is the name of what was raised
