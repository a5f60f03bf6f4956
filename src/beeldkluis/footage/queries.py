"""Reading the register of recordings."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum

from beeldkluis.devices.models import IssuePeriod
from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import Clip, Hold, Recording, SetApart
from beeldkluis.governance.queries import Versions
from beeldkluis.protocol.intake import OF_SYSTEM, Ground, Reason
from beeldkluis.protocol.recording import PAUSE, Moments, far_apart
from beeldkluis.protocol.register import Protocol
from beeldkluis.protocol.retention import HoldFact, deciding, due_at

PER_PAGE = 50


def page(
    number: int, *, state: str = "", since: datetime | None = None, until: datetime | None = None
) -> Page[Recording]:
    """One page of the list, newest first: facts only."""
    since_when = SetApart.objects.filter(recording=OuterRef("pk"), ended_at__isnull=True).order_by("set_at")
    everything = Recording.objects.select_related("bodycam", "officer").prefetch_related("holds")
    found: QuerySet[Recording] = everything.annotate(apart_since=Subquery(since_when.values("set_at")[:1]))
    found = found.order_by("-started_at")
    if state:
        found = found.filter(state=state)
    if since is not None:
        found = found.filter(ended_at__gte=since)
    if until is not None:
        found = found.filter(started_at__lt=until)
    return Paginator(found, PER_PAGE).get_page(number)


def get(recording_id: UUID) -> Recording | None:
    """The recording, with its bodycam and officer."""
    return Recording.objects.select_related("bodycam", "officer").filter(pk=recording_id).first()


def numbers_of(recordings: Sequence[UUID]) -> list[str]:
    """The numbers by which people know these recordings, in the order asked; what was never registered has none."""
    known = Recording.objects.in_bulk(recordings)
    return [str(known[one]) if one in known else "een opname zonder nummer" for one in recordings]


def late_periods() -> Sequence[tuple[IssuePeriod, int]]:
    """Periods of issue that were entered after what was filmed in them and that nobody asked around about yet, with how many
    recordings that are kept wait for it. In two questions, however many there are.
    """
    unknown = IssuePeriod.objects.filter(asked_at__isnull=True)
    early = Recording.objects.filter(period=OuterRef("pk")).exclude(state=Recording.State.DESTROYED)
    told_later = Q(entered_at__isnull=True) | Q(Exists(early.filter(activated_at__lt=OuterRef("entered_at"))))
    late = Q(period__entered_at__isnull=True) | Q(period__entered_at__gt=F("activated_at"))
    asked = unknown.filter(told_later, Exists(early)).values("pk")
    waiting = Recording.objects.exclude(state=Recording.State.DESTROYED)
    counted = waiting.filter(late, period__in=asked).values("period")
    numbers = {one["period"]: one["number"] for one in counted.annotate(number=Count("pk"))}
    periods = (
        IssuePeriod.objects.filter(pk__in=numbers).select_related("bodycam", "officer").order_by("issued_at", "pk")
    )
    return [(one, numbers[one.pk]) for one in periods]


def recorded_under(recording: Recording, versions: Versions) -> tuple[Protocol, ...]:
    """The versions that applied when it ended; with a clock that nobody measured, at any moment between then and its receipt."""
    ended, latest = (min(one, recording.received_at) for one in (recording.ended_at, recording.latest_end))
    return versions.between(ended, latest if recording.clock_measured else recording.received_at)


def decided_under(recording: Recording, versions: Versions) -> str:
    """The number of the version that says how long it is kept."""
    return deciding(versions.in_force, recorded_under(recording, versions)).version


def term_ends(recording: Recording, versions: Versions) -> datetime:
    """When the retention period of a recording expires, UTC, without regard to holds."""
    return due_at(
        ended_at=recording.latest_end,
        received_at=recording.received_at,
        protocol=versions.in_force,
        clock_measured=recording.clock_measured,
        recorded_under=recorded_under(recording, versions),
    )


def clips(recording_id: UUID) -> Sequence[Clip]:
    """The recording's files in order."""
    return list(Clip.objects.filter(recording=recording_id).order_by("position"))


def reasons_apart(recording_id: UUID) -> Sequence[SetApart]:
    """Why it is set apart, the reasons that last, oldest first."""
    return list(SetApart.objects.filter(recording=recording_id, ended_at__isnull=True).order_by("set_at", "pk"))


def apart_unjudged() -> QuerySet[SetApart]:
    """Reasons that last of recordings that are there and of which no person said that they do not play, oldest first."""
    judged = SetApart.objects.filter(recording=OuterRef("recording"), ground=Ground.PERSON, ended_at__isnull=True)
    found = SetApart.objects.filter(ended_at__isnull=True, recording__state=Recording.State.QUARANTINED)
    return found.filter(~Exists(judged)).select_related("recording").order_by("set_at", "pk")


def says_more(recording: Recording, started_at: datetime, ended_at: datetime, reasons: Iterable[Reason]) -> bool:
    """Does a camera system that tells these times and reasons say something that the register does not have yet?"""
    known = {(one.ground, one.part) for one in reasons_apart(recording.pk) if one.ground in OF_SYSTEM}
    told = {(one.ground.value, one.part) for one in reasons}
    return told != known or started_at < recording.started_at or ended_at > recording.ended_at


