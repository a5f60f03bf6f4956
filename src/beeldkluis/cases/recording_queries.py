"""Reading which recordings belong to a case: confirmed as its own and not rejected."""

from collections.abc import Sequence

from beeldkluis.cases.models import Case, CaseRecording
from beeldkluis.footage.models import Recording


def recordings_of(case: Case) -> Sequence[Recording]:
    """The recordings that belong to a case and are still there, in order of time."""
    links = CaseRecording.objects.filter(case=case, rejected_at__isnull=True, confirmed_at__isnull=False)
    found = Recording.objects.filter(pk__in=links.values("recording")).exclude(state=Recording.State.DESTROYED)
    return list(found.select_related("officer", "bodycam", "period").order_by("started_at", "number"))


def linked(case: Case) -> Sequence[Recording]:
    """The recordings that belong to a case, also those that are destroyed by now."""
    links = CaseRecording.objects.filter(case=case, rejected_at__isnull=True, confirmed_at__isnull=False)
    return list(Recording.objects.filter(pk__in=links.values("recording")).order_by("started_at", "number"))
