"""Which recordings the register of bodycams and issues says something else of than when they came in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import F, OuterRef, Q, Subquery

from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.findings.queries import told_of
from beeldkluis.footage.models import CameraLooked, Recording
from beeldkluis.protocol.finding import Doubt

AT_ONCE = 100  # cameras in one minute; the rest in the next


def changed_cameras() -> list[Bodycam]:
    """Bodycams that were added, issued or handed in since their recordings were looked at: 100 at most."""
    looked = CameraLooked.objects.filter(bodycam=OuterRef("pk")).values("changes")[:1]
    found = Bodycam.objects.annotate(looked=Subquery(looked))
    return list(found.filter(Q(looked__isnull=True) | ~Q(looked=F("register_changes"))).order_by("pk")[:AT_ONCE])


def found_otherwise(cameras: Sequence[Bodycam]) -> dict[Bodycam, list[Recording]]:
    """Of each of these cameras the recordings that are there and whose camera or wearer is another one by now. In two
    questions, however many there are. What is in dispute stays so (I-39).
    """
    by_serial = {one.serial: one for one in cameras}
    rows = Recording.objects.exclude(state=Recording.State.DESTROYED).filter(serial__in=by_serial)
    recordings = list(rows.filter(wearer_disputed=False).order_by("number"))
    if not recordings:
        return {}
    since = min(one.activated_at for one in recordings)
    periods = defaultdict(list)
    rest = Q(handed_in_at__isnull=True) | Q(handed_in_at__gt=since)
    for period in IssuePeriod.objects.filter(rest, bodycam__in=cameras):
        periods[period.bodycam_id].append(period)
    found = defaultdict(list)
    for one in recordings:
        camera = by_serial[one.serial]
        if _is_another(one, camera, list(_covering(one, periods[camera.pk]))):
            found[camera].append(one)
    return dict(found)


def _covering(recording: Recording, periods: Sequence[IssuePeriod]) -> Iterator[IssuePeriod]:
    at = recording.activated_at
    return (one for one in periods if one.issued_at <= at and (one.handed_in_at is None or at < one.handed_in_at))


def _is_another(recording: Recording, camera: Bodycam, covering: Sequence[IssuePeriod]) -> bool:
    if recording.bodycam_id != camera.pk:
        return True
    period = covering[0] if len(covering) == 1 else None
    if recording.officer_id != (period.officer_id if period else None):
        return True
    return period is not None and recording.period_id not in (None, period.pk)


def untold(doubts: Iterable[Doubt], recording: Recording) -> list[Doubt]:
    """Those doubts of which there is no finding yet that is open or that a person settled. One that the program closed may come
    back.
    """
    known = told_of(recording.pk)
    return [one for one in doubts if (one.rule, one.key) not in known]