def live_holds(recording_id: UUID) -> Sequence[Hold]:
    """The reasons to keep it that last."""
    return list(Hold.objects.filter(recording=recording_id, released_at__isnull=True).order_by("placed_at"))


def hold_facts_of(recording: Recording) -> list[HoldFact]:
    """The same of a row; without asking anew when its holds were fetched along, as `due` does."""
    return _facts(recording.holds.all())


def _facts(holds: Iterable[Hold]) -> list[HoldFact]:
    return [HoldFact(one.rule, one.case, one.placed_at, one.released_at) for one in holds]


def overlapping(start: datetime, end: datetime) -> Sequence[Recording]:
    """Recordings that are still there and overlap [start, end]."""
    return list(_there().filter(started_at__lte=end, ended_at__gte=start).order_by("started_at"))


def destroyed_between(start: datetime, end: datetime) -> Sequence[Recording]:
    """Recordings that overlap [start, end] and were destroyed: of those the moments are still known."""
    gone = Recording.objects.filter(state=Recording.State.DESTROYED, started_at__lte=end, ended_at__gte=start)
    return list(gone.order_by("started_at"))


def holds_of(case: str) -> Sequence[Hold]:
    """The holds of a case that last."""
    return list(Hold.objects.filter(case=case, released_at__isnull=True).order_by("placed_at"))


def held_for(case: str, recording: str) -> Exists:
    """A condition for a question of another room: is the recording in the field `recording` held for the case whose reference
    stands in the field `case`?
    """
    return Exists(Hold.objects.filter(released_at__isnull=True, case=OuterRef(case), recording=OuterRef(recording)))


def to_review(now: datetime) -> Sequence[str]:
    """The cases with a hold that somebody must look at again."""
    late = Hold.objects.filter(released_at__isnull=True, review_at__lte=now)
    return sorted(set(late.values_list("case", flat=True)))


def overlapping_of_serial(recording: Recording) -> Recording | None:
    """Another recording under the same serial number at the same time: one camera makes one recording at a time."""
    others = Recording.objects.filter(serial=recording.serial).exclude(pk=recording.pk)
    return others.filter(started_at__lt=recording.ended_at, ended_at__gt=recording.started_at).first()


def count_unchecked() -> int:
    """How many recordings there are of which nobody tried the header yet."""
    return _there().filter(openable__isnull=True).count()


def there() -> Iterator[Recording]:
    """Every recording that is still there, oldest first, a few at a time from the database."""
    return _there().prefetch_related("holds").order_by("ended_at").iterator(chunk_size=500)


def assessed_before(version: str) -> QuerySet[Recording]:
    """Recordings that are there and whose due moment was answered while another version of the protocol was in force."""
    return _there().filter(~Q(assessed_under=version) | Q(due_under="")).order_by("ended_at")


def there_of(serial: str, recordings: Collection[UUID]) -> QuerySet[Recording]:
    """Those of these recordings that are still there and of this camera."""
    return _there().filter(serial=serial, pk__in=recordings)


def joined_far_apart() -> list[Recording]:
    """Recordings that are there of which the parts lie too far apart to be one event, and of which nobody was told yet. In one
    question, however many there are.
    """
    told = Finding.objects.filter(recording=OuterRef("pk"), rule="recording.one-event")
    found = _there().filter(ended_at__gt=F("started_at") + PAUSE, source="dock").filter(~Exists(told))
    counted = found.annotate(parts=Count("clips"), timed=Count("clips__duration_ms"), shown=Sum("clips__duration_ms"))
    rows = counted.filter(parts__gt=1).select_related("bodycam").order_by("number")
    return [one for one in rows if _lies_apart(one, one.parts, one.shown if one.timed == one.parts else None)]


def _lies_apart(recording: Recording, parts: int, shown_ms: int | None) -> bool:
    shown = None if shown_ms is None else timedelta(milliseconds=shown_ms)
    told = Moments(recording.started_at, recording.activated_at, recording.ended_at)
    return far_apart(told, shown=shown, parts=parts)


def number_there() -> int:
    """How many recordings are still there."""
    return _there().count()


def number_received(span: timedelta) -> int:
    """How many recordings came in within `span` before the newest did, destroyed since or not."""
    newest = Recording.objects.aggregate(newest=Max("received_at"))["newest"]
    return Recording.objects.filter(received_at__gt=newest - span).count() if newest else 0


def due(now: datetime) -> Sequence[Recording]:
    """Recordings whose retention period expired at `now`, held or not, earliest first, with their holds."""
    return list(_there().filter(due_at__lte=now).prefetch_related("holds").order_by("due_at"))


def due_soon(now: datetime, before: datetime) -> QuerySet[Recording]:
    """Recordings that will be destroyed between now and `before` unless a request comes: nothing holds them. In that order."""
    lasting = Hold.objects.filter(recording=OuterRef("pk"), released_at__isnull=True)
    return _there().filter(~Exists(lasting), due_at__gt=now, due_at__lte=before).order_by("due_at")


def _there() -> QuerySet[Recording]:
    return Recording.objects.exclude(state=Recording.State.DESTROYED)
