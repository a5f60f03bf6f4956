"""Which recordings the register of bodycams and issues says something else of than when they came in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from beeldkluis.devices.models import Bodycam, IssuePeriod
from beeldkluis.findings.models import Finding
from beeldkluis.footage.models import CameraLooked, Recording
from beeldkluis.protocol.intake import Ground

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


def groundless(recording: Recording) -> QuerySet[Finding]:
    """Findings that said of this recording that its camera or its wearer was not known."""
    wearer = Q(rule="recording.officer-known", text__contains=" uitgegeven.")
    camera = Q(rule="camera.blocked", text__endswith=Ground.UNKNOWN.dutch)
    return Finding.objects.filter(wearer | camera, recording=recording.pk)


def untold(doubts: Iterable[tuple[str, str]], recording: Recording, by_itself: str) -> list[tuple[str, str]]:
    """Those doubts of which there is no finding yet that is open or that a person settled. `by_itself` is why the program settled
    one, which may come back.
    """
    told = Finding.objects.filter(recording=recording.pk).exclude(settled_because=by_itself).values_list("rule", "text")
    known = set(told)
    return [one for one in doubts if one not in known]


def groundless_of(camera: Bodycam) -> QuerySet[Finding]:
    """Findings that said of this camera that nobody knows it."""
    said = f"Een onbekende camera met serienummer {camera.serial} staat in dockingstation "
    return Finding.objects.filter(rule="camera.blocked", recording__isnull=True, text__startswith=said)
