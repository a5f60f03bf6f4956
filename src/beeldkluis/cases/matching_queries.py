"""What has not been held beside each other yet: recordings that came in, and cases that asked, since the last look.

Every minute all open cases must have held what lies around their moment. Asking that of each case costs minutes where there
are thousands, so what was looked at is remembered with the facts it had then (`RecordingLooked`, `CaseLooked`). Whatever has
other facts by now, or none, is looked at again: another wearer, a corrected clock, a moment that the requester completed, a
case that was reopened, another search window. In doubt this looks again; that costs time and nothing else.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple, TypeVar
from uuid import UUID

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models import Case as Case_
from django.db.models.functions import Coalesce

from beeldkluis.cases.models import Case, CaseLooked, CaseRecording, RecordingLooked
from beeldkluis.cases.queries import OPEN_STATES
from beeldkluis.footage.models import Recording
from beeldkluis.protocol.kinds import CaseKind
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.requests import search_window

One = TypeVar("One")
AT_ONCE = 2_000  # recordings in memory
CASES_AT_ONCE = 100
NO_CLOCK = -(2**62)  # in a column where SQL must compare what may be empty
NOBODY = 0
IN_DOUBT = Q(may_begin_earlier_ms__gt=0) | Q(
    may_end_later_ms__gt=0
)  # `unmatched` looks how much; here the wide window does
CLOCK = Case_(
    When(IN_DOUBT, then=Value(NO_CLOCK)),
    default=Coalesce("clock_offset_ms", Value(NO_CLOCK)),
    output_field=BigIntegerField(),
)
WEARER = Coalesce("officer_id", Value(NOBODY), output_field=BigIntegerField())


class Seen(NamedTuple):
    """The facts of a recording that decide to which cases it may belong; moments in UTC."""

    recording: UUID
    started_at: datetime
    ended_at: datetime
    clock: int  # NO_CLOCK: not measured
    officer: int  # NOBODY: not known
    number: int


@dataclass(frozen=True, slots=True)
class Asking:
    """An open case that asks for a moment: from when to when footage is looked for, with and without a measured clock."""

    case: UUID
    asked: str  # everything that was looked for, as one text
    narrow: tuple[datetime, datetime]
    wide: tuple[datetime, datetime]
    only_of: int | None  # who reflects sees only the own recordings; None: anybody's

    def may_be(self, seen: Seen) -> bool:
        """May this recording belong to the case? As `queries.unmatched` says."""
        if self.only_of is not None and (seen.officer == NOBODY or seen.officer != self.only_of):
            return False
        start, end = self.wide if seen.clock == NO_CLOCK else self.narrow
        return seen.started_at <= end and seen.ended_at >= start


def window(protocol: Protocol) -> str:
    """The search window that holds, as a text that is another for another window."""
    name = "request.search-window"
    return f"{protocol.number(name, 'minutes')}+{protocol.number(name, 'clock_hours')}"


def asking(protocol: Protocol) -> list[Asking]:
    """Every open case with a moment, in one question."""
    found = Case.objects.filter(state__in=OPEN_STATES, moment_from__isnull=False, moment_until__isnull=False)
    rows = found.values_list("pk", "kind", "moment_from", "moment_until", "officer_id")
    return [
        _asking(case, kind, start, end, officer, protocol=protocol)
        for case, kind, start, end, officer in rows
        if start is not None and end is not None
    ]


def _asking(
    case: UUID, kind: str, start: datetime, end: datetime, officer: int | None, *, protocol: Protocol
) -> Asking:
    return Asking(
        case=case,
        asked=f"{kind} {start.isoformat()} {end.isoformat()} {officer} {window(protocol)}",
        narrow=search_window(start, end, protocol),
        wide=search_window(start, end, protocol, clock_known=False),
        only_of=(officer or NOBODY) if CaseKind(kind).facts.only_own else None,
    )


def not_looked_at(window: str, *, after: int) -> list[Seen]:
    """Recordings that are still there and were not held beside the open cases with the facts that they have now: the first 2,000
    with a number above `after`.
    """
    looked = RecordingLooked.objects.filter(
        recording=OuterRef("pk"),
        window=window,
        started_at=OuterRef("started_at"),
        ended_at=OuterRef("ended_at"),
        clock=OuterRef("clock"),
        officer=OuterRef("wearer"),
    )
    return list(_seen(_there().filter(~Exists(looked), number__gt=after).order_by("number")[:AT_ONCE]))


def those(recordings: Collection[UUID]) -> list[Seen]:
    """The facts of these recordings, of those that are still there."""
    return list(_seen(_there().filter(pk__in=recordings)))


def looked_for() -> dict[UUID, str]:
    """For what each case was looked the last time."""
    return dict(CaseLooked.objects.values_list("case", "asked"))


def wanting(cases: Sequence[Asking], recordings: Sequence[Seen]) -> set[UUID]:
    """Which of these cases may ask for one of these recordings that they do not know yet. One question for each 2,000
    recordings.
    """
    found: set[UUID] = set()
    for part in _parts(sorted(recordings, key=lambda one: one.started_at), AT_ONCE):
        found |= _wanting(cases, part, _known(recordings=[one.recording for one in part]))
    return found


def wanting_anew(cases: Sequence[Asking]) -> set[UUID]:
    """Which of these cases may ask for a recording, of all there are, that they do not know yet. Two questions or more for each
    100 cases.
    """
    found: set[UUID] = set()
    for part in _parts(sorted(cases, key=lambda one: one.wide), CASES_AT_ONCE):
        known = _known(cases=[one.case for one in part])
        for seen in _parts(_around(part), AT_ONCE):
            found |= _wanting(part, seen, known)
    return found


def _around(cases: Sequence[Asking]) -> Iterator[Seen]:
    start, end = min(one.wide[0] for one in cases), max(one.wide[1] for one in cases)
    near = _there().filter(started_at__lte=end, ended_at__gte=start).order_by("started_at")
    return _seen(near)


def _wanting(cases: Iterable[Asking], ordered: Sequence[Seen], known: Collection[tuple[UUID, UUID]]) -> set[UUID]:
    """`ordered` by their beginning. Looks, for each case, only at what began in its window or shortly before."""
    if not ordered:
        return set()
    begins = [one.started_at for one in ordered]
    longest = max((one.ended_at - one.started_at for one in ordered), default=timedelta(0))
    found = set()
    for one in cases:
        first, last = bisect_left(begins, one.wide[0] - longest), bisect_right(begins, one.wide[1])
        if any(one.may_be(seen) and (one.case, seen.recording) not in known for seen in ordered[first:last]):
            found.add(one.case)
    return found


def _known(*, recordings: Collection[UUID] = (), cases: Collection[UUID] = ()) -> set[tuple[UUID, UUID]]:
    ties: QuerySet[CaseRecording] = CaseRecording.objects.all()
    ties = ties.filter(recording__in=recordings) if recordings else ties.filter(case__in=cases)
    return set(ties.values_list("case_id", "recording"))


def _there() -> QuerySet[Recording]:
    """With the columns that may be empty filled, so that SQL can compare them."""
    return Recording.objects.exclude(state=Recording.State.DESTROYED).annotate(clock=CLOCK, wearer=WEARER)


def _seen(found: QuerySet[Recording]) -> Iterator[Seen]:
    rows = found.values_list("pk", "started_at", "ended_at", CLOCK, WEARER, "number")
    return (Seen(*row) for row in rows.iterator(chunk_size=AT_ONCE))


def _parts(found: Iterable[One], size: int) -> Iterator[list[One]]:
    left = iter(found)
    while part := list(islice(left, size)):
        yield part
